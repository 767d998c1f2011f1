import type { CronRow } from '../job-row.ts';

export const listRemains: CronRow = {
  name: 'list-remains',
  does: 'Deletes the entries of deleted lists and those that an import has replaced, files of imports that have ended, and whom ended jobs of privacy were about.',
  when: 'cron',
  cron: '*/10 * * * *',
  where: 'one node',
  timeoutMs: 540_000,
  attemptsMax: 1,
  run: async ({ tables }) => {
    const entries = await tables.sweepListRemains();
    const files = await tables.sweepJobFiles();
    return entries + files === 0 ? undefined : { entries, files };
  },
};
