import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { DatabaseGone } from '../batcher.ts';
import { createRehearsal, type Rehearsal } from './rehearsal.ts';
import type { PreparedCall, Statement } from './session.ts';

const addTo: Statement = {
  name: 'add_to',
  text: 'update counters set count = count + $1 where id = $2 returning count',
  empty: [0, 0],
};
const divide: Statement = { name: 'divide', text: 'select 1 / $1::int', empty: [1] };

let database: TestDatabase;
let other: pg.Client;
let rehearsal: Rehearsal;

beforeAll(async () => {
  database = await createTestDatabase();
  other = new pg.Client(database.connection);
  await other.connect();
  await other.query('create table counters (id integer primary key, count integer not null)');
  await other.query('insert into counters values (1, 0)');
});
afterAll(async () => {
  await other.end();
  await database.drop();
});
beforeEach(() => {
  rehearsal = createRehearsal({ connection: database.connection, statements: [addTo, divide] });
  return rehearsal.close;
});

function add(count: number): PreparedCall {
  return { statement: addTo, values: [count, 1] };
}

/** As everybody else sees it. */
async function committedCount(): Promise<number | undefined> {
  const { rows } = await other.query<{ count: number }>('select count from counters where id = 1');
  return rows[0]?.count;
}

async function countAfter(call: PreparedCall): Promise<number> {
  const [result] = await rehearsal.openSession().transact([call]);
  return result?.rows[0].count;
}

describe('a rehearsal', () => {
  it('lets its sessions see what the others have written, commits nothing, and forgets all at a discard', async () => {
    const first = rehearsal.openSession();
    await first.begin([add(1)]);
    await first.finish([add(1)]);
    expect(await countAfter(add(1))).toBe(3);
    expect(await committedCount()).toBe(0);
    await rehearsal.discard();
    expect(await countAfter(add(1))).toBe(1);
    expect(await committedCount()).toBe(0);
  });

  it('holds no lock after a discard', async () => {
    await countAfter(add(1));
    await rehearsal.discard();
    await other.query("set lock_timeout = '2s'");
    expect((await other.query('update counters set count = 0 where id = 1')).rowCount).toBe(1);
  });

  it('undoes a group that is rolled back or fails, and keeps those before it', async () => {
    const session = rehearsal.openSession();
    await session.transact([add(1)]);
    await session.begin([add(10)]);
    await session.rollback();
    await expect(session.transact([add(100), { statement: divide, values: [0] }])).rejects.toThrow('division by zero');
    expect(await countAfter(add(1))).toBe(2);
  });

  it('runs the groups of its sessions one after the other', async () => {
    const [one, two] = [rehearsal.openSession(), rehearsal.openSession()];
    const order: string[] = [];
    await one.begin([add(1)]);
    const second = two.transact([add(1)]).then(([result]) => order.push(`second ${result?.rows[0].count}`));
    await one.finish([add(1)]).then(([result]) => order.push(`first ${result?.rows[0].count}`));
    await second;
    expect(order).toEqual(['first 2', 'second 3']);
  });

  it('commits nothing either on the connection after one that broke', async () => {
    await countAfter(add(1));
    await other.query(
      "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and application_name = 'sluice warm-up'",
    );
    expect(await countAfter(add(1))).toBe(1);
    expect(await committedCount()).toBe(0);
  });

  it('runs nothing after its end', async () => {
    const session = rehearsal.openSession();
    await session.connect();
    await rehearsal.close();
    await expect(session.transact([add(1)])).rejects.toThrow(DatabaseGone);
    await expect(session.begin([])).rejects.toThrow(DatabaseGone);
  });
});
