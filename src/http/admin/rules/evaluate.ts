import { surroundingsOf } from '../../../flows/flow-surroundings.ts';
import { evaluateRules as evaluate } from '../../../simulation/evaluate-rules.ts';
import { answer, type Handler } from '../../api.ts';
import { apiError } from '../../errors.ts';

/** `POST /rules/evaluate`: one rule set against given variables. */
export const evaluateRules: Handler = async (deps, { principal, body }) => {
  const surroundings = await surroundingsOf(deps, principal.accountId);
  const verdict = evaluate(body, { surroundings, now: deps.clock.now() });
  if (verdict.ok) return answer(200, verdict.value);
  return apiError('invalid_document', 'The rules cannot be evaluated; details says why.', verdict.error);
};
