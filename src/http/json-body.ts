import { fail, ok, type Result } from '../lib/result.ts';
import { jsonFault } from './json-fault.ts';

/**
 * Reads a JSON body. Refused beside what is not JSON: names that would reach into JavaScript's own objects, and the
 * characters PostgreSQL cannot keep (NUL, half a surrogate pair). The sentence says which; it never quotes the body.
 */
export function parseJsonBody(text: string): Result<unknown, string> {
  // Some editors begin a file with a byte order mark, which nobody sees; RFC 8259 lets a reader ignore it.
  const json = text.startsWith('\ufeff') ? text.slice(1) : text;
  if (json.length > VALUES_MAX && countValues(json) > valuesMax(json)) return fail(TOO_MANY_VALUES);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    const { line, column, expected } = jsonFault(json);
    return fail(`The body is not valid JSON: expected ${expected} at line ${line}, column ${column}.`);
  }
  const fault = faultIn(value);
  return fault === undefined ? ok(value) : fail(fault);
}

/**
 * The parser cannot be interrupted, and short texts take it longest: 400 000 of them in 3 MiB 110 ms. Documents have one
 * value in 20 characters and more.
 */
const VALUES_MAX = 100_000;
const CHARACTERS_PER_VALUE_MIN = 16;
const TOO_MANY_VALUES = `The body has too many values for its length: at most ${VALUES_MAX}, or one for each ${CHARACTERS_PER_VALUE_MIN} characters. Write long lists as one text with commas, or send them in several requests.`;

function valuesMax(json: string): number {
  return Math.max(VALUES_MAX, json.length / CHARACTERS_PER_VALUE_MIN);
}

/** One more than the commas outside of texts. Malformed JSON gives a number, too. */
function countValues(json: string): number {
  let values = 1;
  for (let at = 0; at < json.length; at += 1) {
    const sign = json.charCodeAt(at);
    if (sign === COMMA) values += 1;
    else if (sign === QUOTE) at = endOfText(json, at);
  }
  return values;
}

const COMMA = 0x2c;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The place of the closing quote. */
function endOfText(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); end !== -1; end = json.indexOf('"', end + 1)) {
    let escapes = 0;
    while (json.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return json.length;
}

const UNSTORABLE = /[\0\p{Surrogate}]/u;
const POISONED = '__proto__';

/** Documents need a tenth of it; what reads them may recurse. */
const DEPTH_MAX = 256;

/** Walks without recursion: a body may nest as deep as it is long. */
function faultIn(root: unknown): string | undefined {
  const open: { value: unknown; depth: number }[] = [{ value: root, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next;
    if (depth > DEPTH_MAX) return `The body is nested more than ${DEPTH_MAX} levels deep.`;
    if (typeof value === 'string') {
      if (UNSTORABLE.test(value))
        return 'The body contains a NUL character or half a surrogate pair, which cannot be stored.';
    } else if (Array.isArray(value)) {
      for (const member of value) open.push({ value: member, depth: depth + 1 });
    } else if (value !== null && typeof value === 'object') {
      for (const [key, member] of Object.entries(value)) {
        if (key === POISONED) return 'The body must not use the name __proto__.';
        open.push({ value: key, depth }, { value: member, depth: depth + 1 });
      }
    }
  }
  return undefined;
}

/** Thrown where the HTTP library wants a body or an error; the error handler answers 400 with the sentence. */
export class MalformedBody extends Error {}
