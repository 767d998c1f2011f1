import type { CronRow } from '../job-row.ts';

export const retention: CronRow = {
  name: 'retention',
  does: 'Deletes the personal part and the facts of leads after the periods of their account, unless a legal hold has them; revisions of flows and the activity log after theirs ([what is kept for how long](retention.md)).',
  when: 'cron',
  // Before the jobs that delete what belongs to leads which are gone.
  cron: '5 2 * * *',
  where: 'one node',
  timeoutMs: 6 * 3_600_000,
  attemptsMax: 3,
  run: async ({ tables, searchHolds }) => ({
    // Before anything goes.
    held: await searchHolds(),
    ...(await tables.sweepLeads()),
    revisions: await tables.sweepRevisions(),
    activity: await tables.sweepActivity(),
  }),
};
