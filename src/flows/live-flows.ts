import type { CompiledFlow } from '../flow-compiler/compiled-flow.ts';
import type { Clock } from '../lib/clock.ts';
import type { FlowDocument } from '../model/flow.ts';
import type { FlowLookup } from '../pipeline/phase.ts';

/** Past this since the last confirmation a node does not trust what it knows (ARCHITECTURE.md, "Deploy"). */
export const CONFIRMED_WITHIN_MS = 5_000;

/** So many flows are read and compiled beside each other: a small one does not wait for the end of a large one. */
const COMPILED_AT_ONCE_MAX = 4;

/** The flows that run, compiled, as this node knows them. Configuration is read here, never per lead. */
export interface LiveFlows {
  find(flowId: string): FlowLookup;
  /** All that run here now. */
  list(): CompiledFlow[];
  /**
   * Compares versions with the database and begins to compile what changed; what ran before runs on until then.
   * Concurrent calls share one look.
   */
  look(): Promise<void>;
  /** The same, and waits until what changed runs: the flow, or every flow. */
  refresh(flowId?: string): Promise<void>;
}

export interface LiveFlowsOptions<Deployed extends DeployedRevision> {
  clock: Clock;
  /** Account id → configuration version. */
  versions(): Promise<Map<string, number>>;
  /** What runs of an account, without documents. */
  load(accountId: string): Promise<readonly Deployed[]>;
  /** The document of a deployed revision; null: this version of the program cannot read it. */
  read(deployed: Deployed): Promise<FlowDocument | null>;
  /** Throws when this version of the program cannot run the flow. */
  compile(deployed: Deployed, document: FlowDocument): Promise<CompiledFlow>;
  /** Names all that a compiled flow depends on, its revision included: while it stays the same, nothing is compiled. */
  fingerprint(deployed: Deployed, document: FlowDocument): string;
  /** Reports a flow that cannot run; the others go on. */
  onBroken(flowId: string, error: unknown): void;
  /** Reports what a look found changed: how many flows of the account run, and how many are compiled for it. */
  onChange?(accountId: string, counts: { flows: number; compiled: number }): void;
}

export interface DeployedRevision {
  flowId: string;
  config: { account: { id: string } };
}

interface LiveFlow {
  accountId: string;
  fingerprint: string;
  /** null: it cannot run here. */
  flow: CompiledFlow | null;
}

/** A flow that is being compiled. */
interface Coming<Deployed> {
  accountId: string;
  /** As the last look found it: it may change while an earlier one is compiled. */
  deployed: Deployed;
  /** Rejects when its document could not be read. */
  compiled: Promise<void>;
  /** It has rejected, and the next look tries again. */
  isFailed: boolean;
}

