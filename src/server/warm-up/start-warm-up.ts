import { setTimeout as pause } from 'node:timers/promises';
import type { Config } from '../../config.ts';
import type { CompiledFlow, CompiledRecipient } from '../../flow-compiler/compiled-flow.ts';
import { createBodyBudget } from '../../http/ingest/body-budget.ts';
import { createAdmission } from '../../intake/admission.ts';
import type { Deliver } from '../../integrations/contract.ts';
import { createRecipientLimits } from '../../integrations/recipient-limits/recipient-limits.ts';
import { assert } from '../../lib/assert.ts';
import { systemClock } from '../../lib/clock.ts';
import { createIds, type Ids } from '../../lib/ids.ts';
import { createSlots } from '../../lib/slots.ts';
import type { Account } from '../../model/entity.ts';
import type { Log } from '../../observe/log.ts';
import { createMetrics } from '../../observe/metrics.ts';
import type { PhaseDeps } from '../../pipeline/phase.ts';
import { createMadeUpRequests } from '../../simulation/made-up-leads.ts';
import { type WarmUpEnd, type WarmUpWork, warmUp } from '../../simulation/warm-up.ts';
import { LOOK_STATEMENTS } from '../../store/postgres/claim-statements.ts';
import { COMMIT_STATEMENTS } from '../../store/postgres/commit-group.ts';
import { createRehearsal, type Rehearsal } from '../../store/postgres/rehearsal.ts';
import { createRunStore } from '../../store/postgres/run-store.ts';
import { kindOf } from '../report-fault.ts';
import type { ServerOptions } from '../server-options.ts';
import type { ServerParts } from '../server-parts.ts';
import { startTimer } from '../start-timer.ts';
import { type LoopbackEdge, openLoopbackEdge } from './loopback-edge.ts';
import { openLoopbackRecipient } from './loopback-recipient.ts';
import { compileWarmUpFlow } from './warm-up-flow.ts';

/** Made-up leads under way at once: enough for groups in the store. */
const LANES = 16;
const BODY_BYTES_MAX = 16 * 1024 * 1024;

interface WarmParts extends Pick<ServerParts, 'phases' | 'nodeId' | 'draining' | 'warming' | 'foreignModules'> {
  liveFlows: Pick<ServerParts['liveFlows'], 'list'>;
  compiler: Pick<ServerParts['compiler'], 'compile'>;
}

export interface ServerWarmUp {
  /** Ends when the server may be ready; never rejects. */
  warmed: Promise<void>;
  /** Ends when nothing of it is open any more; never rejects. */
  ended: Promise<void>;
}

/**
 * Runs made-up leads through this process until they are fast, for `warmSeconds` at most, and logs how that ended; then
 * the server may be ready (page 0066). A fault costs no more than a warning.
 */
export function startWarmUp(parts: WarmParts, { config, database, log }: WarmUpOptions): ServerWarmUp {
  const { warming } = parts;
  if (!warming.isOn) return { warmed: Promise.resolve(), ended: Promise.resolve() };
  let onWarmed = (): void => undefined;
  const warmed = new Promise<void>((resolve) => {
    onWarmed = resolve;
  });
  const isReady = (): void => {
    warming.isOn = false;
    onWarmed();
  };
  const rehearsal = createRehearsal({
    connection: database,
    statements: [...LOOK_STATEMENTS, ...COMMIT_STATEMENTS],
  });
  const ended = rehearse(parts, {
    rehearsal,
    endsAt: systemClock.monotonic() + config.warmSeconds * 1_000,
    onEnd: (end) => {
      isReady();
      report(log, end);
    },
  })
    .catch((error) => log.warn({ cause: kindOf(error) }, 'the warm-up failed; the first leads may cost more'))
    .finally(isReady);
  return { warmed, ended };
}

interface WarmUpOptions extends Pick<ServerOptions, 'database' | 'log'> {
  config: Pick<Config, 'warmSeconds'>;
}

function report(log: Log, { kind, leads, ms, cpuMs, leadCpuMs, fault }: WarmUpEnd): void {
  const fields = {
    end: kind,
    leads,
    ms: Math.round(ms),
    cpu_ms: Math.round(cpuMs),
    ...(leadCpuMs !== null && { lead_cpu_ms: Math.round(leadCpuMs * 100) / 100 }),
  };
  if (fault === undefined) log.info(fields, 'warmed up with made-up leads');
  else log.warn({ ...fields, cause: kindOf(fault) }, 'some made-up leads of the warm-up failed');
}

