import { isMaskedField } from '../field-types/is-masked-field.ts';
import type { Field } from '../model/field.ts';
import { STANDARD_FIELDS } from './standard-fields.ts';

/** The field of this id: standard, else one of the account's own. */
export function findField(fieldId: string, customFields: readonly Field[]): Field | undefined {
  return STANDARD_FIELDS.get(fieldId) ?? customFields.find((field) => field.id === fieldId);
}

const MASKED_STANDARD_FIELDS: readonly string[] = [...STANDARD_FIELDS.values()]
  .filter(isMaskedField)
  .map(({ id }) => id);

/** The ids of all masked fields of an account (decision 31). */
export function maskedFieldIds(customFields: readonly Field[]): string[] {
  return [...MASKED_STANDARD_FIELDS, ...customFields.filter(isMaskedField).map(({ id }) => id)];
}
