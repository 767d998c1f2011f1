import { instantOfWallTime, wallTimeOf } from './wall-time.ts';

/* Round times of a zone. A wall time is counted as if it were UTC, so that its days have 24 hours. */

/** From one instant to another, epoch ms, both included. */
export interface Span {
  start: number;
  end: number;
}

/** So many of a unit; months are of the calendar, weeks begin on Monday. */
export interface Step {
  count: number;
  unit: 'minute' | 'hour' | 'day' | 'week' | 'month';
}

const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 } as const;
/** 1970-01-05, the first Monday. */
const MONDAY_MS = 4 * UNIT_MS.day;
/** Of one span: three months of hours, and some. */
const TIMES_MAX = 2_500;

/** Instants within a span where a step begins in the zone, in order: of 6 hours 00:00, 06:00, 12:00 and 18:00 of each day. */
export function listRoundTimes(span: Span, step: Step, zone: string): number[] {
  return listWallTimes(span, step, zone)
    .map((wall) => instantOf(wall, step, zone))
    .filter((at): at is number => at !== null && at >= span.start && at <= span.end);
}

/** A time that a change of clocks leaves out is none; a day whose midnight it leaves out begins after it. */
function instantOf(wall: number, { unit }: Step, zone: string): number | null {
  const at = instantOfWallTime(textOf(wall), zone);
  const isLeftOut = at !== null && wallOf(at, zone) !== wall;
  return isLeftOut && (unit === 'minute' || unit === 'hour') ? null : at;
}

function listWallTimes({ start, end }: Span, step: Step, zone: string): number[] {
  const [first, last] = [wallOf(start, zone), wallOf(end, zone)];
  const times: number[] = [];
  for (let wall = beginStep(first, step); wall <= last && times.length < TIMES_MAX; wall = addStep(wall, step))
    times.push(wall);
  return times;
}

/** The one that `wall` is in. */
function beginStep(wall: number, { count, unit }: Step): number {
  if (unit === 'month') {
    const date = new Date(wall);
    return Date.UTC(date.getUTCFullYear(), Math.floor(date.getUTCMonth() / count) * count);
  }
  const size = count * UNIT_MS[unit];
  const from = unit === 'week' ? MONDAY_MS : 0;
  return Math.floor((wall - from) / size) * size + from;
}

function addStep(wall: number, { count, unit }: Step): number {
  if (unit !== 'month') return wall + count * UNIT_MS[unit];
  const date = new Date(wall);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + count);
}

function textOf(wall: number): string {
  return new Date(wall).toISOString().slice(0, 16);
}

function wallOf(at: number, zone: string): number {
  return Date.parse(`${wallTimeOf(at, zone)}Z`);
}

export type Interval = 'minutely' | 'hourly' | 'daily' | 'weekly' | 'monthly' | 'yearly';

/** Where the parts of a time begin, as statistics split it: the first is cut where the time begins. The end is excluded. */
export function listPartStarts({ start, end }: Span, interval: Interval, zone: string): number[] {
  const begun = interval === 'minutely' || interval === 'hourly' ? listClockTimes : listRoundTimes;
  const later = begun({ start, end: end - 1 }, STEPS[interval], zone).filter((at) => at > start);
  return [start, ...later];
}

const STEPS: Readonly<Record<Interval, Step>> = {
  minutely: { count: 1, unit: 'minute' },
  hourly: { count: 1, unit: 'hour' },
  daily: { count: 1, unit: 'day' },
  weekly: { count: 1, unit: 'week' },
  monthly: { count: 1, unit: 'month' },
  yearly: { count: 12, unit: 'month' },
};

/** Each minute or hour that passes: one that comes twice is two. */
function listClockTimes({ start, end }: Span, { unit }: Step, zone: string): number[] {
  const size = unit === 'minute' ? UNIT_MS.minute : UNIT_MS.hour;
  const past = (wallOf(start, zone) % size) + (start % UNIT_MS.minute);
  const times: number[] = [];
  for (let at = start - past + size; at <= end && times.length < TIMES_MAX; at += size) times.push(at);
  return times;
}
