import { fail, ok, type Result } from '../lib/result.ts';
import { jsonFault } from './json-fault.ts';

/**
 * Reads a JSON body. Refused beside what is not JSON: names that would reach into JavaScript's own objects, and the
 * characters PostgreSQL cannot keep (NUL, half a surrogate pair). The sentence says which; it never quotes the body.
 */
export function parseJsonBody(text: string): Result<unknown, string> {
  // Some editors begin a file with a byte order mark, which nobody sees; RFC 8259 lets a reader ignore it.
  const json = text.startsWith('\ufeff') ? text.slice(1) : text;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    const { line, column, expected } = jsonFault(json);
    return fail(`The body is not valid JSON: at line ${line}, column ${column} there should be ${expected}.`);
  }
  const fault = faultIn(value);
  return fault === undefined ? ok(value) : fail(fault);
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
        return 'The body holds a NUL character or half a surrogate pair, which cannot be kept.';
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
