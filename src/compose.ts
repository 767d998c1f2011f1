import { createHmac, randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Config } from './config.ts';
import { type FindRevision, rememberRevisions } from './events/revisions.ts';
import { findField } from './fields/find-field.ts';
import type { FindProblems } from './flows/flow-problems.ts';
import type { FlowStore } from './flows/flow-store.ts';
import { createLiveFlows, type LiveFlows } from './flows/live-flows.ts';
import { parseFlowDocument } from './flows/parse-flow-document.ts';
import { createAuthenticate } from './http/authenticate-api-key.ts';
import { createAdmission } from './http/ingest/admission.ts';
import { registerSubmit } from './http/ingest/submit.ts';
import { createHttpServer } from './http/server.ts';
import { builtinModules } from './integrations/builtin-modules.ts';
import type { ModuleRegistry } from './integrations/contract.ts';
import { createHttpClient } from './integrations/http-client.ts';
import { createModuleRegistry } from './integrations/registry.ts';
import { assert } from './lib/assert.ts';
import { systemClock } from './lib/clock.ts';
import { createIds } from './lib/ids.ts';
import { type Loop, startLoop } from './lib/loop.ts';
import type { Log } from './observe/log.ts';
import { packageVersion } from './package-version.ts';
import { compileFlow } from './pipeline/compile-flow.ts';
import { tellInterrupted } from './pipeline/interrupted.ts';
import type { LeadRun } from './pipeline/lead-run.ts';
import type { Fault, PhaseDeps } from './pipeline/phase.ts';
import { createLease, RENEW_EVERY_MS } from './store/lease.ts';
import { createAccountStore } from './store/postgres/accounts.ts';
import { createApiKeyStore } from './store/postgres/api-keys.ts';
import { createConfigStore, type DeployedFlow } from './store/postgres/config.ts';
import { createConfigListener } from './store/postgres/config-listener.ts';
import { createEventStore } from './store/postgres/events.ts';
import { createFieldUsageStore } from './store/postgres/field-usage.ts';
import { createFieldStore } from './store/postgres/fields.ts';
import { createFlowStore } from './store/postgres/flows.ts';
import { ensureListHashKey } from './store/postgres/installation.ts';
import { isUnavailable } from './store/postgres/is-unavailable.ts';
import { createNodeStore } from './store/postgres/nodes.ts';
import { ensurePartitions } from './store/postgres/partitions.ts';
import { createRunStore, type PostgresRunStore, type RunStoreOptions } from './store/postgres/run-store.ts';
import { processIdentity } from './store/process-identity.ts';
import { RECOVER_EVERY_MS, recover } from './store/recovery.ts';
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
  /** Another store for the leads' own path: the benchmark's peer. */
  openRunStore?: (options: RunStoreOptions) => PostgresRunStore;
}

export interface RunningServer {
  url: string;
  /** Takes no new leads, lets the running ones end, closes every connection. */
  stop(): Promise<void>;
}

/** Connections for everything but the leads' own path, which has three of its own. */
const POOL_CONNECTIONS_MAX = 8;
/** Nodes look for changed configuration this often even when no notification came. */
const CONFIG_EVERY_MS = 1_000;
const PARTITIONS_EVERY_MS = 3_600_000;
/** With the test switch `hold-answers`: how long an answer waits after its commit. */
const HOLD_ANSWERS_MS = 50;

