import { isAssignableKey } from './assign.ts';
import { expandNames } from './expand-names.ts';
import { PATH_SEGMENTS_MAX } from './property-path.ts';
import { isPlainObject } from './rich-value.ts';

/**
 * The submitted values as a lead may hold them (decision 38). Texts lose control characters other than line feed and
 * tab, lone surrogates become U+FFFD (PostgreSQL takes neither NUL nor these), and texts are trimmed. Null, empty texts
 * and what is then empty go, also out of lists, which close up. Dotted names are nested at every level. Names stay as
 * written, but for the same characters; names such as `__proto__` and whatever is deeper than `PATH_SEGMENTS_MAX` go.
 *
 * A body that was a list, a scalar or null is an empty lead. The input is not changed. Never throws.
 */
export function cleanValues(parsed: unknown): { values: Record<string, unknown> } {
  return { values: isPlainObject(parsed) ? cleanRecord(parsed, 1) : {} };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must be found
const UNWANTED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]|\p{Surrogate}/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must go
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
const LONE_SURROGATES = /\p{Surrogate}/gu;

function cleanRecord(record: Record<string, unknown>, depth: number): Record<string, unknown> {
  const cleaned: Record<string, unknown> = {};
  for (const written of Object.keys(record)) {
    const name = withoutUnwanted(written);
    const value = cleanValue(record[written], depth);
    if (value === undefined || name === '' || !isAssignableKey(name)) continue;
    // A name with 33 dots would be kept whole by `expandNames`, which is no name of a field.
    if (name.includes('.') && name.split('.').length + depth - 1 > PATH_SEGMENTS_MAX) continue;
    cleaned[name] = value;
  }
  const expanded = expandNames(cleaned);
  // Dotted names may have made lists with holes; these close up as submitted lists do.
  return expanded === cleaned ? cleaned : cleanRecord(expanded, depth);
}

/** undefined: nothing is left. */
function cleanValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return withoutUnwanted(value).trim() || undefined;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (depth >= PATH_SEGMENTS_MAX) return undefined;
  if (Array.isArray(value)) return cleanList(value, depth + 1);
  if (!isPlainObject(value)) return undefined;
  const record = cleanRecord(value, depth + 1);
  return Object.keys(record).length === 0 ? undefined : record;
}

function cleanList(list: readonly unknown[], depth: number): unknown[] | undefined {
  const cleaned = list.map((member) => cleanValue(member, depth)).filter((member) => member !== undefined);
  return cleaned.length === 0 ? undefined : cleaned;
}

function withoutUnwanted(text: string): string {
  if (!UNWANTED.test(text)) return text;
  return text.replace(CONTROL_CHARACTERS, '').replace(LONE_SURROGATES, '\ufffd');
}
