import type { Field } from '../model/field.ts';

/** Types whose values are masked before anything is written (decision 31). */
const MASKED_TYPES: ReadonlySet<string> = new Set(['ssn', 'credential']);

/** Are this field's values masked before anything is written? So they are not there when it is needed again. */
export function isMaskedField(field: Pick<Field, 'type' | 'masked'>): boolean {
  return MASKED_TYPES.has(field.type) || field.masked === true;
}
