import { answer, type Handler } from '../../api.ts';
import { idParam } from '../../request-values.ts';
import { surroundingsOf } from '../surroundings.ts';
import { flowAnswerWithWarnings } from './flow-answer.ts';
import { UNKNOWN_FLOW } from './flow-refusals.ts';

/** `DELETE /flows/{id}`: answers the flow as it was; leads for it get 404 from now on. */
export const removeFlow: Handler = async (deps, { principal, params }) => {
  const flowId = idParam(params, 'id');
  if (!flowId.ok) return flowId.error;
  const now = deps.clock.now();
  const flow = await deps.flows.remove({ accountId: principal.accountId, flowId: flowId.value, now });
  if (!flow) return UNKNOWN_FLOW;
  return answer(200, flowAnswerWithWarnings(flow, await surroundingsOf(deps, principal.accountId)));
};
