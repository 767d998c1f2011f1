import type { CronRow } from '../job-row.ts';

export const listEntries: CronRow = {
  name: 'list-entries',
  does: 'Deletes entries that the TTL of their list has ended; they have not counted since then.',
  when: 'cron',
  cron: '20 4 * * *',
  where: 'one node',
  timeoutMs: 3_600_000,
  attemptsMax: 3,
  run: async ({ tables }) => ({ entries: await tables.sweepListEntries() }),
};
