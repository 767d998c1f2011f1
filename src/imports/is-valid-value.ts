import type { ParseContext } from '../field-types/field-type.ts';
import { parseValue } from '../field-types/parse-value.ts';

/** Does the type of a field read this text as a value of its own? Types that take any text say yes to all. */
export function isValidValue(type: string, text: string, ctx: ParseContext): boolean {
  const value = parseValue(type, text, ctx);
  return !(typeof value === 'object' && value !== null && 'valid' in value && value.valid === false);
}
