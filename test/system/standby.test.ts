import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectInSchema } from '../../src/store/postgres/schemas.ts';
import { untilCounted, withoutCounting } from '../harness/counting.ts';
import { createTestDatabase, type TestDatabase } from '../harness/database.ts';
import { ask, type ComposedServer, startTestServer } from '../harness/server.ts';
import { openTestStandby, type TestStandby } from '../harness/standby.ts';
import { TEST_SCHEMA } from '../harness/test-schema.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, NO_DUPLICATES, when } from './flows.ts';

/* SLUICE_READ_DATABASE_URL: what a standby that is behind, or away, means for readers, and for nothing else. */

let database: TestDatabase;
let standby: TestStandby;
let server: ComposedServer;
beforeAll(async () => {
  database = await createTestDatabase();
  standby = await openTestStandby(database);
  server = await startTestServer({ readDatabaseUrl: standby.url }, { ...database, drop: async () => undefined });
});
afterAll(async () => {
  await server.stop();
  await standby.drop();
  await database.drop();
});

/** Sold only when the recipient says so; a delivery that fails is tried again. */
const deployFlow = () =>
  server.deploy(
    flowOf(
      [
        deliveryTo(server.recipient.url, { retry_enabled: true, idempotent: true }),
        {
          type: 'filter',
          outcome: 'failure',
          reason: 'not sold',
          rule_set: when('buyer.outcome', 'is not equal to', 'success'),
        },
      ],
      NO_DUPLICATES,
    ),
  );

describe('while the standby has not replayed a lead', () => {
  it('readers do not see it, and see it afterwards', async () => {
    const flow = await deployFlow();
    const older = (await server.submit(flow, { email: 'older@example.com' })).body.lead.id;
    const newer = (await server.submit(flow, { email: 'newer@example.com' })).body.lead.id;
    const eventId = (await server.api('GET', `/leads/${newer}`)).body.events[0].id;
    const readAll = async () => ({
      leads: (await server.api('GET', `/leads?flow_id=${flow.id}`)).body.map(({ id }: { id: string }) => id),
      lead: (await server.api('GET', `/leads/${newer}`)).status,
      explanation: (await server.api('GET', `/leads/${newer}/explain`)).status,
      events: (await server.api('GET', `/events?lead_id=${newer}`)).body.length > 0,
      event: (await server.api('GET', `/events/${eventId}`)).status,
    });
    await standby.stopReplayAt(newer);
    expect(await readAll()).toEqual({
      leads: [older],
      lead: 404,
      explanation: 404,
      events: false,
      event: 404,
    });
    await standby.stopReplayAt(null);
    expect(await readAll()).toEqual({
      leads: [newer, older],
      lead: 200,
      explanation: 200,
      events: true,
      event: 200,
    });
  });

  it('the usage of fields has it once it is replayed and counted', async () => {
    const flow = await deployFlow();
    const read = async (timeframe: string) =>
      (await server.api('GET', `/flows/${flow.id}/fields/usage?timeframe=${timeframe}`)).body.email;
    // Times that begin with a quarter of an hour are read from counts, others from leads: an hour from minutes away from one.
    const minutes = new Date().getMinutes() % 15 < 7 ? 60 : 61;
    const readUsage = async () => ({
      counts: await read('this_2_days'),
      leads: await read(`this_${minutes}_minutes`),
    });
    await server.submit(flow, { email: 'first@example.com' });
    await untilCounted(server.query);
    await withoutCounting(database, async () => {
      const newer = (await server.submit(flow, { email: 'second@example.com' })).body.lead.id;
      await standby.stopReplayAt(newer);
      expect(await readUsage()).toEqual({ counts: 1, leads: 1 });
      await standby.stopReplayAt(null);
      expect(await readUsage()).toEqual({ counts: 1, leads: 2 });
    });
    await untilCounted(server.query);
    expect(await readUsage()).toEqual({ counts: 2, leads: 2 });
  });

  it('it is sent again, tried again and refused as a duplicate all the same', async () => {
    const flow = await deployFlow();
    await standby.stopReplayAt('');
    server.recipient.answerWith(() => ({ body: { outcome: 'no' } }));
    const failed = (await server.submit(flow, { email: 'failed@example.com' })).body;
    expect(failed.outcome).toBe('failure');
    server.recipient.answerWith(() => ({ body: { outcome: 'success' } }));
    const wanted = { query: { flow_id: flow.id, outcome: 'failure' } };
    expect((await server.api('POST', '/leads/resubmit', wanted)).body.leads).toMatchObject([
      { lead_id: failed.lead.id, would: { outcome: 'success' } },
    ]);
    const asked = { lead_ids: [failed.lead.id], preview: false };
    expect((await server.api('POST', '/leads/resubmit', asked)).body).toMatchObject({
      missing: [],
      leads: [{ lead_id: failed.lead.id, status: 'sent', outcome: 'success' }],
    });
    expect((await server.submit(flow, { email: 'failed@example.com' })).body).toMatchObject({
      outcome: 'failure',
      reason: 'duplicate',
    });

    server.recipient.answerWith(() => ({ status: 500, body: { outcome: 'error' } }));
    const tried = (await server.submit(flow, { email: 'tried@example.com' })).body;
    const retries = async () => (await server.api('GET', `/retries?lead_id=${tried.lead.id}`)).body;
    const [retry] = await retries();
    server.recipient.answerWith(() => ({ body: { outcome: 'success' } }));
    expect((await server.api('POST', `/retries/${retry.id}/run`)).status).toBeLessThan(300);
    await until('the delivery is tried again', async () => (await retries())[0]?.status === 'succeeded');
    await standby.stopReplayAt(null);
  });
});

describe('a standby that is away', () => {
  it('costs readers 503 and leads nothing, and /readyz and /status say so', async () => {
    const own = await createTestDatabase();
    const readDatabaseUrl = `postgres://reader:${randomBytes(4).toString('hex')}@127.0.0.1:1/none`;
    const alone = await startTestServer({ readDatabaseUrl }, own);
    try {
      const flow = await alone.deploy(flowOf([deliveryTo(alone.recipient.url)]));
      const { status, body } = await alone.submit(flow, { email: 'a@example.com' });
      expect([status, body.outcome]).toEqual([201, 'success']);
      for (const path of ['/leads', `/leads/${body.lead.id}`, '/events', `/flows/${flow.id}/fields/usage`])
        expect((await alone.api('GET', path)).body).toMatchObject({ code: 'unavailable' });
      expect((await alone.api('GET', `/flows/${flow.id}`)).status).toBe(200);
      const message = 'The standby of reading routes does not answer.';
      expect(await ask(`${alone.url}/readyz`, {})).toMatchObject({
        status: 200,
        body: { status: 'ready', checks: { database: 'ok', standby: message } },
      });
      const told = await ask(`${alone.url}/status`, {});
      expect(told.body).toMatchObject({ status: 'ok', problems: [{ check: 'standby', message }] });
      expect(told.body).not.toHaveProperty('reason');
    } finally {
      await alone.stop();
    }
  });
});

it('what a server asks of the standby cannot write', async () => {
  const pool = new pg.Pool({ ...connectInSchema({ connectionString: standby.url }, TEST_SCHEMA), max: 1 });
  const write = pool.query("insert into replay values ('x')").catch((error: { code: string }) => error.code);
  expect(await write).toBe('25006');
  await pool.end();
});
