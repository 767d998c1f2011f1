import { answer, type Handler } from '../../api.ts';
import { flowAnswer, selectionOf } from './flow-answer.ts';

/** `GET /flows`: all flows of the account, as saved. */
export const listFlows: Handler = async (deps, { principal, query }) => {
  const selection = selectionOf(query);
  if (!selection.ok) return selection.error;
  const flows = await deps.flows.list(principal.accountId);
  return answer(200, flows.map(flowAnswer).map(selection.value));
};
