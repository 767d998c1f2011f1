import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuRatioOnce } from '../../test/harness/cpu-ratio.ts';
import { FIELD_TYPE_NAMES } from '../model/field-type.ts';
import type { ParseContext } from './field-type.ts';
import { FIELD_TYPES } from './field-types.ts';
import { maskValue } from './mask-value.ts';
import { normalizeValue } from './normalize-value.ts';
import { parseValue, VALUE_LENGTH_MAX } from './parse-value.ts';

const CTX: ParseContext = { now: Date.parse('2026-11-20T12:00:00.000Z'), timeZone: 'UTC' };

const jsonForm = (type: string, value: unknown) => normalizeValue(parseValue(type, value, CTX));

describe('the JSON form of a value read as', () => {
  it.each<[string, unknown, unknown]>([
    ['boolean', 'Yes!', { normal: true, valid: true }],
    ['boolean', 0, { normal: false, valid: true }],
    ['boolean', 2, { normal: false, valid: false }],
    ['number', '12:30', { normal: 1230 }],
    ['number', '€1.234,56', { normal: 1.23456 }],
    ['number', '555-1234', { normal: Number.NaN, valid: false }],
    ['number', [5], [5]],
    ['number', true, { normal: Number.NaN, raw: true, valid: false }],
    ['number', '9'.repeat(400), { valid: false }],
    ['range', '-10 to -5', { normal: '-10-5', min: -10, max: 5, mid: -2 }],
    ['range', '18-65+', { normal: '65+', min: 65, max: null, avg: null }],
    ['range', 'between 5 and 10 days', { normal: '5-10', avg: 7.5, mid: 7 }],
    ['range', '$50,000', { normal: '$50,000', min: 50000, max: 50000 }],
    ['range', '2019-01-01T10:00:00-2019-02-01T10:00:00', { normal: '1546336800000-1549015200000' }],
    ['range', 'none', { normal: 'none', min: null, valid: false }],
    ['gender', ' Male ', { normal: 'male', raw: ' Male ', abbr: 'M' }],
    ['ssn', '123 45 6789', { normal: '123456789', last_four: '6789', masked: false }],
    ['state', 'District of Columbia', { normal: 'District of Columbia', valid: true }],
    ['state', 'dc', { normal: 'DC', name: 'District of Columbia' }],
    ['street', '  12   Main St ', { normal: '12   Main St', number: '12', name: 'Main St' }],
    ['postal_code', 501, { normal: '501', valid: false }],
    ['url', 'none', { normal: 'http://none/', valid: true }],
    ['url', 'HTTP://EXAMPLE.com:80/a?b#c', { normal: 'http://example.com/a?b#c', query: 'b', hash: '#c' }],
    ['url', 'javascript://x', { valid: false }],
    ['trustedform_url', '', ''],
    ['trustedform_url', 'https://cert.trustedform.com/0.abcDEF', { cert_id: '0.abcDEF', valid: true }],
    ['trustedform_url', 'https://cert.trustedform.com.example.com/0.abcDEF', { valid: false }],
    ['string', { toString: 5 }, '[object Object]'],
    ['city', ' Marfa ', ' Marfa '],
    ['email', { toString: 5, valueOf: 5 }, { normal: '[object Object]', valid: false }],
    ['email', { raw: 'a@b.co' }, { normal: 'a@b.co', valid: true }],
    ['wildcard', '5', '5'],
    ['__proto__', '5', '5'],
  ])('%s: %j is %j', (type, value, expected) => {
    const actual = jsonForm(type, value);
    if (typeof expected === 'object' && !Array.isArray(expected)) expect(actual).toMatchObject(expected as object);
    else expect(actual).toEqual(expected);
  });
});

describe('every type', () => {
  it('has one row, in the order of the reference', () => {
    expect(FIELD_TYPES.map(({ name }) => name)).toEqual(FIELD_TYPE_NAMES);
  });

  it.each(FIELD_TYPES)('$name reads its examples as valid', ({ name, examples }) => {
    for (const example of examples) {
      const value = jsonForm(name, example);
      expect(typeof value === 'string' ? true : (value as { valid: boolean }).valid).toBe(true);
    }
  });

  it.each(FIELD_TYPES)('$name keeps null, undefined and arrays as they are', ({ name }) => {
    expect(parseValue(name, null, CTX)).toBeNull();
    expect(parseValue(name, undefined, CTX)).toBeUndefined();
    const list = ['1', null];
    expect(parseValue(name, list, CTX)).toBe(list);
  });

  it.each(FIELD_TYPES)('$name never throws, and its values can be written and masked', ({ name }) => {
    const parts = fc.constantFrom(
      '1',
      '12',
      '2017',
      '-',
      '/',
      '.',
      ' ',
      'jun',
      'to',
      '+',
      '*',
      '@',
      ':',
      'x',
      '(',
      '"',
      '\ud800',
    );
    const words = fc.array(parts, { maxLength: 20 }).map((list) => list.join(''));
    fc.assert(
      fc.property(fc.oneof(words, fc.string({ unit: 'binary' }), fc.jsonValue(), fc.anything()), (value) => {
        JSON.stringify(normalizeValue(maskValue(parseValue(name, value, CTX))));
      }),
      { numRuns: 150 },
    );
  });

  // A boolean that was not understood reads as a valid false the second time, and a phone loses its hint (measured).
  it.each(FIELD_TYPES.filter(({ name }) => name !== 'boolean' && name !== 'phone'))(
    '$name reads its own values as the same value again',
    ({ name, examples }) => {
      for (const text of [...examples, '', 'zz', '1-2', '12/31/1999', 'Ann Ray']) {
        const once = parseValue(name, text, CTX);
        expect(normalizeValue(parseValue(name, once, CTX))).toEqual(normalizeValue(once));
      }
    },
  );

  it.each(FIELD_TYPES)('$name reads long hostile texts in bounded time', ({ name }) => {
    parseValue(name, 'tomorrow', CTX);
    for (const length of [100, 200, 250, 300, VALUE_LENGTH_MAX]) {
      for (const unit of HOSTILE_UNITS) {
        const text = unit.repeat(length).slice(0, length);
        // The first reading of each; decision 40 allows 50 ms, about 25 reference loops, of a reading that is warm.
        expect(cpuRatioOnce(() => parseValue(name, text, CTX))).toBeLessThan(125);
      }
    }
  });
});

const HOSTILE_UNITS = [
  '1',
  ' ',
  'a',
  '1.',
  '((',
  '"a"',
  'a.',
  'a@',
  '- ',
  '+1',
  'x1',
  '*',
  'jan ',
  '0:',
  '1 day ',
  'ext ',
];

describe('a value longer than the bound (decision 40)', () => {
  const long = '1'.repeat(VALUE_LENGTH_MAX + 1);

  it.each(['boolean', 'date', 'email', 'number', 'phone', 'state', 'time', 'url'])('stays text as %s', (type) => {
    expect(jsonForm(type, long)).toEqual({ normal: long, raw: long, valid: false });
    expect(jsonForm(type, { raw: long })).toEqual({ normal: long, raw: long, valid: false });
  });

  it.each(['ssn', 'dob', 'credential'])('can still be masked as %s', (type) => {
    expect(JSON.stringify(normalizeValue(maskValue(parseValue(type, long, CTX))))).not.toContain('1');
  });

  it('is untouched as a type nothing is read from', () => {
    expect(parseValue('city', long, CTX)).toBe(long);
    expect(parseValue('string', long, CTX)).toBe(long);
  });
});
