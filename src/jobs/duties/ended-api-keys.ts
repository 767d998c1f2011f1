import { ENDED_KEY_DAYS_KEPT } from '../../access/api-key-store.ts';
import { KEY_REQUEST_DAYS_KEPT } from '../../keeping/periods.ts';
import type { CronRow } from '../job-row.ts';

export const endedApiKeys: CronRow = {
  name: 'ended-api-keys',
  does: `Deletes API keys ${ENDED_KEY_DAYS_KEPT} days after they expired or were revoked. What they were never becomes valid again. Also what keys asked for, after ${KEY_REQUEST_DAYS_KEPT} days.`,
  when: 'cron',
  cron: '15 4 * * *',
  where: 'one node',
  timeoutMs: 600_000,
  attemptsMax: 3,
  run: async ({ tables }) => ({
    keys: await tables.sweepApiKeys({ daysKept: ENDED_KEY_DAYS_KEPT }),
    requests: await tables.sweepKeyRequests({ daysKept: KEY_REQUEST_DAYS_KEPT }),
  }),
};
