import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClosedWindow, type ForecastInput, forecastCap } from './forecast-cap.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = 40 * DAY;

/** Closed days before START, the latest first; null: a day without leads, which has no counter. */
const days = (...counts: (number | [used: number, refused: number] | null)[]): ClosedWindow[] =>
  counts.flatMap((count, index) => {
    if (count === null) return [];
    const [used, refused] = typeof count === 'number' ? [count, 0] : count;
    const startsAt = START - (index + 1) * DAY;
    return [{ startsAt, endsAt: startsAt + DAY, used, refused }];
  });

const at = (hours: number, parts: Partial<ForecastInput> = {}): ForecastInput => ({
  now: START + hours * HOUR,
  window: { startsAt: START, endsAt: START + DAY },
  maximum: 100,
  used: 0,
  refused: 0,
  closed: [],
  ...parts,
});

const CLOSED = { basis: 'closed_windows' } as const;

describe('forecastCap', () => {
  it.each<[name: string, input: ForecastInput, forecast: object]>([
    [
      'the usual rate for the rest of the window',
      at(12, { used: 40, closed: days(80, 80, 80, 5) }),
      { ...CLOSED, windows: 3, expectedCount: 80, expectedLow: 80, expectedHigh: 80, fillsAt: null, reason: null },
    ],
    [
      'it fills when what is left is used up at that rate',
      at(12, { used: 90, closed: days(80, 80, 80, 5) }),
      { ...CLOSED, expectedCount: 130, fillsAt: START + 15 * HOUR },
    ],
    [
      'what a cap refused was wanted, too',
      at(0, { closed: days([100, 300], [100, 300], [100, 300], 1) }),
      { ...CLOSED, expectedCount: 400, fillsAt: START + 6 * HOUR },
    ],
    [
      'the slowest and the busiest window say how far off it may be',
      at(12, { used: 10, closed: days(20, 60, 100, 1) }),
      { ...CLOSED, expectedCount: 40, expectedLow: 20, expectedHigh: 60 },
    ],
    [
      'windows without leads count as none',
      at(12, { used: 10, closed: days(60, null, null, 60, 1) }),
      { ...CLOSED, windows: 4, expectedCount: 25, expectedLow: 10, expectedHigh: 40 },
    ],
    [
      'no lead for days: none are expected',
      at(12, { used: 1, closed: days(null, null, null, 60) }),
      { ...CLOSED, windows: 3, expectedCount: 1, expectedLow: 1, expectedHigh: 1, fillsAt: null },
    ],
    [
      'the oldest window is left out: counting may have begun within it',
      at(12, { closed: days(40, 40, 40, 400) }),
      { ...CLOSED, windows: 3, expectedCount: 20 },
    ],
    [
      'two whole windows are too few: the rate of this one',
      at(12, { used: 40, closed: days(10, 10, 10) }),
      { basis: 'this_window', windows: 0, expectedCount: 80, expectedLow: null, expectedHigh: null, fillsAt: null },
    ],
    ['a new cap that fills', at(6, { used: 50 }), { basis: 'this_window', fillsAt: START + 12 * HOUR }],
    [
      'this window alone, with less than a quarter of it',
      at(5, { used: 50 }),
      { basis: null, expectedCount: null, fillsAt: null, reason: expect.stringContaining('Fewer than 3') },
    ],
    ['this window alone, with few leads', at(12, { used: 9 }), { basis: null, reason: expect.any(String) }],
    ['a full cap', at(12, { used: 100, closed: days(9, 9, 9, 9) }), { basis: null, reason: 'The cap is full.' }],
    ['a cap that takes none', at(12, { maximum: 0 }), { basis: null, reason: 'The cap takes no leads.' }],
    [
      'at the rate of the maximum it is full at the end, not before',
      at(0, { closed: days(100, 100, 100, 1) }),
      { ...CLOSED, expectedCount: 100, fillsAt: null },
    ],
  ])('%s', (_name, input, forecast) => {
    expect(forecastCap(input)).toMatchObject(forecast);
  });

  it('of windows of another length uses their rate', () => {
    const half = (index: number): ClosedWindow => {
      const startsAt = START - index * 12 * HOUR;
      return { startsAt, endsAt: startsAt + 12 * HOUR, used: 30, refused: 0 };
    };
    const closed = [1, 2, 3, 4, 5, 6, 7].map(half);
    expect(forecastCap(at(12, { closed }))).toMatchObject({ windows: 3, expectedCount: 30 });
  });

  it('is within the window, after now, and low is never above high', () => {
    const places = fc.nat(500);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: DAY - 1 }),
        fc.integer({ min: 1, max: 300 }),
        places,
        places,
        fc.array(fc.option(fc.tuple(places, places)), { maxLength: 8 }),
        (elapsed, maximum, used, refused, counts) => {
          const input = { ...at(0, { maximum, used, refused, closed: days(...counts) }), now: START + elapsed };
          const { basis, expectedCount, expectedLow, expectedHigh, fillsAt, reason } = forecastCap(input);
          expect(basis === null).toBe(reason !== null);
          expect(basis === null).toBe(expectedCount === null);
          if (expectedLow !== null && expectedHigh !== null && expectedCount !== null) {
            expect(expectedLow).toBeLessThanOrEqual(expectedCount);
            expect(expectedCount).toBeLessThanOrEqual(expectedHigh);
          }
          if (fillsAt !== null) {
            expect(fillsAt).toBeGreaterThanOrEqual(input.now);
            expect(fillsAt).toBeLessThanOrEqual(input.window.endsAt);
            expect(expectedCount).toBeGreaterThanOrEqual(maximum);
          }
        },
      ),
    );
  });
});
