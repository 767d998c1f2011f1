import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from './client.ts';

/** What the console keeps in the settings of a user, beside what other programs keep there. */
export interface ConsoleSettings {
  /** Do single keys such as `?` do something? WCAG 2.1.4 lets a person turn them off. */
  singleKeys: boolean;
  /** Are rows of tables as low as they can be? */
  compactRows: boolean;
}

export const settingsQuery = queryOptions({ queryKey: ['settings'], queryFn: readSettings, staleTime: 60_000 });

async function readSettings(): Promise<ConsoleSettings> {
  return readConsole((await api.readOwnSettings()).console);
}

function readConsole(kept: unknown): ConsoleSettings {
  const { single_keys: keys, compact_rows: compact } = takeObject(kept);
  return { singleKeys: keys !== false, compactRows: compact === true };
}

function takeObject(kept: unknown): Record<string, unknown> {
  return typeof kept === 'object' && kept !== null ? { ...kept } : {};
}

async function saveSettings({ singleKeys, compactRows }: Partial<ConsoleSettings>): Promise<ConsoleSettings> {
  const { console: own, ...others } = await api.readOwnSettings();
  const kept = {
    ...takeObject(own),
    ...(singleKeys !== undefined && { single_keys: singleKeys }),
    ...(compactRows !== undefined && { compact_rows: compactRows }),
  };
  await api.replaceOwnSettings({ ...others, console: kept });
  return readConsole(kept);
}

/** Changes one of them; one change after the other, for each writes all. */
export function useSaveSettings(done: (saved: ConsoleSettings) => void) {
  const queries = useQueryClient();
  return useMutation({
    scope: { id: 'settings' },
    mutationFn: saveSettings,
    onSuccess: (saved) => {
      queries.setQueryData(settingsQuery.queryKey, saved);
      done(saved);
    },
  });
}
