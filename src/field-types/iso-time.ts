import { daysInMonth, findInstant, findMidnight, findUtcInstant, MIDNIGHT, type WallTime } from './zoned-time.ts';

const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?(Z|[+-]\d\d:?\d\d)?$/i;

/**
 * Epoch ms of an ISO 8601 date or time; without an offset it is local to the zone. undefined for anything else.
 *
 * A fraction of one or two digits is read as milliseconds and one of more than three is dropped (spec modules d,
 * measured: the reference's date library does so).
 */
export function parseIsoInstant(text: string, timeZone: string): number | undefined {
  const [, year, month, day, hour, minute, second, fraction, offset] = ISO.exec(text) ?? [];
  if (year === undefined) return undefined;
  const time: WallTime = {
    ...MIDNIGHT,
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour ?? 0),
    minute: Number(minute ?? 0),
    second: Number(second ?? 0),
    millisecond: fraction === undefined || fraction.length > 3 ? 0 : Number(fraction),
  };
  if (!isOnTheClock(time)) return undefined;
  if (offset === undefined) return hour === undefined ? findMidnight(time, timeZone) : findInstant(time, timeZone);
  return findUtcInstant(time) - parseOffset(offset) * 60_000;
}

function isOnTheClock({ year, month, day, hour, minute, second }: WallTime): boolean {
  const isDay = month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
  return isDay && hour <= 23 && minute <= 59 && second <= 59;
}

function parseOffset(offset: string): number {
  if (offset.toUpperCase() === 'Z') return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2));
  return offset.startsWith('-') ? -minutes : minutes;
}
