import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import { fail, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import type { FindProblems, FlowSurroundings } from './flow-problems.ts';
import type { FlowRecord, FlowStore } from './flow-store.ts';
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
 * refuse it (decision 39): they are looked for anew, because fields and modules may have changed since the flow was
 * saved. null: no such flow.
 */
export async function deployFlow(
  deps: DeployDeps,
  request: { surroundings: FlowSurroundings; flowId: string },
): Promise<Result<FlowRecord, Problem[]> | null> {
  const { surroundings, flowId } = request;
  const now = deps.clock.now();
  return deps.flows.deploy({
    accountId: surroundings.account.id,
    flowId,
    now,
    plan: (state) => {
      const problems = problemsOf(deps, state.saved.document, surroundings);
      return problems.length > 0 ? fail(problems) : planDeploy(state, { surroundings, now, ids: deps.ids });
    },
  });
}
