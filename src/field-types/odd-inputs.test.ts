import { describe, expect, it } from 'vitest';
import { aggregateValue } from './aggregate-value.ts';
import type { ParseContext } from './field-type.ts';
import { maskValue } from './mask-value.ts';
import { normalizeValue } from './normalize-value.ts';
import { parseValue } from './parse-value.ts';

const CTX: ParseContext = { now: Date.parse('2026-11-20T12:00:00.000Z'), timeZone: 'UTC' };

const read = (type: string, value: unknown) => parseValue(type, value, CTX);

/** Each row is a sentence of the notes about the types (spec modules d). */
describe('a value read as', () => {
  it.each<[string, unknown, object]>([
    ['email', 'A: ann@example.com;', { normal: 'ann@example.com', valid: true }],
    ['email', 'A: a@example.com, b@example.com;', { valid: false }],
    ['email', '"Ray, Ann" <Ann@Example.com> (home (old))', { normal: 'ann@example.com', user: 'Ann' }],
    ['email', 'ann @ example . com', { normal: 'ann@example.com', domain: 'example.com' }],
    ['email', 'ann@example.com bob@example.com', { valid: false }],
    ['email', 'nobody@localhost', { host: 'localhost', tld: 'localhost', valid: true }],
    ['email', 'Ann@Sub.Example.CO.uk', { host: 'Sub.Example.CO', tld: 'uk', domain: 'Sub.Example.CO.uk' }],
    ['email', 'ann@mailinator.com', { is_free: true, is_disposable: true }],
    ['postal_code', '78704 1234', { normal: '78704-1234', zip: '78704', four: '1234', country_code: 'US' }],
    ['postal_code', 'k1a0b1', { normal: 'K1A 0B1', fsa: 'K1A', district: 'K', ldu: '0B1', country_code: 'CA' }],
    ['postal_code', 'sw1a1aa', { normal: 'SW1A 1AA', outcode: 'SW1A', incode: '1AA', country_code: 'GB' }],
    ['postal_code', 'K1A-0B1', { normal: 'K1A-0B1', valid: false }],
    ['postal_code', '', { country_code: 'US', zip: null, four: null, valid: true }],
    ['range', '1 10', { normal: '1-10', avg: 5.5, mid: 5 }],
    ['range', '10 +', { normal: '10+', min: 10, max: null, avg: null, mid: null }],
    ['range', '1.111-2.222', { avg: 1.67, mid: 1 }],
    ['range', '1\u201410', { min: 110, max: 110 }],
    ['range', '10-1', { min: 10, max: 1, valid: true }],
    ['range', '2017-01-01 to 2017-02-01', { min: Date.UTC(2017, 0, 1), max: Date.UTC(2017, 1, 1) }],
    ['number', '1e5', { normal: 15 }],
    ['number', '(5)', { normal: 5 }],
    ['number', '1.2.3', { valid: false }],
    ['boolean', 'y e s!', { normal: true, valid: true }],
    ['boolean', 'on', { normal: false, valid: false }],
    ['gender', 'O', { normal: 'other', abbr: 'O', valid: true }],
    ['gender', 1, { normal: '1', raw: 1, valid: false }],
    ['ssn', '000-00-0000', { normal: '000000000', first_three: '000', middle_two: '00', valid: true }],
    ['ssn', '1234567890', { normal: '1234567890', valid: false }],
    ['street', 'Main Street', { number: 'Main', name: 'Street', valid: true }],
    ['state', 'Yukon', { normal: 'Yukon', name: 'Yukon', valid: true }],
    ['state', ' TX', { normal: ' TX', valid: true }],
    ['state', 'prince edward island', { normal: 'PE' }],
    ['date', '25/6/2017', { normal: '2017-06-25' }],
    ['date', '2017-25-06', { normal: '2017-06-25' }],
    ['date', '6/2/68', { normal: '2068-06-02' }],
    ['date', '6/2/69', { normal: '1969-06-02' }],
    ['date', 'Thu Jun 02 2017', { normal: '2017-02-20' }],
    ['date', 'tomorrow', { valid: false }],
    ['dob', '2030-01-01', { valid: true, year: 2030, masked: false }],
    ['time', '2017-06-14', { normal: '2017-06-14T12:00:00.000Z' }],
    ['time', '2017-06-14T16:05:33.5Z', { normal: '2017-06-14T16:05:33.005Z' }],
    ['time', 'call me on 6/14/2017 at 4pm', { normal: '2017-06-14T16:00:00.000Z' }],
    ['time', '12345', { valid: false }],
    ['ip', 'http://192.168.010.1:80/x', { normal: '192.168.8.1', is_ipv4: true, ipv6_format: 'ffff::c0a8:801' }],
    ['ip', '[2001:DB8::1]:80', { normal: '2001:db8::1', is_ipv4: false, ipv6_format: '2001:db8::1' }],
    ['ip', '192.0.2.1, 192.0.2.2', { valid: false }],
    ['ip', 'fe80::1%eth0', { valid: false }],
    ['ip', '3221225985', { valid: false }],
    [
      'url',
      'https://example.com:443/a?b=c#d',
      { normal: 'https://example.com/a?b=c#d', port: '', host: 'example.com' },
    ],
    ['url', 'example.com?u=http://x', { valid: false }],
    ['trustedform_url', `https://cert.trustedform.com/${'A'.repeat(40)}`, { cert_id: 'a'.repeat(40), type: null }],
    [
      'trustedform_url',
      `https://ping.trustedform.com/${'A'.repeat(80)}?x=1`,
      { path: `/${'A'.repeat(80)}`, valid: true },
    ],
    ['trustedform_url', `http://cert.trustedform.com/${'a'.repeat(40)}`, { valid: false }],
  ])('%s: %j', (type, value, expected) => {
    expect(normalizeValue(read(type, value))).toMatchObject(expected);
  });
});

