import { dateFormatter } from './formatter.ts';

const YEAR_MS = 300 * 86_400_000;

/** `Nov 20, 14:03:22 CST`, with the year when it is long ago; the zone is always printed. */
export function formatTime(at: Date, { zone, now }: { zone: string; now: Date }): string {
  const isLongAgo = Math.abs(now.getTime() - at.getTime()) > YEAR_MS;
  const date = dateFormatter({
    ...{ timeZone: zone, month: 'short', day: 'numeric' },
    ...(isLongAgo && { year: 'numeric' }),
  }).format(at);
  const time = dateFormatter({
    ...{ timeZone: zone, hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
    timeZoneName: 'short',
  }).format(at);
  return `${date}, ${time}`;
}

/** The largest unit that has passed at least once, in seconds. */
const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

const RELATIVE = new Intl.RelativeTimeFormat('en-US', { numeric: 'auto' });

/** `2 minutes ago`, `in 3 hours`, `now`. */
export function formatRelative(at: Date, now: Date): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1_000);
  const [unit, size] = UNITS.find(([, each]) => Math.abs(seconds) >= each) ?? ['second', 1];
  return RELATIVE.format(Math.trunc(seconds / size), unit);
}

/** `America/Chicago (CST)`: the short name is of now. */
export function nameZone(zone: string, now: Date): string {
  const parts = dateFormatter({ timeZone: zone, timeZoneName: 'short' }).formatToParts(now);
  const short = parts.find(({ type }) => type === 'timeZoneName')?.value;
  return short === undefined || short === zone ? zone : `${zone} (${short})`;
}

/** `America/Chicago`, with its short name where it has one alone in the span: summer and winter have different ones. */
export function nameZoneOver(zone: string, { start, end }: { start: number; end: number }): string {
  const moments = Array.from({ length: SEASONS + 1 }, (_, place) => start + ((end - start) * place) / SEASONS);
  const names = new Set(moments.map((at) => nameZone(zone, new Date(at))));
  const [only] = names;
  return names.size === 1 && only !== undefined ? only : zone;
}

/** Parts of a span that are looked at: of a year half a month each. */
const SEASONS = 24;

/**
 * What part of the time a row is of, by where it begins: `Nov 20`, of less than a day `Nov 20, 14:00`; with
 * the year when it is long ago. The zone is printed beside it.
 */
export function formatPart(at: Date, { interval, zone, now }: { interval: string; zone: string; now: Date }): string {
  const isLongAgo = Math.abs(now.getTime() - at.getTime()) > YEAR_MS;
  return dateFormatter({
    ...{ timeZone: zone, month: 'short', day: 'numeric' },
    ...(isLongAgo && { year: 'numeric' }),
    ...(PARTS_OF_DAYS.has(interval) && { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
  }).format(at);
}

const PARTS_OF_DAYS: ReadonlySet<string> = new Set(['minutely', 'hourly']);

/** `Nov 21 to Nov 27, 2026`, of one day `Nov 27, 2026`, of parts of days with their times. Both ends are in it. */
export function formatSpan(start: Date, end: Date, zone: string): string {
  const day = (at: Date) => dateFormatter({ timeZone: zone, dateStyle: 'medium' }).format(at);
  const time = (at: Date) =>
    dateFormatter({ timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
  const year = (at: Date) => dateFormatter({ timeZone: zone, year: 'numeric' }).format(at);
  if (time(start) !== '00:00' || time(end) !== '23:59')
    return `${day(start)}, ${time(start)} to ${day(start) === day(end) ? '' : `${day(end)}, `}${time(end)}`;
  if (day(start) === day(end)) return day(start);
  const first = year(start) === year(end) ? day(start).replace(/, \d+$/, '') : day(start);
  return `${first} to ${day(end)}`;
}

/** `14:20`, on another day than today `Nov 21, 14:20`: where the zone is printed beside it. */
export function formatShortTime(at: Date, { zone, now }: { zone: string; now: Date }): string {
  const day = (of: Date) => dateFormatter({ timeZone: zone, dateStyle: 'short' }).format(of);
  return dateFormatter({
    ...{ timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    ...(day(at) !== day(now) && { month: 'short', day: 'numeric' }),
  }).format(at);
}
