import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ListForm } from '../lists/normalise-list-value.ts';
import { soughtValues } from '../lists/sought-values.ts';
import { type FileSaid, guessFile } from './guess-file.ts';
import { FileFault } from './read-text.ts';

const guess = (text: string | Uint8Array, form: ListForm = 'phone', said: FileSaid = {}) =>
  guessFile(typeof text === 'string' ? Buffer.from(text) : text, { sought: soughtValues(form), said });

const TABLE =
  'id,Phone Number,E-Mail,zip\n1,512-789-4321,ann@example.com,78704\n2,512-789-4322,bob@example.com,78705\n';

describe('guessFile', () => {
  it.each<[form: ListForm, column: number]>([
    ['phone', 1],
    ['email', 2],
    ['postal_code', 3],
    ['text+md5', 1],
  ])('finds the column of %s, and the header', (form, column) => {
    expect(guess(TABLE, form)).toMatchObject({ ok: true, value: { column, hasHeader: true, delimiter: ',' } });
  });

  it.each<[name: string, text: string, form: ListForm, value: object]>([
    ['lines of values', '5127894321\n5127894322\n', 'phone', { column: 0, hasHeader: false, delimiter: null }],
    ['one line', 'ann@example.com', 'email', { column: 0, hasHeader: false }],
    ['a header over one column', 'phone\n5127894321\n', 'phone', { column: 0, hasHeader: true }],
    ['one row below a header without a break', 'name,phone\nAnn,5127894321', 'phone', { column: 1, hasHeader: true }],
    ['a header of texts', 'value\nTX-1\n', 'text', { column: 0, hasHeader: true }],
    ['texts without a header', 'TX-1\nTX-2\n', 'text', { column: 0, hasHeader: false }],
    ['no header', 'Ann;512 789 4321\nBob;512 789 4322\n', 'phone', { column: 1, hasHeader: false, delimiter: ';' }],
    ['a few values that do not fit', 'phone,x\nnone,1\n5127894321,2\n5127894322,3\n', 'phone', { column: 0 }],
  ])('reads %s', (_, text, form, value) => {
    expect(guess(text, form)).toMatchObject({ ok: true, value });
  });

  it('reads gzip and encodings', () => {
    const value = { isGzip: true, encoding: 'utf-16le', column: 1, hasHeader: true };
    expect(guess(gzipSync(Buffer.from(`\ufeff${TABLE}`, 'utf16le')))).toMatchObject({ ok: true, value });
    // Only the beginning has come.
    const long = gzipSync(Buffer.from('5127894321\n'.repeat(100_000)), { level: 0 });
    expect(guess(long.subarray(0, 20_000))).toMatchObject({ ok: true, value: { column: 0 } });
    expect(() => guess(Buffer.from([0x1f, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]))).toThrow(FileFault);
  });

  it('takes what the caller says', () => {
    const said = (column: string, header?: boolean) => guess(TABLE, 'phone', { column, header });
    for (const column of ['zip', ' ZIP ', '4']) expect(said(column)).toMatchObject({ ok: true, value: { column: 3 } });
    expect(said('2', false)).toMatchObject({ ok: true, value: { column: 1, hasHeader: false } });
    expect(said('5')).toMatchObject({ ok: false, error: expect.stringMatching(/^There is no column "5"\./) });
  });

  it.each<[name: string, text: string, form: ListForm]>([
    ['several columns of which none fits', 'a,b\n1,2\n3,4\n', 'email'],
    ['several columns of texts without names', 'x1,y1\nx2,y2\n', 'text'],
    ['nothing', '', 'phone'],
    ['blank lines', '\n\n \n', 'phone'],
  ])('asks for more where there is %s', (_, text, form) => {
    expect(guess(text, form).ok).toBe(false);
  });

  it('repeats no values in its sentence', () => {
    const refused = guess('ann@example.com,5127894321\nbob@example.com,5127894322\n', 'postal_code');
    expect(refused.ok ? '' : refused.error).toMatch(/The first row has a column 1, a column 2\.$/);
  });
});
