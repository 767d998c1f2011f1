import { DateTime, IANAZone } from 'luxon';
import { assert } from '../lib/assert.ts';

export const BATCH_WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type BatchWeekday = (typeof BATCH_WEEKDAYS)[number];

export const TIMES_MAX = 48;
export const INTERVAL_MINUTES_MIN = 5;
export const INTERVAL_MINUTES_MAX = 1_440;

/**
 * When a batch runs: at times of the day, every so many minutes from local midnight on, or only when somebody asks. Wire
 * names, as the API spells them.
 */
export type BatchSchedule =
  | { type: 'times'; times: string[]; days?: BatchWeekday[] | null; time_zone?: string | null }
  | { type: 'interval'; minutes: number; days?: BatchWeekday[] | null; time_zone?: string | null }
  | { type: 'manual' };

export function isTimeZone(name: string): boolean {
  return IANAZone.isValidZone(name);
}

/** A week and a day: a schedule of one weekday runs within it. */
const DAYS_LOOKED_AT = 9;
const MINUTE_MS = 60_000;

/**
 * The first run after an instant, epoch ms; null: it has none. Times are those of the wall. One that the change to summer
 * time leaves out runs when the hour that is missing has passed; one that comes twice runs the first time. An interval is
 * counted from the local midnight, as windows of caps are, so that a day of 25 hours has an hour more of them.
 */
export function findNextRun(schedule: BatchSchedule, after: number, accountTimeZone: string): number | null {
  if (schedule.type === 'manual') return null;
  const zone = schedule.time_zone ?? accountTimeZone;
  const today = DateTime.fromMillis(after, { zone }).startOf('day');
  assert(today.isValid, 'time zones are checked when a batch is saved');
  for (let day = 0; day < DAYS_LOOKED_AT; day += 1) {
    const date = today.plus({ days: day });
    if (!runsOn(schedule.days, date.weekday)) continue;
    const next = listInstants(schedule, date).find((instant) => instant > after);
    if (next !== undefined) return next;
  }
  return null;
}

/** The runs of a day, in order. */
function listInstants(schedule: Exclude<BatchSchedule, { type: 'manual' }>, date: DateTime): number[] {
  if (schedule.type === 'times')
    return schedule.times.map((time) => instantOf(date, readTime(time))).sort((one, other) => one - other);
  const first = instantOf(date, 0);
  const lengthMs = instantOf(date.plus({ days: 1 }), 0) - first;
  const stepMs = schedule.minutes * MINUTE_MS;
  return Array.from({ length: Math.ceil(lengthMs / stepMs) }, (_, index) => first + index * stepMs);
}

/** Minutes since midnight by the clock on the wall. */
function readTime(text: string): number {
  const [hours = '0', minutes = '0'] = text.split(':');
  return Number(hours) * 60 + Number(minutes);
}

function runsOn(days: readonly BatchWeekday[] | null | undefined, weekday: number): boolean {
  if (days === null || days === undefined || days.length === 0) return true;
  const name = BATCH_WEEKDAYS[weekday - 1];
  return name !== undefined && days.includes(name);
}

function instantOf(date: DateTime, minute: number): number {
  const wall = date.set({ hour: Math.floor(minute / 60), minute: minute % 60 });
  return Math.min(...wall.getPossibleOffsets().map((possible) => possible.toMillis()));
}
