import { expect, it } from 'vitest';
import { type Interval, listPartStarts } from './round-times.ts';

const startsOf = (from: string, to: string, interval: Interval, zone = 'America/Chicago') =>
  listPartStarts({ start: Date.parse(from), end: Date.parse(to) }, interval, zone).map((at) =>
    new Date(at).toISOString().slice(0, 16),
  );

it.each([
  ['hourly', '2026-11-20T09:17:00Z', '2026-11-20T12:00:00Z', ['11-20T09:17', '11-20T10:00', '11-20T11:00']],
  ['daily', '2026-11-18T09:17:00Z', '2026-11-20T09:17:00Z', ['11-18T09:17', '11-19T06:00', '11-20T06:00']],
  ['weekly', '2026-11-10T06:00:00Z', '2026-11-24T06:00:00Z', ['11-10T06:00', '11-16T06:00', '11-23T06:00']],
  ['monthly', '2026-09-10T05:00:00Z', '2026-11-24T06:00:00Z', ['09-10T05:00', '10-01T05:00', '11-01T05:00']],
  // The hour from 01:00 comes twice.
  ['hourly', '2026-11-01T05:00:00Z', '2026-11-01T09:00:00Z', [5, 6, 7, 8].map((hour) => `11-01T0${hour}:00`)],
  ['daily', '2026-10-31T05:00:00Z', '2026-11-03T06:00:00Z', ['10-31T05:00', '11-01T05:00', '11-02T06:00']],
] as const)('%s parts from %s to %s', (interval, from, to, starts) => {
  expect(startsOf(from, to, interval)).toEqual(starts.map((start) => `2026-${start}`));
});

it('hours begin at the hour of the zone', () => {
  expect(startsOf('2026-11-20T09:17:00Z', '2026-11-20T11:00:00Z', 'hourly', 'Asia/Kolkata')).toEqual([
    ...['2026-11-20T09:17', '2026-11-20T09:30', '2026-11-20T10:30'],
  ]);
});
