import { expect, it } from 'vitest';
import { instantOfWallTime, wallTimeOf } from './wall-time.ts';

const CHICAGO = 'America/Chicago';

it.each([
  ['2026-07-04T09:30', CHICAGO, '2026-07-04T14:30:00.000Z'],
  ['2026-12-24T00:00', CHICAGO, '2026-12-24T06:00:00.000Z'],
  ['2026-12-24T00:00', 'Asia/Kolkata', '2026-12-23T18:30:00.000Z'],
  ['2026-12-24T23:59', 'UTC', '2026-12-24T23:59:00.000Z'],
])('%s in %s is %s', (text, zone, iso) => {
  expect(new Date(instantOfWallTime(text, zone) ?? 0).toISOString()).toBe(iso);
  expect(wallTimeOf(Date.parse(iso), zone)).toBe(text);
});

it.each([
  ['the first of a time that comes twice', '2026-11-01T01:30', '2026-11-01T06:30:00.000Z'],
  ['after the change, of a time that is left out', '2026-03-08T02:30', '2026-03-08T08:30:00.000Z'],
])('is %s', (_, text, iso) => {
  expect(new Date(instantOfWallTime(text, CHICAGO) ?? 0).toISOString()).toBe(iso);
});

it('is null of what is no time', () => {
  expect(instantOfWallTime('', CHICAGO)).toBeNull();
});
