import type { CompiledFlow } from '../flow-compiler/compiled-flow.ts';
import type { Clock } from '../lib/clock.ts';
import type { FlowLookup } from '../pipeline/phase.ts';

/** Past this since the last confirmation a node does not trust what it knows (ARCHITECTURE.md, "Deploy"). */
export const CONFIRMED_WITHIN_MS = 5_000;

/** The flows that run, compiled, as this node knows them. Configuration is read here, never per lead. */
export interface LiveFlows {
  find(flowId: string): FlowLookup;
  /** Compares versions with the database and compiles what changed. Concurrent calls share one look. */
  refresh(): Promise<void>;
}

export interface LiveFlowsOptions<Deployed extends DeployedRevision> {
  clock: Clock;
  /** Account id → configuration version. */
  versions(): Promise<Map<string, number>>;
  load(accountId: string): Promise<Deployed[]>;
  /** Throws when this version of the program cannot run the flow. */
  compile(deployed: Deployed): Promise<CompiledFlow>;
  /** Is told of a flow that cannot run; the others go on. */
  onBroken(flowId: string, error: unknown): void;
}

export interface DeployedRevision {
  flowId: string;
  config: { account: { id: string } };
}

interface LiveFlow {
  accountId: string;
  /** null: it cannot run here. */
  flow: CompiledFlow | null;
}

export function createLiveFlows<Deployed extends DeployedRevision>(options: LiveFlowsOptions<Deployed>): LiveFlows {
  let flows = new Map<string, LiveFlow>();
  let known = new Map<string, number>();
  let confirmedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | null = null;
  /** The look after the one under way, for all who asked meanwhile. */
  let following: Promise<void> | null = null;

  async function look(): Promise<void> {
    const askedAt = options.clock.monotonic();
    const versions = await options.versions();
    const changed = [...versions.keys()].filter((accountId) => known.get(accountId) !== versions.get(accountId));
    if (changed.length > 0) flows = await reload(changed);
    known = versions;
    confirmedAt = askedAt;
  }

  async function reload(accountIds: string[]): Promise<Map<string, LiveFlow>> {
    const kept = [...flows].filter(([, { accountId }]) => !accountIds.includes(accountId));
    const next = new Map(kept);
    for (const accountId of accountIds) {
      for (const deployed of await options.load(accountId)) next.set(deployed.flowId, await compile(deployed));
    }
    return next;
  }

  /** After an upgrade one flow may not compile any more: its leads get 503, and every other flow runs. */
  async function compile(deployed: Deployed): Promise<LiveFlow> {
    const accountId = deployed.config.account.id;
    try {
      return { accountId, flow: await options.compile(deployed) };
    } catch (error) {
      options.onBroken(deployed.flowId, error);
      return { accountId, flow: null };
    }
  }

  /** A look that began before the call may have missed the change that caused it, so one more follows. */
  function refresh(): Promise<void> {
    if (!looking) return startLook();
    const startFollowing = () => {
      following = null;
      return looking ?? startLook();
    };
    following ??= looking.then(startFollowing, startFollowing);
    return following;
  }

  function startLook(): Promise<void> {
    looking = look().finally(() => {
      looking = null;
    });
    return looking;
  }

  return {
    find(flowId) {
      if (options.clock.monotonic() - confirmedAt > CONFIRMED_WITHIN_MS) return { kind: 'stale' };
      const live = flows.get(flowId);
      if (!live) return { kind: 'missing' };
      return live.flow ? { kind: 'found', flow: live.flow } : { kind: 'stale' };
    },
    refresh,
  };
}
