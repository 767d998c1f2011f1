import { FixedOffsetZone, IANAZone } from 'luxon';
import { fail, ok, type Result } from '../lib/result.ts';

/** No zone is further from UTC. */
const OFFSET_SECONDS_MAX = 14 * 3_600;

/**
 * A zone as questions name it: `America/New_York`, or seconds east of UTC such as `-18000` (spec api 8.3). In the form that
 * luxon takes; the error is a sentence with the remedy.
 */
export function parseTimeZone(text: string): Result<string, string> {
  if (/^[+-]?\d{1,6}$/.test(text)) {
    const seconds = Number(text);
    if (Math.abs(seconds) > OFFSET_SECONDS_MAX || seconds % 60 !== 0) return fail(NO_ZONE);
    return ok(FixedOffsetZone.instance(seconds / 60).name);
  }
  return IANAZone.isValidZone(text) ? ok(text) : fail(NO_ZONE);
}

const NO_ZONE =
  'Must be the name of a time zone, such as America/New_York, or its seconds east of UTC in whole minutes, such as -18000.';
