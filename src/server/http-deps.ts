import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createMailAlert } from '../alerts/mail-alert.ts';
import { createSendAlert } from '../alerts/send-alert.ts';
import { createAskPrice } from '../credentials/ask-price.ts';
import { createReplayLine } from '../drafts/replay-line.ts';
import { createEventFeed } from '../events/event-feed.ts';
import { createMissLimits } from '../feedback/miss-limits.ts';
import { createFindWarnings } from '../flows/flow-warnings.ts';
import { registerBatchDownloads } from '../http/batches/register-batch-downloads.ts';
import { createConsoleFiles } from '../http/console/console-files.ts';
import { registerConsole } from '../http/console/register-console.ts';
import { createDocFiles } from '../http/docs/doc-files.ts';
import { registerDocs } from '../http/docs/register-docs.ts';
import { registerEventStream } from '../http/events/register-event-stream.ts';
import { registerExportDownloads } from '../http/exports/register-export-downloads.ts';
import { createTestMails, type InstallationMail } from '../http/handlers/mail.ts';
import { registerFeedback } from '../http/ingest/feedback.ts';
import { registerSubmit } from '../http/ingest/submit.ts';
import { registerJobStreams } from '../http/jobs/register-job-streams.ts';
import { noteKeyRequest } from '../http/note-key-request.ts';
import { registerPostingPages } from '../http/posting/register-posting-pages.ts';
import { showSharedReport } from '../http/reports/show-shared-report.ts';
import type { HttpServerDeps } from '../http/server.ts';
import { systemTools } from '../integrations/builtin-modules.ts';
import type { InstallationMailSettings, SendInstallationMail } from '../mail/installation-mail.ts';
import { packageRoot } from '../package-root.ts';
import { createPostingLimits } from '../posting/posting-limits.ts';
import { createSharedViews } from '../reports/shared-views.ts';
import { tryLogin } from '../sftp/upload-file.ts';
import { createActivityStore, RECORD_NOTHING, type RecordChange, recordChangesOf } from '../store/postgres/activity.ts';
import { createBatchFileStore } from '../store/postgres/batch-files.ts';
import { buildChangingStores } from '../store/postgres/changing-stores.ts';
import { createNewsStore } from '../store/postgres/event-news.ts';
import { createEventStore } from '../store/postgres/events.ts';
import { createExportStore } from '../store/postgres/exports.ts';
import { createFailureStore } from '../store/postgres/failures.ts';
import { isUnavailable } from '../store/postgres/is-unavailable.ts';
import { createKeyRequestStore } from '../store/postgres/key-requests.ts';
import { createListStore } from '../store/postgres/lists.ts';
import { createReadingStores } from '../store/postgres/reading-stores.ts';
import { createReceiptStore } from '../store/postgres/receipts.ts';
import { buildFeedbackDeps } from './feedback-deps.ts';
import {
  refreshAfterBatchChange,
  refreshAfterChange,
  refreshAfterCredentialChange,
  refreshAfterDeploy,
  refreshAfterPricingChange,
  refreshAfterRouterChange,
  refreshAfterUpdate,
  refreshAfterWebhookChange,
} from './follow-configuration.ts';
import { buildImportDeps } from './list-imports.ts';
import { buildFirehoseDeps } from './outbox-sender.ts';
import { answerOwnLists } from './own-lists.ts';
import { openPeople } from './people.ts';
import { recordApiCall } from './record-api-call.ts';
import { refuseOwnTargets } from './refuse-own-targets.ts';
import { buildResubmitDeps } from './resubmit-deps.ts';
import type { ServerOptions } from './server-options.ts';
import type { ServerParts } from './server-parts.ts';
import { startTimer } from './start-timer.ts';

/** Where the build puts the console. */
const CONSOLE = join(packageRoot, 'dist', 'app');
const DOCS = join(packageRoot, 'docs');

