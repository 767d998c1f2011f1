import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sweepLeads } from '../../src/store/postgres/retention.ts';
import { type ComposedServer, type SubmitTarget, startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, NO_DUPLICATES, sourceNamed, when } from './flows.ts';
import { dumpDatabase, EMAIL, listTraces, PHONE, ZENOBIA } from './person-traces.ts';

const SECRET_KEY = randomBytes(32);
const BOB = { first_name: 'Bob', last_name: 'Baker', email: 'bob@example.com', phone_1: '512-789-5555', state: 'TX' };

let server: ComposedServer;
beforeAll(async () => {
  server = await startTestServer({ secretKey: SECRET_KEY });
});
afterAll(() => server.stop());

async function make(path: string, body: object): Promise<string> {
  const reply = await server.api('POST', path, body);
  expect(reply.status, reply.text).toBe(201);
  return reply.body.id;
}

async function submit(flow: SubmitTarget, values: object = ZENOBIA): Promise<string> {
  const reply = await server.submit(flow, values);
  expect(reply.body?.lead?.id, reply.text).toBeDefined();
  return reply.body.lead.id;
}

/** The job that a request starts, once it has ended. */
async function run(path: string, body: object) {
  const asked = await server.api('POST', path, body);
  expect(asked.status, asked.text).toBe(202);
  return ended(asked.body.job.id);
}

async function ended(id: string) {
  // biome-ignore lint/suspicious/noExplicitAny: an answer of the API
  let job: any;
  await until('the job has ended', async () => {
    job = (await server.api('GET', `/jobs/${id}`)).body;
    return job.ended_at !== null;
  });
  return job;
}

const artefactOf = async (job: { id: string }, name: string) =>
  JSON.parse((await server.api('GET', `/jobs/${job.id}/artefacts/${name}`)).text);

