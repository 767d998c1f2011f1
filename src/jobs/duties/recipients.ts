import { REPORT_EVERY_MS } from '../../integrations/recipient-limits/report-health.ts';
import type { EveryRow } from '../job-row.ts';

export const recipients: EveryRow = {
  name: 'recipients',
  does: 'Writes how the recipients of this process are, where it changed, and closes the circuits that somebody asked to close.',
  when: 'every',
  everyMs: REPORT_EVERY_MS,
  where: 'each node',
  timeoutMs: 10_000,
  run: async ({ reportRecipients }) => {
    await reportRecipients();
    return undefined;
  },
};
