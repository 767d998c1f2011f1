import type { FindProblems, FlowSurroundings } from '../flow-compiler/flow-compiler.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import { fail, type Result } from '../lib/result.ts';
import { type DeployRefusal, type FlowRecord, type FlowStore, staleRevision } from './flow-store.ts';
import { planDeploy } from './plan-deploy.ts';
import { problemsOf } from './save-flow.ts';

export interface DeployDeps {
  flows: FlowStore;
  findProblems: FindProblems;
  clock: Clock;
  ids: Ids;
}

/**
 * Makes the latest saved revision the one leads run on; leads under way end on the revision they began with. Problems
 * refuse it (decision 39), and a caller who means another revision: they are looked for anew, because fields and modules may have changed since the flow was
 * saved. null: no such flow.
 */
export async function deployFlow(
  deps: DeployDeps,
  request: { surroundings: FlowSurroundings; flowId: string; expected: readonly number[] },
): Promise<Result<FlowRecord, DeployRefusal> | null> {
  const { surroundings, flowId, expected } = request;
  const now = deps.clock.now();
  return deps.flows.deploy({
    accountId: surroundings.account.id,
    flowId,
    now,
    plan: (state) => {
      const stale = staleRevision(state.saved, expected);
      if (stale) return fail(stale);
      const problems = problemsOf(deps, state.saved.document, surroundings);
      if (problems.length > 0) return fail({ kind: 'problems', problems });
      const plan = planDeploy(state, { surroundings, now, ids: deps.ids });
      return plan.ok ? plan : fail({ kind: 'problems', problems: plan.error });
    },
  });
}
