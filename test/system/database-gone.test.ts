import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLatch } from '../harness/latch.ts';
import { createPrivateDatabase, type PrivateDatabase } from '../harness/private-database.ts';
import { ask, type ComposedServer, type SubmitTarget, startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, NO_DUPLICATES } from './flows.ts';

let database: PrivateDatabase;
let server: ComposedServer;
let flow: SubmitTarget;
beforeAll(async () => {
  database = await createPrivateDatabase();
  server = await startTestServer({ settleWaitSeconds: 60 }, database);
  const caps = [{ type: 'volume' as const, maximum: 1_000_000, duration: 1, duration_units: 'month' as const }];
  flow = await server.deploy(flowOf([deliveryTo(server.recipient.url)], { ...NO_DUPLICATES, caps }));
});
afterAll(() => server.stop());

const isBack = async () => (await server.submit(flow, {})).status === 201;
/** For a new connection: one that was busy when its server was killed may still end what it does. */
const isReachable = () =>
  server.query('select 1').then(
    () => true,
    () => false,
  );

/** Senders who go on after any answer; a lead counts once it was answered with 201. */
function startSenders(count: number) {
  const answers = { acknowledged: new Map<string, string>(), refused: new Map<number, number>() };
  let isOver = false;
  const sender = async (name: number) => {
    for (let n = 0; !isOver; n += 1) {
      const { status, body } = await server.submit(flow, { email: `sender${name}-${n}@example.com` });
      if (status === 201) answers.acknowledged.set(body.lead.id, body.outcome);
      else answers.refused.set(status, (answers.refused.get(status) ?? 0) + 1);
    }
  };
  const senders = Promise.all(Array.from({ length: count }, (_, name) => sender(name)));
  return {
    ...answers,
    end: () => {
      isOver = true;
      return senders;
    },
  };
}

describe('PostgreSQL is killed', () => {
  it('under load: 503 while it is away, then work goes on; nothing acknowledged is lost or stored twice', async () => {
    const senders = startSenders(8);
    const { acknowledged, refused } = senders;
    await until('leads run', () => acknowledged.size > 50);
    database.kill();
    await until('senders are refused', () => refused.size > 0);
    const before = acknowledged.size;
    await until('leads run again', () => acknowledged.size > before + 50);
    await senders.end();
    expect([...refused.keys()]).toEqual([503]);

    await until('the database takes connections', isReachable);
    await until('no lead is under way', async () => (await server.query('select 1 from runs')).length === 0);
    const leads = await server.query('select id, outcome from leads where flow_id = $1', [flow.id]);
    const stored = new Map(leads.map(({ id, outcome }) => [id, outcome]));
    expect(leads).toHaveLength(stored.size);
    for (const [id, outcome] of acknowledged) expect([id, stored.get(id)]).toEqual([id, outcome]);
    const sourceEvents = await server.query(
      `select lead_id from events where type = 'source' group by lead_id having count(*) <> 1`,
    );
    expect(sourceEvents).toEqual([]);
    expect(await readCounts()).toEqual({ ...(await keptPlaces()), held: 0 });
    expect(await server.query('select * from list_items where holder is not null')).toEqual([]);
  });

  it('while a delivery is under way: its sender is answered, and the lead is stored, when it is back', async () => {
    const latch = createLatch();
    server.recipient.answerWith(() => latch.opened.then(() => ({ body: { outcome: 'success' } })));
    const before = server.recipient.deliveries.length;
    const answer = server.submit(flow, { email: 'ann@example.com' });
    await server.recipient.arrival(before + 1);
    database.kill();
    latch.open();
    server.recipient.answerWith(() => ({ body: { outcome: 'success' } }));
    const { status, body } = await answer;
    expect({ status, body }).toMatchObject({ status: 201, body: { outcome: 'success' } });
    await until('leads run again', isBack);
    await until('the database takes connections', isReachable);
    const events = await server.query('select type, outcome from events where lead_id = $1 order by seq', [
      body.lead.id,
    ]);
    expect(events).toEqual([
      { type: 'recipient', outcome: 'success' },
      { type: 'source', outcome: 'success' },
    ]);
    const sent = server.recipient.deliveries.filter((each) => each.body.includes('ann@example.com'));
    expect(sent).toHaveLength(1);
  });

  it('the API says so with 503, and works again', async () => {
    database.kill();
    await until('the API cannot be asked', async () => (await server.api('GET', '/flows')).status === 503);
    await until('it can be asked again', async () => (await server.api('GET', '/flows')).status === 200);
    await until('leads run again', isBack);
  });
});

