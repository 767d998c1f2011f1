import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { CAP_DURATION_UNITS } from '../model/cap.ts';
import { type CapSchedule, capWindowAt, createCapClock } from './cap-window.ts';

const NEW_YORK = 'America/New_York';

function writeWindow(schedule: CapSchedule, at: string, zone = NEW_YORK): string {
  const instant = DateTime.fromISO(at, { zone }).toMillis();
  const { startsAt, endsAt } = capWindowAt(schedule, instant, zone);
  const local = (epochMs: number) =>
    DateTime.fromMillis(epochMs, { zone: schedule.time_zone ?? zone }).toFormat("yyyy-MM-dd'T'HH:mm");
  return `${local(startsAt)} ${local(endsAt)}`;
}

describe('capWindowAt', () => {
  const schedule = (
    duration: number,
    duration_units: CapSchedule['duration_units'],
    rest: Partial<CapSchedule> = {},
  ) => ({
    duration,
    duration_units,
    ...rest,
  });

  it.each<[name: string, schedule: CapSchedule, at: string, window: string]>([
    ['a day', schedule(1, 'day'), '2026-11-20T23:59:59', '2026-11-20T00:00 2026-11-21T00:00'],
    ['a week ends on Sunday night', schedule(1, 'week'), '2026-11-22T23:59', '2026-11-16T00:00 2026-11-23T00:00'],
    ['a week begins on Monday', schedule(1, 'week'), '2026-11-23T00:00', '2026-11-23T00:00 2026-11-30T00:00'],
    ['a month', schedule(1, 'month'), '2026-02-28T12:00', '2026-02-01T00:00 2026-03-01T00:00'],
    [
      'two days from the day of creation',
      schedule(2, 'day', { created_at: '2026-11-19T22:00:00Z' }),
      '2026-11-20T10:00',
      '2026-11-19T00:00 2026-11-21T00:00',
    ],
    [
      'the next two days',
      schedule(2, 'day', { created_at: '2026-11-19T22:00:00Z' }),
      '2026-11-21T00:00',
      '2026-11-21T00:00 2026-11-23T00:00',
    ],
    [
      'the day of creation is local',
      schedule(2, 'day', { created_at: '2026-11-20T04:59:59Z' }),
      '2026-11-20T10:00',
      '2026-11-19T00:00 2026-11-21T00:00',
    ],
    [
      'two weeks end on the second Sunday night',
      schedule(2, 'week', { created_at: '2026-11-20T12:00:00Z' }),
      '2026-11-25T10:00',
      '2026-11-16T00:00 2026-11-30T00:00',
    ],
    [
      'three months',
      schedule(3, 'month', { created_at: '2026-11-20T12:00:00Z' }),
      '2027-01-31T23:00',
      '2026-11-01T00:00 2027-02-01T00:00',
    ],
    [
      'before its creation',
      schedule(3, 'month', { created_at: '2026-11-20T12:00:00Z' }),
      '2026-10-31T00:00',
      '2026-08-01T00:00 2026-11-01T00:00',
    ],
    ['hours from midnight', schedule(5, 'hour'), '2026-11-20T14:59', '2026-11-20T10:00 2026-11-20T15:00'],
    [
      'the last hours of a day are cut short',
      schedule(5, 'hour'),
      '2026-11-20T23:00',
      '2026-11-20T20:00 2026-11-21T00:00',
    ],
    ['minutes', schedule(7, 'minute'), '2026-11-20T00:15', '2026-11-20T00:14 2026-11-20T00:21'],
    [
      'the last hours of a day of 23 hours',
      schedule(5, 'hour'),
      '2026-03-08T22:00',
      '2026-03-08T21:00 2026-03-09T00:00',
    ],
    [
      'its own time zone',
      schedule(1, 'day', { time_zone: 'Asia/Tokyo' }),
      '2026-11-20T12:00',
      '2026-11-21T00:00 2026-11-22T00:00',
    ],
    [
      'an unreadable date of creation is as none',
      schedule(1, 'day', { created_at: 'x' }),
      '2026-11-20T12:00',
      '2026-11-20T00:00 2026-11-21T00:00',
    ],
  ])('%s', (_name, given, at, window) => {
    expect(writeWindow(given, at)).toBe(window);
  });

  it.each([
    ['2026-03-08', 23],
    ['2026-11-01', 25],
    ['2026-11-02', 24],
  ])('the day %s has %i hours and as many windows of an hour', (day, hours) => {
    const start = DateTime.fromISO(day, { zone: NEW_YORK }).toMillis();
    const dayWindow = capWindowAt(schedule(1, 'day'), start, NEW_YORK);
    expect((dayWindow.endsAt - dayWindow.startsAt) / 3_600_000).toBe(hours);
    const starts = new Set<number>();
    for (let at = start; at < dayWindow.endsAt; at += 600_000)
      starts.add(capWindowAt(schedule(1, 'hour'), at, NEW_YORK).startsAt);
    expect(starts.size).toBe(hours);
  });

  // Windows with their offsets from UTC, so that an hour that is lost or repeated shows. New York and Berlin change their
  // clocks in spring and autumn, Sydney the other way round.
  const [BERLIN, SYDNEY] = ['Europe/Berlin', 'Australia/Sydney'];
  type Travel = [happens: string, zone: string, window: string, created: string, at: string, from: string, to: string];
  const TRAVELS: Travel[] = [
    ['year end', NEW_YORK, '1 month', '', '2026-12-31T23:59', '2026-12-01T00:00-05:00', '2027-01-01T00:00-05:00'],
    ['year end', BERLIN, '1 month', '', '2027-01-01T00:00', '2027-01-01T00:00+01:00', '2027-02-01T00:00+01:00'],
    [
      'year end',
      SYDNEY,
      '3 month',
      '2026-11-15',
      '2026-12-31T23:59',
      '2026-11-01T00:00+11:00',
      '2027-02-01T00:00+11:00',
    ],
    ['year end', NEW_YORK, '1 week', '', '2026-12-31T12:00', '2026-12-28T00:00-05:00', '2027-01-04T00:00-05:00'],
    [
      'year end',
      BERLIN,
      '2 week',
      '2026-12-22',
      '2027-01-03T23:59',
      '2026-12-21T00:00+01:00',
      '2027-01-04T00:00+01:00',
    ],
    ['year end', SYDNEY, '1 week', '', '2027-01-03T23:59', '2026-12-28T00:00+11:00', '2027-01-04T00:00+11:00'],
    ['year end', NEW_YORK, '1 day', '', '2026-12-31T23:59', '2026-12-31T00:00-05:00', '2027-01-01T00:00-05:00'],
    ['year end', BERLIN, '1 day', '', '2027-01-01T00:00', '2027-01-01T00:00+01:00', '2027-01-02T00:00+01:00'],
    ['year end', SYDNEY, '2 day', '2026-12-31', '2027-01-01T23:59', '2026-12-31T00:00+11:00', '2027-01-02T00:00+11:00'],
    ['year end', NEW_YORK, '5 hour', '', '2026-12-31T23:59', '2026-12-31T20:00-05:00', '2027-01-01T00:00-05:00'],
    ['year end', BERLIN, '6 hour', '', '2027-01-01T00:00', '2027-01-01T00:00+01:00', '2027-01-01T06:00+01:00'],
    ['year end', SYDNEY, '24 hour', '', '2026-12-31T23:59', '2026-12-31T00:00+11:00', '2027-01-01T00:00+11:00'],
    ['year end', NEW_YORK, '1 minute', '', '2026-12-31T23:59', '2026-12-31T23:59-05:00', '2027-01-01T00:00-05:00'],
    ['year end', BERLIN, '7 minute', '', '2027-01-01T00:06', '2027-01-01T00:00+01:00', '2027-01-01T00:07+01:00'],
    ['year end', SYDNEY, '7 minute', '', '2026-12-31T23:59', '2026-12-31T23:55+11:00', '2027-01-01T00:00+11:00'],
    ['leap day', NEW_YORK, '1 month', '', '2028-02-29T23:59', '2028-02-01T00:00-05:00', '2028-03-01T00:00-05:00'],
    ['leap day', BERLIN, '1 month', '', '2027-02-28T23:59', '2027-02-01T00:00+01:00', '2027-03-01T00:00+01:00'],
    [
      'leap day',
      SYDNEY,
      '12 month',
      '2024-02-29',
      '2025-02-28T12:00',
      '2025-02-01T00:00+11:00',
      '2026-02-01T00:00+11:00',
    ],
    ['leap day', NEW_YORK, '1 week', '', '2028-02-29T12:00', '2028-02-28T00:00-05:00', '2028-03-06T00:00-05:00'],
    [
      'leap day',
      BERLIN,
      '2 week',
      '2028-02-29',
      '2028-03-12T23:59',
      '2028-02-28T00:00+01:00',
      '2028-03-13T00:00+01:00',
    ],
    ['leap day', SYDNEY, '1 week', '', '2028-03-05T23:59', '2028-02-28T00:00+11:00', '2028-03-06T00:00+11:00'],
    [
      'leap day',
      NEW_YORK,
      '2 day',
      '2028-02-28',
      '2028-02-29T23:59',
      '2028-02-28T00:00-05:00',
      '2028-03-01T00:00-05:00',
    ],
    ['leap day', BERLIN, '1 day', '', '2028-02-29T00:00', '2028-02-29T00:00+01:00', '2028-03-01T00:00+01:00'],
    ['leap day', SYDNEY, '3 day', '2028-02-27', '2028-02-29T23:59', '2028-02-27T00:00+11:00', '2028-03-01T00:00+11:00'],
    ['leap day', NEW_YORK, '24 hour', '', '2028-02-29T12:00', '2028-02-29T00:00-05:00', '2028-03-01T00:00-05:00'],
    ['leap day', BERLIN, '7 hour', '', '2028-02-29T23:59', '2028-02-29T21:00+01:00', '2028-03-01T00:00+01:00'],
    ['leap day', SYDNEY, '1 hour', '', '2028-02-29T23:00', '2028-02-29T23:00+11:00', '2028-03-01T00:00+11:00'],
    ['leap day', NEW_YORK, '90 minute', '', '2028-02-29T23:59', '2028-02-29T22:30-05:00', '2028-03-01T00:00-05:00'],
    ['leap day', BERLIN, '1 minute', '', '2028-02-29T00:00', '2028-02-29T00:00+01:00', '2028-02-29T00:01+01:00'],
    ['leap day', SYDNEY, '1440 minute', '', '2028-02-29T12:00', '2028-02-29T00:00+11:00', '2028-03-01T00:00+11:00'],
    [
      'month end',
      NEW_YORK,
      '2 day',
      '2026-04-29',
      '2026-05-01T00:00',
      '2026-05-01T00:00-04:00',
      '2026-05-03T00:00-04:00',
    ],
    [
      'month end',
      BERLIN,
      '3 day',
      '2026-01-30',
      '2026-02-01T23:59',
      '2026-01-30T00:00+01:00',
      '2026-02-02T00:00+01:00',
    ],
    [
      'month end',
      SYDNEY,
      '2 week',
      '2026-08-24',
      '2026-09-01T00:00',
      '2026-08-24T00:00+10:00',
      '2026-09-07T00:00+10:00',
    ],
    ['month end', NEW_YORK, '1 week', '', '2026-09-30T23:59', '2026-09-28T00:00-04:00', '2026-10-05T00:00-04:00'],
    [
      'month end',
      BERLIN,
      '2 month',
      '2026-01-31',
      '2026-04-30T23:59',
      '2026-03-01T00:00+01:00',
      '2026-05-01T00:00+02:00',
    ],
    ['month end', SYDNEY, '5 hour', '', '2026-06-30T23:59', '2026-06-30T20:00+10:00', '2026-07-01T00:00+10:00'],
    ['month end', NEW_YORK, '7 minute', '', '2026-04-30T23:59', '2026-04-30T23:55-04:00', '2026-05-01T00:00-04:00'],
    ['clock forward', NEW_YORK, '1 month', '', '2026-03-15T12:00', '2026-03-01T00:00-05:00', '2026-04-01T00:00-04:00'],
    [
      'clock forward',
      SYDNEY,
      '2 month',
      '2026-09-10',
      '2026-10-31T23:59',
      '2026-09-01T00:00+10:00',
      '2026-11-01T00:00+11:00',
    ],
    ['clock forward', NEW_YORK, '1 week', '', '2026-03-08T23:59', '2026-03-02T00:00-05:00', '2026-03-09T00:00-04:00'],
    [
      'clock forward',
      SYDNEY,
      '2 week',
      '2026-09-28',
      '2026-10-04T12:00',
      '2026-09-28T00:00+10:00',
      '2026-10-12T00:00+11:00',
    ],
    ['clock forward', BERLIN, '1 day', '', '2026-03-29T03:00', '2026-03-29T00:00+01:00', '2026-03-30T00:00+02:00'],
    [
      'clock forward',
      NEW_YORK,
      '2 day',
      '2026-03-07',
      '2026-03-08T23:59',
      '2026-03-07T00:00-05:00',
      '2026-03-09T00:00-04:00',
    ],
    ['clock forward', NEW_YORK, '2 hour', '', '2026-03-08T03:30', '2026-03-08T03:00-04:00', '2026-03-08T05:00-04:00'],
    ['clock forward', BERLIN, '30 minute', '', '2026-03-29T03:00', '2026-03-29T03:00+02:00', '2026-03-29T03:30+02:00'],
    ['clock forward', SYDNEY, '45 minute', '', '2026-10-04T03:00', '2026-10-04T01:30+10:00', '2026-10-04T03:15+11:00'],
    ['clock back', SYDNEY, '1 month', '', '2026-04-05T02:30', '2026-04-01T00:00+11:00', '2026-05-01T00:00+10:00'],
    ['clock back', BERLIN, '1 month', '', '2026-10-31T23:59', '2026-10-01T00:00+02:00', '2026-11-01T00:00+01:00'],
    ['clock back', BERLIN, '1 week', '', '2026-10-25T23:00', '2026-10-19T00:00+02:00', '2026-10-26T00:00+01:00'],
    [
      'clock back',
      NEW_YORK,
      '2 week',
      '2026-10-20',
      '2026-11-01T23:59',
      '2026-10-19T00:00-04:00',
      '2026-11-02T00:00-05:00',
    ],
    ['clock back', SYDNEY, '1 day', '', '2026-04-05T23:59', '2026-04-05T00:00+11:00', '2026-04-06T00:00+10:00'],
    [
      'clock back',
      BERLIN,
      '2 day',
      '2026-10-24',
      '2026-10-25T02:30',
      '2026-10-24T00:00+02:00',
      '2026-10-26T00:00+01:00',
    ],
    ['clock back', BERLIN, '2 hour', '', '2026-10-25T02:30', '2026-10-25T02:00+02:00', '2026-10-25T03:00+01:00'],
    ['clock back', SYDNEY, '6 hour', '', '2026-04-05T05:30', '2026-04-05T05:00+10:00', '2026-04-05T11:00+10:00'],
    ['clock back', NEW_YORK, '90 minute', '', '2026-11-01T23:59', '2026-11-01T23:00-05:00', '2026-11-02T00:00-05:00'],
  ];

  it.each(TRAVELS)('%s in %s: %s made "%s", at %s', (_happens, zone, window, created, at, from, to) => {
    const [duration, units] = window.split(' ');
    const duration_units = CAP_DURATION_UNITS.find((each) => each === units) ?? 'month';
    // At noon, which is the same day in all three zones.
    const created_at = created === '' ? {} : { created_at: `${created}T12:00:00Z` };
    const given = { duration: Number(duration), duration_units, ...created_at };
    const { startsAt, endsAt } = capWindowAt(given, DateTime.fromISO(at, { zone }).toMillis(), zone);
    const write = (epochMs: number) => DateTime.fromMillis(epochMs, { zone }).toFormat("yyyy-MM-dd'T'HH:mmZZ");
    expect([write(startsAt), write(endsAt)]).toEqual([from, to]);
  });

  it('every unit has its year end, leap day and both changes of the clock', () => {
    const have = new Set(TRAVELS.map(([happens, , window]) => `${happens} ${window.split(' ')[1]}`));
    for (const happens of ['year end', 'leap day', 'month end', 'clock forward', 'clock back'])
      for (const units of CAP_DURATION_UNITS) expect(have).toContain(`${happens} ${units}`);
  });

  // Clocks go back over midnight in Havana and Beirut, skip it in São Paulo, move by half an hour on Lord Howe Island;
  // Samoa left a whole day out.
  const zone = fc.constantFrom(
    NEW_YORK,
    'America/Havana',
    'America/Sao_Paulo',
    'Asia/Beirut',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'UTC',
  );
  const changes = [
    '2026-03-08',
    '2026-11-01',
    '2018-11-04',
    '2018-02-18',
    '2021-03-28',
    '2021-10-31',
    '2011-12-30',
    '2018-04-01',
    '2020-10-04',
  ];
  const instant = fc
    .tuple(fc.constantFrom(...changes), fc.integer({ min: -36 * 60, max: 60 * 60 }))
    .map(([day, minutes]) => Date.parse(day) + minutes * 60_000);

  it('windows hold their instants and tile time without gap or overlap', () => {
    fc.assert(
      fc.property(
        zone,
        instant,
        fc.constantFrom(...CAP_DURATION_UNITS),
        fc.integer({ min: 1, max: 24 }),
        (tz, at, units, duration) => {
          const given = schedule(duration, units, { created_at: '2017-06-14T10:00:00Z' });
          const window = capWindowAt(given, at, tz);
          expect(window.startsAt).toBeLessThanOrEqual(at);
          expect(window.endsAt).toBeGreaterThan(at);
          expect(capWindowAt(given, window.startsAt, tz)).toEqual(window);
          expect(capWindowAt(given, window.endsAt - 1, tz)).toEqual(window);
          expect(capWindowAt(given, window.endsAt, tz).startsAt).toBe(window.endsAt);
          expect(capWindowAt(given, window.startsAt - 1, tz).endsAt).toBe(window.startsAt);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('a clock answers as the calendar does, forwards and backwards', () => {
    const clock = createCapClock(schedule(2, 'day'), NEW_YORK);
    for (const at of ['2026-11-20', '2026-11-21', '2026-11-25', '2026-11-01', '2026-11-02'].map((day) =>
      Date.parse(day),
    )) {
      expect(clock.windowAt(at)).toEqual(capWindowAt(schedule(2, 'day'), at, NEW_YORK));
      expect(clock.windowAt(at)).toBe(clock.windowAt(at));
    }
  });
});