/** All that the made-up leads use beside the flows and the code is made for them, and closed after them. */
async function rehearse(
  parts: WarmParts,
  { rehearsal, endsAt, onEnd }: { rehearsal: Rehearsal; endsAt: number; onEnd(end: WarmUpEnd): void },
): Promise<void> {
  const { phases, nodeId, draining } = parts;
  const closers: (() => Promise<void>)[] = [];
  try {
    const stage = await setStage(parts);
    const metrics = createMetrics({ version: phases.version, worker: '' });
    closers.push(async () => metrics.close());
    const { openSession } = rehearsal;
    const { monotonic } = systemClock;
    const store = createRunStore({
      ...{ connection: {}, nodeId, pause, monotonic, openSession },
      // Made-up rows are undone, so none of them is a secret.
      box: { seal: (text) => Buffer.from(text) },
      watchGroup: metrics.watchGroup,
    });
    closers.push(store.close, rehearsal.close);
    const recipient = await openLoopbackRecipient(phases.clock);
    closers.push(recipient.close);
    const made = { stage, store, deliver: limitDeliveries(phases, recipient.deliver) };
    const edge = await openLoopbackEdge(
      {
        phases: buildPhases(phases, made),
        log: { info: ignore },
        metrics,
        tracing: null,
        running: createSlots(),
        authenticate: async () => null,
        admission: createAdmission(LANES),
        bodies: createBodyBudget(BODY_BYTES_MAX),
        isStoreAway: store.isAway,
        clockProblem: () => undefined,
        findRouter: () => ({ kind: 'missing' }),
      },
      LANES,
    );
    closers.push(edge.close);
    const works = stage.flows.map((flow) => createWork(flow, edge));
    const isStopping = () => draining.isOn;
    const tools = { monotonic, cpuMs: readCpuMs, startTimer, isStopping, endRound: rehearsal.discard };
    onEnd(await warmUp(works, tools, { ms: Math.max(0, endsAt - monotonic()), lanes: LANES }));
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

/** The flows that made-up leads go through. */
interface Stage {
  flows: readonly CompiledFlow[];
  find: PhaseDeps['findFlow'];
  ids: Ids;
}

/**
 * The live flows and one that no sender knows, all with ids that nothing else has: a row of theirs is a row of no real
 * flow, so nothing real is read, locked or waited for.
 */
async function setStage({ phases, liveFlows, compiler, foreignModules }: WarmParts): Promise<Stage> {
  const ids = createIds({ now: phases.clock.now, random: phases.random });
  const account: Account = {
    id: ids.next(),
    name: 'Warm-up',
    timeZone: 'UTC',
    dataRetentionInDays: 90,
    isPingEnabled: true,
  };
  const live = liveFlows.list().map((flow) => ({
    ...withoutForeign(flow, foreignModules),
    id: ids.next(),
    account: { ...flow.account, id: account.id },
    isEnabled: true,
  }));
  const own = await compileWarmUpFlow(compiler, { account, ids });
  const flows = [own, ...live].filter(({ sources }) => sources.size > 0);
  const byId = new Map(flows.map((flow) => [flow.id, flow]));
  return {
    flows,
    ids,
    find: (flowId) => {
      const flow = byId.get(flowId);
      return flow ? { kind: 'found', flow } : { kind: 'missing' };
    },
  };
}

/** The flow without what packages of others do: their effects are not ours to know. */
function withoutForeign(flow: CompiledFlow, foreignModules: ReadonlySet<string>): CompiledFlow {
  const isOwn = (module: { id: string } | null) => module !== null && !foreignModules.has(module.id);
  const withOwn = (step: CompiledRecipient): CompiledRecipient =>
    isOwn(step.module) ? step : { ...step, module: null };
  return {
    ...flow,
    sources: new Map([...flow.sources].filter(([, { module }]) => isOwn(module))),
    steps: flow.steps.map((step) => (step.kind === 'recipient' ? withOwn(step) : step)),
    destinations: flow.destinations.map(withOwn),
  };
}

function buildPhases(
  phases: PhaseDeps,
  { stage, store, deliver }: { stage: Stage } & Pick<PhaseDeps, 'store' | 'deliver'>,
): PhaseDeps {
  return {
    ...phases,
    ids: stage.ids,
    findFlow: stage.find,
    maySubmit: async () => true,
    store,
    deliver,
    askPrice: undefined,
    // A made-up lead takes no turn.
    takeTurn: undefined,
    isLeaseHeld: () => true,
    report: ignore,
  };
}

/** With limits of its own: a made-up delivery counts for no recipient. */
function limitDeliveries({ clock }: PhaseDeps, deliver: Deliver): Deliver {
  return createRecipientLimits({ deliver, clock, startTimer, waitingMax: LANES, onChange: ignore }).deliver;
}

/** Sends one lead to one source of the flow after the other. */
function createWork(flow: CompiledFlow, edge: LoopbackEdge): WarmUpWork {
  // Each is in the map by both of its ids.
  const sources = [...new Set(flow.sources.values())];
  // Made when the first lead is: an account may have thousands of flows, and their turn may never come.
  let makeRequest: ReturnType<typeof createMadeUpRequests> | undefined;
  let count = 0;
  return async (lane) => {
    const source = sources[count % sources.length];
    assert(source, 'the flow has a source');
    makeRequest ??= createMadeUpRequests(flow);
    const request = makeRequest(source, count);
    count += 1;
    const status = await edge.send(lane, request);
    if (status >= 500) throw new Error(`a made-up lead was answered ${status}`);
  };
}

function readCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function ignore(): void {}
