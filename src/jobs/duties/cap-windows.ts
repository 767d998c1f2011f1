import type { CronRow } from '../job-row.ts';

export const capWindows: CronRow = {
  name: 'cap-windows',
  does: 'Deletes counters and alerts of caps 35 days after their window has ended.',
  when: 'cron',
  cron: '10 3 * * *',
  where: 'one node',
  timeoutMs: 600_000,
  attemptsMax: 3,
  run: async ({ tables }) => ({ windows: await tables.sweepCapWindows(), alerts: await tables.sweepCapAlerts() }),
};
