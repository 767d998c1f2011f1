import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { textArray } from './binary-array.ts';
import { type Call, runCalls } from './run-calls.ts';

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client(database.connection);
  await client.connect();
  await client.query('create table words (word text primary key, length integer)');
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

const BEGIN: Call = { statement: { name: 'begin', text: 'begin' }, values: [] };
const COMMIT: Call = { statement: { name: 'commit', text: 'commit' }, values: [] };
const LENGTHS = {
  name: 'lengths',
  text: 'select word, length(word) as length, $2::text as note, $3::int as number from unnest($1::text[]) word',
};
const INSERT = {
  name: 'insert_words',
  text: 'insert into words select word, length(word) from unnest($1::text[]) word',
};

function insert(...words: string[]): Call {
  return { statement: INSERT, values: [textArray(words)] };
}

async function storedWords(): Promise<string[]> {
  const { rows } = await client.query<{ word: string }>('select word from words order by word');
  return rows.map(({ word }) => word);
}

describe('runCalls', () => {
  it.each(['prepared on the way', 'prepared before'])('answers each call its own rows: %s', async () => {
    const look = (words: string[], note: string | null): Call => ({
      statement: LENGTHS,
      values: [textArray(words), note, 7],
    });
    const [begun, two, none, umlaut, committed] = await runCalls(client, [
      BEGIN,
      look(['a', 'bcd'], 'ü'.repeat(3_000)),
      look([], null),
      look(['ä€😀'], null),
      COMMIT,
    ]);
    expect(begun).toMatchObject({ command: 'BEGIN', rowCount: null, rows: [] });
    expect(two).toMatchObject({ command: 'SELECT', rowCount: 2 });
    expect(two?.rows).toEqual([
      { word: 'a', length: 1, note: 'ü'.repeat(3_000), number: 7 },
      { word: 'bcd', length: 3, note: 'ü'.repeat(3_000), number: 7 },
    ]);
    expect(none).toMatchObject({ rowCount: 0, rows: [] });
    expect(none?.fields.map(({ name }) => name)).toEqual(['word', 'length', 'note', 'number']);
    expect(umlaut?.rows).toEqual([{ word: 'ä€😀', length: 3, note: null, number: 7 }]);
    expect(committed?.command).toBe('COMMIT');
  });

  it('rejects with the first error and runs nothing after it', async () => {
    const failed = runCalls(client, [BEGIN, insert('x'), insert('x'), insert('y'), COMMIT]);
    await expect(failed).rejects.toMatchObject({ code: '23505' });
    // The transaction is still open and failed, as after any error.
    await expect(runCalls(client, [insert('z')])).rejects.toMatchObject({ code: '25P02' });
    await client.query('rollback');
    expect(await storedWords()).toEqual([]);
    await runCalls(client, [BEGIN, insert('x', 'y'), COMMIT]);
    expect(await storedWords()).toEqual(['x', 'y']);
  });

  it('prepares a statement again that failed on the way', async () => {
    const later = { name: 'later', text: 'insert into later values ($1)' };
    await expect(runCalls(client, [{ statement: later, values: ['a'] }])).rejects.toMatchObject({ code: '42P01' });
    await client.query('create table later (word text)');
    const divide = { name: 'divide', text: 'select 1 / $1::int as result' };
    await expect(runCalls(client, [{ statement: divide, values: [0] }])).rejects.toMatchObject({ code: '22012' });
    const [inserted, divided] = await runCalls(client, [
      { statement: later, values: ['a'] },
      { statement: divide, values: [1] },
    ]);
    expect(inserted?.rowCount).toBe(1);
    expect(divided?.rows).toEqual([{ result: 1 }]);
  });

  it('sends nothing of calls with a parameter that it cannot write', async () => {
    await expect(runCalls(client, [insert('w'), { statement: INSERT, values: [{}] }])).rejects.toThrow('insert_words');
    expect(await storedWords()).not.toContain('w');
  });

  it('rejects on a connection that is gone', async () => {
    const gone = new pg.Client(database.connection);
    gone.on('error', () => undefined);
    await gone.connect();
    const { rows } = await gone.query<{ pid: number }>('select pg_backend_pid() as pid');
    const sleeping = runCalls(gone, [{ statement: { name: 'sleep', text: 'select pg_sleep(60)' }, values: [] }]);
    await Promise.all([
      expect(sleeping).rejects.toThrow(),
      client.query('select pg_terminate_backend($1, 5000)', [rows[0]?.pid]),
    ]);
    await expect(runCalls(gone, [BEGIN])).rejects.toThrow();
  });
});
