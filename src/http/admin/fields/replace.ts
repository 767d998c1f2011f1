import { parseField } from '../../../fields/parse-field.ts';
import { isJsonObject } from '../../../flows/flow-json.ts';
import { surroundingsOf } from '../../../flows/flow-surroundings.ts';
import { recheckFlows } from '../../../flows/recheck-flows.ts';
import { answer, type Handler } from '../../api.ts';
import { apiError } from '../../errors.ts';
import { refusalOfStandardField, UNKNOWN_FIELD } from './field-refusals.ts';

/**
 * `PUT /fields/{id}`: changes a custom field; its id stays. A field stays masked until somebody says `masked: false`,
 * because leaving a property out must not bring personal values into the store.
 */
export const replaceField: Handler = async (deps, { principal, params, body }) => {
  const { accountId } = principal;
  const fieldId = params['id'] ?? '';
  const refusal = refusalOfStandardField(fieldId);
  if (refusal) return refusal;
  const before = await deps.fields.find({ accountId, fieldId });
  const parsed = parseField(isJsonObject(body) ? { id: fieldId, masked: before?.masked ?? false, ...body } : body);
  if (!parsed.ok) return apiError('invalid_document', 'The field is malformed; details says where.', parsed.error);
  if (parsed.value.id !== fieldId) {
    const details = [{ path: 'id', message: 'Is not the id in the URL; leave it out or give that one.' }];
    return apiError('invalid_document', 'The id of a field cannot be changed.', details);
  }
  const field = await deps.fields.update({ accountId, field: parsed.value, now: deps.clock.now() });
  if (!field) return UNKNOWN_FIELD;
  await recheckFlows(deps, { surroundings: await surroundingsOf(deps, accountId), named: fieldId });
  return answer(200, field);
};
