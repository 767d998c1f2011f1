import type { Static } from 'typebox';
import type { Principal } from '../../access/principal.ts';
import { loadSurroundings, type SurroundingsDeps } from '../../flows/flow-surroundings.ts';
import type { Clock } from '../../lib/clock.ts';
import { evaluateRules as evaluate, type RULES_TRIAL } from '../../simulation/evaluate-rules.ts';
import { type ApiResult, answer } from '../api.ts';
import { invalidDocument } from '../read-body.ts';

export interface RuleDeps extends SurroundingsDeps {
  clock: Pick<Clock, 'now'>;
}

/** `POST /rules/evaluate`: one rule set against given variables. */
export async function evaluateRules(
  deps: RuleDeps,
  { principal, body }: { principal: Principal; body: Static<typeof RULES_TRIAL> },
): Promise<ApiResult> {
  const surroundings = await loadSurroundings(deps, principal.accountId);
  const verdict = evaluate(body, { surroundings, now: deps.clock.now() });
  if (verdict.ok) return answer(200, verdict.value);
  return invalidDocument(verdict.error, 'The rules cannot be evaluated; details says why.');
}
