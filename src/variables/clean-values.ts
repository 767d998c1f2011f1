import { isAssignableKey } from './assign.ts';
import { besideOf, isScalar, withBranch } from './branched-value.ts';
import { countParts, expandNames } from './expand-names.ts';
import { PATH_SEGMENTS_MAX } from './property-path.ts';
import { isPlainObject, isRichValue } from './rich-value.ts';

/**
 * The submitted values as a lead may hold them (decision 38). Texts lose control characters other than line feed and
 * tab, lone surrogates become U+FFFD (PostgreSQL takes neither NUL nor these), and texts are trimmed. Null, empty texts
 * and what is then empty go; in a list they are null while something stands behind them, so that no place moves. Dotted
 * and bracketed names are nested at every level (`expandNames`). Names stay as written, but for the same characters;
 * `__proto__` and whatever is deeper than `PATH_SEGMENTS_MAX` go. An object with a text of its own under `_`, as XML
 * elements with attributes have, is that text with the rest as its branch (decision 0041).
 *
 * A body that was a list, a scalar or null is an empty lead. The input is not changed. Never throws.
 */
export function cleanValues(parsed: unknown): { values: Record<string, unknown> } {
  if (!isPlainObject(parsed)) return { values: {} };
  const beside = besideOf(parsed);
  return { values: cleanRecord(Object.keys(beside).length > 0 ? { ...beside, ...parsed } : parsed, 1) };
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
    // A dotted name is several levels.
    const value = cleanValue(record[written], depth + countParts(name) - 1);
    if (value === undefined || name === '' || !isAssignableKey(name)) continue;
    cleaned[name] = value;
  }
  return expandNames(cleaned);
}

/** undefined: nothing is left. */
function cleanValue(value: unknown, depth: number): unknown {
  if (depth > PATH_SEGMENTS_MAX) return undefined;
  if (typeof value === 'string') return withoutUnwanted(value).trim() || undefined;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (isRichValue(value)) return isScalar(value) ? value : undefined;
  if (depth >= PATH_SEGMENTS_MAX) return undefined;
  if (Array.isArray(value)) return cleanList(value, depth + 1);
  if (!isPlainObject(value)) return undefined;
  const record = cleanRecord(value, depth + 1);
  const text = Object.hasOwn(record, '_') ? record['_'] : undefined;
  if (isScalar(text)) return withBranch(text, record);
  return Object.keys(record).length === 0 ? undefined : record;
}

function cleanList(list: readonly unknown[], depth: number): unknown[] | undefined {
  const cleaned = list.map((member) => cleanValue(member, depth) ?? null);
  let length = cleaned.length;
  while (length > 0 && cleaned[length - 1] === null) length -= 1;
  return length === 0 ? undefined : cleaned.slice(0, length);
}

function withoutUnwanted(text: string): string {
  if (!UNWANTED.test(text)) return text;
  return text.replace(CONTROL_CHARACTERS, '').replace(LONE_SURROGATES, '\ufffd');
}
