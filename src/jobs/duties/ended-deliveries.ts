import type { CronRow } from '../job-row.ts';

export const endedDeliveries: CronRow = {
  name: 'ended-deliveries',
  does: 'Deletes ended retries, resolved unknown deliveries and decided feedback of leads that are gone, after the retention period of their account.',
  when: 'cron',
  cron: '25 3 * * *',
  where: 'one node',
  timeoutMs: 600_000,
  attemptsMax: 3,
  run: async ({ tables }) => ({
    retries: await tables.sweepRetries(),
    unknowns: await tables.sweepUnknowns(),
    feedback: await tables.sweepFeedback(),
  }),
};
