import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { migrate, readMigrations } from '../../src/store/postgres/migrate.ts';
import { connectInSchema } from '../../src/store/postgres/schemas.ts';
import { createTestDatabase, type TestDatabase } from '../harness/database.ts';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, NO_DUPLICATES } from './flows.ts';

/* Two installations that share a database, each in a schema of its own, do not see each other. */

const SCHEMAS = ['east', 'west'] as const;
const CAP = { type: 'volume' as const, maximum: 5, duration: 1, duration_units: 'day' as const };
const LEADS = 20;

let database: TestDatabase;
let servers: ComposedServer[];
beforeAll(async () => {
  database = await createTestDatabase();
  servers = [];
  for (const schema of SCHEMAS) {
    const connection = connectInSchema({ ...database.connection }, schema);
    const migrated = await migrate(connection, readMigrations(join(packageRoot, 'sql')), schema);
    if (!migrated.ok) throw new Error(migrated.error.message);
    servers.push(await startTestServer({ schema }, { connection, drop: async () => undefined }));
  }
});
afterAll(async () => {
  for (const server of servers) await server.stop();
  await database.drop();
});

const flowFor = (server: ComposedServer) =>
  server.deploy(
    flowOf([deliveryTo(server.recipient.url)], {
      ...NO_DUPLICATES,
      list_checks: { duplicate: { value: '{{lead.email}}', list_name: 'People' } },
      caps: [CAP],
    }),
  );

it('each has its own caps, lists, leads and jobs, while both are under load', async () => {
  const flows = await Promise.all(servers.map(flowFor));
  const answers = await Promise.all(
    servers.map((server, index) =>
      Promise.all(
        Array.from({ length: LEADS }, (_, lead) => server.submit(flows[index], { email: `person${lead}@example.com` })),
      ),
    ),
  );
  for (const [index, server] of servers.entries()) {
    const outcomes = answers[index]?.map(({ body }) => body.outcome) ?? [];
    expect(outcomes.filter((outcome) => outcome === 'success')).toHaveLength(CAP.maximum);
    expect(server.recipient.deliveries).toHaveLength(CAP.maximum);
    expect(await server.query('select count::int, held::int from cap_windows')).toEqual([
      { count: CAP.maximum, held: 0 },
    ]);
    expect(await server.query('select count(*)::int as leads from leads')).toEqual([{ leads: LEADS }]);
    expect(await server.query('select from runs')).toEqual([]);
  }
  const refused = answers.map((all) => all.find(({ body }) => body.outcome === 'failure')?.body.lead.id);
  for (const [index, server] of servers.entries()) {
    const asked = { lead_ids: [refused[index]], preview: false, as_job: true };
    expect((await server.api('POST', '/leads/resubmit', asked)).status).toBe(202);
    const jobs = async () => (await server.api('GET', '/jobs')).body;
    await until('its own queue has done the job', async () => (await jobs())[0]?.ended_at !== null);
    expect(await jobs()).toMatchObject([{ progress: { done: 1 } }]);
    expect((await server.api('GET', `/leads/${refused[1 - index]}`)).status).toBe(404);
  }
});

it('both have every table, and nothing of either is in the schema between', async () => {
  const pool = new pg.Pool({ ...database.connection, max: 1 });
  const count = async (schema: string, table: string) =>
    (await pool.query(`select count(*)::int as rows from ${schema}.${table}`)).rows[0].rows;
  const tables = async (schema: string) =>
    (await pool.query('select count(*)::int as tables from pg_tables where schemaname = $1', [schema])).rows[0].tables;
  const found = [await tables('east'), await tables('east_worker'), await count('public', 'leads')];
  const others = [await tables('west'), await tables('west_worker'), 0];
  await pool.end();
  expect(found).toEqual(others);
});

it('what is left of a process that is gone is settled by its own installation', async () => {
  const [east, west] = servers;
  if (!east || !west) throw new Error('both run');
  const flow = await flowFor(east);
  await east.query(
    `insert into runs (account_id, lead_id, node_id, flow_id, source_id, revision, submitted_at)
     values ($1, 'ffffffffffffffffffffff01', 'ffffffffffffffffffffff02', $2, $3, 1, now())`,
    [east.account.id, flow.id, flow.sources[0].entity.id],
  );
  await until('it is settled', async () => (await east.query('select from runs')).length === 0);
  expect(await east.query("select outcome from leads where id = 'ffffffffffffffffffffff01'")).toEqual([
    { outcome: 'error' },
  ]);
  expect(await west.query("select from leads where id = 'ffffffffffffffffffffff01'")).toEqual([]);
});
