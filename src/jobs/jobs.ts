import { batches } from './duties/batches.ts';
import { capAlerts } from './duties/cap-alerts.ts';
import { capWindows } from './duties/cap-windows.ts';
import { configuration } from './duties/configuration.ts';
import { digests } from './duties/digests.ts';
import { distributionTurns } from './duties/distribution-turns.ts';
import { endedApiKeys } from './duties/ended-api-keys.ts';
import { endedBatchFiles } from './duties/ended-batch-files.ts';
import { endedDeliveries } from './duties/ended-deliveries.ts';
import { endedExports } from './duties/ended-exports.ts';
import { endedJobs } from './duties/ended-jobs.ts';
import { endedPings } from './duties/ended-pings.ts';
import { endedSessions } from './duties/ended-sessions.ts';
import { exportMail } from './duties/export-mail.ts';
import { feedback } from './duties/feedback.ts';
import { innerLeads } from './duties/inner-leads.ts';
import { keyRequests } from './duties/key-requests.ts';
import { leadHolds } from './duties/lead-holds.ts';
import { lease } from './duties/lease.ts';
import { listCounts } from './duties/list-counts.ts';
import { listEntries } from './duties/list-entries.ts';
import { listRemains } from './duties/list-remains.ts';
import { listener } from './duties/listener.ts';
import { outbox } from './duties/outbox.ts';
import { outboxRemains } from './duties/outbox-remains.ts';
import { partitions } from './duties/partitions.ts';
import { queue } from './duties/queue.ts';
import { recipients } from './duties/recipients.ts';
import { recovery } from './duties/recovery.ts';
import { reportMail } from './duties/report-mail.ts';
import { retention } from './duties/retention.ts';
import { retries } from './duties/retries.ts';
import { sealedAgain } from './duties/sealed-again.ts';
import type { CronRow, EveryRow, JobRow, QueueRow } from './job-row.ts';
import { erasePerson } from './work/erase-person.ts';
import { exportRows } from './work/export.ts';
import { exportPerson } from './work/export-person.ts';
import { findHeldLeads } from './work/find-held-leads.ts';
import { importFeedback } from './work/import-feedback.ts';
import { importLeads } from './work/import-leads.ts';
import { importList } from './work/import-list.ts';
import { resubmit } from './work/resubmit.ts';

/**
 * All that the server does besides answering requests, a row and a file each; docs/reference/jobs.md is made from it.
 * A new duty is a file in `duties/`, new queued work one in `work/`.
 */
export const JOBS: readonly JobRow[] = [
  lease,
  configuration,
  listener,
  recovery,
  recipients,
  retries,
  innerLeads,
  batches,
  outbox,
  digests,
  capAlerts,
  exportMail,
  reportMail,
  keyRequests,
  queue,
  feedback,
  partitions,
  retention,
  capWindows,
  outboxRemains,
  distributionTurns,
  endedPings,
  endedBatchFiles,
  endedExports,
  endedDeliveries,
  leadHolds,
  listEntries,
  listRemains,
  listCounts,
  endedJobs,
  endedSessions,
  endedApiKeys,
  sealedAgain,
  resubmit,
  importList,
  importFeedback,
  exportRows,
  importLeads,
  findHeldLeads,
  erasePerson,
  exportPerson,
];

export const EVERY_ROWS = JOBS.filter((row): row is EveryRow => row.when === 'every');
export const CRON_ROWS = JOBS.filter((row): row is CronRow => row.when === 'cron');
export const QUEUE_ROWS = JOBS.filter((row): row is QueueRow => row.when === 'queue');
