import { surroundingsOf } from '../../../flows/flow-surroundings.ts';
import { recheckFlows } from '../../../flows/recheck-flows.ts';
import { answer, type Handler } from '../../api.ts';
import { refusalOfStandardField, UNKNOWN_FIELD } from './field-refusals.ts';

/**
 * `DELETE /fields/{id}`: answers the field as it was. 202 for one that flows name: they run on as if it existed, and
 * their `errors` say that their next edit must drop it (spec behaviour 1).
 */
export const removeField: Handler = async (deps, { principal, params }) => {
  const { accountId } = principal;
  const fieldId = params['id'] ?? '';
  const refusal = refusalOfStandardField(fieldId);
  if (refusal) return refusal;
  const removed = await deps.fields.remove({ accountId, fieldId, now: deps.clock.now() });
  if (!removed) return UNKNOWN_FIELD;
  if (!removed.isUsed) return answer(200, removed.field);
  await recheckFlows(deps, { surroundings: await surroundingsOf(deps, accountId), named: fieldId });
  return answer(202, removed.field);
};
