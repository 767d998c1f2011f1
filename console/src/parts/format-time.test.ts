import { describe, expect, it } from 'vitest';
import { formatPart, formatRelative, formatSpan, formatTime, nameZone } from './format-time.ts';

const now = new Date('2026-11-20T20:03:22Z');
const zone = 'America/Chicago';

describe('a time', () => {
  it.each([
    ['is of the zone, which it names', '2026-11-20T20:03:22Z', zone, 'Nov 20, 14:03:22 CST'],
    ['names the zone of its own day in summer', '2026-07-01T05:00:00Z', zone, 'Jul 1, 00:00:00 CDT'],
    ['has the year when it is long ago', '2024-01-02T03:04:05Z', 'UTC', 'Jan 2, 2024, 03:04:05 UTC'],
  ])('%s', (_, at, of, text) => {
    expect(formatTime(new Date(at), { zone: of, now })).toBe(text);
  });

  it.each([
    ['2026-11-20T20:03:22Z', 'now'],
    ['2026-11-20T20:01:20Z', '2 minutes ago'],
    ['2026-11-20T23:03:22Z', 'in 3 hours'],
    ['2026-11-19T20:03:22Z', 'yesterday'],
  ])('%s is told from now as "%s"', (at, text) => {
    expect(formatRelative(new Date(at), now)).toBe(text);
  });

  it('names a zone once when it has no short name of its own', () => {
    expect([nameZone(zone, now), nameZone('UTC', now)]).toEqual(['America/Chicago (CST)', 'UTC']);
  });

  it.each([
    ['hourly', '2026-11-20T20:00:00Z', 'Nov 20, 14:00'],
    ['daily', '2026-11-20T06:00:00Z', 'Nov 20'],
    ['monthly', '2025-11-01T05:00:00Z', 'Nov 1, 2025'],
  ])('of %s parts begins %s: %s', (interval, at, text) => {
    expect(formatPart(new Date(at), { interval, zone, now })).toBe(text);
  });

  it.each([
    ['of days', '2026-11-14T06:00:00Z', '2026-11-21T05:59:59.999Z', 'Nov 14 to Nov 20, 2026'],
    ['of a day', '2026-11-20T06:00:00Z', '2026-11-21T05:59:59.999Z', 'Nov 20, 2026'],
    ['over New Year', '2025-12-31T06:00:00Z', '2026-01-02T05:59:59.999Z', 'Dec 31, 2025 to Jan 1, 2026'],
    ['of hours', '2026-11-20T06:00:00Z', '2026-11-20T20:03:22Z', 'Nov 20, 2026, 00:00 to 14:03'],
    ['over midnight', '2026-11-20T04:30:00Z', '2026-11-20T20:03:22Z', 'Nov 19, 2026, 22:30 to Nov 20, 2026, 14:03'],
  ])('from one to another %s', (_, start, end, text) => {
    expect(formatSpan(new Date(start), new Date(end), zone)).toBe(text);
  });
});
