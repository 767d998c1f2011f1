import type { CronRow } from '../job-row.ts';

export const distributionTurns: CronRow = {
  name: 'distribution-turns',
  does: 'Deletes turns of distributions that no lead has used for 90 days: those of recipients and shares that were changed since.',
  when: 'cron',
  cron: '20 4 * * *',
  where: 'one node',
  timeoutMs: 600_000,
  attemptsMax: 3,
  run: async ({ tables }) => ({ rows: await tables.sweepTurns() }),
};
