import { expect, it } from 'vitest';
import { rangeOf, startOfDay } from './day-range.ts';

const CHICAGO = 'America/Chicago';

it.each([
  ['a day of winter', '2026-11-28T03:00:00Z', CHICAGO, 0, '2026-11-27T06:00:00.000Z'],
  ['the day before', '2026-11-28T03:00:00Z', CHICAGO, 1, '2026-11-26T06:00:00.000Z'],
  ['the day on which clocks go back', '2026-11-02T12:00:00Z', CHICAGO, 1, '2026-11-01T05:00:00.000Z'],
  ['the day after', '2026-11-02T12:00:00Z', CHICAGO, 0, '2026-11-02T06:00:00.000Z'],
  ['the day on which clocks go forward', '2026-03-08T20:00:00Z', CHICAGO, 0, '2026-03-08T06:00:00.000Z'],
  ['a zone of half an hour', '2026-11-28T20:00:00Z', 'Asia/Kolkata', 0, '2026-11-28T18:30:00.000Z'],
])('%s begins at its midnight', (_name, now, zone, daysAgo, start) => {
  expect(new Date(startOfDay(Date.parse(now), { zone, daysAgo })).toISOString()).toBe(start);
});

it('yesterday ends a second before today', () => {
  expect(rangeOf('yesterday', { zone: CHICAGO, now: Date.parse('2026-11-28T18:00:00Z') })).toEqual({
    start: '2026-11-27T06:00:00.000Z',
    end: '2026-11-28T05:59:59.000Z',
  });
});

it('all asks for no time', () => {
  expect(rangeOf('all', { zone: CHICAGO, now: 0 })).toEqual({});
});
