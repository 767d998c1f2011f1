import { surroundingsOf } from '../../../flows/flow-surroundings.ts';
import { answer, type Handler } from '../../api.ts';
import { idParam } from '../../request-values.ts';
import { selectionIn } from '../../selection.ts';
import { flowAnswerWithWarnings, tagOf, unknownProperties } from './flow-answer.ts';
import { UNKNOWN_FLOW } from './flow-refusals.ts';

/** `GET /flows/{id}`: the flow as saved last, with what keeps it from running and what it warns of. */
export const readFlow: Handler = async (deps, { principal, params, query }) => {
  const flowId = idParam(params, 'id');
  if (!flowId.ok) return flowId.error;
  const selection = selectionIn(query);
  if (!selection.ok) return selection.error;
  const flow = await deps.flows.find({ accountId: principal.accountId, flowId: flowId.value });
  if (!flow) return UNKNOWN_FLOW;
  const unknown = unknownProperties(query, [flow]);
  if (unknown) return unknown;
  const surroundings = await surroundingsOf(deps, principal.accountId);
  return {
    ...answer(200, selection.value(await flowAnswerWithWarnings(deps, { flow, surroundings }))),
    headers: tagOf(flow),
  };
};
