import { isScalar } from '../variables/branched-value.ts';
import { isPlainObject, normalOf } from '../variables/rich-value.ts';
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

/**
 * What a plain field reads of a submitted or mapped value (decision 0041): an object has no place in it, so its JSON text
 * stands there, never `[object Object]`, and a reader of the lead sees what came. Of an object with a `raw` value
 * that value counts, and of a value with a branch the value. Anything else is as it is.
 */
export function plainInput(value: unknown): unknown {
  // A value with a branch beside it; a typed value, which has a `raw`, is read by its type.
  if (isScalar(value) && !Object.hasOwn(Object(value), 'raw')) return normalOf(value);
  if (!isPlainObject(value)) return value;
  const raw = Object.hasOwn(value, 'raw') ? value['raw'] : undefined;
  return raw === undefined || raw === null || typeof raw === 'object' ? JSON.stringify(value) : raw;
}
