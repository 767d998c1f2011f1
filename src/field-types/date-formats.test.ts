import { expect, it } from 'vitest';
import { readDay } from './date-formats.ts';
import { formatIsoDay } from './zoned-time.ts';

const CTX = { now: Date.parse('2026-11-20T12:00:00.000Z'), timeZone: 'UTC' };

it.each<[text: string, day: string]>([
  ['Fri Jun 02 2017', '2017-06-02'],
  ['Jun 02 2017', '2017-06-02'],
  ['6/2/2017', '2017-06-02'],
  ['6/2/68', '2068-06-02'],
  ['6/2/69', '1969-06-02'],
  ['2017-06-02', '2017-06-02'],
  ['06-02-2017', '2017-06-02'],
  ['06022017', '2017-06-02'],
  ['20170602', '2017-06-02'],
  ['02 Jun 2017', '2017-06-02'],
  ['18/07/2017', '2017-07-18'],
  ['2017-18-07', '2017-07-18'],
  ['18072017', '2017-07-18'],
  ['2000-02-29', '2000-02-29'],
])('strictly, %s is %s', (text, day) => {
  const read = readDay(text, CTX);
  expect(read && formatIsoDay(read)).toBe(day);
});

it.each<[text: string, day: string]>([
  ['June 2, 2017', '2017-06-02'],
  ['2 Sept 2017', '2017-09-02'],
  ['  2017-06-02 ', '2017-06-02'],
  ['Fri Jun 02 2017 10:00:00 GMT', '2017-06-02'],
  ['2017-06-02T10:20:30.000Z', '2017-06-02'],
  ['Thu Jun 02 2017', '2017-02-20'],
  ['1995', '1995-01-19'],
  ['junk', '2026-06-01'],
])('leniently, %s is %s', (text, day) => {
  const read = readDay(text, CTX);
  expect(read && formatIsoDay(read)).toBe(day);
});

it.each(['', ' ', 'yesterday', '2017-02-30', '1900-02-29', '13/13/2019', '2017/06/02', '1402000000', '1'.repeat(101)])(
  '%j is no day',
  (text) => {
    expect(readDay(text, CTX)).toBeUndefined();
  },
);
