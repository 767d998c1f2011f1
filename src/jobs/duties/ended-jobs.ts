import type { CronRow } from '../job-row.ts';

export const endedJobs: CronRow = {
  name: 'ended-jobs',
  does: 'Deletes jobs and their artefacts 30 days after they end, and artefacts that expire earlier; cancels jobs that nobody confirmed or resumed for 7 days.',
  when: 'cron',
  cron: '55 3 * * *',
  where: 'one node',
  timeoutMs: 600_000,
  attemptsMax: 3,
  run: async ({ tables }) => ({ jobs: await tables.sweepJobs(), artefacts: await tables.sweepArtefacts() }),
};
