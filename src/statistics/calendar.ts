import { DateTime } from 'luxon';

export const CALENDAR_UNITS = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;
export type CalendarUnit = (typeof CALENDAR_UNITS)[number];

/**
 * The first instant of the unit that an instant is in, by the clock on the wall of its zone. A midnight that comes twice
 * counts the first time, and where the clock leaves it out the day begins with the first instant that it has.
 */
export function beginUnit(at: DateTime, unit: CalendarUnit): DateTime {
  const begun = at.startOf(unit);
  if (unit === 'minute' || unit === 'hour') return begun;
  return DateTime.min(begun, ...begun.getPossibleOffsets()) ?? begun;
}

/**
 * The beginning of the unit so many units later. Minutes and hours pass, so that of an hour that comes twice each is one;
 * days and longer units are counted in the calendar, so that a day may have 23 or 25 hours.
 */
export function shiftUnit(begun: DateTime, unit: CalendarUnit, by: number): DateTime {
  return beginUnit(begun.plus({ [unit]: by }), unit);
}

/** Half an hour that comes twice makes an hour of 90 minutes: the hour after it begins within two. */
const LOOKED_AT = 3;

/** The beginning of the next unit. */
export function beginNextUnit(begun: DateTime, unit: CalendarUnit): DateTime {
  for (let by = 1; by < LOOKED_AT; by += 1) {
    const next = shiftUnit(begun, unit, by);
    if (next > begun) return next;
  }
  return begun.plus({ [unit]: LOOKED_AT });
}