/** Builds the server and starts to listen. Rejects with the listen error (EADDRINUSE …) when it cannot. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, database, log } = options;
  const clock = systemClock;
  const ids = createIds({ now: clock.now, random: Math.random });
  const nodeId = ids.next();
  const pool = new pg.Pool({ ...database, max: POOL_CONNECTIONS_MAX, application_name: 'sluice' });
  pool.on('error', (error) => log.warn({ cause: error.name }, 'an idle database connection broke'));
  const nodes = createNodeStore(pool);
  const lease = createLease({ clock, renew: () => nodes.renew(nodeId) });
  const switches = config.testSwitches;
  const runStore = (options.openRunStore ?? createRunStore)({
    connection: database,
    nodeId,
    pause,
    switches: { isFenceOff: switches.has('no-fence'), isCommitAsync: switches.has('async-commit') },
  });
  const httpClient = createHttpClient({ clock, allowedNetworks: config.allowPrivateNetworks });
  const modules = createModuleRegistry(builtinModules(config.allowPrivateNetworks));
  const liveFlows = compileLiveFlows(pool, modules);
  const authenticate = createAuthenticate({ apiKeys: createApiKeyStore(pool), clock });
  await prepareHashes();
  const listHashKey = await ensureListHashKey(pool, randomBytes);
  const phases: PhaseDeps = {
    clock,
    ids,
    random: Math.random,
    findFlow: liveFlows.find,
    authenticate,
    store: runStore,
    deliver: httpClient.deliver,
    isLeaseHeld: () => switches.has('no-fence') || lease.isHeld(),
    hashListValue: (value) => createHmac('sha256', listHashKey).update(value).digest(),
    host: hostname(),
    version: packageVersion(),
    timeoutMs: config.timeoutSeconds * 1000,
    settleWaitMs: config.settleWaitSeconds * 1000,
    startTimer: (ms, onEnd) => {
      const timer = setTimeout(onEnd, ms);
      return () => clearTimeout(timer);
    },
    report: (fault) => reportFault(log, fault),
    isIntentOff: switches.has('no-intent'),
  };
  const running = new Set<LeadRun>();
  const admission = createAdmission(config.admissionMax);
  const listener = createConfigListener(database, () => void liveFlows.refresh().catch(() => undefined));

  const declareDeadNeighbours = async () => {
    const neighbours = await nodes.listOfHost(hostname());
    const gone = neighbours.filter((node) => processIdentity(node.pid) !== node.processStarted);
    if (gone.length > 0) await nodes.declareGone(gone.map((node) => node.id));
  };
  const recoverRuns = async () => {
    const count = await recover({
      takeOver: () => nodes.takeOver(nodeId),
      listOwn: () => nodes.listOwn(nodeId),
      isRunning: (leadId) => [...running].some((run) => run.leadId === leadId),
      tell: (orphan) => tellInterrupted(orphan, phases),
      settle: runStore.settle,
    });
    if (count > 0) log.warn({ leads: count }, 'told the end of leads whose server process had stopped');
  };

  await ensurePartitions(pool, clock.now());
  const processStarted = processIdentity(process.pid) ?? 'unknown';
  await nodes.register({ id: nodeId, host: hostname(), pid: process.pid, processStarted });
  await lease.renew();
  await declareDeadNeighbours();
  await recoverRuns();
  await liveFlows.refresh();
  await listener.ensure();

  const app = await createHttpServer({
    log,
    isUnavailable,
    authenticate,
    api: {
      flows: refreshing(createFlowStore(pool), liveFlows),
      fields: createFieldStore(pool),
      accounts: createAccountStore(pool),
      fieldUsage: createFieldUsageStore(pool),
      events: createEventStore(pool),
      findRevision: rememberRevisions(compileRevisions(pool, modules)),
      modules,
      findProblems: findProblemsWith(modules),
      clock,
      ids,
      version: phases.version,
      processId: process.pid,
    },
    registerIngest: (scope) =>
      registerSubmit(scope, {
        phases,
        log,
        admission,
        running,
        isStoreAway: runStore.isAway,
        holdAnswersMs: switches.has('hold-answers') ? HOLD_ANSWERS_MS : 0,
      }),
  });

  const loop = (everyMs: number, what: string, run: () => Promise<unknown>): Loop =>
    startLoop({
      everyMs,
      run,
      report: (error) => log.warn({ what, cause: String(error) }, 'work in the background failed; it is tried again'),
    });
  const loops = [
    loop(RENEW_EVERY_MS, 'lease', lease.renew),
    loop(CONFIG_EVERY_MS, 'configuration', async () => {
      await listener.ensure();
      await liveFlows.refresh();
    }),
    loop(RECOVER_EVERY_MS, 'recovery', async () => {
      await declareDeadNeighbours();
      await recoverRuns();
    }),
    loop(PARTITIONS_EVERY_MS, 'partitions', () => ensurePartitions(pool, clock.now())),
  ];

  const release = async () => {
    await Promise.all(loops.map((each) => each.stop()));
    await runStore.close();
    await httpClient.close();
    await listener.close();
    await pool.end();
  };

  try {
    const url = await app.listen({ host: config.host, port: config.port });
    return {
      url,
      stop: async () => {
        await app.close();
        await admission.emptied();
        await runStore.drained();
        await nodes
          .unregister(nodeId)
          .catch((error) => log.warn({ cause: String(error) }, 'the node could not sign off; its lease runs out'));
        await release();
      },
    };
  } catch (error) {
    await nodes.unregister(nodeId).catch(() => undefined);
    await release();
    throw error;
  }
}

function compileLiveFlows(pool: pg.Pool, modules: ModuleRegistry): LiveFlows {
  const configs = createConfigStore(pool);
  return createLiveFlows({
    clock: systemClock,
    versions: configs.configVersions,
    load: configs.loadDeployedFlows,
    compile: (deployed: DeployedFlow) => {
      const { config, capGenerations, revision } = deployed;
      const context = {
        account: config.account,
        revision,
        capGenerations,
        lists: config.lists,
        fieldOf: (fieldId: string) => findField(fieldId, config.customFields),
      };
      return compileFlow({ ...deployed.document, id: deployed.flowId }, { context, modules }).flow;
    },
  });
}

/** A flow as it was when a lead ran: for what it says, not to run it, so without lists and counts. */
function compileRevisions(pool: pg.Pool, modules: ModuleRegistry): FindRevision {
  const flows = createFlowStore(pool);
  const accounts = createAccountStore(pool);
  const fields = createFieldStore(pool);
  return async (key) => {
    const [document, account, customFields] = await Promise.all([
      flows.readRevision(key),
      accounts.find(key.accountId),
      fields.list(key.accountId),
    ]);
    const parsed = parseFlowDocument(document);
    assert(parsed.ok && account !== null, `revision ${key.revision} of flow ${key.flowId} is kept`);
    const context = {
      account,
      revision: key.revision,
      capGenerations: {},
      lists: new Map(),
      fieldOf: (fieldId: string) => findField(fieldId, customFields),
    };
    return compileFlow({ ...parsed.value.sound, id: key.flowId }, { context, modules }).flow;
  };
}

/** A flow as it is checked at save: no revision, no counts, no lists of its own yet. */
function findProblemsWith(modules: ModuleRegistry): FindProblems {
  return (document, { account, customFields }) => {
    const context = {
      account,
      revision: 0,
      capGenerations: {},
      lists: new Map(),
      fieldOf: (fieldId: string) => findField(fieldId, customFields),
    };
    return compileFlow(document, { context, modules }).problems;
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

/** Messages of faults may quote values, so only the kind and the place are told. */
function reportFault(log: Log, { leadId, where, error }: Fault): void {
  const told =
    error instanceof Error
      ? { cause: error.name, stack: (error.stack ?? '').split('\n').slice(1, 8) }
      : { cause: String(error) };
  log.error({ lead_id: leadId, where, ...told }, 'a lead ran into a fault');
}
