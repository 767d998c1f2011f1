import type { CronRow } from '../job-row.ts';

export const sealedAgain: CronRow = {
  name: 'sealed-again',
  does: 'While there is a `SLUICE_SECRET_KEY_PREVIOUS`: encrypts with `SLUICE_SECRET_KEY` what only that key opens. `left` 0 says that it is no longer needed.',
  when: 'cron',
  cron: '* * * * *',
  where: 'one node',
  timeoutMs: 50_000,
  attemptsMax: 1,
  run: async ({ sealAgain }) => (sealAgain ? { ...(await sealAgain()) } : undefined),
};
