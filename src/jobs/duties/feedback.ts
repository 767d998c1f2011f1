import type { CronRow } from '../job-row.ts';

export const feedback: CronRow = {
  name: 'feedback',
  does: 'Asks sources again that have not answered a feedback, up to five times, and decides returns whose deadline has passed.',
  when: 'cron',
  cron: '* * * * *',
  where: 'one node',
  timeoutMs: 120_000,
  attemptsMax: 1,
  run: ({ settleDueFeedback }) => settleDueFeedback(),
};
