import cluster from 'node:cluster';
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { createKeyAuthentication } from './access/authenticate-api-key.ts';
import { createKeyRequestLog } from './access/key-request-log.ts';
import { buildOrigin } from './access/users/invitation-url.ts';
import { createCredentialKeeper } from './credentials/credential-keeper.ts';
import { rememberRevisions } from './events/revisions.ts';
import { createFlowCompiler } from './flow-compiler/flow-compiler.ts';
import { createFlowTargets } from './flows/flow-targets.ts';
import type { LiveFlows } from './flows/live-flows.ts';
import { createLiveRouters } from './flows/live-routers.ts';
import { createBodyBudget } from './http/ingest/body-budget.ts';
import { countReadingPlaces, createReadingTurns } from './http/reading-turns.ts';
import { createHttpServer } from './http/server.ts';
import { createAdmission } from './intake/admission.ts';
import { createInnerFlows } from './intake/inner-flows.ts';
import { createHttpClient } from './integrations/http-client.ts';
import { STOPPED_TOO_OFTEN } from './jobs/run-job.ts';
import { systemClock } from './lib/clock.ts';
import { createIds } from './lib/ids.ts';
import { createSlicer } from './lib/slices.ts';
import { createSlots } from './lib/slots.ts';
import { deliverMail } from './mail/deliver-mail.ts';
import { createInstallationMail, createInstallationMailer } from './mail/installation-mail.ts';
import { createMailer } from './mail/mailer.ts';
import { createMetrics } from './observe/metrics.ts';
import { packageRoot } from './package-root.ts';
import { packageVersion } from './package-version.ts';
import type { LeadRun } from './pipeline/lead-run.ts';
import { createRetryRunner } from './retries/retry-runner.ts';
import { buildLeadWords } from './search/lead-words.ts';
import { startBackgroundWork } from './server/background-work.ts';
import { drainLeads, within } from './server/drain.ts';
import { readClock, reportClock } from './server/follow-clock.ts';
import { findPastFlows, followDeployedFlows } from './server/follow-configuration.ts';
import { buildHttpDeps } from './server/http-deps.ts';
import { joinNodes } from './server/join-nodes.ts';
import { limitRecipients } from './server/limit-recipients.ts';
import { buildMetricGauges } from './server/metric-gauges.ts';
import { openModules } from './server/open-modules.ts';
import { buildPhaseDeps, openConfiguredTracing } from './server/phase-deps.ts';
import { API_POOL, DUTY_POOL, openPool, openStandby } from './server/pools.ts';
import { createReadiness } from './server/readiness.ts';
import { kindOf, reportFault } from './server/report-fault.ts';
import { createSecureRandom } from './server/secure-random.ts';
import type { RunningServer, ServerOptions } from './server/server-options.ts';
import type { ServerParts } from './server/server-parts.ts';
import { startTimer } from './server/start-timer.ts';
import { applyTestSwitches, chooseDatabase, chooseRunStore } from './server/test-switches.ts';
import { startWarmUp } from './server/warm-up/start-warm-up.ts';
import { createDatabaseClock } from './store/database-clock.ts';
import { createLease } from './store/lease.ts';
import { createApiKeyStore } from './store/postgres/api-keys.ts';
import { createChannelDirectory } from './store/postgres/channels.ts';
import { createConfigListener } from './store/postgres/config-listener.ts';
import { createCredentialVault } from './store/postgres/credentials.ts';
import { createDigestKeeper } from './store/postgres/digest-keeper.ts';
import { createEventStore } from './store/postgres/events.ts';
import { createSurroundingsReader } from './store/postgres/flow-surroundings.ts';
import { isUnavailable } from './store/postgres/is-unavailable.ts';
import { createJobStore } from './store/postgres/jobs.ts';
import { createKeyRequestStore } from './store/postgres/key-requests.ts';
import { readMigrations } from './store/postgres/migrate.ts';
import { createNodeStore } from './store/postgres/nodes.ts';
import { createRecipientHealthStore } from './store/postgres/recipient-health.ts';
import { createRetryStore } from './store/postgres/retries.ts';
import { createRevisionDocuments } from './store/postgres/revision-documents.ts';
import { createRouterStore } from './store/postgres/routers.ts';
import { createSession, type SessionOptions } from './store/postgres/session.ts';
import { createTableKeeper } from './store/postgres/table-keeper.ts';
import { createTurnStore } from './store/postgres/turn-store.ts';
import { processIdentity, processSpace } from './store/process-identity.ts';
import { createSecretBox } from './store/secret-box.ts';

