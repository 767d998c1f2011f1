import type { EveryRow } from '../job-row.ts';

export const reportMail: EveryRow = {
  name: 'report-mail',
  does: 'Mails [reports](../guides/reports.md) at the times of their schedules, and again while the mail server does not take them.',
  when: 'every',
  everyMs: 10_000,
  where: 'each node',
  timeoutMs: 120_000,
  run: async ({ clockProblem, mailReports }) => {
    // A schedule goes by the right time.
    if (clockProblem() !== undefined) return undefined;
    const { mailed, failed } = await mailReports();
    return mailed + failed > 0 ? { mailed, failed } : undefined;
  },
};
