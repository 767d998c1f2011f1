import type { CronRow } from '../job-row.ts';

export const endedPings: CronRow = {
  name: 'ended-pings',
  does: 'Deletes pings after 35 days, with what says that they were redeemed.',
  when: 'cron',
  cron: '50 3 * * *',
  where: 'one node',
  timeoutMs: 600_000,
  attemptsMax: 3,
  run: async ({ tables }) => ({ partitions: await tables.sweepPings() }),
};
