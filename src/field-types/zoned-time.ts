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
export function findInstant(time: WallTime, timeZone: string): number {
  if (timeZone !== 'UTC') {
    const { year, month, day, hour, minute, second, millisecond } = time;
    const local = DateTime.fromObject({ year, month, day, hour, minute, second, millisecond }, { zone: timeZone });
    if (local.isValid) return local.toMillis();
  }
  return findUtcInstant(time);
}

/**
 * The instant a day begins at. Remembered, because asking the zone takes 10 us and every lead asks for the same few
 * thousand days; forgotten all at once when there are too many.
 */
export function findMidnight(day: Day, timeZone: string): number {
  const key = `${timeZone} ${day.year}-${day.month}-${day.day}`;
  const known = midnights.get(key);
  if (known !== undefined) return known;
  if (midnights.size >= MIDNIGHTS_MAX) midnights.clear();
  const midnight = findInstant({ ...day, ...MIDNIGHT }, timeZone);
  midnights.set(key, midnight);
  return midnight;
}

/** About a century of days of one zone, some 4 MB. */
const MIDNIGHTS_MAX = 40_000;
const midnights = new Map<string, number>();

/** As `Date.UTC`, which takes the years 0…99 for 1900…1999. */
export function findUtcInstant(time: WallTime): number {
  const date = new Date(0);
  date.setUTCFullYear(time.year, time.month - 1, time.day);
  return date.setUTCHours(time.hour, time.minute, time.second, time.millisecond);
}

/** The calendar day a clock in the zone shows at an instant. Today's is remembered. */
export function findDay(epochMs: number, timeZone: string): Day {
  const known = days.get(timeZone);
  if (known !== undefined && known.startsAt <= epochMs && epochMs < known.endsAt) return known.day;
  const local = DateTime.fromMillis(epochMs, { zone: timeZone });
  const { year, month, day } = local.isValid ? local : DateTime.fromMillis(epochMs, { zone: 'utc' });
  const today = { year, month, day };
  if (days.size >= ZONES_MAX) days.clear();
  days.set(timeZone, {
    day: today,
    startsAt: findMidnight(today, timeZone),
    endsAt: findMidnight(dayAfter(today), timeZone),
  });
  return today;
}

/** There are about 600 zones. */
const ZONES_MAX = 1000;
const days = new Map<string, { day: Day; startsAt: number; endsAt: number }>();

function dayAfter({ year, month, day }: Day): Day {
  const next = new Date(findUtcInstant({ year, month, day: day + 1, ...MIDNIGHT }));
  return { year: next.getUTCFullYear(), month: next.getUTCMonth() + 1, day: next.getUTCDate() };
}

/** Minutes by which clocks in the zone are ahead of UTC at an instant. */
export function offsetMinutesAt(epochMs: number, timeZone: string): number {
  const local = DateTime.fromMillis(epochMs, { zone: timeZone });
  return local.isValid ? local.offset : 0;
}

/** `2017-06-02`. */
export function formatIsoDay({ year, month, day }: Day): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

export function daysInMonth(year: number, month: number): number {
  return new Date(findUtcInstant({ year, month: month + 1, day: 0, ...MIDNIGHT })).getUTCDate();
}
