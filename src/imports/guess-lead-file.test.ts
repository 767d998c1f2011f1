import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createRecordReader } from '../csv/record-reader.ts';
import { STANDARD_FIELDS } from '../fields/standard-fields.ts';
import { createLeadCheck } from './check-leads.ts';
import { guessLeadFile } from './guess-lead-file.ts';
import { LEAD_COLUMN_NAMES } from './lead-column-names.ts';
import { type LeadRowPlan, readLeadRow } from './lead-row.ts';

const IDS = [
  ...['first_name', 'last_name', 'email', 'phone_1', 'phone_2', 'address_1', 'city', 'state', 'postal_code'],
  ...['dob', 'ip_address', 'comments', 'trustedform_cert_url'],
];
const FIELDS = IDS.map((id) => {
  const { name, type } = STANDARD_FIELDS.get(id) ?? { name: id, type: 'string' as const };
  return { id, name, type };
});
const ctx = { now: Date.UTC(2026, 10, 28), timeZone: 'UTC' };
const guess = (file: string | Uint8Array, hasHeader?: boolean) =>
  guessLeadFile(typeof file === 'string' ? Buffer.from(file) : file, { fields: FIELDS, hasHeader, ctx });
const fieldsOf = (file: string | Uint8Array, hasHeader?: boolean) => {
  const guessed = guess(file, hasHeader);
  return guessed.ok ? guessed.value.columns.map(({ field }) => field) : guessed.error;
};

describe('the columns of a file of leads', () => {
  it.each<[header: string, value: string, field: string | null, because: string]>([
    ['phone_1', '512-789-4321', 'phone_1', 'id'],
    ['First Name', 'Ann', 'first_name', 'name'],
    ['LAST-NAME', 'Ray', 'last_name', 'name'],
    ['fname', 'Ann', 'first_name', 'synonym'],
    ['Surname', 'Ray', 'last_name', 'synonym'],
    ['E-Mail', 'ann@example.com', 'email', 'name'],
    ['E-Mail Address', 'ann@example.com', 'email', 'synonym'],
    ['Mobile', '512-789-4321', 'phone_1', 'synonym'],
    ['Cell Phone', '512-789-4321', 'phone_1', 'synonym'],
    ['Zip', '78704', 'postal_code', 'synonym'],
    ['PLZ', '78704', 'postal_code', 'synonym'],
    ['Street', '1 Main St', 'address_1', 'synonym'],
    ['Date of Birth', '1980-01-02', 'dob', 'synonym'],
    ['IP', '192.0.2.1', 'ip_address', 'synonym'],
    ['xxTrustedFormCertUrl', `https://cert.trustedform.com/${'a'.repeat(40)}`, 'trustedform_cert_url', 'synonym'],
    ['Contact', 'ann@example.com', 'email', 'values'],
    ['Number to call', '512-789-4321', 'phone_1', 'values'],
    ['Favourite colour', 'blue', null, 'nothing'],
    ['import_error', 'phone_1 is no valid phone', null, 'nothing'],
  ])('%s with %s is %s', (header, value, field, because) => {
    const guessed = guess(`id,${header}\nx1,"${value}"\nx2,"${value}"\n`, true);
    expect(guessed).toMatchObject({ ok: true, value: { columns: [{}, { name: header, field, because }] } });
  });

  it('whose values are something else are doubted', () => {
    const confidenceOf = (value: string) => {
      const guessed = guess(`email,city\n${value},Rome\n${value},Rome\n`);
      return guessed.ok ? guessed.value.columns[0]?.confidence : undefined;
    };
    expect([confidenceOf('ann@example.com'), confidenceOf('Ann Ray')]).toEqual([1, 0.6]);
  });

  it('get each field once: two phones are two fields', () => {
    expect(fieldsOf('Phone,Cell,Mobile,Email\n5127894321,5127894322,5127894323,ann@example.com\n')).toEqual([
      'phone_1',
      'phone_2',
      null,
      'email',
    ]);
  });

  it.each<[what: string, file: string | Uint8Array, value: object]>([
    ['UTF-8 with a mark', '\ufeffVorname;E-Mail\nZoë;zoe@example.com\n', { encoding: 'utf-8', delimiter: ';' }],
    ['UTF-16 LE', Buffer.from('\ufefffname\temail\nZoë\tzoe@example.com\n', 'utf16le'), { encoding: 'utf-16le' }],
    ['UTF-16 BE', Buffer.from('fname|email\nZoë|z@example.com\n', 'utf16le').swap16(), { encoding: 'utf-16be' }],
    ['Windows-1252', Buffer.from('fname,email\nZo\xeb,z@example.com\n', 'latin1'), { encoding: 'windows-1252' }],
    ['gzip', gzipSync('fname,email\nZoe,z@example.com\n'), { encoding: 'ascii', isGzip: true }],
  ])('are found in %s', (_, file, value) => {
    expect(guess(file)).toMatchObject({ ok: true, value: { ...value, hasHeader: true } });
    expect(fieldsOf(file)).toEqual(['first_name', 'email']);
  });

  it.each([
    ['a last line without a break', 'fname,email\nZoe,z@example.com'],
    ['lines that end with CR', 'fname,email\rZoe,z@example.com\r'],
    ['a quote that nothing closes', 'fname,email\n"Zoe,z@example.com\nAnn,a@example.com\n'],
    ['rows that are too short or too long', 'fname,email\nZoe\nAnn,a@example.com,x\nBob,b@example.com\n'],
  ])('are found with %s', (_, file) => {
    expect(guess(file)).toMatchObject({ ok: true, value: { delimiter: ',', hasHeader: true } });
    expect(fieldsOf(file)).toEqual(['first_name', 'email']);
  });

  it('of a file without a header are told by their values', () => {
    expect(fieldsOf('Ann,ann@example.com,(512) 789-4321,TX\nBob,bob@example.com,512-789-4322,CA\n')).toEqual([
      null,
      'email',
      'phone_1',
      'state',
    ]);
  });

  it.each([
    ['', 'The file has no rows.'],
    ['first_name,email\n', 'The file has no rows below its header.'],
  ])('of %j are none', (file, message) => expect(fieldsOf(file)).toBe(message));

  it('have names that are folded, of fields that there are', () => {
    for (const [id, names] of Object.entries(LEAD_COLUMN_NAMES)) {
      expect(STANDARD_FIELDS.has(id), id).toBe(true);
      expect(names.every((name) => /^[a-z0-9]+$/.test(name))).toBe(true);
    }
  });
});

