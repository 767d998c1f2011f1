import { createHash } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { createAccountStore } from './accounts.ts';
import { createListImportStore } from './list-imports.ts';
import { createListStore } from './lists.ts';
import { createTableKeeper } from './table-keeper.ts';

const NOW = Date.UTC(2026, 10, 27, 12);
const MINUTE = 60_000;
const ACCOUNT = 'aaaaaaaaaaaaaaaaaaaaaaaa';
const LIST = '111111111111111111111111';
const JOB = '222222222222222222222222';
const NEW = `${LIST}/${JOB}`;
const hash = (text: string) => createHash('sha256').update(text).digest();

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ ...database.connection, max: 2 });
  const account = { id: ACCOUNT, name: 'Acme', timeZone: 'UTC', dataRetentionInDays: 90, isPingEnabled: true };
  await createAccountStore(pool).insert(account, NOW);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const keeperAt = (now: number) => createTableKeeper(pool, { clock: { now: () => now }, abandoned: '' });
const entriesOf = async (contentsId: string) =>
  (await pool.query('select value, holder from list_items where list_id = $1 order by value', [contentsId])).rows;

async function makeList(ttlSeconds: number | null = null) {
  await pool.query('truncate lists, list_items, list_remains, jobs, job_files');
  const lists = createListStore(pool);
  await lists.insert({
    ...{ accountId: ACCOUNT, listId: LIST, name: 'L', urlName: 'l', type: 'text', isMd5: false, ttlSeconds, now: NOW },
  });
  return lists;
}
const key = { accountId: ACCOUNT, listId: LIST };

/** Fills other entries and puts them in the place of those of the list. */
async function replaceAll(values: readonly string[], since: number) {
  const imports = createListImportStore(pool);
  await imports.begin({ ...key, contentsId: NEW, now: since });
  const client = await pool.connect();
  await client.query('begin');
  await imports.enter({ ...key, contentsId: NEW, values: values.map(hash), at: since })(client);
  await imports.replaceAll({ ...key, contentsId: NEW, since, now: NOW })(client);
  await client.query('commit');
  client.release();
}

describe('entries that were replaced', () => {
  it('go a minute later; what came too late is carried over, and what a lead holds stays until it lets go', async () => {
    const lists = await makeList();
    const add = (value: string, at: number) =>
      lists.addEntries({ ...key, values: [hash(value)], at, now: at, onlyNew: false });
    await add('old', NOW - 10 * MINUTE);
    await add('during', NOW - MINUTE);
    await replaceAll(['new'], NOW - 2 * MINUTE);
    // By a server that had not met the change, and by a lead that has not ended.
    const late = 'insert into list_items (account_id, list_id, value, added_at, holder) values ($1, $2, $3, $4, $5)';
    await pool.query(late, [ACCOUNT, LIST, hash('late'), new Date(NOW + 1), null]);
    await pool.query(late, [ACCOUNT, LIST, hash('held'), null, 'a lead']);
    expect(await entriesOf(NEW)).toHaveLength(2);
    expect(await keeperAt(NOW + MINUTE - 1).sweepListRemains()).toBe(0);
    expect(await keeperAt(NOW + MINUTE + 1).sweepListRemains()).toBe(3);
    const carried = (await entriesOf(NEW)).map(({ value }) => value.toString('hex')).sort();
    expect(carried).toEqual(['new', 'during', 'late'].map((text) => hash(text).toString('hex')).sort());
    expect(await entriesOf(LIST)).toEqual([{ value: hash('held'), holder: 'a lead' }]);
    await pool.query("update list_items set added_at = $1, holder = null where holder = 'a lead'", [new Date(NOW)]);
    await keeperAt(NOW + 10 * MINUTE).sweepListRemains();
    expect([await entriesOf(LIST), (await entriesOf(NEW)).length]).toEqual([[], 4]);
    expect((await pool.query('select from list_remains')).rowCount).toBe(0);
  });

  it('of an import that ended before it replaced anything go, and not while it runs', async () => {
    await makeList();
    const imports = createListImportStore(pool);
    await imports.begin({ ...key, contentsId: NEW, now: NOW });
    await pool.query(
      `insert into jobs (account_id, id, kind, state, asked_by, input, created_at, updated_at)
       values ($1, $2, 'import-list', 'running', '{}', '{}', now(), now())`,
      [ACCOUNT, JOB],
    );
    await pool.query('insert into list_items (account_id, list_id, value, added_at) values ($1, $2, $3, now())', [
      ...[ACCOUNT, NEW, hash('staged')],
    ]);
    expect(await keeperAt(NOW + 60 * MINUTE).sweepListRemains()).toBe(0);
    await pool.query("update jobs set state = 'cancelled', ended_at = now()");
    expect(await keeperAt(NOW + 60 * MINUTE).sweepListRemains()).toBe(1);
    expect(await entriesOf(NEW)).toEqual([]);
  });

  it('of a list that was deleted go', async () => {
    const lists = await makeList();
    await lists.addEntries({ ...key, values: [hash('a'), hash('b')], at: NOW, now: NOW, onlyNew: false });
    await lists.remove({ ...key, now: NOW });
    expect(await keeperAt(NOW + 2 * MINUTE).sweepListRemains()).toBe(2);
    expect(await entriesOf(LIST)).toEqual([]);
  });
});

