import { createMailAlert } from '../alerts/mail-alert.ts';
import { createSendAlert } from '../alerts/send-alert.ts';
import { createCapWatch } from '../alerts/watch-caps.ts';
import type { BatchRunner } from '../batches/batch-runner.ts';
import { settleDueFeedback } from '../feedback/settle-due.ts';
import { systemTools } from '../integrations/builtin-modules.ts';
import { createHealthReport } from '../integrations/recipient-limits/report-health.ts';
import type { CronRow, DutyDeps, QueueRow } from '../jobs/job-row.ts';
import { CRON_ROWS, EVERY_ROWS, QUEUE_ROWS } from '../jobs/jobs.ts';
import { runJob } from '../jobs/run-job.ts';
import { type DutyTools, runLogged, startDuties } from '../jobs/start-duties.ts';
import { assert } from '../lib/assert.ts';
import type { Log } from '../observe/log.ts';
import { resolveInnerLeads } from '../retries/resolve-inner.ts';
import { createCapAlertStore } from '../store/postgres/cap-alerts.ts';
import { createInnerLeadStore } from '../store/postgres/inner-leads.ts';
import { createJobQueue, type QueuedTask } from '../store/postgres/job-queue.ts';
import { searchAllHolds } from '../store/postgres/legal-holds.ts';
import { nameQueueSchema } from '../store/postgres/schemas.ts';
import { sealAgain } from '../store/postgres/seal-again.ts';
import { openBatchRunner } from './batch-runner.ts';
import { buildExportDeps, buildExportMailer } from './export-deps.ts';
import { buildFeedbackDeps, buildFeedbackImportDeps } from './feedback-deps.ts';
import type { NodeMembership } from './join-nodes.ts';
import { buildLeadImportDeps } from './lead-imports.ts';
import { buildImportDeps } from './list-imports.ts';
import { buildOutboxSender } from './outbox-sender.ts';
import { buildPrivacyDeps } from './privacy-deps.ts';
import { buildReportMailer } from './report-deps.ts';
import { kindOf } from './report-fault.ts';
import { buildResubmitDeps } from './resubmit-deps.ts';
import type { ServerParts } from './server-parts.ts';
import { startTimer } from './start-timer.ts';

/** What a server does besides answering requests: the rows of src/jobs/jobs.ts. */
export interface BackgroundWork {
  /** Takes nothing more from the queue, and puts back what is under way. */
  stopQueue(): Promise<void>;
  /** Ends the duties that repeat; the lease goes on until then. */
  stop(): Promise<void>;
}

/** Starts the duties of this process and its share of the queue. */
export function startBackgroundWork(context: {
  parts: ServerParts;
  node: NodeMembership;
  log: Log;
  /** Of the installation. */
  schema: string;
  /** See `startDuties`. */
  dutyPace: number | undefined;
}): BackgroundWork {
  const { parts, node, log, schema, dutyPace } = context;
  const tools: DutyTools = { clock: parts.phases.clock, startTimer, kindOf, log };
  const queue = createJobQueue({
    pool: parts.pool,
    schema: nameQueueSchema(schema),
    nodeId: parts.nodeId,
    log,
    kindOf,
    startTimer,
    tasks: Object.fromEntries([
      ...CRON_ROWS.map((row) => [row.name, () => runCron(row)]),
      ...QUEUE_ROWS.map((row) => [row.name, (task: QueuedTask) => runQueued(row, task)]),
    ]),
    crons: CRON_ROWS,
  });
  const batches = openBatchRunner(parts);
  const sender = buildOutboxSender(parts, log);
  const deps = buildDutyDeps({ parts, node, log, ensureQueue: queue.ensure, sendOutbox: sender.look, batches });
  const importList = buildImportDeps(parts);
  const work = {
    resubmit: buildResubmitDeps(parts, log),
    importList,
    importFeedback: buildFeedbackImportDeps(parts, importList.files),
    export: buildExportDeps(parts),
    importLeads: buildLeadImportDeps(parts, { files: importList.files, log }),
    privacy: buildPrivacyDeps(parts),
  };

  function runCron(row: CronRow): Promise<void> {
    return runLogged(row, { run: () => row.run(deps), tools });
  }

  function runQueued(row: QueueRow, { payload, isLastAttempt, stopping }: QueuedTask): Promise<void> {
    // As `JobStore.create` writes it.
    const { account_id: accountId, id } = payload as { account_id: string; id: string };
    assert(accountId && id, 'a task of the queue names its job');
    return runJob(
      row,
      { accountId, id, isLastAttempt, stopping },
      { store: parts.jobs, work, nodeId: parts.nodeId, clock: parts.phases.clock, tools },
    );
  }

  const loops = startDuties(EVERY_ROWS, { deps, tools, pace: dutyPace });
  // Not after the first pause of its duty, which meets what fails here.
  void queue.ensure().catch(() => undefined);
  return {
    stopQueue: async () => {
      await Promise.all([queue.stop(), batches.stop()]);
    },
    stop: async () => {
      await Promise.all([sender.stop(), ...loops.map((each) => each.stop())]);
    },
  };
}

function buildDutyDeps(context: {
  parts: ServerParts;
  node: NodeMembership;
  log: Log;
  ensureQueue(): Promise<void>;
  sendOutbox(): Promise<number>;
  batches: BatchRunner;
}): DutyDeps {
  const { parts, node, log, ensureQueue, sendOutbox, batches } = context;
  const feedback = buildFeedbackDeps(parts);
  const { lease, checkReadiness, liveFlows, listener, retries, clock, tables } = parts;
  return {
    // Looking as often as the lease is renewed dates a failure that no caller asks about.
    renewLease: () => lease.renew().finally(() => void checkReadiness()),
    refreshConfiguration: liveFlows.look,
    ensureListener: listener.ensure,
    recoverLeads: node.recover,
    reportRecipients: createHealthReport(parts.recipientLimits, { store: parts.recipientHealth, clock }),
    runDueRetries: retries.runDue,
    resolveInnerLeads: () =>
      resolveInnerLeads({
        innerLeads: createInnerLeadStore(parts.pool),
        retries: parts.retryStore,
        findFlow: parts.phases.findFlow,
        clock,
        ids: parts.phases.ids,
      }),
    runDueBatches: batches.runDue,
    sendOutbox,
    foldDigests: parts.digests.fold,
    writeKeyRequests: parts.keyRequests.write,
    watchCaps: createCapWatch({
      store: createCapAlertStore(parts.pool, parts.secretBox),
      listFlows: liveFlows.list,
      send: createSendAlert({ deliver: parts.httpClient.deliver, tools: systemTools(clock) }),
      mail: createMailAlert(parts.installationMail),
      clock,
      ids: parts.phases.ids,
    }),
    mailExports: buildExportMailer(parts),
    mailReports: buildReportMailer(parts),
    settleDueFeedback: () => settleDueFeedback(feedback),
    searchHolds: () => searchAllHolds(parts.pool, parts.secretBox, clock.now()),
    clockProblem: clock.problem,
    ensureQueue,
    sealAgain: parts.secretBox.isRotating ? () => sealAgain(parts.pool, parts.secretBox) : null,
    tables,
    log,
  };
}
