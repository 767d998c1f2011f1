import type { CronRow } from '../job-row.ts';

export const endedJobs: CronRow = {
  name: 'ended-jobs',
  does: 'Drops jobs 30 days after their end with all they left, and artefacts when they expire.',
  when: 'cron',
  cron: '55 3 * * *',
  where: 'one node',
  timeoutMs: 600_000,
  attemptsMax: 3,
  run: async ({ tables }) => ({ jobs: await tables.sweepJobs(), artefacts: await tables.sweepArtefacts() }),
};
