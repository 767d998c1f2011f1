import { describe, expect, it } from 'vitest';
import { parseValue } from '../field-types/parse-value.ts';
import { createListHash } from './hash-list-form.ts';
import { type ListForm, normaliseListValue, readListValue } from './normalise-list-value.ts';

const typed = (type: string, value: string) => parseValue(type, value, { now: 0, timeZone: 'UTC' });

describe('normaliseListValue', () => {
  it.each<[form: ListForm, value: unknown, normal: string]>([
    ['phone', '5127894321', '+15127894321'],
    ['phone', '(512) 789-4321', '+15127894321'],
    ['phone', '1.512.789.4321', '+15127894321'],
    ['phone', '+1 512 789 4321', '+15127894321'],
    ['phone', ' 512-789-4321 w', '+15127894321'],
    ['phone', typed('phone', '512 789 4321 (h)'), '+15127894321'],
    ['phone', 5_127_894_321, '+15127894321'],
    ['phone', '5127894321 x12', '+15127894321x12'],
    ['phone', typed('phone', '+972 2-123-4567'), '+97221234567'],
    ['phone', 'Donkey Kong', 'donkey kong'],
    ['phone', ' ', ''],
    ['email', ' Joe@Example.COM ', 'joe@example.com'],
    ['email', 'Joe <Joe@Example.com>', 'joe@example.com'],
    ['email', typed('email', 'Joe@Example.COM'), 'joe@example.com'],
    ['email', 'nobody', 'nobody'],
    ['postal_code', '78704', '78704'],
    ['postal_code', ' 78704-1234 ', '78704'],
    ['postal_code', typed('postal_code', '78704 1234'), '78704'],
    ['postal_code', 'k1a0b1', 'k1a0b1'],
    ['postal_code', 'K1A 0B1', 'k1a0b1'],
    ['postal_code', 'SW1A 1AA', 'sw1a1aa'],
    ['postal_code', 'no code', 'no code'],
    ['contact', '(512) 789-4321', '+15127894321'],
    ['contact', typed('phone', '+972 2-123-4567'), '+97221234567'],
    ['contact', typed('email', 'Joe@Example.COM'), 'joe@example.com'],
    ['contact', 'Joe <Joe@Example.com>', 'joe@example.com'],
    ['contact', '5127894321@example.com', '5127894321@example.com'],
    ['contact', '78704', '78704'],
    ['contact', ' Donkey Kong', 'donkey kong'],
    ['contact', ' ', ''],
    ['text', ' TX-12 ', 'tx-12'],
    ['text', 12, '12'],
    ['text', undefined, ''],
    ['text', { valueOf: 'x' }, ''],
    ['text+md5', ' ', ''],
  ])('%s %j', (form, value, normal) => {
    expect(normaliseListValue(value, form)).toBe(normal);
  });
});

describe('a list that allows MD5s', () => {
  const hash = createListHash({ md5: (text) => `<${text}>`, keyed: (text) => Buffer.from(text) });
  const keyed = (value: string, form: ListForm) => hash(normaliseListValue(value, form)).toString();

  it.each<[form: ListForm, value: string, hashed: string]>([
    ['text+md5', ' Ann@Example.com', 'ann@example.com'],
    ['email+md5', 'Ann <Ann@Example.com>', 'ann@example.com'],
    ['phone+md5', '(512) 789-4321', '5127894321'],
    ['phone+md5', '+972 2-123-4567', '97221234567'],
    ['postal_code+md5', '78704-1234', '78704'],
    ['contact+md5', '(512) 789-4321', '5127894321'],
    ['contact+md5', 'Ann <Ann@Example.com>', 'ann@example.com'],
    ['contact+md5', '+1 lead', '+1 lead'],
  ])('%s takes the MD5 of %j to be that of %j', (form, value, hashed) => {
    expect(keyed(value, form)).toBe(`\0md5 <${hashed}>`);
  });

  it('takes 32 hexadecimal digits to be a hash, in either case', () => {
    const md5 = '0BC83CB571CD1C50BA6F3E8A78EF1346';
    for (const form of ['text+md5', 'phone+md5'] as const) expect(keyed(md5, form)).toBe(`\0md5 ${md5.toLowerCase()}`);
    expect(keyed(md5, 'text')).toBe(md5.toLowerCase());
  });
});

describe('readListValue', () => {
  it.each<[form: ListForm, value: string, read: string | null]>([
    ['phone', '512-789-4321', '+15127894321'],
    ['phone', '12345', null],
    ['phone', '512-789-****', null],
    ['phone', 'ann@example.com', null],
    ['phone', '0bc83cb571cd1c50ba6f3e8a78ef1346', null],
    ['phone+md5', '0bc83cb571cd1c50ba6f3e8a78ef1346', '\0md5 0bc83cb571cd1c50ba6f3e8a78ef1346'],
    ['email', 'ann@example.com', 'ann@example.com'],
    ['email', '5127894321', null],
    ['postal_code', '78704', '78704'],
    ['postal_code', '787', null],
    ['contact', '512-789-4321', '+15127894321'],
    ['contact', ' Ann@example.com', 'ann@example.com'],
    ['contact', 'anything', null],
    ['text', 'anything', 'anything'],
    ['text', ' ', null],
    ['text', 'x'.repeat(1_001), null],
  ])('%s %j', (form, value, read) => {
    expect(readListValue(value, form)).toBe(read);
  });
});
