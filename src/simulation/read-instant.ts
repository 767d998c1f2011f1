import { parseIsoInstant } from '../field-types/iso-time.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';

/** Ids begin with the second of their birth in eight digits. */
const LATEST = Date.UTC(2100, 0, 1);
const OFFSET = /[T ].*(Z|[+-]\d\d:?\d\d)$/i;

/** The instant `now` that an evaluation is to be done at, epoch ms. undefined: none was given. */
export function readInstant(text: string | undefined): Result<number | undefined, Problem[]> {
  if (text === undefined) return ok(undefined);
  const instant = OFFSET.test(text) ? parseIsoInstant(text, 'UTC') : undefined;
  if (instant !== undefined && instant >= 0 && instant < LATEST) return ok(instant);
  const message = 'Must be an instant between 1970 and 2100 with its offset, such as 2025-03-03T12:00:00Z.';
  return fail([{ path: 'now', message }]);
}
