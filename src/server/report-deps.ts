import { createReportMailer } from '../reports/mail-report.ts';
import { createScanStatistics } from '../reports/scan-statistics.ts';
import { createReadingStores } from '../store/postgres/reading-stores.ts';
import { createReportMailStore } from '../store/postgres/report-mail.ts';
import type { ServerParts } from './server-parts.ts';

/** What mails reports by their schedules. */
export function buildReportMailer({ pool, standby, findRevision, installationMail, phases }: ServerParts) {
  const { statistics, scans } = createReadingStores(standby ?? pool);
  const { clock } = phases;
  return createReportMailer({
    mails: createReportMailStore(pool),
    answers: {
      ...{ statistics, findNames: statistics.readNames },
      scan: createScanStatistics({ scans, findRevision, clock }),
    },
    ...{ send: installationMail, clock },
  });
}
