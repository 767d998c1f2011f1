import type { EveryRow } from '../job-row.ts';

/** Processes look for changed configuration this often even when no notification came. */
export const CONFIG_EVERY_MS = 1_000;

export const configuration: EveryRow = {
  name: 'configuration',
  does: 'Looks for flows that were deployed elsewhere, in case their notification was lost.',
  when: 'every',
  everyMs: CONFIG_EVERY_MS,
  where: 'each node',
  timeoutMs: 5_000,
  run: async ({ refreshConfiguration }) => {
    await refreshConfiguration();
    return undefined;
  },
};
