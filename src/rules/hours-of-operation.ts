import { DateTime, IANAZone } from 'luxon';
import type { HoursOfOperation, Weekday } from '../model/flow.ts';
import type { Problem } from '../model/problem.ts';

/** The documented reason of a lead outside the hours (spec behaviour 5.4). */
export const OUTSIDE_HOURS_REASON = 'Submission Timestamp must be within hours of operation';

/** Periods of one day at most. */
export const PERIODS_MAX = 24;

export interface OpeningHours {
  isOpenAt(epochMs: number): boolean;
}

export interface HoursCompileOptions {
  /** Where they stand in the document: `hours_of_operation`. */
  path: string;
  /** The account's; used when the hours have none. */
  timeZone: string;
  problems: Problem[];
}

/**
 * Hours of operation from their document form (decision 12): periods of local wall time per weekday, the start inside
 * and the end outside; a day without periods is closed, `00:00` to `24:00` is the whole day. None, or switched off: always
 * open. What is malformed goes to `problems`.
 */
export function compileHoursOfOperation(
  hours: HoursOfOperation | null | undefined,
  { path, timeZone, problems }: HoursCompileOptions,
): OpeningHours {
  if (hours === null || hours === undefined || hours.enabled === false) return ALWAYS_OPEN;
  const zone = hours.time_zone ?? timeZone;
  if (!IANAZone.isValidZone(zone)) {
    const message = 'The time zone is unknown: write a name such as America/New_York, or null for the account’s.';
    problems.push({ path: `${path}.time_zone`, message });
    return ALWAYS_OPEN;
  }
  const days = compileDays(hours.days ?? {}, { path: `${path}.days`, problems });
  if (days.every((periods) => periods.length === 0)) {
    const message = 'The hours of operation are open on no day: add a period, or set "enabled" to false.';
    problems.push({ path: `${path}.days`, message });
  }
  return rememberMinute((epochMs) => {
    const local = DateTime.fromMillis(epochMs, { zone });
    const minute = local.hour * 60 + local.minute;
    const periods = days[local.weekday - 1] ?? [];
    return periods.some(({ start, end }) => minute >= start && minute < end);
  });
}

const ALWAYS_OPEN: OpeningHours = { isOpenAt: () => true };

/** As luxon counts weekdays, from Monday. */
const WEEKDAYS: readonly Weekday[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** Minutes since midnight. */
interface Period {
  start: number;
  end: number;
}

interface Place {
  path: string;
  problems: Problem[];
}

function compileDays(days: NonNullable<HoursOfOperation['days']>, { path, problems }: Place): readonly Period[][] {
  const names: readonly string[] = WEEKDAYS;
  for (const name of Object.keys(days)) {
    if (!names.includes(name)) problems.push({ path: `${path}.${name}`, message: `Days are ${WEEKDAYS.join(', ')}.` });
  }
  return WEEKDAYS.map((weekday) => compileDay(days[weekday], { path: `${path}.${weekday}`, problems }));
}

function compileDay(periods: unknown, { path, problems }: Place): Period[] {
  if (periods === null || periods === undefined) return [];
  if (!Array.isArray(periods) || periods.length > PERIODS_MAX) {
    const message = `A day is a list of at most ${PERIODS_MAX} periods such as {"start": "08:30", "end": "17:00"}.`;
    problems.push({ path, message });
    return [];
  }
  const places = periods.map((period: unknown, index) => compilePeriod(period, { path: `${path}.${index}`, problems }));
  return places.filter((period) => period !== undefined);
}

function compilePeriod(period: unknown, { path, problems }: Place): Period | undefined {
  const start = parseMinute(period, 'start');
  const end = parseMinute(period, 'end');
  for (const [name, minute] of Object.entries({ start, end })) {
    if (minute !== undefined) continue;
    problems.push({ path: `${path}.${name}`, message: 'A time is written as 08:30, from 00:00 to 24:00.' });
  }
  if (start === undefined || end === undefined) return undefined;
  if (start < end) return { start, end };
  const message =
    'A period ends after it starts: for one over midnight write until 24:00, and from 00:00 on the next day.';
  problems.push({ path: `${path}.end`, message });
  return undefined;
}

function parseMinute(period: unknown, name: string): number | undefined {
  if (typeof period !== 'object' || period === null) return undefined;
  const written: unknown = Object.getOwnPropertyDescriptor(period, name)?.value;
  const match = typeof written === 'string' ? /^(\d{1,2}):(\d{2})$/.exec(written) : null;
  if (match === null) return undefined;
  const [hours, minutes] = [Number(match[1]), Number(match[2])];
  const total = hours * 60 + minutes;
  return minutes < 60 && total <= MINUTES_PER_DAY ? total : undefined;
}

const MINUTES_PER_DAY = 1_440;

/** Hours begin and end on full minutes, so the answer holds for the running one. */
function rememberMinute(isOpen: (epochMs: number) => boolean): OpeningHours {
  let last = { minute: Number.NaN, isOpen: false };
  return {
    isOpenAt(epochMs) {
      const minute = Math.floor(epochMs / 60_000);
      if (minute !== last.minute) last = { minute, isOpen: isOpen(epochMs) };
      return last.isOpen;
    },
  };
}
