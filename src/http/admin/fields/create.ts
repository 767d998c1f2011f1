import { parseField } from '../../../fields/parse-field.ts';
import { STANDARD_FIELDS } from '../../../fields/standard-fields.ts';
import { surroundingsOf } from '../../../flows/flow-surroundings.ts';
import { recheckFlows } from '../../../flows/recheck-flows.ts';
import { answer, type Handler } from '../../api.ts';
import { apiError } from '../../errors.ts';

/** `POST /fields`: makes a custom field. */
export const createField: Handler = async (deps, { principal, body }) => {
  const { accountId } = principal;
  const parsed = parseField(body);
  if (!parsed.ok) return apiError('invalid_document', 'The field is malformed; details says where.', parsed.error);
  const field = STANDARD_FIELDS.has(parsed.value.id)
    ? null
    : await deps.fields.insert({ accountId, field: parsed.value, now: deps.clock.now() });
  if (!field) return apiError('id_taken', 'There is a field with this id already.');
  await recheckFlows(deps, { surroundings: await surroundingsOf(deps, accountId), named: field.id });
  return answer(201, field);
};
