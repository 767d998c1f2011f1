import type { EveryRow } from '../job-row.ts';

export const exportMail: EveryRow = {
  name: 'export-mail',
  does: 'Mails the users of `email_to` that their export has ended, once, and again while the mail server does not take it.',
  when: 'every',
  everyMs: 5_000,
  where: 'each node',
  timeoutMs: 60_000,
  run: async ({ mailExports }) => {
    const { mailed, failed } = await mailExports();
    return mailed + failed > 0 ? { mailed, failed } : undefined;
  },
};
