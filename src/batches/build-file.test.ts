import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as yauzl from 'yauzl';
import { createRecordReader } from '../csv/record-reader.ts';
import { type BatchDefinition, FILE_FORMATS } from './batch.ts';
import { createFileBuilder } from './build-file.ts';
import { buildFileName, findFileNameProblem } from './file-name.ts';
import { testDefinition } from './testing/test-definition.ts';

const FILE = { id: '0123456789abcdef01234567', at: Date.UTC(2026, 10, 27, 23, 5, 9), zone: 'America/New_York' };
const ANN = { email: 'ann@example.com', name: 'Ann' };

async function build(parts: Partial<BatchDefinition>, rows: Record<string, unknown>[] = [ANN]) {
  const builder = createFileBuilder(testDefinition(parts), FILE);
  const taken = rows.map((row) => builder.add(row));
  return { taken, ...(await builder.build()) };
}

describe('a file of a batch', () => {
  it.each<[what: string, parts: Partial<BatchDefinition>, rows: Record<string, unknown>[], text: string]>([
    ['has a header and a row a line', {}, [ANN], 'E-mail,Name\r\nann@example.com,Ann\r\n'],
    ['has no header where it is off', { header: false }, [ANN], 'ann@example.com,Ann\r\n'],
    ['has tabs', { format: 'tsv' }, [ANN], 'E-mail\tName\r\nann@example.com\tAnn\r\n'],
    ['has pipes', { format: 'pipe' }, [ANN], 'E-mail|Name\r\nann@example.com|Ann\r\n'],
    [
      'quotes what would break a line',
      { header: false },
      [{ email: 'a,b', name: 'x "y"\nz' }],
      '"a,b","x ""y""\nz"\r\n',
    ],
    [
      'quotes its own delimiter alone',
      { header: false, format: 'pipe' },
      [{ email: 'a,b', name: 'c|d' }],
      'a,b|"c|d"\r\n',
    ],
    ['leaves out a value of no column', { header: false }, [{ ...ANN, ssn: '1' }], 'ann@example.com,Ann\r\n'],
    ['is empty where a row has no value', { header: false }, [{ name: 'Ann' }], ',Ann\r\n'],
    ['keeps a row of one empty value', { header: false, columns: [{ name: 'email', header: 'E' }] }, [{}], '""\r\n'],
    ['neutralises formulas', { header: false }, [{ email: '=1+1', name: '@sum' }], "'=1+1,'@sum\r\n"],
    [
      'leaves signed numbers',
      { header: false },
      [{ email: '+1 (512) 789-1111', name: '-12.5' }],
      '+1 (512) 789-1111,-12.5\r\n',
    ],
    ['takes a formula that looks like a number', { header: false }, [{ email: '-1+cmd', name: '' }], "'-1+cmd,\r\n"],
    [
      'keeps formulas where that is off',
      { header: false, escape_formulas: false },
      [{ email: '=1+1', name: '' }],
      '=1+1,\r\n',
    ],
  ])('%s', async (_what, parts, rows, text) => {
    expect((await build(parts, rows)).content.toString('utf8')).toBe(text);
  });

  it('is read back as it was written, whatever the values', async () => {
    const value = fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => !text.includes('\u0000'));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...FILE_FORMATS),
        fc.array(fc.tuple(value, value), { minLength: 1 }),
        async (format, rows) => {
          const built = await build(
            { format, header: false, escape_formulas: false },
            rows.map(([email, name]) => ({ email: `-${email}`, name })),
          );
          const reader = createRecordReader({ csv: ',', tsv: '\t', pipe: '|' }[format]);
          const read = [...reader.push(built.content.toString('utf8')), ...reader.end()];
          expect(read.map(({ fields }) => fields)).toEqual(rows.map(([email, name]) => [`-${email}`, name]));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('has an encoding', async () => {
    const rows = [{ email: 'é', name: '→' }];
    const latin = await build({ encoding: 'iso-8859-1', header: false }, rows);
    expect(latin.content).toEqual(Buffer.from([0xe9, 0x2c, 0x3f, 0x0d, 0x0a]));
    // Spaces of Unicode whose last byte is a line feed, a tab, and NUL: a row stays a row.
    const spaced = [{ email: 'a\u200ab\u2009c\u3000d', name: '\ufeff\u2028' }];
    const replaced = await build({ encoding: 'iso-8859-1', header: false, format: 'tsv' }, spaced);
    expect(replaced.content.toString('latin1')).toBe('a?b?c?d\t??\r\n');
    const marked = await build({ encoding: 'utf-8-bom', header: false }, rows);
    expect(marked.content.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
  });

  it('takes rows as long as there is room, and one at least', async () => {
    expect((await build({ rows_max: 2 }, [ANN, ANN, ANN])).taken).toEqual([true, true, false]);
    const long = { email: 'x'.repeat(900), name: '' };
    expect((await build({ bytes_max: 1_000 }, [long, long])).taken).toEqual([true, false]);
  });

  it('of a mail stays below what mail servers take', async () => {
    const target = { type: 'email', credential_id: '', from: '', to: [], subject: '', text: '' } as const;
    const rows = Array.from({ length: 200 }, () => ({ email: 'x'.repeat(60_000), name: '' }));
    const { content, taken } = await build({ target: { ...target, to: [] }, bytes_max: 50_000_000 }, rows);
    expect(content.length).toBeLessThanOrEqual(7_500_000);
    expect(taken.filter(Boolean)).toHaveLength(124);
  });

  it('is zipped into the same bytes each time', async () => {
    const [one, other] = [await build({ zip: true }), await build({ zip: true })];
    expect(one.content).toEqual(other.content);
    expect(one).toMatchObject({ name: `Evening leads 2026-11-27 ${FILE.id}.zip`, contentType: 'application/zip' });
    const zip = await yauzl.fromBufferPromise(one.content);
    const entries: { name: string; text: string }[] = [];
    for await (const entry of zip.eachEntry())
      entries.push({ name: entry.fileName, text: String(await buffer(await zip.openReadStreamPromise(entry))) });
    expect(entries).toEqual([
      { name: `Evening leads 2026-11-27 ${FILE.id}.csv`, text: 'E-mail,Name\r\nann@example.com,Ann\r\n' },
    ]);
  });
});

describe('the name of a file', () => {
  it.each([
    ['{batch}_{date}_{time}_{id}', 'Evening leads_2026-11-27_180509_0123456789abcdef01234567.csv'],
    ['{date}-{time}', '2026-11-27-180509 0123456789abcdef01234567.csv'],
    ['leads-{id}.csv', 'leads-0123456789abcdef01234567.csv'],
    ['{batch}: {id}', 'Evening leads_ 0123456789abcdef01234567.csv'],
  ])('%s', (template, name) => {
    expect(buildFileName(template, { batch: 'Evening leads', ...FILE, extension: 'csv' })).toBe(name);
  });

  it('keeps the id, and fits into what file systems take, however long it would be', () => {
    const batch = '名'.repeat(100);
    const name = buildFileName('{batch}{batch} {id}', { ...FILE, batch, extension: 'csv' });
    expect(name).toBe(`${'名'.repeat(58)} ${FILE.id}.csv`);
    const other = { ...FILE, id: '0123456789abcdef01234568' };
    expect(buildFileName('{batch}{batch} {id}', { ...other, batch, extension: 'csv' })).not.toBe(name);
  });

  it.each([
    ['{id}', undefined],
    ['{date}-{time}', 'Must have {id}'],
    ['leads', 'Must have {id}'],
    ['{date}', 'Must have {id}'],
    ['../{id}', 'Must be a name without a folder'],
    ['{id}-{lead}', 'There is no {lead}'],
  ])('%s is judged', (template, problem) => {
    const found = findFileNameProblem(template);
    expect(problem === undefined ? found : found?.startsWith(problem)).toBe(problem === undefined ? undefined : true);
  });
});