/** Builds the server and starts to listen. Rejects with the listen error (EADDRINUSE …) when it cannot. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, log, dutyPace } = options;
  const parts = await buildServerParts(options);
  const node = await joinNodes(parts, log);
  const app = await createHttpServer(buildHttpDeps(parts, options));
  const work = startBackgroundWork({ parts, node, log, schema: config.schema, dutyPace });
  try {
    const url = await app.listen({ host: config.host, port: config.port });
    // After it listens: a sender that comes meanwhile is served, and is not sent away for being early.
    const warmUp = startWarmUp(parts, options);
    return {
      url,
      warmed: warmUp.warmed,
      stop: async () => {
        parts.draining.isOn = true;
        await warmUp.ended;
        await Promise.all([app.close(), within(parts.phases, work.stopQueue())]);
        await drainLeads(parts, log);
        await leave();
      },
    };
  } catch (error) {
    await leave();
    throw error;
  }

  async function leave(): Promise<void> {
    await work.stop();
    await node.signOff();
    await parts.close();
  }
}

async function buildServerParts(options: ServerOptions): Promise<ServerParts> {
  const { config, log } = options;
  const database = chooseDatabase(options);
  const clock = createDatabaseClock({
    machine: options.machineClock ?? systemClock,
    onChange: (state) => reportClock(log, state),
  });
  const pool = openPool(database, { bounds: API_POOL, log });
  const dutyPool = openPool(database, { bounds: DUTY_POOL, log });
  const standby = openStandby(config, log);
  const nodes = createNodeStore(dutyPool);
  // Before the first id: ids never go back, not even to the right time.
  await readClock(clock, nodes);
  const ids = createIds({ now: clock.now, random: createSecureRandom() });
  const nodeId = ids.next();
  const processStarted = processIdentity(process.pid) ?? 'unknown';
  const node = { id: nodeId, host: processSpace(), pid: process.pid, processStarted };
  const lease = createLease({ clock, renew: () => nodes.renew(node) });
  const metrics = createMetrics({ version: packageVersion(), worker: String(cluster.worker?.id ?? 1) });
  const openLeadSession = (session: SessionOptions) =>
    createSession({ ...session, planCacheMode: config.planCacheMode });
  const secretBox = createSecretBox(options.secretKey, randomBytes, config.secretKeyPrevious);
  const channels = createChannelDirectory(dutyPool);
  const digests = createDigestKeeper(dutyPool, {
    clock,
    wordsOf: ({ accountId, values }) => buildLeadWords(values, { accountId, hash: phases.hashSearchValue }),
  });
  const runStore = chooseRunStore(options)({
    connection: database,
    nodeId,
    pause,
    monotonic: systemClock.monotonic,
    box: secretBox,
    openSession: openLeadSession,
    watchGroup: metrics.watchGroup,
    hasChannels: (run) => channels.hasActive(run),
    digestsFrom: digests.digestsFrom,
  });
  const turnStore = createTurnStore({ connection: database, clock, pause, openSession: openLeadSession });
  const retryStore = createRetryStore({ pool: dutyPool, nodeId, ids });
  const httpClient = createHttpClient({ clock, allowedNetworks: config.allowPrivateNetworks });
  const mailer = createMailer({ clock, allowedNetworks: config.allowPrivateNetworks });
  const installationMailer = createInstallationMailer(clock);
  const deliver = deliverMail(httpClient.deliver, { mailer, clock });
  const recipientLimits = limitRecipients(options, { deliver, clock });
  const { modules, foreign, catalogue, urlProblem, close: closeModules } = await openModules(options, clock);
  const runSliced = createSlicer({ now: systemClock.monotonic, schedule: setImmediate });
  const compiler = createFlowCompiler(modules, runSliced);
  const documents = createRevisionDocuments(runSliced);
  const credentialVault = createCredentialVault(dutyPool, secretBox);
  const credentials = createCredentialKeeper({
    vault: credentialVault,
    deliver: httpClient.deliver,
    clock,
    startTimer,
    report: (error) => reportFault(log, { leadId: '', where: 'a credential', error }),
  });
  const flowTargets = createFlowTargets({
    publicOrigin: config.publicUrl,
    findFlow: (id) => liveFlows.find(id),
    findRouter: (id) => liveRouters.find(id),
  });
  const readerOn = (of: pg.Pool) =>
    createSurroundingsReader({ pool: of, box: secretBox, clock, modules, urlProblem, flowTargets });
  const readSurroundings = readerOn(pool);
  const liveRouters = createLiveRouters({
    routers: createRouterStore(dutyPool),
    readSurroundings: readerOn(dutyPool),
    modules,
    runSliced,
    findFlow: (id) => liveFlows.find(id),
  });
  const liveFlows: LiveFlows = followDeployedFlows({
    pool: dutyPool,
    documents,
    readSurroundings: readerOn(dutyPool),
    compiler,
    runSliced,
    credentials,
    followRouters: liveRouters.follow,
    channels,
    log,
  });
  const listener = createConfigListener(database, () => void liveFlows.look().catch(() => undefined));
  const keys = createKeyAuthentication({
    apiKeys: createApiKeyStore(dutyPool),
    clock,
    report: (error) => reportFault(log, { leadId: '', where: 'last use of a key', error }),
  });
  const keyRequests = createKeyRequestLog({ store: createKeyRequestStore(pool), ids, isUnavailable });
  const findRevision = rememberRevisions(findPastFlows(pool, { documents, readSurroundings, compiler, runSliced }));
  const tracing = await openConfiguredTracing(options, clock);
  const running = createSlots<LeadRun>();
  const innerFlows = createInnerFlows({
    publicOrigin: config.publicUrl,
    findFlow: liveFlows.find,
    findRouter: liveRouters.find,
    random: Math.random,
    intake: () => ({ phases, log, metrics, tracing, running }),
    isStoreAway: runStore.isAway,
    clock,
    startTimer,
  });
  const phaseDeps = await buildPhaseDeps(options, {
    clock,
    ids,
    pool,
    keys,
    tracing,
    findFlow: liveFlows.find,
    store: runStore,
    takeTurn: turnStore.takeTurn,
    deliver: recipientLimits.deliver,
    innerFlows,
    isLeaseHeld: lease.isHeld,
    credentials,
  });
  const phases = applyTestSwitches(phaseDeps, config.testSwitches);
  const admission = createAdmission(config.admissionMax);
  const parts = {
    pool,
    standby,
    nodeId,
    nodes,
    clock,
    lease,
    runStore,
    secretBox,
    credentialVault,
    credentials,
    httpClient,
    mailer,
    allowedNetworks: config.allowPrivateNetworks,
    deliver,
    installationMail: createInstallationMail(config, installationMailer),
    origin: buildOrigin(config),
    urlProblem,
    readSurroundings,
    recipientLimits,
    recipientHealth: createRecipientHealthStore({ pool: dutyPool, nodeId }),
    retryStore,
    retries: createRetryRunner({
      store: retryStore,
      events: createEventStore(dutyPool),
      findRevision,
      phases,
      recordAttempt: (run) => {
        metrics.recordAttempt(run);
        tracing?.recordAttempt(run);
      },
    }),
    findRevision,
    modules,
    catalogue,
    runSliced,
    documents,
    compiler,
    liveFlows,
    liveRouters,
    channels,
    digests,
    listener,
    keys,
    keyRequests,
    phases,
    running,
    admission,
    readingTurns: createReadingTurns({
      ...{
        places: countReadingPlaces({ cores: availableParallelism(), processes: config.workers }),
        countLeads: admission.entered,
      },
      ...{ monotonic: clock.monotonic, startTimer },
    }),
    bodies: createBodyBudget(config.bodyMemoryMib * 1024 * 1024),
    jobs: createJobStore(pool, { schema: config.schema }),
    tables: createTableKeeper(pool, {
      ...{ clock, abandoned: STOPPED_TOO_OFTEN, schema: config.schema },
      partitionDays: config.partitionDays,
    }),
  };
  metrics.addGauges(buildMetricGauges(parts));
  const draining = { isOn: false };
  const warming = { isOn: config.warmSeconds > 0 };
  return {
    ...parts,
    metrics,
    tracing,
    draining,
    warming,
    foreignModules: foreign,
    checkReadiness: createReadiness(
      { ...parts, draining, warming, standby: standby && createNodeStore(standby) },
      readMigrations(join(packageRoot, 'sql')).length,
    ),
    close: async () => {
      metrics.close();
      await tracing?.close();
      // What keys asked for until now; a database that is away loses it.
      await within(
        phases,
        keyRequests.write().then(
          () => undefined,
          (error: unknown) => log.warn({ cause: kindOf(error) }, 'the last requests of API keys are not in their log'),
        ),
      );
      // Turns of leads that have just ended go back.
      await within(phases, turnStore.drained());
      await turnStore.close();
      await runStore.close();
      await Promise.all([httpClient.close(), mailer.close(), installationMailer.close()]);
      await closeModules();
      await listener.close();
      await Promise.all([pool.end(), dutyPool.end(), standby?.end()]);
    },
  };
}
