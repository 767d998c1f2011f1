import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DISPOSABLE_DOMAINS, FREE_DOMAINS } from './email-domain-lists.ts';
import { normalizeValue } from './normalize-value.ts';
import { parseValue } from './parse-value.ts';

const CTX = { now: Date.parse('2026-11-20T12:00:00.000Z'), timeZone: 'UTC' };
const read = (type: string, value: unknown) => normalizeValue(parseValue(type, value, CTX)) as Record<string, unknown>;

describe('rules of the second measured set', () => {
  it.each<[string, unknown, object]>([
    // Blanks of any number and kind in postal codes.
    ['postal_code', '78704 \t-\n 1234', { normal: '78704-1234', code: '78704 \t-\n 1234' }],
    ['postal_code', '78704--1234', { valid: false }],
    ['postal_code', 'K1A\u00a0 0B1', { normal: 'K1A 0B1', ldu: '0B1' }],
    ['postal_code', 'K1A - 0B1', { valid: false }],
    ['postal_code', 'sw1a \t1aa', { normal: 'SW1A 1AA' }],
    ['postal_code', 'sw1a-1aa', { valid: false }],
    // British outward codes.
    ['postal_code', 'W12C 1AA', { outcode: 'W12C' }],
    ['postal_code', 'WC12C 1AA', { outcode: 'WC12C' }],
    ['postal_code', 'W1CC 1AA', { valid: false }],
    ['postal_code', 'W 1AA', { valid: false }],
    ['postal_code', '12 1AA', { valid: false }],
    ['postal_code', '   ', { valid: true, code: null, zip: null }],
    // Ranges.
    ['range', '25to34', { normal: '25-34', min: 25, max: 34 }],
    ['range', '25%to30%', { normal: '25-30' }],
    ['range', '25TO34', { min: 2534, max: 2534 }],
    ['range', '5 tons', { min: 5, max: 5 }],
    ['range', 'tomorrow 5', { min: 5, max: 5 }],
    ['range', '9.99', { avg: 9.99, mid: 9.99 }],
    ['range', '0.125', { avg: 0.125, mid: 0.125 }],
    ['range', '1.005-1.005', { avg: 1.005, mid: 1.005 }],
    ['range', '-3 - -1', { valid: false, normal: '-3 - -1' }],
    ['range', '-3--1', { valid: false }],
    ['range', '-3 - 1', { min: -3, max: 1 }],
    ['range', '-10 to -5', { min: -10, max: 5 }],
    ['range', parseValue('number', '$1,000.50', CTX), { normal: '1000.5', raw: '1000.5', min: 1000.5 }],
    ['range', parseValue('date', '6/2/2017', CTX), { raw: '2017-06-02', min: Date.UTC(2017, 5, 2) }],
    ['range', parseValue('phone', '(512) 789-4321', CTX), { min: 5_127_894_321 }],
    // Addresses.
    ['url', 'example.com/a#b?c', { hash: '#b?c', query: '' }],
    ['url', 'example.com/#', { hash: '', normal: 'http://example.com/#' }],
    ['email', 'Ann@Intranet', { host: 'Intranet', tld: 'Intranet', domain: 'Intranet' }],
    ['email', 'ann@x.y.example', { host: 'x.y', tld: 'example' }],
    ['email', 'ann@charter.net', { is_free: true, is_disposable: false }],
    ['email', 'ann@mail.mohmal.com', { is_free: true, is_disposable: true }],
    ['email', 'ann@sky.com', { is_free: false, is_disposable: false }],
    ['ip', '192.0.2.1.', { normal: '192.0.2.1', valid: true }],
    ['ip', 'http://192.0.2.1.:8080/x', { normal: '192.0.2.1', valid: true }],
    ['ip', '192.0.2.1..', { valid: false }],
    ['ip', '192.0.2.1:80.', { valid: false }],
    [
      'trustedform_url',
      `https://cert.trustedform.com/${'aB'.repeat(20)}/`,
      { path: `/${'aB'.repeat(20)}`, cert_id: 'ab'.repeat(20) },
    ],
  ])('%s: %j is %j', (type, value, expected) => expect(read(type, value)).toMatchObject(expected));

  it.each<[string, string, string, boolean]>([
    ['date', '1990', '1990-01-19', true],
    ['date', 'June 1990', '1990-06-19', true],
    ['date', '06/1990', '1990-06-19', true],
    ['date', '1990-06', '1990-06', false],
    ['date', 'summer 2020', 'summer 2020', false],
    ['date', 'Friday', 'Friday', false],
    ['date', 'tomorrow', 'tomorrow', false],
    ['date', '1990/12/31', '1990/12/31', false],
    ['date', '31.12.1990', '31.12.1990', false],
    ['date', '12-31-90', '12-31-90', false],
    ['number', '250k', '250', true],
    ['number', '1e3', '13', true],
    ['number', '1.234,56', '1.23456', true],
    ['boolean', 'on', 'false', false],
    ['state', 'District of Columbia', 'District of Columbia', true],
    ['state', 'D.C.', 'D.C.', true],
  ])('an odd value is read as page 0045 says, and raw keeps it: %s %s', (type, text, normal, valid) => {
    const value = parseValue(type, text, CTX);
    expect([String(value), read(type, text)['raw'], read(type, text)['valid']]).toEqual([normal, text, valid]);
  });

  it('the patterns of page 0045 distinguish whole dates and plain numbers from the others', () => {
    const day = /\d\D+\d+\D+\d|^\d{8}$|[A-Za-z]{3}\D+\d{1,2}\D+\d{4}|\d\D+[A-Za-z]{3}\D*\d{4}/;
    const whole = ['1990-12-31', '12/31/1990', '6/2/17', '12311990', 'Jun 02 2017', '02 Jun 2017', '5 Sept 2017'];
    expect(whole.filter((text) => !day.test(text))).toEqual([]);
    expect(['1990', 'June 1990', '06/1990', 'Q3 2020', 'Jun', '12'].filter((text) => day.test(text))).toEqual([]);
    const amount = /^\D{0,4}\d{1,3}(,?\d{3})*(\.\d+)?$/;
    expect(['5', '-12.5', '$1,000.00', '250000', 'USD 250'].filter((text) => !amount.test(text))).toEqual([]);
    expect(['250k', '1e3', '1.234,56', '1,5', '12:30'].filter((text) => amount.test(text))).toEqual([]);
  });

  it('an age gains a tenth on these days after the birthday and on no other', () => {
    const thresholds = [37, 73, 110, 146, 183, 220, 256, 293, 329];
    const steps: number[] = [];
    let before = 40;
    for (let day = 1; day < 365; day += 1) {
      const now = Date.UTC(2026, 2, 1 + day, 12);
      const { age } = normalizeValue(parseValue('dob', '1986-03-01', { ...CTX, now })) as { age: number };
      if (age !== before) steps.push(day);
      expect(age).toBeCloseTo(40 + steps.length / 10, 9);
      before = age;
    }
    expect(steps).toEqual(thresholds);
  });

  it('the average of two ends has two decimals, as toFixed has', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999 }), fc.integer({ min: 0, max: 99_999 }), (a, b) => {
        fc.pre(a !== b);
        const { avg, mid } = read('range', `${a / 1000} to ${b / 1000}`);
        expect(avg).toBe(Number(((a / 1000 + b / 1000) / 2).toFixed(2)));
        expect(mid).toBe(Math.trunc(Number(avg)));
      }),
      { numRuns: 200 },
    );
  });

  it('digits of every script read as the same number', () => {
    const zeros = ['0', '٠', '۰', '०', '০', '๐', '０', '𝟎', '𝟘', '𝟶'];
    for (const zero of zeros) {
      const written = [...'5127894321'].map((digit) =>
        String.fromCodePoint((zero.codePointAt(0) ?? 0) + Number(digit)),
      );
      expect(read('phone', written.join(''))).toMatchObject({ normal: '5127894321', valid: true });
    }
  });

  it('the lists of domains are whole and apart', () => {
    expect([FREE_DOMAINS.size, DISPOSABLE_DOMAINS.size]).toEqual([3810, 337]);
    expect([...DISPOSABLE_DOMAINS].filter((domain) => FREE_DOMAINS.has(domain))).toEqual([]);
    for (const domain of [...FREE_DOMAINS, ...DISPOSABLE_DOMAINS]) expect(domain).toMatch(/^[a-z\d-]+(\.[a-z\d-]+)+$/);
  });
});
