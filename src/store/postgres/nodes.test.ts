import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { createNodeStore, type NodeRow, type NodeStore, TAKE_OVER_MAX } from './nodes.ts';

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
  await insertRuns('a', ['1']);
  expect(await nodes.takeOver('b')).toEqual([]);
});

it('a renewal says what time it is in the database, to the millisecond', async () => {
  const before = await nodes.readClock();
  const renewed = await nodes.renew(nodeNamed('d'));
  const after = await nodes.readClock();
  expect(renewed).toBeGreaterThanOrEqual(Math.floor(before));
  expect(renewed).toBeLessThanOrEqual(after);
});

it('a run that is taken over keeps the time it was submitted at', async () => {
  const submittedAt = Date.UTC(2025, 2, 3, 12, 0, 1, 7);
  await pool.query(
    `insert into runs (account_id, lead_id, node_id, flow_id, source_id, revision, submitted_at)
     values ('x', 'taken', 'gone', 'x', 'x', 1, $1)`,
    [new Date(submittedAt)],
  );
  const taken = await nodes.takeOver('d');
  expect(taken.find(({ run }) => run.runId === 'taken')?.run.submittedAt).toBe(submittedAt);
});

it('a run left behind is found however many older ones are under way', async () => {
  const leadIds = Array.from({ length: TAKE_OVER_MAX + 1 }, (_, n) => `lead ${String(n).padStart(4, '0')}`);
  await insertRuns('c', leadIds);
  const own = await nodes.listOwn('c', leadIds.slice(0, -1));
  expect(own.map(({ run }) => run.runId)).toEqual(leadIds.slice(-1));
});

async function insertRuns(nodeId: string, leadIds: string[]): Promise<void> {
  await pool.query(
    `insert into runs (account_id, lead_id, node_id, flow_id, source_id, revision, submitted_at)
     select 'x', unnest($2::text[]), $1, 'x', 'x', 1, now()`,
    [nodeId, leadIds],
  );
}
