import { STANDARD_FIELDS } from '../../../fields/standard-fields.ts';
import { answer, type Handler } from '../../api.ts';
import { UNKNOWN_FIELD } from './field-refusals.ts';

/** `GET /fields/{id}`: ids of fields are names, so none is malformed: it is known or not. */
export const readField: Handler = async (deps, { principal, params }) => {
  const fieldId = params['id'] ?? '';
  const field = STANDARD_FIELDS.get(fieldId) ?? (await deps.fields.find({ accountId: principal.accountId, fieldId }));
  return field ? answer(200, field) : UNKNOWN_FIELD;
};
