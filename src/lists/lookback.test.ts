import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { LOOKBACK_INTERVALS } from '../model/flow.ts';
import type { Problem } from '../model/problem.ts';
import { compileLookback } from './lookback.ts';

describe('compileLookback', () => {
  const compile = (lookback: unknown) => {
    const problems: Problem[] = [];
    const cutoff = compileLookback(lookback as Parameters<typeof compileLookback>[0], { path: 'lookback', problems });
    return { cutoff, problems };
  };

  it.each<[lookback: unknown, now: string, cutoff: string | null]>([
    [null, '2026-03-31T12:00:00Z', null],
    [{ value: 90, interval: 'minute' }, '2026-03-31T12:00:00Z', '2026-03-31T10:30:00.000Z'],
    [{ value: 1, interval: 'day' }, '2026-03-08T16:00:00Z', '2026-03-07T17:00:00.000Z'],
    [{ value: 24, interval: 'hour' }, '2026-03-08T16:00:00Z', '2026-03-07T16:00:00.000Z'],
    [{ value: 1, interval: 'month' }, '2026-03-31T16:07:03Z', '2026-02-28T17:07:03.000Z'],
    [{ value: 2, interval: 'year' }, '2026-03-31T16:00:00Z', '2024-03-31T16:00:00.000Z'],
  ])('%j before %s', (lookback, now, expected) => {
    const cutoff = compile(lookback).cutoff(Date.parse(now), 'America/New_York');
    expect(cutoff === null ? null : new Date(cutoff).toISOString()).toBe(expected);
  });

  it('agrees with the calendar around changes of the clock and ends of months', () => {
    const changes = ['2026-03-08', '2026-11-01', '2026-03-31', '2024-02-29', '2018-11-04', '2026-04-05'].map((day) =>
      Date.parse(day),
    );
    const zone = fc.constantFrom('America/New_York', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Asia/Kathmandu');
    fc.assert(
      fc.property(
        zone,
        fc.constantFrom(...changes),
        fc.integer({ min: -100_000, max: 200_000 }),
        fc.constantFrom(...LOOKBACK_INTERVALS),
        fc.integer({ min: 1, max: 40 }),
        (timeZone, day, seconds, interval, value) => {
          const now = day + seconds * 1000 + 7;
          const { cutoff } = compile({ value, interval });
          const expected = DateTime.fromMillis(now, { zone: timeZone })
            .minus({ [interval]: value })
            .toMillis();
          cutoff(now - 60_000, timeZone);
          expect(cutoff(now, timeZone)).toBe(expected);
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each<[lookback: unknown, path: string]>([
    [{}, 'lookback.value'],
    [{ value: 0, interval: 'day' }, 'lookback.value'],
    [{ value: 1.5, interval: 'day' }, 'lookback.value'],
    [{ value: 1, interval: 'days' }, 'lookback.interval'],
    [{ value: 1 }, 'lookback.interval'],
  ])('reports to the author: %j', (lookback, path) => {
    expect(compile(lookback).problems.map((problem) => problem.path)).toEqual([path]);
  });
});
