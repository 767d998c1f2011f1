import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { flowOf } from './flows.ts';

let server: ComposedServer;
let other: pg.Client;
beforeAll(async () => {
  server = await startTestServer();
  other = new pg.Client(server.database.connection);
  await other.connect();
});
afterAll(async () => {
  await other.end();
  await server.stop();
});

/** Longer than a node trusts what it knows of the configuration. */
const MS = 6_000;

it('leads go on while every connection of the API waits for the database', async () => {
  const flow = await server.deploy(flowOf());
  await other.query('begin');
  await other.query('lock table fields in access exclusive mode');
  const stuck = Array.from({ length: 12 }, () => server.api('GET', '/fields'));
  const startedAt = performance.now();
  await until('some time has passed', async () => {
    expect((await server.submit(flow, {})).status).toBe(201);
    return performance.now() - startedAt > MS;
  });
  await other.query('rollback');
  await Promise.all(stuck);
});