describe('masked', () => {
  it.each<[string, unknown, object]>([
    ['ssn', '123-45-6789', { normal: '*********', raw: '***********', last_four: '****', masked: true, valid: true }],
    ['credential', 'abc', { normal: '***', masked: true }],
    ['dob', '6/2/1990', { normal: '**/**/1990', raw: '**/**/1990', year: 1990, masked: true, valid: true }],
    ['phone', '512-789-4321', { normal: '5127894321', valid: true }],
  ])('%s: %j', (type, value, expected) => {
    expect(normalizeValue(maskValue(read(type, value)))).toMatchObject(expected);
  });
});

describe('what reports keep of', () => {
  it.each<[string, unknown, unknown]>([
    ['email', 'ann@sub.example.com', { domain: 'sub.example.com', host: 'sub.example', tld: 'com' }],
    [
      'phone',
      '800 555 0199 w',
      { type: 'work', country_code: 'US', country_calling_code: 1, area: '800', exchange: '555', is_tollfree: true },
    ],
    ['postal_code', '78704-1234', { normal: '78704-1234', code: '78704-1234', country_code: 'US', zip: '78704' }],
    ['state', 'texas', 'TX'],
    ['boolean', 'yes', true],
    ['number', '$5', 5],
    ['range', '1-10', { normal: '1-10', min: 1, max: 10, avg: 5.5, mid: 5 }],
    ['date', '6/2/2017', '2017-06-02'],
    ['dob', '6/2/1990', '1990-06-02'],
    ['time', '2017-06-14T16:05:41Z', '2017-06-14T16:05:41.000Z'],
    ['ssn', '123456789', undefined],
    ['street', '1 Main St', undefined],
    ['email', 'nobody', undefined],
    ['string', 'any', 'any'],
  ])('%s: %j', (type, value, kept) => {
    expect(aggregateValue(type, normalizeValue(read(type, value)))).toEqual(kept);
  });
});
