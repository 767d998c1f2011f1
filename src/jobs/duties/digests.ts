import type { EveryRow } from '../job-row.ts';

export const digests: EveryRow = {
  name: 'digests',
  does: 'Adds what leads, pings, later attempts and feedback have left to be counted to the tables of statistics and search; after an upgrade also leads from before.',
  when: 'every',
  everyMs: 1_000,
  where: 'each node',
  timeoutMs: 30_000,
  run: async ({ foldDigests }) => {
    const { rows, earlier } = await foldDigests();
    return rows + earlier === 0 ? undefined : { rows, earlier };
  },
};
