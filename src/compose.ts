import { createHmac, randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { type Config, integrationsDirectory } from './config.ts';
import type { DestinationStore } from './destinations/destination.ts';
import { type FindRevision, rememberRevisions } from './events/revisions.ts';
import { createFlowCompiler, type FlowCompiler } from './flow-compiler/flow-compiler.ts';
import type { FlowStore } from './flows/flow-store.ts';
import { surroundingsOf } from './flows/flow-surroundings.ts';
import { createLiveFlows, type LiveFlows } from './flows/live-flows.ts';
import { parseFlowDocument } from './flows/parse-flow-document.ts';
import { type Authenticate, createAuthenticate } from './http/authenticate-api-key.ts';
import { type BodyBudget, createBodyBudget } from './http/ingest/body-budget.ts';
import { registerSubmit } from './http/ingest/submit.ts';
import { createHttpServer, type HttpServerDeps } from './http/server.ts';
import { type Admission, createAdmission } from './intake/admission.ts';
import { runSubmission } from './intake/run-submission.ts';
import { builtinModules, systemTools } from './integrations/builtin-modules.ts';
import { BUILTIN_PACKAGES } from './integrations/builtin-packages.ts';
import type { Deliver, ModuleRegistry } from './integrations/contract.ts';
import { isPrivateHostAllowed } from './integrations/forbidden-address.ts';
import { deliveryUrlProblem } from './integrations/formats/delivery-url.ts';
import { createHttpClient, type HttpClient } from './integrations/http-client.ts';
import { createPackageCatalogue, type PackageCatalogue } from './integrations/package-catalogue.ts';
import { type OpenPackages, openPackages } from './integrations/packages/open-packages.ts';
import { packageRecords } from './integrations/packages/package-records.ts';
import { PACKAGE_WORKER_FILE } from './integrations/packages/worker-file.ts';
import type { RecipientHealthStore } from './integrations/recipient-limits/recipient-health.ts';
import { createRecipientLimits, type RecipientLimits } from './integrations/recipient-limits/recipient-limits.ts';
import { createHealthReport, REPORT_EVERY_MS } from './integrations/recipient-limits/report-health.ts';
import { createModuleRegistry } from './integrations/registry.ts';
import { assert, unreachable } from './lib/assert.ts';
import { type Clock, systemClock } from './lib/clock.ts';
import { createIds } from './lib/ids.ts';
import { type Loop, startLoop } from './lib/loop.ts';
import type { Log } from './observe/log.ts';
import { packageVersion } from './package-version.ts';
import { tellInterrupted } from './pipeline/interrupted.ts';
import type { LeadRun, Submission } from './pipeline/lead-run.ts';
import type { Fault, PhaseDeps } from './pipeline/phase.ts';
import type { RunSubmission } from './resubmission/resubmit-leads.ts';
import { createRetryRunner, LOOK_EVERY_MS, type RetryRunner } from './retries/retry-runner.ts';
import type { RetryStore } from './retries/retry-store.ts';
import { type ClockState, createDatabaseClock, type DatabaseClock } from './store/database-clock.ts';
import { createLease, type Lease, RENEW_EVERY_MS } from './store/lease.ts';
import { createAccountStore } from './store/postgres/accounts.ts';
import { createApiKeyStore } from './store/postgres/api-keys.ts';
import { createConfigStore, type DeployedFlow } from './store/postgres/config.ts';
import { type ConfigListener, createConfigListener } from './store/postgres/config-listener.ts';
import { createDestinationStore } from './store/postgres/destinations.ts';
import { createEventStore } from './store/postgres/events.ts';
import { createFieldUsageStore } from './store/postgres/field-usage.ts';
import { createFieldStore } from './store/postgres/fields.ts';
import { createFlowStore } from './store/postgres/flows.ts';
import { ensureListHashKey } from './store/postgres/installation.ts';
import { isUnavailable } from './store/postgres/is-unavailable.ts';
import { createNodeStore, type NodeStore } from './store/postgres/nodes.ts';
import { countStrays, ensurePartitions, sweepCapWindows } from './store/postgres/partitions.ts';
import { createRecipientHealthStore } from './store/postgres/recipient-health.ts';
import { createResubmissionStore } from './store/postgres/resubmissions.ts';
import { createRetryStore } from './store/postgres/retries.ts';
import { createRunStore, type PostgresRunStore, type RunStoreOptions } from './store/postgres/run-store.ts';
import { processIdentity, processSpace } from './store/process-identity.ts';
import { RECOVER_EVERY_MS, recover } from './store/recovery.ts';
import { createSecretBox, type SecretBox } from './store/secret-box.ts';
import { prepareHashes } from './templates/hash-helpers.ts';

/** How a database is reached: by the embedded server's socket or by DATABASE_URL. */
export type DatabaseConnection =
  | { host: string; port: number; user: string; database: string }
  | { connectionString: string };

export interface ServerOptions {
  /** With the demo, `allowPrivateNetworks` already holds the demo recipient's address. */
  config: Config;
  /** Migrated, and with an account. */
  database: DatabaseConnection;
  /** 32 bytes that stored credentials are encrypted with. */
  secretKey: Buffer;
  /** Tells this process from every other one that uses the database. */
  nodeName: string;
  log: Log;
  /** This machine's clock; a test may give a wrong one. */
  machineClock?: Clock;
  /** Another store for the leads' own path: the benchmark's peer. */
  openRunStore?: (options: RunStoreOptions) => PostgresRunStore;
}

export interface RunningServer {
  url: string;
  /** Takes no new leads, lets the running ones end, closes every connection. */
  stop(): Promise<void>;
}

/** Connections of the API and of work that may wait. Leads are stored over connections of their own. */
const API_POOL: PoolBounds = { connectionsMax: 8, answerMsMax: 40_000 };
/**
 * Connections for what leads cannot do without: the lease, the configuration, recovery, the sender's key. However long
 * the API's queries take, these find one; and a connection that fell silent is soon given up for another.
 */
const DUTY_POOL: PoolBounds = { connectionsMax: 4, answerMsMax: 10_000 };
const CONNECT_MS_MAX = 5_000;
/** Nodes look for changed configuration this often even when no notification came. */
const CONFIG_EVERY_MS = 1_000;
const TIDY_EVERY_MS = 3_600_000;
/** With the test switch `hold-answers`: how long an answer waits after its commit. */
const HOLD_ANSWERS_MS = 50;

/** Builds the server and starts to listen. Rejects with the listen error (EADDRINUSE …) when it cannot. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, log } = options;
  const house = await openHouse(options);
  const node = await joinNodes(house, log);
  const app = await createHttpServer(httpDeps(house, options));
  const loops = startLoops({ house, node, log });
  try {
    const url = await app.listen({ host: config.host, port: config.port });
    return {
      url,
      stop: async () => {
        await app.close();
        await house.admission.emptied();
        await within(house.phases, house.retries.drained());
        await drainStore(house, log);
        await leave();
      },
    };
  } catch (error) {
    await leave();
    throw error;
  }

  async function leave(): Promise<void> {
    await Promise.all(loops.map((each) => each.stop()));
    await node.signOff();
    await house.close();
  }
}

/** What is not stored by then is told of by whoever recovers it: a process must end although its database never comes back. */
async function drainStore({ runStore, phases }: House, log: Log): Promise<void> {
  if (!(await within(phases, runStore.drained())))
    log.error({ leads: runStore.size() }, 'the database is away: the end of these leads is not stored');
}

/** Waits as long as a sender would at most; answers whether it was enough. */
function within({ startTimer, settleWaitMs }: PhaseDeps, ended: Promise<void>): Promise<boolean> {
  return new Promise((resolve) => {
    const callOff = startTimer(settleWaitMs, () => resolve(false));
    void ended.then(() => {
      callOff();
      resolve(true);
    });
  });
}

/** Everything a server process owns, from the connections up to the phases' own tools. */
interface House {
  /** For the API; see API_POOL and DUTY_POOL. */
  pool: pg.Pool;
  nodeId: string;
  nodes: NodeStore;
  clock: DatabaseClock;
  lease: Lease;
  runStore: PostgresRunStore;
  secretBox: SecretBox;
  httpClient: HttpClient;
  urlProblem(url: string): string | undefined;
  recipientLimits: RecipientLimits;
  recipientHealth: RecipientHealthStore;
  retryStore: RetryStore;
  retries: RetryRunner;
  findRevision: FindRevision;
  modules: ModuleRegistry;
  catalogue: PackageCatalogue;
  compiler: FlowCompiler;
  liveFlows: LiveFlows;
  listener: ConfigListener;
  authenticate: Authenticate;
  phases: PhaseDeps;
  /** Leads under way, and the bound on them. */
  running: Set<LeadRun>;
  admission: Admission;
  bodies: BodyBudget;
  close(): Promise<void>;
}

async function openHouse(options: ServerOptions): Promise<House> {
  const { config, database, log } = options;
  const clock = createDatabaseClock({
    machine: options.machineClock ?? systemClock,
    onChange: (state) => tellClock(log, state),
  });
  const pool = openPool(database, { bounds: API_POOL, log });
  const dutyPool = openPool(database, { bounds: DUTY_POOL, log });
  const nodes = createNodeStore(dutyPool);
  // Before the first id: ids never go back, not even to the right time.
  await readClock(clock, nodes);
  const ids = createIds({ now: clock.now, random: Math.random });
  const nodeId = ids.next();
  const processStarted = processIdentity(process.pid) ?? 'unknown';
  const node = { id: nodeId, host: processSpace(), pid: process.pid, processStarted };
  const lease = createLease({ clock, renew: () => nodes.renew(node) });
  const switches = config.testSwitches;
  const runStore = (options.openRunStore ?? createRunStore)({
    connection: database,
    nodeId,
    pause,
    switches: { isFenceOff: switches.has('no-fence'), isCommitAsync: switches.has('async-commit') },
  });
  const retryStore = createRetryStore({ pool: dutyPool, nodeId, ids });
  const httpClient = createHttpClient({ clock, allowedNetworks: config.allowPrivateNetworks });
  const recipientLimits = limitsOf(options, { deliver: httpClient.deliver, clock });
  const packages = await openInstalledPackages(config, log);
  const moduleTools = systemTools(clock);
  const modules = createModuleRegistry(builtinModules(config.allowPrivateNetworks, moduleTools), packages.modules);
  const compiler = createFlowCompiler(modules);
  const secretBox = createSecretBox(options.secretKey, randomBytes);
  const liveFlows = liveFlowsOf({ pool: dutyPool, compiler, secretBox, log });
  const listener = createConfigListener(database, () => void liveFlows.refresh().catch(() => undefined));
  const authenticate = createAuthenticate({ apiKeys: createApiKeyStore(dutyPool), clock });
  const findRevision = rememberRevisions(pastFlowsOf(pool, { compiler, secretBox }));
  await prepareHashes();
  const listHashKey = await ensureListHashKey(pool, randomBytes);
  const phases: PhaseDeps = {
    clock,
    ids,
    random: Math.random,
    findFlow: liveFlows.find,
    authenticate,
    store: runStore,
    deliver: recipientLimits.deliver,
    isLeaseHeld: () => switches.has('no-fence') || lease.isHeld(),
    hashListValue: (value) => createHmac('sha256', listHashKey).update(value).digest(),
    host: hostname(),
    version: packageVersion(),
    timeoutMs: config.timeoutSeconds * 1000,
    settleWaitMs: config.settleWaitSeconds * 1000,
    startTimer,
    report: (fault) => reportFault(log, fault),
    isIntentOff: switches.has('no-intent'),
  };
  return {
    pool,
    nodeId,
    nodes,
    clock,
    lease,
    runStore,
    secretBox,
    httpClient,
    urlProblem: (url) =>
      deliveryUrlProblem(url, (hostname, port) => isPrivateHostAllowed(hostname, port, config.allowPrivateNetworks)),
    recipientLimits,
    recipientHealth: createRecipientHealthStore({ pool: dutyPool, nodeId }),
    retryStore,
    retries: createRetryRunner({ store: retryStore, events: createEventStore(dutyPool), findRevision, phases }),
    findRevision,
    modules,
    catalogue: createPackageCatalogue({
      registry: modules,
      builtin: BUILTIN_PACKAGES,
      installed: packageRecords(packages.packages),
    }),
    compiler,
    liveFlows,
    listener,
    authenticate,
    phases,
    running: new Set(),
    admission: createAdmission(config.admissionMax),
    bodies: createBodyBudget(config.bodyMemoryMib * 1024 * 1024),
    close: async () => {
      await runStore.close();
      await httpClient.close();
      await packages.close();
      await listener.close();
      await Promise.all([pool.end(), dutyPool.end()]);
    },
  };
}

/** Requests that wait for one recipient, as a share of the leads under way: one that hangs leaves room for the others. */
const WAITING_SHARE = 0.25;

function limitsOf({ config, log }: ServerOptions, made: { deliver: Deliver; clock: Clock }): RecipientLimits {
  return createRecipientLimits({
    ...made,
    startTimer,
    waitingMax: Math.ceil(config.admissionMax * WAITING_SHARE),
    onChange: ({ key, host, circuit }) => {
      const tell = circuit.kind === 'closed' ? log.info : log.warn;
      tell({ recipient_id: key.recipientId, host, circuit: circuit.kind }, 'the circuit to a recipient changed');
    },
  });
}

/** So that one slow answer does not decide what the first lead's time is. */
const FIRST_READINGS = 3;

async function readClock(clock: DatabaseClock, nodes: NodeStore): Promise<void> {
  for (let reading = 0; reading < FIRST_READINGS; reading += 1) {
    const askedAt = clock.monotonic();
    const databaseNow = await nodes.readClock();
    clock.observe({ askedAt, answeredAt: clock.monotonic(), databaseNow });
  }
}

function tellClock(log: Log, { kind, aheadMs, reason }: ClockState): void {
  const fields = { ahead_ms: aheadMs };
  switch (kind) {
    case 'right':
      log.info(fields, "the clock of this machine agrees with the database's again");
      break;
    case 'off':
      log.warn(
        fields,
        "the clock of this machine is off; leads get the database's time: let NTP set the clocks of all machines",
      );
      break;
    case 'refused':
      log.error({ ...fields, reason }, 'no new leads are taken until the clock is right');
      break;
    default:
      unreachable(kind);
  }
}

function startTimer(ms: number, onEnd: () => void): () => void {
  const timer = setTimeout(onEnd, ms);
  return () => clearTimeout(timer);
}

/** Packages the operator installed. One that does not load is missing, which flows that use its modules say. */
async function openInstalledPackages(config: Config, log: Log): Promise<OpenPackages> {
  const packages = await openPackages({
    clock: systemClock,
    directory: integrationsDirectory(config),
    workerFile: PACKAGE_WORKER_FILE,
    allowedNetworks: config.allowPrivateNetworks,
    env: process.env,
  });
  for (const { packageName, reason } of packages.broken)
    log.error({ package: packageName, reason }, 'an integration package cannot be loaded; its modules are missing');
  return packages;
}

interface PoolBounds {
  connectionsMax: number;
  /** Longer than any query may take by its own bound. */
  answerMsMax: number;
}

function openPool(database: DatabaseConnection, { bounds, log }: { bounds: PoolBounds; log: Log }): pg.Pool {
  const pool = new pg.Pool({
    ...database,
    max: bounds.connectionsMax,
    query_timeout: bounds.answerMsMax,
    connectionTimeoutMillis: CONNECT_MS_MAX,
    application_name: 'sluice',
  });
  pool.on('error', (error) => log.warn({ cause: error.name }, 'an idle database connection broke'));
  return pool;
}

/** This process among the nodes that share the database. */
interface NodeMembership {
  /** Finds processes of this machine that are gone, and tells the end of leads nobody looks after. */
  recover(): Promise<void>;
  signOff(): Promise<void>;
}

/** Signs this process on and cleans up after those that stopped before it, so that the first lead finds a whole house. */
async function joinNodes(house: House, log: Log): Promise<NodeMembership> {
  const { nodeId, nodes, lease, phases, running, runStore, retries, liveFlows, listener } = house;
  async function recoverRuns(): Promise<void> {
    const neighbours = await nodes.listOfHost(processSpace());
    const gone = neighbours.filter((each) => processIdentity(each.pid) !== each.processStarted);
    if (gone.length > 0) await nodes.declareGone(gone.map((each) => each.id));
    const runningIds = (): string[] => [...[...running].map((run) => run.leadId), ...retries.runningIds()];
    const count = await recover({
      takeOver: () => nodes.takeOver(nodeId),
      listOwn: () => nodes.listOwn(nodeId, runningIds()),
      isRunning: (runId) => runningIds().includes(runId),
      tell: async (orphan) => {
        if (orphan.run.retryId) return retries.tellOrphan(orphan);
        return (await runStore.settle(tellInterrupted(orphan, phases))).kind === 'settled';
      },
    });
    if (count > 0) log.warn({ leads: count }, 'told the end of leads whose server process had stopped');
  }

  await makePartitions(house, log);
  await lease.renew();
  await recoverRuns();
  await liveFlows.refresh();
  await listener.ensure();
  return {
    recover: recoverRuns,
    signOff: () =>
      nodes
        .unregister(nodeId)
        .catch((error) => log.warn({ cause: kindOf(error) }, 'the node could not sign off; its lease runs out')),
  };
}

function httpDeps(house: House, { config, log }: ServerOptions): HttpServerDeps {
  const { pool, phases, modules, compiler, liveFlows, admission, bodies, running, runStore } = house;
  const holdAnswersMs = config.testSwitches.has('hold-answers') ? HOLD_ANSWERS_MS : 0;
  return {
    log,
    isUnavailable,
    authenticate: house.authenticate,
    api: {
      flows: refreshing(createFlowStore(pool), liveFlows),
      destinations: refreshingDestinations(createDestinationStore(pool, house.secretBox), liveFlows),
      urlProblem: house.urlProblem,
      randomBytes,
      testStep: config.isDistributionStepEnabled
        ? { deliver: house.httpClient.deliver, timeoutMs: phases.timeoutMs, startTimer }
        : null,
      fields: createFieldStore(pool),
      accounts: createAccountStore(pool),
      fieldUsage: createFieldUsageStore(pool),
      events: createEventStore(pool),
      retries: house.retryStore,
      findFlow: liveFlows.find,
      resubmissions: createResubmissionStore(pool),
      runSubmission: (submission, accountId) => runAgain(house, { submission, accountId, log }),
      startTimer,
      recipientHealth: house.recipientHealth,
      findRevision: house.findRevision,
      modules,
      catalogue: house.catalogue,
      findProblems: compiler.findProblems,
      compileFlow: compiler.compile,
      report: phases.report,
      clock: phases.clock,
      ids: phases.ids,
      whyNoLeads: house.clock.problem,
      version: phases.version,
      processId: process.pid,
    },
    registerIngest: (scope) =>
      registerSubmit(scope, {
        phases,
        log,
        admission,
        bodies,
        running,
        isStoreAway: runStore.isAway,
        clockProblem: house.clock.problem,
        holdAnswersMs,
      }),
  };
}

/** A lead that somebody with a key sends again: taken in like that of a sender, whose key it then has. */
async function runAgain(
  house: House,
  { submission, accountId, log }: { submission: Submission; accountId: string; log: Log },
): ReturnType<RunSubmission> {
  const { admission, running, runStore, clock } = house;
  const leave = runStore.isAway() || clock.problem() ? undefined : admission.enter();
  if (!leave) return null;
  try {
    const phases = { ...house.phases, authenticate: async () => ({ accountId }) };
    return await runSubmission(submission, { phases, running, log });
  } finally {
    leave();
  }
}

function startLoops({ house, node, log }: { house: House; node: NodeMembership; log: Log }): Loop[] {
  const { lease, listener, liveFlows } = house;
  const loop = (everyMs: number, what: string, run: () => Promise<unknown>): Loop =>
    startLoop({
      everyMs,
      run,
      onFailing: (error) => log.warn({ what, cause: kindOf(error) }, 'work in the background fails; it goes on trying'),
      onRecovered: () => log.info({ what }, 'work in the background goes on'),
    });
  return [
    loop(RENEW_EVERY_MS, 'lease', lease.renew),
    loop(CONFIG_EVERY_MS, 'configuration', liveFlows.refresh),
    // By itself: while nobody listens, the look each second is enough.
    loop(CONFIG_EVERY_MS, 'listener', listener.ensure),
    loop(RECOVER_EVERY_MS, 'recovery', node.recover),
    loop(REPORT_EVERY_MS, 'recipients', createHealthReport(house.recipientLimits, house.recipientHealth)),
    // An attempt counts in the windows of its own instant, so it waits for the right time as a new lead does.
    loop(LOOK_EVERY_MS, 'retries', async () => (house.clock.problem() ? undefined : house.retries.runDue())),
    loop(TIDY_EVERY_MS, 'tables', () => tidyTables(house, log)),
  ];
}

/** Partitions for the days ahead, counters of long ago, and an alarm for what lies where nothing should. */
async function tidyTables(house: House, log: Log): Promise<void> {
  await makePartitions(house, log);
  await sweepCapWindows(house.pool);
  const strays = await countStrays(house.pool);
  if (strays > 0)
    log.error({ leads: strays }, 'leads lie outside the daily partitions: is the clock of a server wrong?');
}

async function makePartitions({ pool, phases }: House, log: Log): Promise<void> {
  const unmade = await ensurePartitions(pool, phases.clock.now());
  if (unmade.length > 0) log.warn({ partitions: unmade }, 'these daily partitions could not be made yet');
}

function liveFlowsOf(at: { pool: pg.Pool; compiler: FlowCompiler; secretBox: SecretBox; log: Log }): LiveFlows {
  const { pool, compiler, secretBox, log } = at;
  const configs = createConfigStore(pool, secretBox);
  return createLiveFlows({
    clock: systemClock,
    versions: configs.configVersions,
    load: configs.loadDeployedFlows,
    compile: ({ config, document, ...deployed }: DeployedFlow) => {
      assert(document, 'the document of a deployed flow is well-formed');
      return compiler.compile({ ...deployed, ...config, document });
    },
    onBroken: (flowId, error) =>
      log.error({ flow_id: flowId, cause: kindOf(error) }, 'a deployed flow cannot run here; its leads get 503'),
  });
}

/** Flows as they were when leads ran: for what they say, not to run them. */
function pastFlowsOf(
  pool: pg.Pool,
  { compiler, secretBox }: { compiler: FlowCompiler; secretBox: SecretBox },
): FindRevision {
  const flows = createFlowStore(pool);
  const stores = {
    accounts: createAccountStore(pool),
    fields: createFieldStore(pool),
    destinations: createDestinationStore(pool, secretBox),
  };
  return async ({ accountId, flowId, revision }) => {
    const [document, surroundings] = await Promise.all([
      flows.readRevision({ accountId, flowId, revision }),
      surroundingsOf(stores, accountId),
    ]);
    const parsed = parseFlowDocument(document);
    assert(parsed.ok, `revision ${revision} of flow ${flowId} is kept`);
    return compiler.compile({ flowId, revision, document: parsed.value.sound, ...surroundings });
  };
}

/** Whoever deploys here submits here next: this node knows the change before the answer goes. */
function refreshing(flows: FlowStore, liveFlows: LiveFlows): FlowStore {
  return {
    ...flows,
    deploy: async (request) => {
      const deployed = await flows.deploy(request);
      await liveFlows.refresh();
      return deployed;
    },
    remove: async (request) => {
      const removed = await flows.remove(request);
      await liveFlows.refresh();
      return removed;
    },
  };
}

/** Likewise for whoever changes a destination. */
function refreshingDestinations(destinations: DestinationStore, liveFlows: LiveFlows): DestinationStore {
  const thenRefresh =
    <Request extends unknown[], Result>(change: (...request: Request) => Promise<Result>) =>
    async (...request: Request): Promise<Result> => {
      const changed = await change(...request);
      await liveFlows.refresh();
      return changed;
    };
  return {
    ...destinations,
    replace: thenRefresh(destinations.replace),
    writeSecret: thenRefresh(destinations.writeSecret),
    remove: thenRefresh(destinations.remove),
  };
}

/** Messages of faults may quote values, so only the kind and the place are told. */
function reportFault(log: Log, { leadId, where, error }: Fault): void {
  const stack =
    error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at ')) : [];
  log.error({ lead_id: leadId, where, cause: kindOf(error), stack }, 'a lead ran into a fault');
}

function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
