import type { FlowSurroundings } from '../flow-compiler/flow-compiler.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import { fail, type Result } from '../lib/result.ts';
import { type DeployRefusal, type FlowRecord, type FlowStore, staleRevision } from './flow-store.ts';
import { planDeploy } from './plan-deploy.ts';
import { findStoredProblems, type ProblemsDeps } from './save-flow.ts';

export interface DeployDeps extends ProblemsDeps {
  flows: FlowStore;
  clock: Clock;
  ids: Ids;
}

interface DeployOrder {
  surroundings: FlowSurroundings;
  flowId: string;
  /** The revisions the caller believes to be the saved one. */
  expected: readonly number[];
}

/** A flow that is saved again and again while it is looked through is refused as stale after so many looks. */
const LOOKS_MAX = 10;

/**
 * Makes the latest saved revision the one leads run on; leads under way end on the revision they began with. Problems
 * refuse it (decision 39), and a caller who means another revision. They are looked for anew, because fields and modules
 * may have changed since the flow was saved; and before the flow is locked, because that may take seconds and others
 * wait for the lock. null: no such flow.
 */
export async function deployFlow(
  deps: DeployDeps,
  order: DeployOrder,
): Promise<Result<FlowRecord, DeployRefusal> | null> {
  const { surroundings, flowId, expected } = order;
  let refusal: Result<FlowRecord, DeployRefusal> | null = null;
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const saved = await deps.flows.find({ accountId: surroundings.account.id, flowId });
    if (!saved) return null;
    const stale = staleRevision(saved, expected);
    if (stale) return fail(stale);
    const problems = await findStoredProblems(deps, saved.document, surroundings);
    if (problems.length > 0) return fail({ kind: 'problems', problems });
    refusal = await deployRevision(deps, { ...order, revision: saved.revision });
    if (refusal === null || refusal.ok || refusal.error.kind !== 'stale') return refusal;
  }
  return refusal;
}

/** Stale: another revision was saved since this one was looked through. */
function deployRevision(
  deps: DeployDeps,
  { surroundings, flowId, revision }: DeployOrder & { revision: number },
): Promise<Result<FlowRecord, DeployRefusal> | null> {
  const now = deps.clock.now();
  return deps.flows.deploy({
    accountId: surroundings.account.id,
    flowId,
    now,
    plan: (state) => {
      const stale = staleRevision(state.saved, [revision]);
      if (stale) return fail(stale);
      const plan = planDeploy(state, { surroundings, now, ids: deps.ids });
      return plan.ok ? plan : fail({ kind: 'problems', problems: plan.error });
    },
  });
}
