import type { EveryRow } from '../job-row.ts';

/** Processes look for changed configuration this often even when no notification came. */
export const CONFIG_EVERY_MS = 1_000;

export const configuration: EveryRow = {
  name: 'configuration',
  does: 'Checks for flows that other processes deployed, in case a notification was lost.',
  when: 'every',
  everyMs: CONFIG_EVERY_MS,
  where: 'each node',
  timeoutMs: 5_000,
  run: async ({ refreshConfiguration }) => {
    await refreshConfiguration();
    return undefined;
  },
};
