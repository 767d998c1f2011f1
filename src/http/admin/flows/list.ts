import { surroundingsOf } from '../../../flows/flow-surroundings.ts';
import { answer, type Handler } from '../../api.ts';
import { listOf } from '../../request-values.ts';
import { selectionIn } from '../../selection.ts';
import { flowAnswer, flowAnswerWithWarnings, unknownProperties } from './flow-answer.ts';

/** `GET /flows`: all flows of the account, as saved. Their warnings only when `include` names them: a list is read often. */
export const listFlows: Handler = async (deps, { principal, query }) => {
  const selection = selectionIn(query);
  if (!selection.ok) return selection.error;
  const flows = await deps.flows.list(principal.accountId);
  const unknown = unknownProperties(query, flows);
  if (unknown) return unknown;
  if (!listOf(query, 'include').includes('warnings')) return answer(200, flows.map(flowAnswer).map(selection.value));
  const surroundings = await surroundingsOf(deps, principal.accountId);
  const answers = await Promise.all(flows.map((flow) => flowAnswerWithWarnings(deps, { flow, surroundings })));
  return answer(200, answers.map(selection.value));
};
