import type { ParseContext } from './field-type.ts';
import { findFieldType } from './field-types.ts';
import { richText } from './rich-value.ts';
import { submitted, textOf } from './submitted.ts';

/** Characters; a longer value stays text and is not valid for every type that reads something (decision 40). */
export const VALUE_LENGTH_MAX = 32 * 1024;

/** Nothing is read from these, so their length does no harm. */
const UNREAD_TYPES: ReadonlySet<string> = new Set(['city', 'credential', 'first_name', 'last_name', 'string']);

/**
 * A value as its type reads it: a rich value, which is a boxed String, Number, Boolean or Date with `raw`, `valid`
 * and the components of the type; for `string`, and for texts of the name types and `city`, the primitive text.
 *
 * null and undefined stay what they are, arrays are left alone, and so is everything when the type has no parser
 * (`array`, `wildcard`; spec modules a4). A rich value is read again from its `raw`. Never throws: what cannot be
 * read is text (NaN, false) with `valid: false`.
 */
export function parseValue(typeName: string, value: unknown, ctx: ParseContext): unknown {
  if (value === null || value === undefined || Array.isArray(value)) return value;
  const type = findFieldType(typeName);
  if (type === undefined) return value;
  if (!UNREAD_TYPES.has(typeName)) {
    const raw = textOf(submitted(value));
    if (raw.length > VALUE_LENGTH_MAX) {
      return richText(raw, { raw, valid: false, ...(type.isMaskable && { masked: false }) });
    }
  }
  return type.parse(value, ctx);
}
