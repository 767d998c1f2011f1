import { expect, it } from 'vitest';
import { aggregateValue } from './aggregate-value.ts';
import { normalizeValue } from './normalize-value.ts';
import { parseValue } from './parse-value.ts';

const CTX = { now: Date.parse('2026-11-20T12:00:00.000Z'), timeZone: 'UTC' };

it('normalizeValue drops functions and falsy members of arrays, at any depth', () => {
  const value = { list: ['a', '', null, 0, { f: () => 1, b: [false] }], at: new Date(0), none: null };
  expect(normalizeValue(value)).toEqual({
    list: ['a', { b: [] }],
    at: '1970-01-01T00:00:00.000Z',
    none: null,
  });
});

it('normalizeValue copies hostile names without touching any prototype', () => {
  const hostile: unknown = JSON.parse('{"__proto__": {"valid": true}, "constructor": "x", "toString": 5}');
  const copy = normalizeValue(hostile) as object;
  expect(JSON.stringify(copy)).toBe('{"__proto__":{"valid":true},"constructor":"x","toString":5}');
  expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
});

it('normalizeValue answers for structures deeper than any lead', () => {
  let nested: unknown = 'x';
  for (let i = 0; i < 5000; i += 1) nested = { nested };
  expect(JSON.stringify(normalizeValue(nested)).length).toBeLessThan(2000);
});

it.each<[type: string, text: string, kept: unknown]>([
  [
    'phone',
    '(512) 789-4321',
    { type: null, country_code: 'US', country_calling_code: 1, area: '512', exchange: '789', is_tollfree: false },
  ],
  ['email', 'Ann@Example.com', { domain: 'Example.com', host: 'Example', tld: 'com' }],
  ['email', 'no address', undefined],
  ['state', 'texas', 'TX'],
  ['boolean', 'yes', true],
  ['date', '6/2/2017', '2017-06-02'],
  ['dob', '6/2/2017', '2017-06-02'],
  ['time', '2017-06-14T16:05:41Z', '2017-06-14T16:05:41.000Z'],
  ['range', '1-10', { normal: '1-10', min: 1, max: 10, avg: 5.5, mid: 5 }],
  ['postal_code', '78704-1234', { normal: '78704-1234', code: '78704-1234', country_code: 'US', zip: '78704' }],
  ['street', '1 Main St', undefined],
  ['ssn', '123-45-6789', undefined],
  ['city', 'Austin', 'Austin'],
  ['wildcard', 'x', 'x'],
])('of %s %s reports keep %j', (type, text, kept) => {
  expect(aggregateValue(type, normalizeValue(parseValue(type, text, CTX)))).toEqual(kept);
});