it('entries that a TTL has ended go, unless a lead holds them', async () => {
  const lists = await makeList(60);
  await lists.addEntries({ ...key, values: [hash('ended'), hash('held')], at: NOW - 61_000, now: NOW, onlyNew: false });
  await lists.addEntries({ ...key, values: [hash('counts')], at: NOW - 60_000, now: NOW, onlyNew: false });
  await pool.query("update list_items set holder = 'a lead' where value = $1", [hash('held')]);
  expect(await keeperAt(NOW).sweepListEntries()).toBe(1);
  expect(await entriesOf(LIST)).toHaveLength(2);
});

it('files go when their job has ended, and after an hour when no job came of them', async () => {
  await makeList();
  const file = 'insert into job_files (account_id, job_id, part, content, created_at) values ($1, $2, 0, $3, $4)';
  await pool.query(file, [ACCOUNT, JOB, Buffer.from('x'), new Date()]);
  await pool.query(file, [ACCOUNT, '3'.repeat(24), Buffer.from('x'), new Date()]);
  await pool.query(file, [ACCOUNT, '4'.repeat(24), Buffer.from('x'), new Date(Date.now() - 61 * MINUTE)]);
  await pool.query(
    `insert into jobs (account_id, id, kind, state, asked_by, input, created_at, updated_at, ended_at)
     values ($1, $2, 'import-list', 'done', '{}', '{}', now(), now(), now())`,
    [ACCOUNT, JOB],
  );
  expect(await keeperAt(NOW).sweepJobFiles()).toBe(2);
  expect((await pool.query('select job_id from job_files')).rows).toEqual([{ job_id: '3'.repeat(24) }]);
});

it('large lists are counted, and small ones need not be', async () => {
  const lists = await makeList();
  await pool.query(
    `insert into list_items (account_id, list_id, value, added_at)
     select $1, $2, sha256(n::text::bytea), $3 from generate_series(1, 12000) n`,
    [ACCOUNT, LIST, new Date(NOW)],
  );
  const countOf = async () => (await lists.count({ ...key, now: NOW }))?.count;
  expect(await countOf()).toBe(10_001);
  expect(await keeperAt(NOW).countLists()).toBe(1);
  expect(await countOf()).toBe(12_000);
  await pool.query('delete from list_items where value > $1', [Buffer.from([8])]);
  expect(await keeperAt(NOW).countLists()).toBe(0);
  expect(await countOf()).toBeLessThan(1_000);
});
