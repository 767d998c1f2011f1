import { endOfText, PIECE_CHARACTERS, parseJsonInSlices } from '../lib/parse-json-in-slices.ts';
import { fail, type Result } from '../lib/result.ts';
import { finish, type Sliced } from '../lib/slices.ts';
import { faultInSlices } from './json-fault.ts';

/**
 * Reads a JSON body. Refused beside what is not JSON: names that would reach into JavaScript's own objects, and the
 * characters PostgreSQL cannot keep (NUL, half a surrogate pair). The sentence says which; it never quotes the body.
 */
export function parseJsonBody(text: string): Result<unknown, string> {
  return finish(readJsonBody(text));
}

/** The same as work that pauses: bodies have up to 8 MiB (page 0052). */
export function* readJsonBody(text: string): Sliced<Result<unknown, string>> {
  // Some editors start a file with an invisible byte order mark; RFC 8259 lets a reader ignore it.
  const json = text.startsWith('\ufeff') ? text.slice(1) : text;
  if (json.length > VALUES_MAX && (yield* countValues(json)) > valuesMax(json)) return fail(TOO_MANY_VALUES);
  const read = yield* parseJsonInSlices(json, { levelsMax: DEPTH_MAX });
  if (read.ok) {
    const fault = yield* faultIn(read.value);
    return fault === undefined ? read : fail(fault);
  }
  if (read.error === 'too-deep') return fail(TOO_DEEP);
  const { line, column, expected } = yield* faultInSlices(json);
  return fail(`The body is not valid JSON: expected ${expected} at line ${line}, column ${column}.`);
}

/** Documents have one value in 20 characters and more; what reads them takes a few µs for each. */
const VALUES_MAX = 100_000;
const CHARACTERS_PER_VALUE_MIN = 16;
const TOO_MANY_VALUES = `The body has too many values for its length: at most ${VALUES_MAX}, or one for each ${CHARACTERS_PER_VALUE_MIN} characters. Write long lists as one text with commas, or send them in several requests.`;

function valuesMax(json: string): number {
  return Math.max(VALUES_MAX, json.length / CHARACTERS_PER_VALUE_MIN);
}

/** One more than the commas outside of texts. Malformed JSON gives a number, too. */
function* countValues(json: string): Sliced<number> {
  let values = 1;
  let pauseAt = PIECE_CHARACTERS;
  for (let at = 0; at < json.length; at += 1) {
    const sign = json.charCodeAt(at);
    if (sign === COMMA) values += 1;
    else if (sign === QUOTE) at = endOfText(json, at);
    if (at < pauseAt) continue;
    pauseAt = at + PIECE_CHARACTERS;
    yield;
  }
  return values;
}

const COMMA = 0x2c;
const QUOTE = 0x22;

const UNSTORABLE = /[\0\p{Surrogate}]/u;
const POISONED = '__proto__';

/** Documents need a tenth of it; what reads them may recurse. */
const DEPTH_MAX = 256;
const TOO_DEEP = `The body is nested more than ${DEPTH_MAX} levels deep.`;
const VALUES_BETWEEN_PAUSES = 1_000;

function* faultIn(root: unknown): Sliced<string | undefined> {
  const open: unknown[] = [root];
  let unpaused = 0;
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    unpaused += 1;
    if (unpaused % VALUES_BETWEEN_PAUSES === 0) yield;
    if (typeof value === 'string') {
      if (UNSTORABLE.test(value))
        return 'The body contains a NUL character or half a surrogate pair, which cannot be stored.';
    } else if (Array.isArray(value)) {
      for (const member of value) open.push(member);
    } else if (value !== null && typeof value === 'object') {
      for (const [key, member] of Object.entries(value)) {
        if (key === POISONED) return 'The body must not use the name __proto__.';
        open.push(key, member);
      }
    }
  }
  return undefined;
}

/** Thrown where the HTTP library wants a body or an error; the error handler answers 400 with the sentence. */
export class MalformedBody extends Error {}
