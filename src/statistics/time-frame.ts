import { DateTime } from 'luxon';
import { fail, ok, type Result } from '../lib/result.ts';
import { beginUnit, CALENDAR_UNITS, type CalendarUnit, shiftUnit } from './calendar.ts';

/** Epoch ms; the end is excluded. */
export interface TimeFrame {
  startsAt: number;
  endsAt: number;
}

/** Where and when a time frame is named. */
export interface TimeContext {
  /** Epoch ms. */
  now: number;
  timeZone: string;
}

/** As `this_14_days`, or as two instants of ISO 8601. */
export type NamedTimeFrame = string | { start?: string | undefined; end?: string | undefined };

const COUNT_MAX = 10_000;
const RELATIVE = /^(this|previous)_([0-9]{1,5})_(minute|hour|day|week|month|year)s?$/;

/**
 * A time frame in a zone (spec modules f, decision pages 0023 and 0092): `today`, `yesterday`, `this_N_<units>` (the current unit, whole, and the N−1
 * before it), `previous_N_<units>` (N whole units before the current one), `{start, end}`. Weeks begin on Monday. The error
 * is a sentence with the remedy.
 */
export function parseTimeFrame(named: NamedTimeFrame, context: TimeContext): Result<TimeFrame, string> {
  if (typeof named !== 'string') return readInstants(named, context);
  const [, kind, digits, unit] = RELATIVE.exec(NAMED.get(named) ?? named) ?? [];
  const count = Number(digits);
  if (kind === undefined || unit === undefined || count < 1 || count > COUNT_MAX) return fail(NO_TIME_FRAME);
  const current = beginUnit(DateTime.fromMillis(context.now, { zone: context.timeZone }), parseUnit(unit));
  const [from, to] = kind === 'previous' ? [-count, 0] : [1 - count, 1];
  return within(shiftUnit(current, parseUnit(unit), from), shiftUnit(current, parseUnit(unit), to));
}

export const NO_TIME_FRAME = `Must be today, yesterday, this_N_<units> or previous_N_<units> with N from 1 to ${COUNT_MAX} and units from minutes to years (this_14_days), or have start and end.`;

const NAMED: ReadonlyMap<string, string> = new Map([
  ['today', 'this_1_days'],
  ['yesterday', 'previous_1_days'],
]);

function parseUnit(text: string): CalendarUnit {
  return CALENDAR_UNITS.find((unit) => unit === text) ?? 'day';
}

/** Without a start, that of today; without an end, that of today. A date is a whole day; ends are included, to the second. */
function readInstants(
  { start, end }: { start?: string | undefined; end?: string | undefined },
  { now, timeZone }: TimeContext,
): Result<TimeFrame, string> {
  const today = beginUnit(DateTime.fromMillis(now, { zone: timeZone }), 'day');
  const from = start === undefined ? today : readInstant(start, timeZone);
  const to = end === undefined ? shiftUnit(today, 'day', 1) : readEnd(end, timeZone);
  if (from === undefined || to === undefined) return fail(NO_INSTANT);
  return within(from.startOf('second'), to);
}

/** Later than any id can be. */
const YEARS = { min: 1970, max: 2105 };

function within(from: DateTime, to: DateTime): Result<TimeFrame, string> {
  if (from.year < YEARS.min || to.year > YEARS.max) return fail(`Must be between ${YEARS.min} and ${YEARS.max}.`);
  if (from >= to) return fail('The time frame ends before it starts: start must be before end.');
  return ok({ startsAt: from.toMillis(), endsAt: to.toMillis() });
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
/** A plus sign that was not encoded arrives as a blank. */
const TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[ +-]\d{2}:?\d{2})?)?$/i;
const NO_INSTANT =
  'start and end must be ISO 8601 dates or times, such as 2025-03-20 or 2025-03-20T15:06:01Z; without an offset they are in the time zone of the question.';

function readInstant(text: string, timeZone: string): DateTime | undefined {
  if (!TIME.test(text)) return undefined;
  const time = DateTime.fromISO(text.replace(' ', '+'), { zone: timeZone });
  if (!time.isValid) return undefined;
  return DATE.test(text) ? beginUnit(time, 'day') : time;
}

/** The first instant after it. */
function readEnd(text: string, timeZone: string): DateTime | undefined {
  const time = readInstant(text, timeZone);
  return DATE.test(text) ? time && shiftUnit(time, 'day', 1) : time?.startOf('second').plus({ seconds: 1 });
}
