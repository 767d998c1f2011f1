import { describe, expect, it } from 'vitest';
import { normalizeValue } from './normalize-value.ts';
import { parseValue } from './parse-value.ts';
import { instantValue } from './time.ts';

const NOW = Date.parse('2026-11-20T12:00:00.000Z');

describe('in Chicago', () => {
  it.each<[type: string, text: string, normal: string]>([
    ['time', '2017-06-14T16:05:41', '2017-06-14T21:05:41.000Z'],
    ['time', '2017-01-14T16:05:41', '2017-01-14T22:05:41.000Z'],
    ['time', '2017-06-14T16:05:41Z', '2017-06-14T16:05:41.000Z'],
    ['time', '2017-06-14T16:05:41-0500', '2017-06-14T21:05:41.000Z'],
    ['time', '2017-06-14T16:05:41.5+02:00', '2017-06-14T14:05:41.005Z'],
    ['time', '2017-06-14T16:05:41.123456Z', '2017-06-14T16:05:41.000Z'],
    // The offset of that day, not of today.
    ['time', '06/14/2017 4:05:41 PM', '2017-06-14T21:05:41.000Z'],
    ['time', 'June 14, 2017', '2017-06-14T17:00:00.000Z'],
    ['time', 'tomorrow at 9am', '2026-11-21T15:00:00.000Z'],
    ['time', 'June 14, 2017 4pm EST', '2017-06-14T21:00:00.000Z'],
    ['time', '2017-13-14T16:05:41Z', '2017-13-14T16:05:41Z'],
    ['date', '2017-06-14', '2017-06-14'],
  ])('%s: %s is %s', (type, text, normal) => {
    const value = normalizeValue(parseValue(type, text, { now: NOW, timeZone: 'America/Chicago' }));
    expect(value).toMatchObject({ normal, raw: text });
  });

  it('a day begins at local midnight, and a date of birth has an age by the local calendar', () => {
    const ctx = { now: Date.parse('2026-11-20T03:00:00.000Z'), timeZone: 'America/Chicago' };
    const birth = parseValue('dob', '11/20/1990', ctx);
    expect(Number(birth)).toBe(Date.parse('1990-11-20T06:00:00.000Z'));
    expect(birth).toMatchObject({ age: 35.9, year: 1990 });
    expect(parseValue('dob', '11/19/1990', ctx)).toMatchObject({ age: 36 });
  });
});

it('people born on 29 February have an age in common years', () => {
  const ctx = { now: NOW, timeZone: 'UTC' };
  expect(parseValue('dob', '02/29/2000', ctx)).toMatchObject({ age: 26.7, year: 2000 });
});

it.each(['March 3 BC', '3 March 500 BC', '0000-01-01T00:00:00+05:00', '9999-12-31T23:00:00-05:00'])(
  '%s lies in a year that has no ISO text of four digits and is no time',
  (text) => {
    expect(parseValue('time', text, { now: NOW, timeZone: 'UTC' })).toMatchObject({ raw: text, valid: false });
  },
);

it('an unknown zone is read as UTC', () => {
  const value = parseValue('time', '2017-06-14T16:05:41', { now: NOW, timeZone: 'Mars/Base' });
  expect(String(value)).toBe('2017-06-14T16:05:41.000Z');
  expect(String(parseValue('dob', '1990-11-19', { now: NOW, timeZone: 'Mars/Base' }))).toBe('1990-11-19');
});

it('the value of an instant reads as its ISO text', () => {
  expect(normalizeValue(instantValue(NOW))).toEqual({
    normal: '2026-11-20T12:00:00.000Z',
    raw: '2026-11-20T12:00:00.000Z',
    valid: true,
  });
});
