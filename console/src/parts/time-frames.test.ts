import { describe, expect, it } from 'vitest';
import { chooseInterval, readFrameSearch, resolveFrame } from './time-frames.ts';

const CHICAGO = 'America/Chicago';
/** A Friday afternoon in Chicago. */
const now = Date.parse('2026-11-20T20:03:00Z');

describe('a frame', () => {
  it.each([
    ['today', '2026-11-20T06:00:00.000Z', '2026-11-20T20:03:00.000Z'],
    ['yesterday', '2026-11-19T06:00:00.000Z', '2026-11-20T06:00:00.000Z'],
    ['this_7_days', '2026-11-14T06:00:00.000Z', '2026-11-20T20:03:00.000Z'],
    ['previous_1_weeks', '2026-11-09T06:00:00.000Z', '2026-11-16T06:00:00.000Z'],
    // The clocks went back on the first of November.
    ['this_30_days', '2026-10-22T05:00:00.000Z', '2026-11-20T20:03:00.000Z'],
    ['this_1_months', '2026-11-01T05:00:00.000Z', '2026-11-20T20:03:00.000Z'],
    ['previous_1_months', '2026-10-01T05:00:00.000Z', '2026-11-01T05:00:00.000Z'],
  ] as const)('%s is of the days of the zone', (range, start, end) => {
    const frame = resolveFrame({ range }, { now, zone: CHICAGO });
    expect([frame.start, frame.end].map((instant) => new Date(instant).toISOString())).toEqual([start, end]);
  });

  it('of days has its last day whole', () => {
    const frame = resolveFrame({ start: '2026-10-31', end: '2026-11-01' }, { now, zone: CHICAGO });
    expect((frame.end - frame.start) / 3_600_000, 'the second day has an hour more').toBe(49);
    expect(frame.label).toBe('Oct 31 to Nov 1, 2026');
    expect(frame.isOpen).toBe(false);
  });

  it('is the fallback where the address names none', () => {
    expect(resolveFrame({}, { now, zone: 'UTC', fallback: 'this_30_days' }).label).toBe('Last 30 days');
  });
});

it.each([
  [{ range: 'today', start: '2026-01-01', end: '2026-01-02' }, { range: 'today' }],
  [{ range: 'nonsense' }, {}],
  [
    { start: '2026-01-01', end: '2026-01-02' },
    { start: '2026-01-01', end: '2026-01-02' },
  ],
  [{ start: '2026-01-03', end: '2026-01-02' }, {}],
  [{ start: '2026-13-03', end: '2026-14-02' }, {}],
  [{ start: '2026-01-01' }, {}],
])('%j of an address is %j', (search, read) => {
  expect(readFrameSearch(search)).toEqual(read);
});

it.each([
  [1, 'hourly'],
  [3, 'hourly'],
  [30, 'daily'],
  [180, 'weekly'],
])('%d days have bars that are %s', (days, interval) => {
  expect(chooseInterval({ start: 0, end: days * 86_400_000 })).toBe(interval);
});
