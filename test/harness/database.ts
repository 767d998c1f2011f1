import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { connectInSchema } from '../../src/store/postgres/schemas.ts';
import { askRun } from './ask-run.ts';
import type { TestServer } from './global-setup.ts';
import { TEST_SCHEMA } from './test-schema.ts';

export interface TestDatabase {
  /** For `new pg.Pool(connection)`. */
  connection: { host: string; port: number; user: string; database: string; options?: string | undefined };
  /** Removes the database; throws when connections to it are still open, because the code under test left them. */
  drop(): Promise<void>;
}

/** A backend ends a moment after its client said goodbye. */
const GOODBYE_MS_MAX = 2_000;
const GOODBYE_POLL_MS = 20;

/**
 * A migrated, empty database of its own, cloned from the template in some 50 ms. One per test file:
 * `const database = await createTestDatabase()` in beforeAll, `await database.drop()` in afterAll.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { connection, templateDatabase } = await askTestServer();
  const database = `test_${randomBytes(6).toString('hex')}`;
  await administer(connection, (client) => client.query(`create database ${database} template ${templateDatabase}`));
  return {
    connection: connectInSchema({ ...connection, database }, TEST_SCHEMA),
    drop: () =>
      administer(connection, async (client) => {
        const leftOver = await openConnections(client, database);
        await client.query(`drop database ${database} with (force)`);
        if (leftOver.length > 0) throw new Error(`the test left connections open: ${leftOver.join('; ')}`);
      }),
  };
}

async function openConnections(client: pg.Client, database: string): Promise<string[]> {
  const deadline = performance.now() + GOODBYE_MS_MAX;
  for (;;) {
    const { rows } = await client.query<{ what: string }>(
      `select application_name || ' ' || coalesce(state, '') || ' ' || query as what
         from pg_stat_activity where datname = $1 and backend_type = 'client backend'`,
      [database],
    );
    if (rows.length === 0 || performance.now() > deadline) return rows.map(({ what }) => what);
    await wait(GOODBYE_POLL_MS);
  }
}

async function administer(
  connection: TestServer['connection'],
  work: (client: pg.Client) => Promise<unknown>,
): Promise<void> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

async function askTestServer(): Promise<TestServer> {
  return JSON.parse(await askRun('/')) as TestServer; // an edge: global-setup.ts wrote it
}
