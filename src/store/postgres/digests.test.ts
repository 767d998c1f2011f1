import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { AFTER_ALL_IDS, MEASURE_COLUMNS, readCounted } from './digests.ts';

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool(database.connection);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const ACCOUNT = '0000000000000000000000aa';
const ID = (second: string) => second.padEnd(24, '0');

describe('the tables of statistics', () => {
  it.each(['statistics_hours', 'statistics_quarters', 'statistics_days'])(
    '%s has a column for each measure, in the same order',
    async (table) => {
      const { rows } = await pool.query(
        `select column_name as name from information_schema.columns
        where table_schema = current_schema() and table_name = $1 and is_nullable = 'YES' order by ordinal_position`,
        [table],
      );
      expect(rows.map(({ name }) => name)).toEqual(MEASURE_COLUMNS);
    },
  );
});

describe('how far an account is counted', () => {
  const until = async () => (await readCounted(pool, ACCOUNT)).until;

  it('is everything in an installation that has had digests from the start', async () => {
    expect(await until()).toBe(AFTER_ALL_IDS);
  });

  it('ends with the oldest row that waits', async () => {
    const add = (since: string) =>
      pool.query('insert into digests (account_id, since, id) values ($1, $2, $3)', [ACCOUNT, since, ID(since)]);
    await add('0000000b');
    await add('0000000a');
    expect(await until()).toBe('0000000a');
    await pool.query('delete from digests where account_id = $1', [ACCOUNT]);
  });

  it('is nothing before leads without digests are counted, then goes on with them, and is everything at their end', async () => {
    await pool.query(`delete from installation where name = 'digests_from'`);
    expect(await until()).toBe('');
    await pool.query(`insert into installation values ('digests_from', convert_to('${ID('0000000b')}', 'UTF8'))`);
    expect(await until()).toBe('');
    await pool.query(`insert into accounts (id, name, time_zone, created_at) values ($1, 'x', 'UTC', now())`, [
      ACCOUNT,
    ]);
    await pool.query('insert into digest_progress (account_id, leads_below, updated_at) values ($1, $2, now())', [
      ...[ACCOUNT, ID('0000000a')],
    ]);
    expect(await until()).toBe(ID('0000000a'));
    await pool.query('update digest_progress set leads_below = $1', [ID('0000000b')]);
    expect(await until()).toBe(AFTER_ALL_IDS);
  });
});
