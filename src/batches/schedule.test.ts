import { describe, expect, it } from 'vitest';
import { type BatchSchedule, findNextRun } from './schedule.ts';

const ZONE = 'America/New_York';
const times = (list: string[], rest: object = {}): BatchSchedule => ({ type: 'times', times: list, ...rest });
const interval = (minutes: number, rest: object = {}): BatchSchedule => ({ type: 'interval', minutes, ...rest });

describe('the next run of a batch', () => {
  const CASES: [what: string, schedule: BatchSchedule, after: string, next: string | null][] = [
    ['is the next time of today', times(['18:00', '06:00']), '2026-11-27T12:00:00-05:00', '2026-11-27T18:00:00-05:00'],
    ['is tomorrow’s first', times(['06:00', '18:00']), '2026-11-27T18:00:00-05:00', '2026-11-28T06:00:00-05:00'],
    [
      'waits for its weekday',
      times(['06:00'], { days: ['monday'] }),
      '2026-11-27T12:00:00-05:00',
      '2026-11-30T06:00:00-05:00',
    ],
    [
      'is a week later after the only time of the only day',
      times(['06:00'], { days: ['friday'] }),
      '2026-11-27T06:00:00-05:00',
      '2026-12-04T06:00:00-05:00',
    ],
    [
      'goes by the zone of the schedule',
      times(['06:00'], { time_zone: 'Europe/Berlin' }),
      '2026-11-27T12:00:00+01:00',
      '2026-11-28T06:00:00+01:00',
    ],
    ['of an interval counts from midnight', interval(45), '2026-11-27T00:50:00-05:00', '2026-11-27T01:30:00-05:00'],
    [
      'of an interval begins again at midnight',
      interval(100),
      '2026-11-27T23:30:00-05:00',
      '2026-11-28T00:00:00-05:00',
    ],
    ['is none without a request', { type: 'manual' }, '2026-11-27T12:00:00-05:00', null],
    // 8 March 2026: 02:00 to 03:00 is left out.
    ['keeps 06:00 across the change', times(['06:00']), '2026-03-08T00:00:00-05:00', '2026-03-08T06:00:00-04:00'],
    [
      'of a time that is left out comes an hour later',
      times(['02:30']),
      '2026-03-08T00:00:00-05:00',
      '2026-03-08T03:30:00-04:00',
    ],
    // 1 November 2026: 01:00 to 02:00 comes twice.
    [
      'of a time that comes twice is the first',
      times(['01:30']),
      '2026-11-01T00:00:00-04:00',
      '2026-11-01T01:30:00-04:00',
    ],
    [
      'of an interval goes on within the hour that comes twice',
      interval(30),
      '2026-11-01T01:30:00-04:00',
      '2026-11-01T01:00:00-05:00',
    ],
    ['and not the second', times(['01:30']), '2026-11-01T01:30:00-04:00', '2026-11-02T01:30:00-05:00'],
  ];

  it.each(CASES)('%s', (_what, schedule, after, next) => {
    const found = findNextRun(schedule, Date.parse(after), ZONE);
    expect(found === null ? null : new Date(found).toISOString()).toBe(
      next === null ? null : new Date(next).toISOString(),
    );
  });
});
