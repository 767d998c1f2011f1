import { DateTime } from 'luxon';
import { expect, it } from 'vitest';
import { labelRoundTimes } from './label-round-times.ts';

const zone = 'America/Chicago';
const from = (start: string, count: number, step: object) =>
  Array.from({ length: count }, (_, place) =>
    DateTime.fromISO(start, { zone }).plus(
      Object.fromEntries(Object.entries(step).map(([unit, by]) => [unit, by * place])),
    ),
  );

it.each([
  ['hours of a day', from('2026-11-20', 24, { hours: 1 }), ['Nov 20', '06:00', '12:00', '18:00']],
  ['five days', from('2026-11-20', 5, { days: 1 }), ['Nov 20', 'Nov 21', 'Nov 22', 'Nov 23', 'Nov 24']],
  ['a month with the end of summer time', from('2026-10-20', 30, { days: 1 }), ['Oct 26', 'Nov 2', 'Nov 9', 'Nov 16']],
  [
    'half a year of Mondays',
    from('2026-06-01', 26, { weeks: 1 }),
    ['Jun 1', 'Jun 29', 'Jul 27', 'Aug 24', 'Sep 21', 'Oct 19', 'Nov 16'],
  ],
  ['months', from('2026-10-01', 6, { months: 1 }), ['Oct', 'Nov', 'Dec', 'Jan 2027', 'Feb', 'Mar']],
  ['two years of months', from('2026-01-01', 24, { months: 1 }), ['Jan 2026', 'Jul', 'Jan 2027', 'Jul']],
] as const)('of %s are round', (_name, times, labels) => {
  expect(labelRoundTimes(times).filter((label) => label !== null)).toEqual(labels);
});

it('has a place for each time', () => {
  expect(labelRoundTimes(from('2026-11-20T05:30', 2, { minutes: 1 }))).toEqual(['Nov 20, 05:30', 'Nov 20, 05:31']);
});
