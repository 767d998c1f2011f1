import { starOut } from '../field-types/star-out.ts';
import { isPlainObject, normalOf } from '../variables/rich-value.ts';
import { NOTHING_TO_SCRUB, type Scrub } from '../variables/scrub-secrets.ts';

/** As in `normalizeValue`: what is deeper is left out, so no secret hides there. */
const DEPTH_MAX = 64;

/**
 * A copy of what a lead, a rule or a recipient said, each text scrubbed by itself; a number that is a secret as a
 * whole becomes asterisks. Not done on the JSON text of a record: there a secret such as `178` would blank digits of
 * timestamps, and the record would be no JSON any more. `areNamesForeign`: names are data too, as in an answer.
 */
export function scrubValues(value: unknown, how: { scrub: Scrub; areNamesForeign: boolean }, depth = 0): unknown {
  // Most leads have no secrets. An answer is walked all the same: its depth is bounded here.
  if (how.scrub === NOTHING_TO_SCRUB && !how.areNamesForeign) return value;
  const normal = normalOf(value);
  if (typeof normal === 'string') return how.scrub(normal);
  if (typeof normal === 'number') return ASTERISKS.test(how.scrub(String(normal))) ? how.scrub(String(normal)) : normal;
  if (depth > DEPTH_MAX) return undefined;
  if (Array.isArray(normal)) return normal.map((member) => scrubValues(member, how, depth + 1));
  if (!isPlainObject(normal)) return normal;
  const members = Object.entries(normal).map(([name, member]): [string, unknown] => [
    how.areNamesForeign ? how.scrub(name) : name,
    scrubValues(member, how, depth + 1),
  ]);
  return Object.fromEntries(members);
}

/**
 * The same for each member of an object by itself. One whose texts are a secret only together, such as its three parts,
 * is asterisks as a whole.
 */
export function scrubMembers(
  record: Record<string, unknown>,
  how: { scrub: Scrub; areNamesForeign: boolean },
): Record<string, unknown> {
  const scrubbed = scrubValues(record, how);
  if (how.scrub === NOTHING_TO_SCRUB || !isPlainObject(scrubbed)) return isPlainObject(scrubbed) ? scrubbed : {};
  for (const [name, member] of Object.entries(scrubbed)) {
    if (typeof member !== 'object' || member === null) continue;
    const text = JSON.stringify(member);
    if (how.scrub(text) !== text) scrubbed[name] = starOut(member);
  }
  return scrubbed;
}

const ASTERISKS = /^\*+$/;

/** The texts of headers, by name; an answer may repeat one. */
export function scrubHeaderTexts<Text extends string | string[]>(
  headers: Readonly<Record<string, Text>>,
  scrub: Scrub,
): Readonly<Record<string, Text>> {
  if (scrub === NOTHING_TO_SCRUB) return headers;
  const scrubbed = Object.entries(headers).map(([name, text]) => [
    name,
    Array.isArray(text) ? text.map(scrub) : scrub(text),
  ]);
  return Object.fromEntries(scrubbed);
}
