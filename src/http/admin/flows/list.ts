import { answer, type Handler } from '../../api.ts';
import { selectionIn } from '../../selection.ts';
import { flowAnswer } from './flow-answer.ts';

/** `GET /flows`: all flows of the account, as saved. */
export const listFlows: Handler = async (deps, { principal, query }) => {
  const selection = selectionIn(query);
  if (!selection.ok) return selection.error;
  const flows = await deps.flows.list(principal.accountId);
  return answer(200, flows.map(flowAnswer).map(selection.value));
};
