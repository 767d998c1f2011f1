import type { EveryRow } from '../job-row.ts';
import { CONFIG_EVERY_MS } from './configuration.ts';

/** A row of its own: while it does not listen, the look of `configuration` each second is enough. */
export const listener: EveryRow = {
  name: 'listener',
  does: 'Reconnects the listener for deploys after its connection was lost.',
  when: 'every',
  everyMs: CONFIG_EVERY_MS,
  where: 'each node',
  timeoutMs: 10_000,
  run: async ({ ensureListener }) => {
    await ensureListener();
    return undefined;
  },
};