/** Leads of a person in every table: sold and returned, refused, waiting for a retry, of unknown end, in a batch, a ping. */
async function leaveTraces(values: object = ZENOBIA) {
  const text = JSON.stringify(values);
  const echo = (outcome: string) => ({
    body: {
      outcome,
      reason: `Known: ${text}`,
      echo: Buffer.from(text).toString('base64'),
      sha: createHash('sha256').update('zenobia.quux@example.com').digest('hex'),
    },
  });
  const feedback = { returns: { enabled: true }, conversions: { enabled: true } };
  const hashed = { 'json_property.md5': '{{md5 lead.email}}', 'json_property.phone': '{{lead.phone_1}}' };
  const sold = await server.deploy(flowOf([deliveryTo(server.recipient.url, { feedback }, hashed)], NO_DUPLICATES));
  server.recipient.answerWith(() => echo('success'));
  const soldId = await submit(sold, values);
  const { body: lead } = await server.api('GET', `/leads/${soldId}`);
  const event = lead.events.find(({ type }: { type: string }) => type === 'recipient');
  const returned = await fetch(`${server.url}/feedback?event_id=${event.id}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ type: 'return', reason: `Wrong person: ${text}` }),
  });
  expect(returned.status).toBe(201);
  for (const made of [values, { email: 'somebody.else@example.com' }]) {
    const testLead = { source_id: sold.sources[0].id, values: made, expected: { outcome: 'success' } };
    const { status } = await server.api('POST', `/flows/${sold.id}/test_leads`, { name: 'Is sold', ...testLead });
    expect(status).toBe(201);
  }
  // A duplicate, whose reason quotes it.
  const refusing = await server.deploy(
    flowOf([
      {
        type: 'filter',
        rule_set: when('lead.email', 'is blank'),
        reason: 'No: {{lead.email}} of {{lead.last_name}}, {{lead.phone_1}}',
      },
    ]),
  );
  const refusedId = await submit(refusing, values);
  const retried = await server.deploy(flowOf([deliveryTo(server.recipient.url, { retry_enabled: true }, hashed)]));
  server.recipient.answerWith(() => ({ ...echo('error'), status: 500 }));
  const retriedId = await submit(retried, values);
  const lost = await server.deploy(flowOf([deliveryTo(server.recipient.url, {}, hashed)]));
  server.recipient.answerWith(() => 'hangUp');
  const lostId = await submit(lost, values);
  const sealed = {
    type: 'sftp',
    host: '127.0.0.1',
    port: 9,
    username: 'u',
    password: 'p',
    host_key: `SHA256:${'A'.repeat(43)}`,
  };
  const batch = await make('/batches', {
    ...{ name: `Rows of ${soldId}`, columns: [{ name: 'email' }, { name: 'phone' }] },
    target: { type: 'sftp', credential_id: await make('/credentials', { name: 'Files', ...sealed }), path: '/in' },
  });
  const mapped = { batch_id: batch, 'row.email': '{{lead.email}}', 'row.phone': '{{lead.phone_1}}' };
  const batched = await server.deploy(
    flowOf([
      {
        ...{ type: 'recipient', entity: { name: 'Lender' } },
        integration: {
          module_id: 'sluice.outbound.batch',
          mappings: Object.entries(mapped).map(([property, value]) => ({ property, value })),
        },
      },
    ]),
  );
  const batchedId = await submit(batched, values);
  await submit(batched, BOB);
  // A file that cannot be delivered waits.
  expect((await server.api('POST', `/batches/${batch}/deliver`)).status).toBe(202);
  await until('a file waits', async () => (await server.api('GET', `/batches/${batch}/files`)).body.length > 0);
  await until('the run has ended', async () => !(await server.api('GET', `/batches/${batch}`)).body.running);
  await submit(batched, values);
  const pinged = await server.deploy(
    flowOf([deliveryTo(server.recipient.url)], {
      ...{ ping_enabled: true, pricing: { prices: [{ amount: 5 }] } },
      sources: [sourceNamed('Pings')],
    }),
  );
  const sendPing = async (of: object) => {
    const reply = await fetch(`${server.url}/flows/${pinged.id}/sources/${pinged.sources[0].entity.id}/ping`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify(of),
    });
    const id = reply.headers.get('x-ping-id');
    expect(id).not.toBeNull();
    return id;
  };
  const pingId = await sendPing(values);
  server.recipient.answerWith(() => echo('success'));
  const postedId = await submit(pinged, { ...values, ping_id: pingId });
  // Two that nobody redeems, of which one is of somebody else.
  const [waitingPingId, foreignPingId] = await Promise.all([sendPing(values), sendPing(BOB)]);
  return {
    ...{ soldId, refusedId, retriedId, lostId, batchedId, postedId, batch, retried, lost, sold },
    ...{ pingId, waitingPingId, foreignPingId },
  };
}

const dump = () => dumpDatabase(server.query, SECRET_KEY);

/** Figures as reports make them: of leads and events, by outcome. */
const readFigures = () =>
  server.query(
    `select l.flow_id, l.outcome, count(*)::int as leads, sum(l.price)::text as cost,
            (select count(*)::int from events e where e.flow_id = l.flow_id and e.type <> 'retry') as events,
            (select coalesce(sum((e.facts ->> 'revenue')::numeric), 0)::text from events e where e.flow_id = l.flow_id) as revenue
       from leads l group by 1, 2 order by 1, 2`,
  );

describe('a person', () => {
  it('is erased from every table, found in every spelling, and a hold keeps what it names', {
    timeout: 120_000,
  }, async () => {
    const left = await leaveTraces();
    expect(listTraces(await dump()).length).toBeGreaterThan(20);
    const figures = await readFigures();

    const preview = await run('/privacy/erase', { email: 'zenobia.quux@example.com' });
    expect(preview).toMatchObject({ state: 'done', counters: { erased: 7, held: 0, not_concerned: 1 } });
    expect(await artefactOf(preview, 'preview.json')).toMatchObject({
      counts: { leads: 7, documents: 8, retries: 1, unknowns: 1, feedback: 1, batch_rows: 2, batch_files: 1 },
    });
    expect(await readFigures()).toEqual(figures);

    const hold = await server.api('POST', '/privacy/holds', { lead_ids: [left.refusedId], note: 'Case 1' });
    expect(hold).toMatchObject({ status: 201, body: { kind: 'leads', leads: 1, note: 'Case 1' } });
    const first = await run('/privacy/erase', { email: 'zenobia.quux@example.com', preview: false });
    expect(first).toMatchObject({ state: 'done', counters: { erased: 6, held: 1 } });
    const receipt = await artefactOf(first, 'receipt.json');
    const statement = JSON.parse(receipt.statement);
    expect(statement).toMatchObject({
      subject: { kind: 'email', keyed_hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      counts: { leads: 6, held_leads: 1, batch_rows: 2, batch_files: 1, retries_cancelled: 1 },
      held_lead_ids: [left.refusedId],
    });
    expect(statement.lead_ids).toContain(left.soldId);
    expect(statement.counts).toMatchObject({ pings: 1, test_leads: 1 });
    const { body: testLeads } = await server.api('GET', `/flows/${left.sold.id}/test_leads`);
    expect(testLeads).toMatchObject([{ values: { email: 'somebody.else@example.com' } }]);
    const hashed = await server.query(
      `select id from pings where facts -> 'values' is not null and id = any($1) order by id`,
      [[left.pingId, left.waitingPingId, left.foreignPingId]],
    );
    expect(hashed).toEqual([{ id: left.foreignPingId }]);
    const rest = listTraces(await dump()).filter((row) => !row.includes(left.refusedId));
    expect(rest).toEqual([]);
    expect((await server.api('GET', `/leads/${left.refusedId}`)).body.vars.lead.email).toBeDefined();

    expect((await server.api('DELETE', `/privacy/holds/${hold.body.id}`)).status).toBe(200);
    const second = await run('/privacy/erase', { phone: '+1 512 789 4417', preview: false });
    expect(second).toMatchObject({ state: 'done', counters: { erased: 1, held: 0 } });
    expect(listTraces(await dump())).toEqual([]);
    expect((await server.query('select count(*)::int as count from privacy_requests'))[0]).toEqual({ count: 0 });
    expect(await readFigures()).toEqual(figures);

    // What is left of the leads still answers.
    for (const id of [left.soldId, left.refusedId, left.retriedId, left.lostId, left.batchedId, left.postedId]) {
      expect((await server.api('GET', `/leads/${id}`)).status).toBe(200);
      expect((await server.api('GET', `/leads/${id}/explain`)).status).toBe(200);
      expect((await server.api('GET', `/events?lead_id=${id}`)).body.length).toBeGreaterThan(0);
    }
    const [retry] = (await server.api('GET', `/retries?flow_id=${left.retried.id}`)).body;
    expect(retry).toMatchObject({ status: 'cancelled', last_reason: null });
    const [unknown] = (await server.api('GET', `/unknowns?flow_id=${left.lost.id}`)).body;
    expect(
      (await server.api('POST', `/unknowns/${unknown.event_id}/resolve`, { resolution: 'delivered' })).status,
    ).toBe(200);
    const again = await server.api('POST', '/leads/resubmit', {
      lead_ids: [left.retriedId],
      preview: false,
      again: true,
    });
    expect(again.body, again.text).toMatchObject({
      leads: [{ status: 'refused', reason: 'Its values have been deleted' }],
    });
    // The row of the other person waits for the next file.
    expect(await server.query('select count(*)::int as count from batch_rows where file_id is null')).toEqual([
      { count: 1 },
    ]);

    await expectReceipt(receipt);
    const log = await server.api('GET', '/activity?limit=100');
    expect(
      log.body
        .filter(({ kind }: { kind: string }) => kind === 'person')
        .map(({ action }: { action: string }) => action),
    ).toEqual(['erase', 'erase', 'preview']);
  });

  it('under a hold keeps leads that come later, through erasure and retention', { timeout: 60_000 }, async () => {
    const flow = await server.deploy(flowOf());
    const before = await submit(flow);
    const hold = await server.api('POST', '/privacy/holds', { phone: PHONE, note: 'Case 2' });
    expect(hold.body).toMatchObject({ kind: 'phone' });
    const read = async () =>
      (await server.api('GET', '/privacy/holds')).body.find(({ id }: { id: string }) => id === hold.body.id);
    await until('the lead is found', async () => (await read()).leads > 0);
    expect(await read()).toMatchObject({ leads: 1 });
    const later = await submit(flow);
    const job = await run('/privacy/erase', { email: EMAIL, preview: false });
    expect(job.counters).toMatchObject({ erased: 0, held: 2 });
    const event = (await server.api('GET', `/events?lead_id=${before}`)).body[0];
    expect(event.expires_at).toBeNull();
    const pool = new pg.Pool({ ...server.database.connection, max: 2 });
    await server.query(
      `insert into held_leads select account_id, id, $2 from leads where id = $1 on conflict do nothing`,
      [later, hold.body.id],
    );
    await sweepLeads(pool, Date.now() + 400 * 86_400_000);
    await pool.end();
    expect((await server.query('select id from leads order by id')).map(({ id }) => id)).toEqual(
      [before, later].sort(),
    );
    expect((await server.api('GET', `/leads/${before}`)).body.vars.lead.email).toBeDefined();
    await server.api('DELETE', `/privacy/holds/${hold.body.id}`);
  });

  it('is exported with all that is kept, and only for who may', { timeout: 60_000 }, async () => {
    const flow = await server.deploy(flowOf([deliveryTo(server.recipient.url)], NO_DUPLICATES));
    const id = await submit(flow, { ...BOB, email: 'eve@example.com', phone_1: '512-789-6666' });
    const testLead = { source_id: flow.sources[0]?.entity.id, expected: { outcome: 'success' } };
    for (const email of ['eve@example.com', 'not.eve@example.com'])
      await make(`/flows/${flow.id}/test_leads`, { ...testLead, name: 'Is sold', values: { email, state: 'TX' } });
    const job = await run('/privacy/export', { email: 'EVE@example.com' });
    expect(job).toMatchObject({ state: 'done', counters: { exported: 1 } });
    const file = await artefactOf(job, 'person.json');
    expect(file.test_leads).toEqual([
      {
        ...{ id: expect.any(String), flow_id: flow.id, name: 'Is sold', source_id: flow.sources[0]?.entity.id },
        ...{ values: { email: 'eve@example.com', state: 'TX' }, now: null, assume: {} },
        ...{ expected: { outcome: 'success' }, updated_at: expect.any(String) },
      },
    ]);
    expect(file).toMatchObject({ lists: ['People'], is_complete: true, leads: [{ lead: { id }, feedback: null }] });
    expect(JSON.stringify(file.leads[0].documents)).toContain('eve@example.com');
    expect(file.leads[0].events.length).toBe(2);
    const { key } = (await server.api('POST', '/api_keys', { name: 'Reader', role: 'editor' })).body;
    const refused = await server.api('GET', `/jobs/${job.id}/artefacts/person.json`, undefined, { key });
    expect(refused.status).toBe(403);
    // An erasure deletes the file, too.
    await run('/privacy/erase', { email: 'eve@example.com', preview: false });
    expect((await server.api('GET', `/jobs/${job.id}/artefacts/person.json`)).status).toBe(404);
  });

  it('is erased to the end by another process, when the first one stops in the middle', {
    timeout: 60_000,
  }, async () => {
    const flow = await server.deploy(flowOf());
    for (let lead = 0; lead < 120; lead += 1)
      await submit(flow, { ...BOB, email: lead % 2 ? 'mal@example.com' : 'ned@example.com' });
    const asked = await server.api('POST', '/privacy/erase', { email: 'mal@example.com', preview: false });
    await server.restart();
    const job = await ended(asked.body.job.id);
    expect(job).toMatchObject({ state: 'done', counters: { erased: 60 } });
    const rows = await server.query(`select document::text as text from lead_data`);
    expect(rows.filter(({ text }) => String(text).includes('mal@'))).toEqual([]);
    expect(rows.filter(({ text }) => String(text).includes('ned@'))).toHaveLength(60);
  });

  it.each([
    [{ email: 'nobody' }, 'Must be an e-mail address.'],
    [{ phone: 'x' }, 'Must be a whole phone number'],
    [{}, 'Give exactly one'],
    [{ email: EMAIL, phone: PHONE }, 'Give exactly one'],
  ])('is not looked for by %j', async (body, message) => {
    const reply = await server.api('POST', '/privacy/erase', body);
    expect(reply.status).toBe(422);
    expect(reply.text).toContain(message);
  });
});

/** The receipt is as it was signed, for this server and for anybody with its key; with one other byte it is not. */
async function expectReceipt(receipt: { id: string; statement: string; signature: string }): Promise<void> {
  expect((await server.api('GET', `/privacy/receipts/${receipt.id}`)).body).toEqual(receipt);
  const verifyOf = async (changed: object) =>
    (await server.api('POST', '/privacy/receipts/verify', { ...receipt, ...changed })).body;
  expect(await verifyOf({})).toEqual({ valid: true });
  const { public_key: key } = (await server.api('GET', '/privacy/receipt_key')).body;
  const signature = Buffer.from(receipt.signature, 'base64');
  expect(verify(null, Buffer.from(receipt.statement), createPublicKey(key), signature)).toBe(true);
  for (const at of [1, Math.floor(receipt.statement.length / 2), receipt.statement.length - 1]) {
    const other = receipt.statement[at] === 'x' ? 'y' : 'x';
    const statement = receipt.statement.slice(0, at) + other + receipt.statement.slice(at + 1);
    expect(await verifyOf({ statement })).toEqual({ valid: false });
  }
  expect(
    await verifyOf({
      signature: Buffer.from(signature.map((byte, at) => (at === 0 ? byte ^ 1 : byte))).toString('base64'),
    }),
  ).toEqual({ valid: false });
}