export function createLiveFlows<Deployed extends DeployedRevision>(options: LiveFlowsOptions<Deployed>): LiveFlows {
  const flows = new Map<string, LiveFlow>();
  const coming = new Map<string, Coming<Deployed>>();
  const takeTurn = createTurns(COMPILED_AT_ONCE_MAX);
  const known = new Map<string, number>();
  let confirmedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | null = null;
  /** The look after the one under way, for all who asked meanwhile. */
  let following: Promise<void> | null = null;

  async function lookOnce(): Promise<void> {
    const askedAt = options.clock.monotonic();
    const versions = await options.versions();
    const changed = [...versions.keys()].filter((accountId) => known.get(accountId) !== versions.get(accountId));
    for (const accountId of changed) {
      const deployed = await options.load(accountId);
      // Before anything of it is compiled: a document that cannot be read takes it out again, for the next look.
      known.set(accountId, versions.get(accountId) ?? 0);
      follow(accountId, deployed);
    }
    confirmedAt = askedAt;
  }

  /** Flows that are gone end at once, those that are the same run on, and the others are compiled. */
  function follow(accountId: string, deployed: readonly Deployed[]): void {
    const ids = new Set(deployed.map(({ flowId }) => flowId));
    for (const [flowId, live] of flows) if (live.accountId === accountId && !ids.has(flowId)) flows.delete(flowId);
    for (const [flowId, each] of coming) if (each.accountId === accountId && !ids.has(flowId)) coming.delete(flowId);
    let compiled = 0;
    for (const each of deployed) {
      if (isLive(each)) coming.delete(each.flowId);
      else if (begin(accountId, each)) compiled += 1;
    }
    options.onChange?.(accountId, { flows: deployed.length, compiled });
  }

  function isLive(deployed: Deployed): boolean {
    const live = flows.get(deployed.flowId);
    if (!live?.flow) return false;
    return live.fingerprint === options.fingerprint(deployed, live.flow.document);
  }

  /** Answers whether it is not being compiled already. */
  function begin(accountId: string, deployed: Deployed): boolean {
    const under = coming.get(deployed.flowId);
    if (under && !under.isFailed) {
      under.deployed = deployed;
      return false;
    }
    const next: Coming<Deployed> = { accountId, deployed, compiled: Promise.resolve(), isFailed: false };
    coming.set(deployed.flowId, next);
    next.compiled = takeTurn(() => compileUntilCurrent(next));
    // Those who wait for it get the failure, and the next look tries again.
    next.compiled.catch(() => undefined);
    return true;
  }

  async function compileUntilCurrent(next: Coming<Deployed>): Promise<void> {
    const { flowId } = next.deployed;
    const isWanted = () => coming.get(flowId) === next;
    for (let isCurrent = false; !isCurrent && isWanted(); ) {
      const { deployed } = next;
      const live = await compile(deployed, next);
      if (!isWanted()) return;
      flows.set(flowId, live);
      isCurrent = next.deployed === deployed || isLive(next.deployed);
    }
    if (isWanted()) coming.delete(flowId);
  }

  /** After an upgrade one flow may not compile any more: its leads get 503, and every other flow runs. */
  async function compile(deployed: Deployed, next: Coming<Deployed>): Promise<LiveFlow> {
    const { accountId } = next;
    const document = await readDocument(deployed, next);
    try {
      if (!document) throw new Error('the document of a deployed flow is not well-formed');
      const flow = await options.compile(deployed, document);
      return { accountId, fingerprint: options.fingerprint(deployed, flow.document), flow };
    } catch (error) {
      options.onBroken(deployed.flowId, error);
      return { accountId, fingerprint: '', flow: null };
    }
  }

  async function readDocument(deployed: Deployed, next: Coming<Deployed>): Promise<FlowDocument | null> {
    try {
      return await options.read(deployed);
    } catch (error) {
      next.isFailed = true;
      known.delete(next.accountId);
      throw error;
    }
  }

  /** A look that began before the call may have missed the change that caused it, so one more follows. */
  function look(): Promise<void> {
    if (!looking) return startLook();
    const startFollowing = () => {
      following = null;
      return looking ?? startLook();
    };
    following ??= looking.then(startFollowing, startFollowing);
    return following;
  }

  function startLook(): Promise<void> {
    looking = lookOnce().finally(() => {
      looking = null;
    });
    return looking;
  }

  return {
    find(flowId) {
      if (options.clock.monotonic() - confirmedAt > CONFIRMED_WITHIN_MS) return { kind: 'stale' };
      const live = flows.get(flowId);
      if (live) return live.flow ? { kind: 'found', flow: live.flow } : { kind: 'stale' };
      return { kind: coming.has(flowId) ? 'stale' : 'missing' };
    },
    list: () => [...flows.values()].flatMap(({ flow }) => flow ?? []),
    look,
    refresh: async (flowId) => {
      await look();
      if (flowId === undefined) await Promise.all([...coming.values()].map(({ compiled }) => compiled));
      else await coming.get(flowId)?.compiled;
    },
  };
}

/** Runs at most so many at once; the others wait in order. */
function createTurns(max: number): (run: () => Promise<void>) => Promise<void> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (run) => {
    if (running >= max) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      await run();
    } finally {
      // The turn goes to the next in the queue, so that no other caller gets in between.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
