import { REPORT_EVERY_MS } from '../../integrations/recipient-limits/report-health.ts';
import type { EveryRow } from '../job-row.ts';

export const recipients: EveryRow = {
  name: 'recipients',
  does: 'Writes the changed health of the recipients of this process, and closes circuits on request.',
  when: 'every',
  everyMs: REPORT_EVERY_MS,
  where: 'each node',
  timeoutMs: 10_000,
  run: async ({ reportRecipients }) => {
    await reportRecipients();
    return undefined;
  },
};
