import { DateTime } from 'luxon';

export interface Day {
  year: number;
  /** 1…12. */
  month: number;
  /** 1…31. */
  day: number;
}

export interface WallTime extends Day {
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
}

export const MIDNIGHT = { hour: 0, minute: 0, second: 0, millisecond: 0 };

/**
 * The instant (epoch ms) at which clocks in a zone show this time. A time skipped by daylight saving is moved on, of
 * a repeated one the earlier is taken. An unknown zone is read as UTC: who sets zones checks them.
 */
export function instantOf(time: WallTime, timeZone: string): number {
  if (timeZone !== 'UTC') {
    const { year, month, day, hour, minute, second, millisecond } = time;
    const local = DateTime.fromObject({ year, month, day, hour, minute, second, millisecond }, { zone: timeZone });
    if (local.isValid) return local.toMillis();
  }
  return utcInstantOf(time);
}

/** As `Date.UTC`, which takes the years 0…99 for 1900…1999. */
export function utcInstantOf(time: WallTime): number {
  const date = new Date(0);
  date.setUTCFullYear(time.year, time.month - 1, time.day);
  return date.setUTCHours(time.hour, time.minute, time.second, time.millisecond);
}

/** The calendar day a clock in the zone shows at an instant. */
export function dayOf(epochMs: number, timeZone: string): Day {
  const local = DateTime.fromMillis(epochMs, { zone: timeZone });
  const { year, month, day } = local.isValid ? local : DateTime.fromMillis(epochMs, { zone: 'utc' });
  return { year, month, day };
}

/** Minutes by which clocks in the zone are ahead of UTC at an instant. */
export function offsetMinutesAt(epochMs: number, timeZone: string): number {
  const local = DateTime.fromMillis(epochMs, { zone: timeZone });
  return local.isValid ? local.offset : 0;
}

/** `2017-06-02`. */
export function isoDayOf({ year, month, day }: Day): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

export function daysInMonth(year: number, month: number): number {
  return new Date(utcInstantOf({ year, month: month + 1, day: 0, ...MIDNIGHT })).getUTCDate();
}
