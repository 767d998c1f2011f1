import { answer, type Handler } from '../../api.ts';
import { idParam } from '../../request-values.ts';
import { selectionIn } from '../../selection.ts';
import { flowAnswer } from './flow-answer.ts';
import { UNKNOWN_FLOW } from './flow-refusals.ts';

/** `GET /flows/{id}`: the flow as saved last. */
export const readFlow: Handler = async (deps, { principal, params, query }) => {
  const flowId = idParam(params, 'id');
  if (!flowId.ok) return flowId.error;
  const selection = selectionIn(query);
  if (!selection.ok) return selection.error;
  const flow = await deps.flows.find({ accountId: principal.accountId, flowId: flowId.value });
  return flow ? answer(200, selection.value(flowAnswer(flow))) : UNKNOWN_FLOW;
};
