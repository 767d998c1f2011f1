import { DateTime } from 'luxon';
import { epochMsOf, normalOf, textOf } from '../variables/rich-value.ts';

/** A point in time, or a calendar day, which is the same day in every zone. */
export type ReadMoment = { kind: 'instant'; epochMs: number } | { kind: 'day'; time: DateTime };

/**
 * The date a value means, undefined when it means none: a date, an ISO text, a number or digits of epoch
 * milliseconds (or seconds, when there are ten), or one of the commonest written forms, month first.
 *
 * A typed date is read by its text: `1990-05-17` must not become the 16th because a zone lies west of Greenwich.
 */
export function readMoment(value: unknown): ReadMoment | undefined {
  const text = textOf(value).trim();
  const day = DAY.exec(text);
  // Without the library's parser, which takes four times as long as the rest.
  if (day) {
    const [year, month, dayOfMonth] = [Number(day[1]), Number(day[2]), Number(day[3])];
    return readDay(DateTime.fromObject({ year, month, day: dayOfMonth }, { zone: 'utc' }));
  }
  if (value instanceof Date) return readInstant(epochMsOf(value));
  if (typeof normalOf(value) === 'number') return readInstant(Number(normalOf(value)));
  if (EPOCH.test(text)) return readInstant(text.length <= 10 ? Number(text) * 1000 : Number(text));
  return text.length > TEXT_CHARACTERS_MAX ? undefined : readText(text);
}

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const EPOCH = /^(?:\d{10}|\d{12,14})$/;
const ISO_TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}/;
/** Written dates are shorter. */
const TEXT_CHARACTERS_MAX = 64;

const DAY_FORMATS = [
  'M/d/yyyy',
  'M/d/yy',
  'M-d-yyyy',
  'yyyy/M/d',
  'MMM d yyyy',
  'MMM d, yyyy',
  'MMMM d, yyyy',
  'd MMM yyyy',
];

function readText(text: string): ReadMoment | undefined {
  if (ISO_TIME.test(text)) return readInstant(DateTime.fromISO(text.replace(' ', 'T'), { zone: 'utc' }).toMillis());
  for (const format of DAY_FORMATS) {
    const time = DateTime.fromFormat(text, format, { zone: 'utc', locale: 'en-US' });
    if (time.isValid) return readDay(time);
  }
  return readInstant(DateTime.fromRFC2822(text).toMillis());
}

function readDay(time: DateTime): ReadMoment | undefined {
  return time.isValid ? { kind: 'day', time } : undefined;
}

/** What JavaScript's dates can hold. */
const EPOCH_MS_MAX = 8.64e15;

function readInstant(epochMs: number): ReadMoment | undefined {
  return Math.abs(epochMs) <= EPOCH_MS_MAX ? { kind: 'instant', epochMs } : undefined;
}
