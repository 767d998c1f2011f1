import { normalOf, textOf } from '../variables/rich-value.ts';
import { componentOf } from './operand.ts';

/** Where a value lies on a scale; undefined: it has no place there. */
export type Position = number | undefined;

/**
 * The scales on which two sides of a rule can be compared, in the order they are tried: two sides are comparable on the
 * first scale where both have a position. So `0830` and `1645` are numbers, a date field and `2026-01-31` are
 * instants, and a number never compares with a date.
 */
export const SCALES: readonly ((value: unknown) => Position)[] = [readNumber, readInstant, readClockTime];

/** A number, a numeric text such as `-1,250.50` or `$100`, or a range by its average (null when it is open). */
export function readNumber(value: unknown): Position {
  const average = componentOf(value, 'avg');
  if (average !== undefined) return typeof average === 'number' ? average : undefined;
  if (value instanceof Date) return undefined;
  const normal = normalOf(value);
  if (typeof normal === 'number') return Number.isFinite(normal) ? normal : undefined;
  const text = shortText(value);
  return text === undefined ? undefined : numberOfText(text);
}

/** Longer texts are no numbers; keeps the patterns below off megabytes of lead data. */
const SCALE_CHARACTERS_MAX = 64;
const DIGITS = /^[-+]?\d+(?:\.\d+)?$/;
const GROUPED = /^[-+]?\$?(?:\d{1,3}(?:,\d{3})+|\d*)(?:\.\d+)?$/;

/** The text of a value that can lie on a scale; undefined for a value that is no text or too long. */
function shortText(value: unknown): string | undefined {
  const normal = normalOf(value);
  return typeof normal === 'string' && normal.length <= SCALE_CHARACTERS_MAX ? normal.trim() : undefined;
}

function numberOfText(text: string): Position {
  if (DIGITS.test(text)) return Number(text);
  if (!GROUPED.test(text) || !/\d/.test(text)) return undefined;
  return Number(text.replace(/[$,]/g, ''));
}

/**
 * Epoch ms of a date, or of a text that is an ISO date or date-time, `M/D/YYYY`, `M-D-YYYY` or `YYYYMMDD`. Without an
 * offset it is UTC, and so is a typed day, whatever zone it was midnight in: days compare as days.
 */
export function readInstant(value: unknown): Position {
  const text = value instanceof Date ? textOf(value) : shortText(value);
  if (text === undefined) return undefined;
  for (const { form, order } of DATE_FORMS) {
    const match = form.exec(text);
    if (match !== null) return instantOfParts(match, order);
  }
  return undefined;
}

const TIME = String.raw`(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)? ?(Z|[-+]\d{2}:?\d{2})?)?`;

/** `order`: which groups hold year, month and day. */
const DATE_FORMS: readonly { form: RegExp; order: readonly [number, number, number] }[] = [
  { form: new RegExp(`^(\\d{4})-(\\d{2})-(\\d{2})${TIME}$`, 'i'), order: [1, 2, 3] },
  { form: /^(\d{4})(\d{2})(\d{2})$/, order: [1, 2, 3] },
  { form: /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/, order: [3, 1, 2] },
  { form: /^(\d{1,2})-(\d{1,2})-(\d{4})$/, order: [3, 1, 2] },
];

function instantOfParts(match: RegExpExecArray, order: readonly [number, number, number]): Position {
  const part = (group: number): number => Number(match[group] ?? 0);
  const [year, month, day] = [part(order[0]), part(order[1]), part(order[2])];
  const midnight = Date.UTC(year, month - 1, day);
  // February 30 and month 13 roll over in Date.UTC: a date that does not come back as written is none.
  const date = new Date(midnight);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const [hours, minutes, seconds] = [part(4), part(5), part(6)];
  if (hours > 24 || minutes > 59 || seconds > 59) return undefined;
  const milliseconds = Math.floor(Number(`0.${match[7] ?? '0'}`) * 1000);
  return midnight + ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds - readOffset(match[8]);
}

/** `-05:00` as ms east of UTC. */
function readOffset(zone: string | undefined): number {
  if (zone === undefined || zone.toUpperCase() === 'Z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  return sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))) * 60_000;
}

const CLOCK_TIME = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/;

/** Seconds since midnight of a text such as `08:30`, as `format … format="HH:mm"` writes it. */
function readClockTime(value: unknown): Position {
  const match = CLOCK_TIME.exec(shortText(value) ?? '');
  if (match === null) return undefined;
  const [hours, minutes, seconds] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  const total = (hours * 60 + minutes) * 60 + seconds;
  return minutes < 60 && seconds < 60 && total <= SECONDS_PER_DAY ? total : undefined;
}

const SECONDS_PER_DAY = 86_400;