/** What the routes and the submit URLs use. */
export function buildHttpDeps(
  parts: ServerParts,
  { config, log, passwordCost, consoleFolder = CONSOLE }: ServerOptions,
): HttpServerDeps {
  const { pool, phases, modules, compiler, liveFlows, admission, bodies, running, runStore, clock } = parts;
  const intake = {
    phases,
    log,
    metrics: parts.metrics,
    tracing: parts.tracing,
    admission,
    running,
    isStoreAway: runStore.isAway,
    clockProblem: clock.problem,
  };
  const { secretBox } = parts;
  const people = openPeople({ pool, secretBox, clock: phases.clock, ids: phases.ids, passwordCost }, config);
  const callers = { authenticate: parts.keys.authenticate, publicOrigin: config.publicUrl, ...people };
  const changing = (record: RecordChange) => {
    const { documents, nodeId } = parts;
    const options = { pool, documents, secretBox, nodeId, ids: phases.ids, schema: config.schema };
    const stores = buildChangingStores(options, record);
    return {
      ...stores,
      flows: refreshAfterDeploy(stores.flows, liveFlows),
      destinations: refreshAfterChange(stores.destinations, liveFlows),
      routers: refreshAfterRouterChange(stores.routers, liveFlows),
      pricingServices: refreshAfterPricingChange(stores.pricingServices, liveFlows),
      webhooks: refreshAfterWebhookChange(stores.webhooks, liveFlows),
      batches: refreshAfterBatchChange(stores.batches, liveFlows),
      credentials: refreshAfterCredentialChange(stores.credentials, liveFlows),
      accounts: refreshAfterUpdate(stores.accounts, liveFlows),
    };
  };
  const findConsole = createConsoleFiles(consoleFolder);
  const imports = buildImportDeps(parts);
  const postingLimits = createPostingLimits(phases.clock);
  const feedbackDeps = buildFeedbackDeps(parts);
  const deliverTest = answerOwnLists(refuseOwnTargets(parts.deliver, clock), {
    ...{ lists: createListStore(pool), hashListValue: phases.hashListValue, ids: phases.ids, clock, startTimer },
    report: (error) => phases.report({ leadId: '', where: 'own lists', error }),
  });
  const api: HttpServerDeps['api'] = {
    ...people,
    ...changing(RECORD_NOTHING),
    activity: createActivityStore(pool),
    keyRequests: createKeyRequestStore(pool),
    receipts: createReceiptStore(pool, secretBox),
    urlProblem: parts.urlProblem,
    credentialTests: {
      vault: parts.credentialVault,
      fetchAnew: parts.credentials.fetchAnew,
      deliver: parts.httpClient.deliver,
      checkMail: parts.mailer.check,
      trySftp: (login, bounds) =>
        tryLogin(login, { ...bounds, deps: { allowedNetworks: parts.allowedNetworks, startTimer } }),
    },
    mailAlert: createMailAlert(parts.installationMail),
    isMailSet: parts.installationMail !== null,
    installationMail: findInstallationMail(config, parts.installationMail),
    testMails: createTestMails(clock),
    sendAlert: createSendAlert({ deliver: parts.httpClient.deliver, tools: systemTools(clock) }),
    askPrice: createAskPrice({
      ...{ deliver: parts.httpClient.deliver, tools: systemTools(clock), clock },
      credentials: parts.credentials,
    }),
    readSurroundings: parts.readSurroundings,
    testStep: config.isDistributionStepEnabled
      ? { deliver: deliverTest, timeoutMs: phases.timeoutMs, startTimer }
      : null,
    forgetKey: parts.keys.forget,
    hashListValue: phases.hashListValue,
    hashSearchValue: phases.hashSearchValue,
    listImports: imports.lists,
    jobFiles: imports.files,
    receiving: new Set(),
    sharedRuns: new Set(),
    takeSharedView: createSharedViews(phases.clock),
    reading: createReadingStores(parts.standby ?? pool),
    failureCounts: createFailureStore(pool),
    findFlow: liveFlows.find,
    postingLimits,
    replays: createReplayLine(),
    recipientTimeoutMs: phases.timeoutMs,
    ...buildResubmitDeps(parts, log),
    feedbackWork: feedbackDeps,
    firehose: buildFirehoseDeps(parts),
    // What is sent again is judged by the database itself.
    events: createEventStore(pool),
    modules,
    catalogue: parts.catalogue,
    findProblems: compiler.findProblems,
    compileFlow: compiler.compile,
    runSliced: parts.runSliced,
    findWarnings: createFindWarnings(parts.runSliced),
    version: phases.version,
    processId: process.pid,
    checkReadiness: parts.checkReadiness,
    metrics: parts.metrics,
  };
  return {
    log,
    isUnavailable,
    recordFor: (origin) => changing(recordChangesOf(origin, phases)),
    trustedProxies: config.trustedProxies,
    callers,
    readingTurns: parts.readingTurns,
    pages: { readSharedReport: showSharedReport({ api, findConsole }) },
    recordCall: (call) => {
      recordApiCall(call, { log, metrics: parts.metrics });
      noteKeyRequest(call, parts);
    },
    api,
    registerIngest: async (scope) => {
      await registerSubmit(scope, {
        ...{ ...intake, authenticate: parts.keys.authenticate, bodies },
        findRouter: parts.liveRouters.find,
      });
      await registerFeedback(scope, {
        ...{ feedback: feedbackDeps, bodies, isStoreAway: runStore.isAway, isUnavailable, log },
        misses: createMissLimits(phases.clock),
      });
      registerJobStreams(scope, { jobs: parts.jobs, callers, clock: phases.clock, startTimer });
      registerExportDownloads(scope, {
        exportsFor: (origin) => createExportStore(pool, { record: recordChangesOf(origin, phases) }),
        ...{ callers, clock: phases.clock, ids: phases.ids },
      });
      const reading = createReadingStores(parts.standby ?? pool);
      const { findRevision } = parts;
      registerEventStream(scope, {
        ...{ events: reading.events, findRevision, accounts: changing(RECORD_NOTHING).accounts, callers },
        feed: createEventFeed({
          ...{ news: createNewsStore(parts.standby ?? pool), events: reading.events },
          ...{ findRevision, clock: phases.clock, startTimer },
        }),
        clock: phases.clock,
      });
      registerPostingPages(scope, { api, publicOrigin: config.publicUrl, findConsole });
      registerBatchDownloads(scope, { batches: createBatchFileStore(pool, parts.secretBox), callers });
    },
    registerConsole: (scope) => registerConsole(scope, { findConsole, randomBytes, log }),
    registerDocs: (scope) =>
      registerDocs(scope, {
        ...{ findDocs: createDocFiles(DOCS), findConsole, log },
        ...{ runSliced: parts.runSliced, publicOrigin: config.publicUrl },
      }),
  };
}

/** null: the operator set no mail server. */
function findInstallationMail(
  { smtpUrl, mailFrom }: InstallationMailSettings,
  send: SendInstallationMail | null,
): InstallationMail | null {
  return smtpUrl === null || mailFrom === null || send === null ? null : { server: smtpUrl, from: mailFrom, send };
}
