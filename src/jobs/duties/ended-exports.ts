import { EXPORT_DAYS_KEPT } from '../../exports/export.ts';
import type { CronRow } from '../job-row.ts';

export const endedExports: CronRow = {
  name: 'ended-exports',
  does: `Deletes exports, with their files and the notes of who downloaded them, ${EXPORT_DAYS_KEPT} days after their job has ended; and what deleted ones left.`,
  when: 'cron',
  cron: '50 3 * * *',
  where: 'one node',
  timeoutMs: 600_000,
  attemptsMax: 3,
  run: async ({ tables }) => ({ deleted: await tables.sweepExports() }),
};
