import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { jsonArray, textArray } from './binary-array.ts';
import { runCalls } from './run-calls.ts';

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client(database.connection);
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

async function readBack(array: Buffer, type: string): Promise<unknown[]> {
  const text = `select value::text as text from unnest($1::${type}[]) with ordinality as k(value, place) order by place`;
  const [read] = await runCalls(client, [{ statement: { name: `read_${type}`, text }, values: [array] }]);
  return (read?.rows ?? []).map(({ text }: { text: string | null }) => text);
}

const LENGTHS = [0, 1, 127, 128, 129, 255, 256, 257, 511, 512, 70_000];

describe('textArray', () => {
  it.each([
    ['of none', []],
    ['of nulls', [null, null]],
    ['of ASCII of each length', LENGTHS.map((length) => 'a'.repeat(length))],
    ['of short ASCII, with null and nothing', ['6b00d7de', null, '', '\u0001\u007f', 'x'.repeat(200), null]],
    ['with signs of two bytes', ['plain', 'é', 'ÿ', '\u0080', null]],
    ['with signs of three and four bytes', ['plain', '€', '😀', '中文'.repeat(100)]],
    ['with long texts that are not ASCII', ['é'.repeat(600), 'a'.repeat(600), '€'.repeat(600), null]],
  ])('is read as it was: %s', async (_what, texts) => {
    expect(await readBack(textArray(texts), 'text')).toEqual(texts);
  });

  it('has the replacement character for half a character, whatever stands beside it', async () => {
    expect(await readBack(textArray(['a\ud83d', 'é']), 'text')).toEqual(['a\ufffd', 'é']);
    expect(await readBack(textArray(['\ud83d'.repeat(600)]), 'text')).toEqual(['\ufffd'.repeat(600)]);
  });
});

describe('jsonArray', () => {
  it('is read as it was', async () => {
    const texts = ['{"a":1}', null, JSON.stringify({ b: 'é'.repeat(300) }), JSON.stringify({ c: 'x'.repeat(3_000) })];
    expect(await readBack(jsonArray(texts), 'json')).toEqual(texts);
  });
});
