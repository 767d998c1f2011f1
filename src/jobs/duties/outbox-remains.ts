import type { CronRow } from '../job-row.ts';

export const outboxRemains: CronRow = {
  name: 'outbox-remains',
  does: 'Deletes what leads added to a webhook while it was being deleted.',
  when: 'cron',
  cron: '35 3 * * *',
  where: 'one node',
  timeoutMs: 600_000,
  attemptsMax: 3,
  run: async ({ tables }) => ({ rows: await tables.sweepOutbox() }),
};
