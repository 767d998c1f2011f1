import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layTicks, placeAmong } from './time-ticks.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const ticksOf = (from: string, to: string, { zone = 'America/Chicago', width = 1_300 } = {}) => {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  return layTicks({ start, end }, { zone, width, placeOf: (at) => ((at - start) / (end - start)) * width });
};
const labels = (...given: Parameters<typeof ticksOf>) => ticksOf(...given).map(({ label }) => label);

describe('ticks are round times of the zone', () => {
  it.each([
    ['an hour', '2026-11-20T18:17:00Z', '2026-11-20T19:17:00Z', ['12:30', '12:45', '13:00', '13:15']],
    ['half a day', '2026-11-20T18:17:00Z', '2026-11-21T06:17:00Z', ['15:00', '18:00', '21:00', 'Nov 21']],
    ['a day', '2026-11-20T09:17:00Z', '2026-11-21T09:17:00Z', ['06:00', '12:00', '18:00', 'Nov 21']],
    ['two days', '2026-11-20T09:17:00Z', '2026-11-22T09:17:00Z', ['12:00', 'Nov 21', '12:00', 'Nov 22']],
    [
      'a week',
      '2026-11-14T09:17:00Z',
      '2026-11-21T09:17:00Z',
      ['Nov 15', 'Nov 16', 'Nov 17', 'Nov 18', 'Nov 19', 'Nov 20', 'Nov 21'],
    ],
    ['two months', '2026-10-02T05:00:00Z', '2026-11-28T06:00:00Z', [5, 12, 19, 26].map((day) => `Oct ${day}`)],
    ['a year', '2026-02-10T06:00:00Z', '2027-02-10T06:00:00Z', ['Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep']],
    ['three years', '2026-02-10T06:00:00Z', '2029-02-10T06:00:00Z', ['Apr', 'Jul', 'Oct', 'Jan 2027']],
    ['ten years', '2026-02-10T06:00:00Z', '2036-02-10T06:00:00Z', ['2027', '2028', '2029']],
  ] as const)('of %s', (_name, from, to, first) => {
    expect(labels(from, to).slice(0, first.length)).toEqual(first);
  });

  it('at both ends, where the span begins and ends at them', () => {
    expect(labels('2026-11-20T06:00:00Z', '2026-11-21T06:00:00Z')).toEqual([
      ...['Nov 20', '06:00', '12:00', '18:00', 'Nov 21'],
    ]);
  });

  it.each([
    ['that are half an hour off', 'Asia/Kolkata', ['18:30', '00:30', '06:30', '12:30']],
    ['that are three quarters off', 'Asia/Kathmandu', ['18:15', '00:15', '06:15', '12:15']],
    ['of UTC', 'UTC', ['18:00', '00:00', '06:00', '12:00']],
  ])('in zones %s', (_name, zone, utc) => {
    const ticks = ticksOf('2026-11-20T17:17:00Z', '2026-11-21T17:17:00Z', { zone });
    expect(ticks.map(({ at }) => new Date(at).toISOString().slice(11, 16))).toEqual(utc);
  });

  it('on the days on which clocks change', () => {
    const gone = ticksOf('2026-03-08T06:00:00Z', '2026-03-09T05:00:00Z');
    expect(gone.map(({ label }) => label)).toEqual(['Mar 8', '06:00', '12:00', '18:00', 'Mar 9']);
    expect(gone.map(({ at }) => (at - (gone[0]?.at ?? 0)) / HOUR)).toEqual([0, 5, 11, 17, 23]);
    const twice = ticksOf('2026-11-01T05:00:00Z', '2026-11-02T06:00:00Z');
    expect(twice.map(({ at }) => (at - (twice[0]?.at ?? 0)) / HOUR)).toEqual([0, 7, 13, 19, 25]);
    expect(labels('2026-03-08T06:10:00Z', '2026-03-08T10:10:00Z')).toEqual(['01:00', '03:00', '04:00', '05:00']);
    expect(labels('2026-03-05T06:00:00Z', '2026-03-11T05:00:00Z')).toEqual(
      [5, 6, 7, 8, 9, 10, 11].map((day) => `Mar ${day}`),
    );
  });

  it('of a day without a midnight the time it begins', () => {
    // Santiago: after 23:59 of September 5 comes 01:00.
    const ticks = ticksOf('2026-09-03T04:00:00Z', '2026-09-09T03:00:00Z', { zone: 'America/Santiago' });
    expect(ticks.map(({ label }) => label)).toContain('Sep 6');
    expect(ticks).toHaveLength(7);
  });
});

describe('labels', () => {
  it('are fewer on a phone', () => {
    const month = ['2026-11-01T05:00:00Z', '2026-12-01T06:00:00Z'] as const;
    expect(labels(...month, { width: 300 })).toEqual(['Nov 2', 'Nov 9', 'Nov 16', 'Nov 23', 'Nov 30']);
    expect(labels(...month, { width: 1_300 })).toHaveLength(16);
  });

  it('neither touch nor are cut, whatever the span, the zone and the width', () => {
    const zones = ['America/Chicago', 'Asia/Kolkata', 'Europe/Berlin', 'Pacific/Apia', 'America/Santiago'];
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2028, 0) }),
        fc.double({ min: Math.log(HOUR), max: Math.log(366 * DAY), noNaN: true }),
        fc.constantFrom(...zones),
        fc.integer({ min: 240, max: 1_400 }),
        (start, log, zone, width) => {
          const end = Math.round(start + Math.exp(log));
          const placeOf = (at: number) => ((at - start) / (end - start)) * width;
          const ticks = layTicks({ start, end }, { zone, width, placeOf });
          expect(ticks.length).toBeGreaterThan(0);
          for (const [place, { at, labelX, label }] of ticks.entries()) {
            const half = (label.length * 7) / 2;
            const before = ticks[place - 1];
            expect(at >= start && at <= end).toBe(true);
            expect(labelX - half >= 0 && labelX + half <= width).toBe(true);
            if (before)
              expect(labelX - half - (before.labelX + (before.label.length * 7) / 2)).toBeGreaterThanOrEqual(12);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

it('an instant lies among bars of one width, however long each of them is', () => {
  const placeOf = placeAmong([0, 43, 103, 163], 10);
  expect([0, 43, 73, 103, 163].map(placeOf)).toEqual([0, 10, 15, 20, 30]);
});