it('a server whose database never comes back still ends on request', async () => {
  const lost = await createPrivateDatabase();
  const doomed = await startTestServer({ settleWaitSeconds: 1 }, lost);
  const latch = createLatch();
  doomed.recipient.answerWith(() => latch.opened.then(() => ({ body: { outcome: 'success' } })));
  const target = await doomed.deploy(flowOf([deliveryTo(doomed.recipient.url)]));
  const answer = doomed.submit(target, { email: 'ann@example.com' });
  await doomed.recipient.arrival(1);
  await lost.end();
  latch.open();
  expect(await answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
  // A stop that waited for the database would end with the time limit of the test.
  await doomed.stop();
});

it('GET /status says what is wrong while PostgreSQL is stopped, since when and what to do', async () => {
  const lost = await createPrivateDatabase();
  const left = await startTestServer({}, lost);
  const status = async () => (await ask(`${left.url}/status`, {})).body;
  expect(await status()).toMatchObject({ status: 'ok', problems: [] });
  await lost.end();
  const problem = {
    check: 'database',
    message: 'The database does not answer.',
    remedy: expect.stringContaining('Look at PostgreSQL'),
    since: expect.stringMatching(/^\d{4}-/),
  };
  const first = await status();
  expect(first).toMatchObject({ status: 'no_leads', reason: problem.message, problems: [problem] });
  await until('the lease runs out', async () => (await status()).problems.length > 1);
  const later = await status();
  expect(later.problems.map(({ check }: { check: string }) => check)).toEqual(['database', 'lease']);
  expect(later.problems[0].since).toBe(first.problems[0].since);
  // A stranger reads it: nothing of where the database is.
  expect(JSON.stringify(later)).not.toContain(String(lost.connection.host));
  const ready = await ask(`${left.url}/readyz`, {});
  expect(ready.status).toBe(503);
  expect(ready.body.details).toEqual(
    later.problems.map(({ check, message }: { check: string; message: string }) => ({ path: check, message })),
  );
  await left.stop();
});

it('GET /status names a database that lacks migrations', async () => {
  const last = await server.query(
    'delete from schema_migrations where version = (select max(version) from schema_migrations) returning *',
  );
  expect((await ask(`${server.url}/status`, {})).body.problems).toMatchObject([
    { check: 'migrations', remedy: expect.stringContaining('Restart this server') },
  ]);
  await server.query('insert into schema_migrations select * from json_populate_record(null::schema_migrations, $1)', [
    JSON.stringify(last[0]),
  ]);
  expect((await ask(`${server.url}/status`, {})).body).toMatchObject({ status: 'ok', problems: [] });
});

async function readCounts(): Promise<unknown> {
  const [row] = await server.query('select sum(count)::int as count, sum(held)::int as held from cap_windows');
  return row;
}

/** Leads that keep their place: successes, and those with a delivery of unknown end. */
async function keptPlaces(): Promise<{ count: unknown }> {
  const [row] = await server.query(
    `select count(*)::int as count from leads l where outcome = 'success' or exists (
       select from events e where e.lead_id = l.id and (e.facts ->> 'unknown')::boolean)`,
  );
  return { count: row?.['count'] };
}
