import { DateTime } from 'luxon';
import { type ListCheck, LOOKBACK_INTERVALS, type LookbackInterval } from '../model/flow.ts';
import type { Problem } from '../model/problem.ts';

/** The instant (epoch ms) before which entries no longer count; null: all count. */
export type Cutoff = (now: number, timeZone: string) => number | null;

/** The longest look-back, in intervals: longer ones are written as null, for ever. */
export const LOOKBACK_VALUE_MAX = 10_000;

/**
 * How far back a list check looks, made ready at deploy (decision 5). Minutes and hours are elapsed time; days and
 * longer go back on the calendar of the zone, to the same time of day. What is wrong goes to `problems`.
 */
export function compileLookback(
  lookback: ListCheck['lookback'],
  { path, problems }: { path: string; problems: Problem[] },
): Cutoff {
  if (lookback === null || lookback === undefined) return FOR_EVER;
  const { value, interval } = lookback;
  if (!Number.isInteger(value) || value < 1 || value > LOOKBACK_VALUE_MAX) {
    problems.push({
      path: `${path}.value`,
      message: `The value of a lookback is a whole number from 1 to ${LOOKBACK_VALUE_MAX}; null instead of the object searches all entries.`,
    });
    return FOR_EVER;
  }
  if (!LOOKBACK_INTERVALS.includes(interval)) {
    const allowed = LOOKBACK_INTERVALS.join(', ');
    problems.push({ path: `${path}.interval`, message: `The interval of a lookback is one of ${allowed}.` });
    return FOR_EVER;
  }
  const elapsedMs = ELAPSED_MS.get(interval);
  return elapsedMs === undefined ? calendarCutoff(value, interval) : (now) => now - value * elapsedMs;
}

/** The same where entries of the list also end by themselves, so many seconds after they were added; null: they do not. */
export function withTtl(lookback: Cutoff, ttlSeconds: number | null): Cutoff {
  if (ttlSeconds === null) return lookback;
  return (now, timeZone) => Math.max(lookback(now, timeZone) ?? 0, now - ttlSeconds * 1000);
}

const FOR_EVER: Cutoff = () => null;

const ELAPSED_MS: ReadonlyMap<LookbackInterval, number> = new Map([
  ['minute', 60_000],
  ['hour', 3_600_000],
]);

/** Clocks change, and months end, on quarters of an hour: within one, the distance back is always the same. */
const QUARTER_MS = 900_000;

/** Remembers the distance back for the running quarter of an hour: the calendar takes some 30 us, a lead waits for it. */
function calendarCutoff(value: number, interval: LookbackInterval): Cutoff {
  let last = { quarter: Number.NaN, timeZone: '', distanceMs: 0 };
  return (now, timeZone) => {
    const quarter = Math.floor(now / QUARTER_MS);
    if (quarter !== last.quarter || timeZone !== last.timeZone) {
      const start = quarter * QUARTER_MS;
      const back = DateTime.fromMillis(start, { zone: timeZone }).minus({ [interval]: value });
      last = { quarter, timeZone, distanceMs: start - back.toMillis() };
    }
    return now - last.distanceMs;
  };
}
