import { DateTime } from 'luxon';
import { assert } from '../lib/assert.ts';
import type { Cap } from '../model/cap.ts';

/** From `startsAt` to just before `endsAt`, epoch ms. */
export interface CapWindow {
  startsAt: number;
  endsAt: number;
}

/** What the windows of a cap or a ping limit depend on. */
export type CapSchedule = Pick<Cap, 'duration' | 'duration_units' | 'time_zone' | 'created_at'>;

export interface CapClock {
  windowAt(epochMs: number): CapWindow;
}

/** A clock that remembers the last window, because nearly every lead falls into it: a comparison instead of a calendar. */
export function createCapClock(schedule: CapSchedule, accountTimeZone: string): CapClock {
  let current: CapWindow = { startsAt: 0, endsAt: 0 };
  return {
    windowAt(epochMs) {
      if (epochMs < current.startsAt || epochMs >= current.endsAt) {
        current = capWindowAt(schedule, epochMs, accountTimeZone);
      }
      return current;
    },
  };
}

/**
 * The window of a cap that holds an instant (decision 8), in the cap's time zone or else the account's, which must be
 * valid. Days, weeks and months: calendar periods, N of them beginning with the one that holds `created_at` (1 January
 * 1970 when it is absent); weeks end on Sunday night. Hours and minutes: counted from local midnight, so that the
 * last window of a day may be cut short; a day of 25 hours has 25 windows of an hour.
 */
export function capWindowAt(schedule: CapSchedule, epochMs: number, accountTimeZone: string): CapWindow {
  const zone = schedule.time_zone ?? accountTimeZone;
  switch (schedule.duration_units) {
    case 'hour':
      return windowWithinDay({ epochMs, lengthMs: schedule.duration * HOUR_MS, zone });
    case 'minute':
      return windowWithinDay({ epochMs, lengthMs: schedule.duration * MINUTE_MS, zone });
    default:
      return windowOfPeriods(CALENDAR[schedule.duration_units], { schedule, epochMs, zone });
  }
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

interface CalendarDate {
  year: number;
  month: number;
  day: number;
}

/** Calendar periods as whole numbers, so that N of them are counted without a calendar. */
interface PeriodCalendar {
  /** The number of the period that holds a date; 0 is the one that holds 1 January 1970. */
  indexOf(date: CalendarDate): number;
  firstDateOf(index: number): CalendarDate;
}

const CALENDAR: Readonly<Record<'day' | 'week' | 'month', PeriodCalendar>> = {
  day: { indexOf: dayNumber, firstDateOf: dateOfDayNumber },
  // 1 January 1970 was a Thursday: its week began three days before.
  week: {
    indexOf: (date) => Math.floor((dayNumber(date) + 3) / 7),
    firstDateOf: (index) => dateOfDayNumber(index * 7 - 3),
  },
  month: {
    indexOf: ({ year, month }) => (year - 1970) * 12 + month - 1,
    firstDateOf: (index) => ({ year: 1970 + Math.floor(index / 12), month: modulo(index, 12) + 1, day: 1 }),
  },
};

function dayNumber({ year, month, day }: CalendarDate): number {
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

function dateOfDayNumber(number: number): CalendarDate {
  const date = new Date(number * DAY_MS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}

function windowOfPeriods(
  calendar: PeriodCalendar,
  { schedule, epochMs, zone }: { schedule: CapSchedule; epochMs: number; zone: string },
): CapWindow {
  const createdAt = Date.parse(schedule.created_at ?? '');
  const anchor = calendar.indexOf(localDate(Number.isNaN(createdAt) ? 0 : createdAt, zone));
  const index = calendar.indexOf(localDate(epochMs, zone));
  const first = index - modulo(index - anchor, schedule.duration);
  return {
    startsAt: findFirstInstant(calendar.firstDateOf(first), zone),
    endsAt: findFirstInstant(calendar.firstDateOf(first + schedule.duration), zone),
  };
}

function windowWithinDay({ epochMs, lengthMs, zone }: { epochMs: number; lengthMs: number; zone: string }): CapWindow {
  const today = dayNumber(localDate(epochMs, zone));
  const midnight = findFirstInstant(dateOfDayNumber(today), zone);
  const nextMidnight = findFirstInstant(dateOfDayNumber(today + 1), zone);
  const startsAt = midnight + Math.floor((epochMs - midnight) / lengthMs) * lengthMs;
  return { startsAt, endsAt: Math.min(startsAt + lengthMs, nextMidnight) };
}

function localDate(epochMs: number, zone: string): CalendarDate {
  const local = DateTime.fromMillis(epochMs, { zone });
  assert(local.isValid, 'time zones are checked when a flow is compiled');
  return local;
}

/** Where clocks go back over midnight a day has two of them and begins with the first; where they skip it, after it. */
function findFirstInstant(date: CalendarDate, zone: string): number {
  const { year, month, day } = date;
  const midnight = DateTime.fromObject({ year, month, day }, { zone });
  return Math.min(...midnight.getPossibleOffsets().map((possible) => possible.toMillis()));
}
