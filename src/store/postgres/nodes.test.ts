import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { createNodeStore, type NodeRow, type NodeStore } from './nodes.ts';

let database: TestDatabase;
let pool: pg.Pool;
let nodes: NodeStore;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool(database.connection);
  nodes = createNodeStore(pool);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const nodeNamed = (id: string): NodeRow => ({ id, host: 'h', pid: 1, processStarted: 'x' });

it('a node whose row was swept while it was cut off is a node again with its next renewal', async () => {
  await nodes.renew(nodeNamed('a'));
  await nodes.renew(nodeNamed('b'));
  await pool.query("update nodes set lease_expires_at = now() - interval '2 hours' where id = 'a'");
  await nodes.unregister('b');
  await nodes.renew(nodeNamed('a'));
  await pool.query(
    `insert into runs (account_id, lead_id, node_id, flow_id, source_id, revision, submitted_at)
     values ('x', 'x', 'a', 'x', 'x', 1, now())`,
  );
  expect(await nodes.takeOver('b')).toEqual([]);
});
