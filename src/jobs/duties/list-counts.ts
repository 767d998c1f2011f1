import type { CronRow } from '../job-row.ts';

export const listCounts: CronRow = {
  name: 'list-counts',
  does: 'Counts the entries of lists with more than 10 000 of them, for `count` of `GET /lists`.',
  when: 'cron',
  cron: '35 * * * *',
  where: 'one node',
  timeoutMs: 600_000,
  attemptsMax: 1,
  run: async ({ tables }) => {
    const lists = await tables.countLists();
    return lists === 0 ? undefined : { lists };
  },
};
