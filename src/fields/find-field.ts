import type { Field } from '../model/field.ts';
import { STANDARD_FIELDS } from './standard-fields.ts';

/** The field of this id: standard, else one of the account's own. */
export function findField(fieldId: string, customFields: readonly Field[]): Field | undefined {
  return STANDARD_FIELDS.get(fieldId) ?? customFields.find((field) => field.id === fieldId);
}
