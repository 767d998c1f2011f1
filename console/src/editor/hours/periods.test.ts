import { expect, it } from 'vitest';
import { compileHoursOfOperation } from '../../../../src/rules/hours-of-operation.ts';
import { describeHours } from './describe-hours.ts';
import { isOpenAt, keepPeriods, parsePeriods, showPeriods, spansOf } from './periods.ts';

const OFFICE = [{ start: '08:30', end: '17:00' }];

it.each([
  ['8:30-17:00', '08:30–17:00'],
  ['8:30 – 17', '08:30–17:00'],
  ['9am to 5:30 pm', '09:00–17:30'],
  ['12am-12pm', '00:00–12:00'],
  ['8-12, 13-18', '08:00–12:00, 13:00–18:00'],
  ['22:00 until 24:00', '22:00–24:00'],
  ['all day', 'all day'],
  ['0-24', 'all day'],
  ['closed', 'closed'],
  [' ', 'closed'],
])('"%s" is shown as "%s", which is read as the same', (text, shown) => {
  const parsed = parsePeriods(text);
  expect(parsed.ok && showPeriods(parsed.value)).toBe(shown);
  expect(parsePeriods(shown)).toEqual(parsed);
});

it.each([
  ['8:30', /no period/],
  ['25-26', /no period/],
  ['8:60-9', /no period/],
  ['13pm-14pm', /no period/],
  ['1-2-3', /no period/],
  ['22-2', /ends after it starts/],
  ['8-8', /ends after it starts/],
  [Array.from({ length: 25 }, () => '8-9').join(), /at most 24/],
])('"%s" is no list of periods', (text, fault) => {
  const parsed = parsePeriods(text);
  expect(parsed.ok ? '' : parsed.fault).toMatch(fault);
});

it('shows what is no period as the document has it, and draws nothing of it', () => {
  const odd = [{ start: 'noon', end: '17:00' }];
  expect(showPeriods(odd)).toBe('noon–17:00');
  expect(spansOf(odd)).toEqual([]);
});

it('keeps what a document has besides, where a period is the same', () => {
  const before = [{ start: '08:00', end: '09:00', note: 'x' }];
  expect(keepPeriods(before, [{ start: '08:00', end: '09:00' }, ...OFFICE])).toEqual([...before, ...OFFICE]);
});

it('is open when the server says so, through a week with a change of clocks', () => {
  const hours = {
    time_zone: 'America/Chicago',
    days: { sunday: [{ start: '01:00', end: '03:30' }], monday: OFFICE, friday: [{ start: '00:00', end: '24:00' }] },
  };
  const server = compileHoursOfOperation(hours, { path: 'hours_of_operation', timeZone: 'UTC', problems: [] });
  const start = Date.parse('2026-03-06T00:00:00Z');
  for (let minute = 0; minute < 7 * 24 * 60; minute += 30) {
    const at = start + minute * 60_000;
    expect(isOpenAt(hours, new Date(at), 'UTC'), new Date(at).toISOString()).toBe(server.isOpenAt(at));
  }
});

it.each([
  [null, null],
  [{ enabled: false, days: { monday: OFFICE } }, null],
  [{ days: {} }, 'Never'],
  [
    { days: { monday: OFFICE, tuesday: OFFICE, wednesday: OFFICE, saturday: [{ start: '10:00', end: '14:00' }] } },
    'Mon–Wed 08:30–17:00, Sat 10:00–14:00, America/Chicago',
  ],
  [{ time_zone: 'UTC', days: { monday: OFFICE, tuesday: OFFICE } }, 'Mon, Tue 08:30–17:00, UTC'],
])('says hours in short: %j', (hours, phrase) => {
  expect(describeHours(hours, { timeZone: 'America/Chicago' })).toBe(phrase);
});
