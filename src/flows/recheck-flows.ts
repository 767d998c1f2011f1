import type { FlowSurroundings } from '../flow-compiler/flow-compiler.ts';
import { errorsOfProblems } from './flow-problems.ts';
import type { FlowRecord, FlowStore } from './flow-store.ts';
import { findStoredProblems, type ProblemsDeps } from './save-flow.ts';

/**
 * Looks for problems anew in the account's flows that name a field or a destination, after it was made, changed or
 * deleted, and keeps what was found as their `errors`. Flows that run are not touched (spec behaviour 1).
 */
export async function recheckFlows(
  deps: ProblemsDeps & { flows: FlowStore },
  request: { surroundings: FlowSurroundings; named: string },
): Promise<void> {
  const { surroundings, named } = request;
  const flows = await deps.flows.list(surroundings.account.id);
  for (const flow of flows.filter((candidate) => mentions(candidate, named))) {
    await deps.flows.writeErrors({
      accountId: flow.accountId,
      flowId: flow.id,
      revision: flow.revision,
      errors: errorsOfProblems(await findStoredProblems(deps, flow.document, surroundings)),
    });
  }
}

/** Also rules and templates name fields, so the whole text is searched; one too many is only checked in vain. */
function mentions(flow: FlowRecord, named: string): boolean {
  return JSON.stringify(flow.document).includes(named);
}
