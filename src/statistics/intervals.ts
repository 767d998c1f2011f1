import { DateTime } from 'luxon';
import { fail, ok, type Result } from '../lib/result.ts';
import { beginNextUnit, beginUnit, type CalendarUnit } from './calendar.ts';
import type { TimeFrame } from './time-frame.ts';

/** How long the parts of a time frame are (spec behaviour 16). Weeks begin on Monday. */
export const INTERVALS = {
  minutely: 'minute',
  hourly: 'hour',
  daily: 'day',
  weekly: 'week',
  monthly: 'month',
  yearly: 'year',
} as const satisfies Record<string, CalendarUnit>;

export type Interval = keyof typeof INTERVALS;
export const INTERVAL_NAMES = Object.keys(INTERVALS) as readonly Interval[]; // the keys are the names

/** Parts of one question: three months of hours, or a day of minutes and some. */
export const PARTS_MAX = 2_500;

/**
 * The parts of a time frame in order; together they are the frame, so the first and the last may be cut. Without an
 * interval it is one part. The error is a sentence with the remedy.
 */
export function divideTimeFrame(
  frame: TimeFrame,
  { interval, timeZone }: { interval: Interval | undefined; timeZone: string },
): Result<TimeFrame[], string> {
  if (interval === undefined) return ok([frame]);
  const unit = INTERVALS[interval];
  const parts: TimeFrame[] = [];
  let begun = beginUnit(DateTime.fromMillis(frame.startsAt, { zone: timeZone }), unit);
  while (begun.toMillis() < frame.endsAt) {
    if (parts.length === PARTS_MAX) return fail(TOO_MANY);
    const next = beginNextUnit(begun, unit);
    parts.push({
      startsAt: Math.max(begun.toMillis(), frame.startsAt),
      endsAt: Math.min(next.toMillis(), frame.endsAt),
    });
    begun = next;
  }
  return ok(parts);
}

const TOO_MANY = `The time frame has more than ${PARTS_MAX} parts: choose a longer interval or a shorter time frame.`;
