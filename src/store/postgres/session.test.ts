import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { DatabaseGone } from '../batcher.ts';
import { createSession, type Session, type Statement } from './session.ts';

const setCount: Statement = { name: 'set_count', text: 'update counters set count = $1', empty: [0] };

let database: TestDatabase;
let other: pg.Client;
let session: Session;

beforeAll(async () => {
  database = await createTestDatabase();
  other = new pg.Client(database.connection);
  await other.connect();
  await other.query('create table counters (count integer not null)');
  await other.query('insert into counters values (1)');
  session = createSession({
    connection: database.connection,
    applicationName: 'session under test',
    statements: [setCount],
    settings: [],
  });
});

afterAll(async () => {
  await session.close();
  await other.end();
  await database.drop();
});

async function count(): Promise<number | undefined> {
  const { rows } = await other.query<{ count: number }>('select count from counters');
  return rows[0]?.count;
}

async function endSession(): Promise<void> {
  await other.query(
    "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'session under test'",
  );
}

describe('a session', () => {
  it.each([
    [undefined, 'force_generic_plan'],
    ['force_custom_plan', 'force_custom_plan'],
    ['auto', 'auto'],
  ] as const)('of which the plan_cache_mode %s is asked makes plans by %s', async (planCacheMode, expected) => {
    const readMode: Statement = {
      name: 'read_mode',
      text: "select current_setting('plan_cache_mode') as mode",
      empty: [],
    };
    const own = createSession({
      connection: database.connection,
      applicationName: 'session of its own',
      statements: [readMode],
      settings: [],
      ...(planCacheMode && { planCacheMode }),
    });
    const [answer] = await own.transact([{ statement: readMode, values: [] }]);
    await own.close();
    expect(answer?.rows).toEqual([{ mode: expected }]);
  });

  it('writes nothing when it lost the connection that holds its locks', async () => {
    await session.begin([]);
    await endSession();
    await expect(session.finish([{ statement: setCount, values: [7] }])).rejects.toThrow(DatabaseGone);
    // Connected again meanwhile, it must not take the new connection for the old one.
    await session.begin([]);
    await endSession();
    await session.connect().catch(() => session.connect());
    await expect(session.finish([{ statement: setCount, values: [8] }])).rejects.toThrow(DatabaseGone);
    expect(await count()).toBe(1);
  });

  it('goes on with a new connection', async () => {
    await session.begin([]);
    await session.finish([{ statement: setCount, values: [2] }]);
    expect(await count()).toBe(2);
  });
});
