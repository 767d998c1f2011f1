import type { CronRow } from '../job-row.ts';

export const endedBatchFiles: CronRow = {
  name: 'ended-batch-files',
  does: 'Deletes files of batches, with their rows, after the days that their batch keeps them.',
  when: 'cron',
  cron: '45 3 * * *',
  where: 'one node',
  timeoutMs: 600_000,
  attemptsMax: 3,
  run: async ({ tables }) => ({ deleted: await tables.sweepBatches() }),
};
