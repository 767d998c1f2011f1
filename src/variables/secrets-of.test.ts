import { describe, expect, it } from 'vitest';
import { secretsOf } from './secrets-of.ts';

const SECRET_FIELDS = new Set(['ssn', 'spouse.ssn', 'contacts.ssn', 'drivers_license_number']);

describe('secretsOf', () => {
  it.each<[string, unknown, string[]]>([
    ['none', { first_name: 'Ann' }, []],
    ['a field', { ssn: '123-45-6789', first_name: 'Ann' }, ['123-45-6789']],
    ['a number', { ssn: 123456789 }, ['123456789']],
    ['a nested name', { spouse: { ssn: '1' } }, ['1']],
    ['a dotted name', { 'spouse.ssn': '1' }, ['1']],
    ['a repeated name', { ssn: ['1', '2', '1'] }, ['1', '2']],
    ['members of a list', { contacts: [{ ssn: '1' }, { ssn: '2' }] }, ['1', '2']],
    ['whatever lies below', { ssn: { a: '1', b: ['2'] } }, ['1', '2']],
    [
      'a typed value as it was submitted',
      { ssn: Object.assign(new String('123456789'), { raw: '123 45 6789' }) },
      ['123 45 6789', '123456789'],
    ],
    ['blank values', { ssn: '', drivers_license_number: null }, []],
    ['another letter case', { SSN: '1' }, []],
    ['a list', [{ ssn: '1' }], []],
    ['a scalar', '1', []],
  ])('%s', (_name, values, secrets) => {
    expect(secretsOf(values, (fieldId) => SECRET_FIELDS.has(fieldId))).toStrictEqual(secrets);
  });
});
