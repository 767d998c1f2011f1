import { DateTime } from 'luxon';
import type { TimeFrame } from '../statistics/time-frame.ts';

/** Earlier time frames that a question may be compared with. */
export const COMPARISONS = ['previous_period', 'previous_week', 'previous_month', 'previous_year'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/**
 * The earlier time frame: of the same days right before this one, or the same days a week, a month or a year before. By the
 * calendar of the zone, so that a day compares with a day although one of them has an hour more.
 */
export function findEarlierFrame(frame: TimeFrame, comparison: Comparison, timeZone: string): TimeFrame {
  const start = DateTime.fromMillis(frame.startsAt, { zone: timeZone });
  const end = DateTime.fromMillis(frame.endsAt, { zone: timeZone });
  switch (comparison) {
    case 'previous_week':
      return { startsAt: start.minus({ weeks: 1 }).toMillis(), endsAt: end.minus({ weeks: 1 }).toMillis() };
    case 'previous_month':
      return { startsAt: start.minus({ months: 1 }).toMillis(), endsAt: end.minus({ months: 1 }).toMillis() };
    case 'previous_year':
      return { startsAt: start.minus({ years: 1 }).toMillis(), endsAt: end.minus({ years: 1 }).toMillis() };
    case 'previous_period':
      return { startsAt: start.minus(lengthOf(start, end)).toMillis(), endsAt: frame.startsAt };
  }
}

/** Whole months, else whole days, else what has passed: the period before March is February, not 31 days. */
function lengthOf(start: DateTime, end: DateTime) {
  const months = end.diff(start, 'months').months;
  if (Number.isInteger(months) && start.day === 1 && isMidnight(start)) return { months };
  const days = end.diff(start, 'days').days;
  return Number.isInteger(days) ? { days } : { milliseconds: end.toMillis() - start.toMillis() };
}

function isMidnight(at: DateTime): boolean {
  return at.toMillis() === at.startOf('day').toMillis();
}
