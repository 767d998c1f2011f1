import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import type { HoursOfOperation } from '../model/flow.ts';
import type { Problem } from '../model/problem.ts';
import { compileHoursOfOperation } from './hours-of-operation.ts';

const ZONE = 'America/Chicago';

function compile(hours: unknown) {
  const problems: Problem[] = [];
  const options = { path: 'hours_of_operation', timeZone: ZONE, problems };
  return { hours: compileHoursOfOperation(hours as HoursOfOperation, options), problems };
}

const WEEK = {
  enabled: true,
  days: {
    monday: [
      { start: '08:30', end: '12:00' },
      { start: '13:00', end: '17:00' },
    ],
    saturday: [{ start: '00:00', end: '24:00' }],
    sunday: [],
  },
};

describe('compileHoursOfOperation', () => {
  it.each<[hours: unknown, at: string, isOpen: boolean]>([
    [null, '2026-11-22T03:00', true],
    [{ ...WEEK, enabled: false }, '2026-11-22T03:00', true],
    [WEEK, '2026-11-23T08:29:59', false],
    [WEEK, '2026-11-23T08:30', true],
    [WEEK, '2026-11-23T11:59:59', true],
    [WEEK, '2026-11-23T12:00', false],
    [WEEK, '2026-11-23T13:00', true],
    [WEEK, '2026-11-23T17:00', false],
    [WEEK, '2026-11-21T00:00', true],
    [WEEK, '2026-11-21T23:59:59', true],
    [WEEK, '2026-11-22T12:00', false],
    [WEEK, '2026-11-24T12:00', false],
    [{ ...WEEK, time_zone: 'America/New_York' }, '2026-11-23T07:30', true],
    [{ ...WEEK, enabled: undefined }, '2026-11-24T12:00', false],
  ])('%#: at %s', (hours, at, isOpen) => {
    const compiled = compile(hours);
    expect(compiled.problems).toEqual([]);
    const instant = DateTime.fromISO(at, { zone: ZONE }).toMillis();
    expect([compiled.hours.isOpenAt(instant), compiled.hours.isOpenAt(instant)]).toEqual([isOpen, isOpen]);
  });

  it('counts wall time on days when the clock changes', () => {
    const hours = compile({ days: { sunday: [{ start: '03:00', end: '04:00' }] } }).hours;
    expect(hours.isOpenAt(Date.parse('2026-03-08T07:59:00Z'))).toBe(false);
    expect(hours.isOpenAt(Date.parse('2026-03-08T08:00:00Z'))).toBe(true);
    expect(hours.isOpenAt(Date.parse('2026-11-01T09:00:00Z'))).toBe(true);
  });

  const period = (start: unknown, end: unknown) => ({
    days: {
      friday: [
        { start: '01:00', end: '02:00' },
        { start, end },
      ],
    },
  });

  it.each<[name: string, hours: unknown, path: string, message: RegExp]>([
    ['no colon', period('0830', '17:00'), 'days.friday.1.start', /08:30/],
    ['minutes above 59', period('08:60', '17:00'), 'days.friday.1.start', /08:30/],
    ['after midnight', period('08:00', '24:01'), 'days.friday.1.end', /24:00/],
    ['no text', period(8, '17:00'), 'days.friday.1.start', /08:30/],
    ['over midnight', period('22:00', '06:00'), 'days.friday.1.end', /next day/],
    ['of no length', period('06:00', '06:00'), 'days.friday.1.end', /ends after/],
    ['no list', { days: { friday: 'open', monday: [{ start: '1:00', end: '2:00' }] } }, 'days.friday', /list/],
    ['another day', { days: { ...WEEK.days, Montag: [] } }, 'days.Montag', /monday/],
    ['no open day', { days: {} }, 'days', /open on no day/],
    ['nothing but a switch', { enabled: true }, 'days', /open on no day/],
    ['an unknown zone', { ...WEEK, time_zone: 'CST6' }, 'time_zone', /America\/New_York/],
  ])('reports to the author: %s', (_name, hours, path, message) => {
    const { problems } = compile(hours);
    expect(problems.map((problem) => problem.path)).toEqual([`hours_of_operation.${path}`]);
    expect(problems[0]?.message).toMatch(message);
  });
});
