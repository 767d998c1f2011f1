import type { CronRow } from '../job-row.ts';

export const leadHolds: CronRow = {
  name: 'lead-holds',
  does: 'Deletes the places that leads released, once no retry of the lead can take them again.',
  when: 'cron',
  // After `ended-deliveries`, which drops the retries.
  cron: '40 3 * * *',
  where: 'one node',
  timeoutMs: 600_000,
  attemptsMax: 3,
  run: async ({ tables }) => ({ leads: await tables.sweepLeadHolds() }),
};
