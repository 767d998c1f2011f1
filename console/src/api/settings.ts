import { queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';

/** What the console keeps in the settings of a user, beside what other programs keep there. */
export interface ConsoleSettings {
  /** Do single keys such as `?` do something? WCAG 2.1.4 lets a person turn them off. */
  singleKeys: boolean;
}

export const settingsQuery = queryOptions({ queryKey: ['settings'], queryFn: readSettings, staleTime: 60_000 });

async function readSettings(): Promise<ConsoleSettings> {
  const { console: own } = await api.readOwnSettings();
  const isOff = typeof own === 'object' && own !== null && 'single_keys' in own && own.single_keys === false;
  return { singleKeys: !isOff };
}

export async function saveSettings({ singleKeys }: ConsoleSettings): Promise<ConsoleSettings> {
  const { console: own, ...others } = await api.readOwnSettings();
  const kept = typeof own === 'object' && own !== null ? own : {};
  await api.replaceOwnSettings({ ...others, console: { ...kept, single_keys: singleKeys } });
  return { singleKeys };
}