describe('a row of leads', () => {
  const plan: LeadRowPlan = {
    columns: ['first_name', null, 'phone_1'],
    constants: { source_code: 'import' },
    takesInvalid: false,
    types: new Map(FIELDS.map(({ id, type }) => [id, type])),
  };
  const read = (line: string, parts: Partial<LeadRowPlan> = {}) => {
    const [record] = createRecordReader(',').push(`${line}\n`);
    return readLeadRow(record ?? { fields: [], isBroken: true }, { number: 7, plan: { ...plan, ...parts }, ctx });
  };

  it.each<[what: string, line: string, parts: Partial<LeadRowPlan>, row: object]>([
    [
      'with a constant',
      'Ann,x,512-789-4321',
      {},
      { values: { first_name: 'Ann', phone_1: '512-789-4321', source_code: 'import' }, errors: [], warnings: [] },
    ],
    ['that is repaired', "Ann,,'+1 512-789-4321", {}, { values: { phone_1: '+1 512-789-4321' }, errors: [] }],
    ['without a value', 'Ann,,', {}, { errors: [], warnings: ['phone_1 is empty'] }],
    ['whose constant is a default', 'Ann,,', { constants: { phone_1: '5127894321' } }, { warnings: [] }],
    ['that is short', 'Ann', {}, { errors: [], warnings: ['phone_1 is empty'] }],
    ['that is blank', ' ,x,', {}, { errors: ['No column that is imported has a value'] }],
    ['with an invalid value', 'Ann,,none', {}, { errors: ['phone_1 is no valid phone'] }],
    ['that is taken all the same', 'Ann,,none', { takesInvalid: true }, { errors: [], values: { phone_1: 'none' } }],
    ['that is too long', 'Ann,,5127894321,more', {}, { errors: ['The row has more cells than the file has columns'] }],
  ])('%s', (_, line, parts, row) => expect(read(line, parts)).toMatchObject(row));

  it('is grouped by its repair', () => {
    const check = createLeadCheck();
    for (const line of ['Ann,,none', 'Bob,,', 'Eve,,none', 'Kim,,5127894321']) check.add(read(line));
    expect(check.end()).toEqual({
      rows: 4,
      rejected: 2,
      errors: [{ message: 'phone_1 is no valid phone', rows: 2, samples: [7, 7] }],
      warnings: [{ message: 'phone_1 is empty', rows: 1, samples: [7] }],
    });
  });
});
