import { parseIsoInstant } from '../field-types/iso-time.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';

/** An id starts with the second it was made in, in eight hexadecimal digits, which end after this. */
const LATEST = Date.UTC(2100, 0, 1);
const OFFSET = /[T ].*(Z|[+-]\d\d:?\d\d)$/i;

/** Reads the instant `now` of an evaluation, in epoch ms. undefined: not given. */
export function readInstant(text: string | undefined): Result<number | undefined, Problem[]> {
  if (text === undefined) return ok(undefined);
  const instant = OFFSET.test(text) ? parseIsoInstant(text, 'UTC') : undefined;
  if (instant !== undefined && instant >= 0 && instant < LATEST) return ok(instant);
  const message = 'Must be an instant between 1970 and 2100 with its offset, such as 2025-03-03T12:00:00Z.';
  return fail([{ path: 'now', message }]);
}
