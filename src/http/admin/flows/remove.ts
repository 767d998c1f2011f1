import { surroundingsOf } from '../../../flows/flow-surroundings.ts';
import { answer, type Handler } from '../../api.ts';
import { idParam } from '../../request-values.ts';
import { flowAnswerWithWarnings } from './flow-answer.ts';
import { errorOfSave, UNKNOWN_FLOW } from './flow-refusals.ts';

/** `DELETE /flows/{id}`: answers the flow as it was; leads for it get 404 from now on. */
export const removeFlow: Handler = async (deps, { principal, params, expected }) => {
  const flowId = idParam(params, 'id');
  if (!flowId.ok) return flowId.error;
  const now = deps.clock.now();
  const flow = await deps.flows.remove({ accountId: principal.accountId, flowId: flowId.value, now, expected });
  if (!flow) return UNKNOWN_FLOW;
  if (!flow.ok) return errorOfSave(flow.error);
  const surroundings = await surroundingsOf(deps, principal.accountId);
  return answer(200, await flowAnswerWithWarnings(deps, { flow: flow.value, surroundings }));
};
