/** Types whose values are masked before anything is written (decision 31). */
const MASKED_TYPES: ReadonlySet<string> = new Set(['ssn', 'credential']);

/**
 * Are the values of this field, or variable of a module, masked before anything is written? So they are not there when
 * it is needed again.
 */
export function isMaskedField(field: { type?: string; masked?: boolean }): boolean {
  return MASKED_TYPES.has(field.type ?? '') || field.masked === true;
}
