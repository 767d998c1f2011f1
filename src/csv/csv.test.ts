import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guessDelimiter } from './guess-delimiter.ts';
import { createRecordReader, RECORD_CHARACTERS_MAX } from './record-reader.ts';
import { createTextReader } from './text-reader.ts';

function readRows(
  text: string,
  { delimiter = ',', pieces = [text] }: { delimiter?: string | null; pieces?: string[] } = {},
) {
  const reader = createRecordReader(delimiter);
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
}
const fieldsOf = (text: string, delimiter: string | null = ',') =>
  readRows(text, { delimiter }).map(({ fields, isBroken }) => (isBroken ? ['BROKEN', ...fields] : fields));

describe('rows', () => {
  it.each<[name: string, text: string, rows: string[][]]>([
    [
      'LF, CRLF and CR',
      'a,b\nc,d\r\ne,f\rg,h',
      [
        ['a', 'b'],
        ['c', 'd'],
        ['e', 'f'],
        ['g', 'h'],
      ],
    ],
    ['blank lines', '\n\na\n \n\n', [['a']]],
    [
      'empty fields',
      'a,,\n,,b\n',
      [
        ['a', '', ''],
        ['', '', 'b'],
      ],
    ],
    ['quotes', '"a","b ""x"" c"\n', [['a', 'b "x" c']]],
    [
      'line ends and delimiters in quotes',
      '"a\r\nb","c,d"\ne,f',
      [
        ['a\r\nb', 'c,d'],
        ['e', 'f'],
      ],
    ],
    ['a quote inside a field', 'a 5" pipe,b\n', [['a 5" pipe', 'b']]],
    ['text behind a closing quote', '"a" x,b\n', [['a x', 'b']]],
    [
      'a quote that nothing closes',
      '"a,b\nc,d\n',
      [
        ['BROKEN', '"a,b'],
        ['c', 'd'],
      ],
    ],
    ['nothing', '', []],
  ])('with %s', (_, text, rows) => expect(fieldsOf(text)).toEqual(rows));

  it('are lines without a delimiter', () => {
    expect(fieldsOf('a,b\n"c"\n', null)).toEqual([['a,b'], ['c']]);
  });

  it('that are too long are broken, and the next one is read', () => {
    const long = 'x'.repeat(RECORD_CHARACTERS_MAX + 10);
    const pieces = [`a\n${long}`, `${long}\nb\n`];
    const rows = readRows('', { pieces });
    expect(rows.map(({ fields, isBroken }) => [isBroken, fields[0]?.length])).toEqual([
      [false, 1],
      [true, 1_000],
      [false, 1],
    ]);
    const unclosed = `"a\n${'b\n'.repeat(RECORD_CHARACTERS_MAX)}`;
    const read = readRows(unclosed);
    expect([read[0]?.isBroken, read.length]).toEqual([true, RECORD_CHARACTERS_MAX + 1]);
  });

  it('are the same in any pieces, and what was written', () => {
    const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'ü'), maxLength: 6 });
    const table = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { maxLength: 6 });
    const cuts = fc.array(fc.nat(200), { maxLength: 6 });
    fc.assert(
      fc.property(table, cuts, (rows, places) => {
        const quote = (value: string) => `"${value.replaceAll('"', '""')}"`;
        const text = rows.map((row) => `${row.map(quote).join(',')}\r\n`).join('');
        const at = [0, ...places.map((place) => place % (text.length + 1)).sort((a, b) => a - b), text.length];
        const pieces = at.slice(1).map((end, index) => text.slice(at[index], end));
        expect(readRows('', { pieces }).map(({ fields }) => fields)).toEqual(rows);
      }),
      { numRuns: 500 },
    );
  });
});

describe('encodings', () => {
  const bytes = (text: string, encoding: BufferEncoding) => new Uint8Array(Buffer.from(text, encoding));
  const swapped = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le').swap16());
  const MARK = '\ufeff';
  it.each<[name: string, given: Uint8Array, text: string, encoding: string | null]>([
    ['ASCII', bytes('phone\n512', 'latin1'), 'phone\n512', null],
    ['UTF-8', bytes('Zoë\n', 'utf8'), 'Zoë\n', 'utf-8'],
    ['UTF-8 with a mark', bytes(`${MARK}Zoe`, 'utf8'), 'Zoe', 'utf-8'],
    ['Windows-1252', bytes('Zo\xeb \x80', 'latin1'), 'Zoë €', 'windows-1252'],
    ['UTF-16 LE with a mark', bytes(`${MARK}Zoë`, 'utf16le'), 'Zoë', 'utf-16le'],
    ['UTF-16 BE with a mark', swapped(`${MARK}Zoë`), 'Zoë', 'utf-16be'],
    ['UTF-16 LE', bytes('ann@example.com', 'utf16le'), 'ann@example.com', 'utf-16le'],
    ['UTF-16 BE', swapped('ann@example.com'), 'ann@example.com', 'utf-16be'],
    ['two bytes', bytes('ab', 'latin1'), 'ab', null],
    ['nothing', new Uint8Array(0), '', null],
  ])('%s', (_, given, text, encoding) => {
    for (const size of [1, 3, 7, 1_000]) {
      const reader = createTextReader();
      let read = '';
      for (let at = 0; at < given.length; at += size) read += reader.push(given.subarray(at, at + size));
      read += reader.end();
      // A single byte of two cannot be told from Windows-1252.
      if (size >= 3 || encoding !== 'utf-8' || text === 'Zoe')
        expect([read, reader.encoding()]).toEqual([text, encoding]);
    }
  });
});

describe('guessDelimiter', () => {
  it.each<[head: string, delimiter: string | null]>([
    ['phone,name\n512,Ann\n513,Bob\n', ','],
    ['phone;name\n512;"Ann, Dr."\n', ';'],
    ['phone\tname\n512\tAnn\n', '\t'],
    ['a|b|c\n1|2|3\n', '|'],
    ['5127894321\n5127894322\n', null],
    ['Hello, world\nNo comma\nNone here\nNone\nNone\n', null],
    ['', null],
    // Ragged, below a row of names.
    ['email,state\na@example.com\nb@example.com,TX,extra\nc@example.com,TX\n', ','],
    ['email;state;city\na@example.com;TX\nb@example.com\nc@example.com;TX;Waco;x\nd@example.com;TX\n', ';'],
    ['Hello, world\nOne, two, three\nNone\nA, b, c, d\n', null],
    ['5127894321,Ann\n5127894322\n5127894323,a,b\n5127894324,a,b,c\n', null],
  ])('%j', (head, delimiter) => expect(guessDelimiter(head)).toBe(delimiter));
});
