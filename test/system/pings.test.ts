import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PingLimit } from '../../src/model/cap.ts';
import type { FlowDocument } from '../../src/model/flow.ts';
import type { RunningServer } from '../../src/server/server-options.ts';
import { createLatch } from '../harness/latch.ts';
import {
  type ApiReply,
  ask,
  type ComposedServer,
  type SubmitTarget,
  startTestServer,
  submit,
} from '../harness/server.ts';
import { buildSluice, startSluiceProcess } from '../harness/sluice-process.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, NO_DUPLICATES, sourceNamed, when } from './flows.ts';

/** A server in this process, and one more in it on the same database. */
let server: ComposedServer;
let beside: RunningServer;
beforeAll(async () => {
  server = await startTestServer({ admissionMax: 500 });
  beside = await server.startBeside({ nodeName: 'beside' });
});
afterEach(() => {
  server.recipient.deliveries.length = 0;
  server.recipient.answerWith(() => ({ body: { outcome: 'success' } }));
});
afterAll(async () => {
  await beside.stop();
  await server.stop();
});

const LEAD = { first_name: 'Ann', email: 'ann@example.com', phone_1: '512-789-1111', state: 'TX' };
const PRICED = { pricing: { override: false, prices: [{ amount: 5 }] }, ping_enabled: true };

/** The one day on which the flow of a test is open; it is days away. */
const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
const closedToday = DAYS[(new Date().getUTCDay() + 3) % DAYS.length] ?? 'sunday';

const limitOf = (parts: Partial<PingLimit> = {}): PingLimit => ({
  maximum: 10,
  duration: 1,
  duration_units: 'month',
  ...parts,
});

interface PingOptions {
  source?: number;
  headers?: Record<string, string>;
  text?: string;
  query?: string;
  url?: string;
}

function ping(flow: SubmitTarget, values: unknown = LEAD, how: PingOptions = {}): Promise<ApiReply> {
  const source = flow.sources[how.source ?? 0]?.entity.id;
  return ask(`${how.url ?? server.url}/flows/${flow.id}/sources/${source}/ping${how.query ?? ''}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...how.headers },
    body: how.text ?? JSON.stringify(values),
  });
}

const pingId = (reply: ApiReply): string => reply.headers.get('x-ping-id') ?? '';

/** A ping that is accepted, and its id. */
async function accept(flow: SubmitTarget, values: unknown = LEAD, how: PingOptions = {}): Promise<string> {
  const reply = await ping(flow, values, how);
  expect(reply.body).toEqual({ outcome: 'success', price: 5 });
  return pingId(reply);
}

const post = (flow: SubmitTarget, id: string, values: object = LEAD) => server.submit(flow, { ...values, ping_id: id });

const whenFull = (flow: { ping_limits: { id: string }[] }, index = 0) =>
  server.query('select count::int, held::int, failed_count from cap_windows where cap_id = $1', [
    flow.ping_limits[index]?.id,
  ]);

const deployPriced = (parts: Partial<FlowDocument> = {}) => server.deploy(flowOf([], { ...PRICED, ...parts }));

describe('the answer to a ping', () => {
  it('has the price and the id in a header, and never a lead', async () => {
    const flow = await deployPriced({ steps: [deliveryTo(server.recipient.url)] });
    const { status, text, headers } = await ping(flow);
    expect([status, text]).toEqual([200, '{"outcome":"success","price":5}']);
    expect(headers.get('x-ping-id')).toMatch(/^[0-9a-f]{24}$/);
    expect(server.recipient.deliveries).toEqual([]);
    expect(await server.query('select from leads where flow_id = $1', [flow.id])).toEqual([]);
    const [row] = await server.query('select * from pings where flow_id = $1', [flow.id]);
    expect(row).toMatchObject({ outcome: 'success', reason: null, price: '50000' });
    for (const value of ['Ann', 'ann@', '5127891111']) expect(JSON.stringify(row)).not.toContain(value);
  });

  it.each<[string, Partial<FlowDocument>, string]>([
    ['no price', { pricing: null }, 'no bid'],
    ['criteria', { acceptance_criteria: { rule_set: when('lead.state', 'is equal to', 'CA'), reason: 'no' } }, 'no'],
    ['a cap', { caps: [{ type: 'volume', maximum: 0, duration: 1, duration_units: 'day' }] }, 'Cap reached'],
    [
      'hours',
      { hours_of_operation: { days: { [closedToday]: [{ start: '00:00', end: '00:01' }] } } },
      'Submission Timestamp must be within hours of operation',
    ],
    ['a flow that is switched off', { enabled: false }, 'Flow is disabled'],
  ])('of %s is a failure with price 0', async (_what, parts, reason) => {
    const reply = await ping(await deployPriced(parts));
    expect([reply.status, reply.body, pingId(reply)]).toEqual([200, { outcome: 'failure', reason, price: 0 }, '']);
  });

  it('comes as the sender asks: forms, queries, XML, redirects, pages of other origins', async () => {
    const flow = await deployPriced();
    const form = { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'text/xml' };
    const xml = await ping(flow, {}, { headers: form, text: 'state=TX' });
    expect([xml.status, xml.headers.get('content-type'), xml.text]).toEqual([
      200,
      'text/xml',
      expect.stringMatching(/<outcome>success<\/outcome>\s*<price>5<\/price>/),
    ]);
    const [source] = flow.sources;
    const path = `${server.url}/flows/${flow.id}/sources/${source.entity.id}/ping`;
    expect((await ask(`${path}?state=TX`, {})).text).toBe('{"outcome":"success","price":5}');
    // The router takes it, and the module must know it for a ping.
    expect((await ask(`${path}/?state=TX`, {})).text).toBe('{"outcome":"success","price":5}');
    const redirected = await ping(flow, LEAD, { query: '?redir_url=https%3A%2F%2Fexample.com%2Fthanks' });
    expect([redirected.status, redirected.headers.get('location')]).toEqual([303, 'https://example.com/thanks']);
    expect(pingId(redirected)).not.toBe('');
    const page = await ping(flow, LEAD, { headers: { Origin: 'https://example.com' } });
    expect(page.headers.get('access-control-allow-origin')).toBe('*');
    expect(page.headers.get('access-control-expose-headers')).toBe('X-Ping-Id');
    const preflight = await ask(path, { method: 'OPTIONS', headers: { Origin: 'https://example.com' } });
    expect(preflight.status).toBe(204);
  });

  it('is 404 where pings are not answered, and says why', async () => {
    const off = await ping(await deployPriced({ ping_enabled: false }));
    expect([off.status, off.body]).toEqual([404, { error: expect.stringMatching(/ping_enabled/), code: 'not_found' }]);
    const classic = sourceNamed('Classic', {
      integration: { module_id: 'leadconduit-standard.inbound.classic', mappings: [] },
    });
    const unpingable = await ping(await server.deploy(flowOf([], { ...PRICED, sources: [classic] })));
    expect([unpingable.status, unpingable.body.error]).toEqual([404, expect.stringMatching(/cannot be pinged/)]);
    const disabled = await ping(await deployPriced({ sources: [sourceNamed('Off', { enabled: false })] }));
    expect([disabled.status, disabled.body]).toEqual([403, { message: 'Source is disabled' }]);
  });

  it('is 404 for the whole account while lead_ping_enabled is false', async () => {
    const flow = await deployPriced();
    await server.api('PUT', '/account', { lead_ping_enabled: false });
    await until('the account has no pings', async () => (await ping(flow)).status === 404);
    expect((await ping(flow)).body.error).toMatch(/lead_ping_enabled/);
    await server.api('PUT', '/account', { lead_ping_enabled: true });
    await until('the account has pings', async () => (await ping(flow)).status === 200);
  });

  it('only looks at lists: a ping is no duplicate of itself, and a lead of the same person is', async () => {
    const flow = await deployPriced(NO_DUPLICATES);
    await accept(flow);
    await accept(flow);
    expect((await server.submit(flow, LEAD)).body.outcome).toBe('success');
    expect((await ping(flow)).body).toEqual({ outcome: 'failure', reason: 'duplicate', price: 0 });
  });

  it('only looks for each of several values: a lead with one of them is taken, and later pings with it are not', async () => {
    const values = ['{{lead.phone_1}}', '{{lead.email}}'];
    const flow = await deployPriced({
      ...NO_DUPLICATES,
      list_checks: { duplicate: { values, list_name: 'Pinged' } },
    });
    const [bob, other] = [
      { ...LEAD, email: 'bob@example.com' },
      { ...LEAD, phone_1: '512-789-2222' },
    ];
    for (const person of [LEAD, bob, other]) await accept(flow, person);
    expect((await server.api('GET', '/lists/pinged')).body.count).toBe(0);
    expect((await server.submit(flow, LEAD)).body.outcome).toBe('success');
    for (const person of [bob, other]) expect((await ping(flow, person)).body.reason).toBe('duplicate');
    expect((await server.api('GET', '/lists/pinged')).body.count).toBe(2);
  });
});

describe('a ping limit', () => {
  it('of ten takes exactly ten of 64 pings to two servers', async () => {
    const flow = await deployPriced({ ping_limits: [limitOf()] });
    await until('the flow is known', async () => (await ping(flow, LEAD, { url: beside.url })).status === 200);
    const replies = await Promise.all(
      Array.from({ length: 64 }, (_, n) => ping(flow, LEAD, { url: n % 2 === 0 ? server.url : beside.url })),
    );
    const accepted = replies.filter(({ body }) => body.outcome === 'success');
    // One was accepted while the flow became known.
    expect(accepted).toHaveLength(9);
    expect(replies.filter(({ body }) => body.outcome === 'failure').map(({ body }) => body)).toEqual(
      Array.from({ length: 55 }, () => ({ outcome: 'failure', reason: 'Ping limit reached', price: 0 })),
    );
    expect(await whenFull(flow)).toEqual([{ count: 10, held: 0, failed_count: 55 }]);
  });

  it('counts accepted pings alone', async () => {
    const flow = await deployPriced({
      ping_limits: [limitOf({ maximum: 2 })],
      acceptance_criteria: { rule_set: when('lead.state', 'is equal to', 'TX') },
    });
    for (let n = 0; n < 3; n += 1) expect((await ping(flow, { state: 'CA' })).body.outcome).toBe('failure');
    await accept(flow);
    await accept(flow);
    expect((await ping(flow, { state: 'CA' })).body.reason).toBe('Ping limit reached');
    expect(await whenFull(flow)).toEqual([{ count: 2, held: 0, failed_count: 1 }]);
  });

  it('of the flow is asked first; one of the source bounds that source alone', async () => {
    const sources = [sourceNamed('One', { ping_limits: [limitOf({ maximum: 1 })] }), sourceNamed('Two')];
    const flow = await deployPriced({ sources, ping_limits: [limitOf({ maximum: 3 })] });
    await accept(flow, LEAD, { source: 0 });
    expect((await ping(flow, LEAD, { source: 0 })).body.reason).toBe('Ping limit reached');
    await accept(flow, LEAD, { source: 1 });
    await accept(flow, LEAD, { source: 1 });
    expect((await ping(flow, LEAD, { source: 1 })).body.reason).toBe('Ping limit reached');
    expect(await whenFull(flow)).toEqual([{ count: 3, held: 0, failed_count: 1 }]);
  });
});

describe('a post that names its ping', () => {
  it('has the pinged price although the price has changed, and no other lead has it', async () => {
    const flow = await deployPriced();
    const id = await accept(flow);
    await server.redeploy({ ...flow, pricing: { override: false, prices: [{ amount: 1 }] } });
    await until('the new price stands', async () => (await ping(flow)).body.price === 1);
    const { status, body } = await post(flow, id, { ...LEAD, last_name: 'Lee' });
    expect([status, body]).toEqual([201, { outcome: 'success', lead: { id: expect.any(String) }, price: 5 }]);
    const events = (await server.api('GET', `/leads/${body.lead.id}/events`)).body;
    const [row] = await server.query(`select facts from events where lead_id = $1 and type = 'source'`, [body.lead.id]);
    expect(row?.['facts']).toMatchObject({ ping_id: id, cost: 5, purchase_price: 5 });
    expect(events).toBeDefined();
    expect((await post(flow, id)).body).toMatchObject({
      outcome: 'failure',
      reason: 'Ping already redeemed',
      price: 0,
    });
    expect((await server.submit(flow, LEAD)).body).toMatchObject({ outcome: 'success', price: 1 });
  });

  it('may name it in the header or the query, and write its values otherwise', async () => {
    const flow = await deployPriced();
    const header = await server.submit(flow, LEAD, { headers: { 'X-Ping-Id': await accept(flow) } });
    expect(header.body).toMatchObject({ outcome: 'success', price: 5 });
    const same = { ...LEAD, phone_1: '(512) 789 1111' };
    expect((await post(flow, (await accept(flow)).toUpperCase(), same)).body).toMatchObject({ outcome: 'success' });
    const source = flow.sources[0].entity.id;
    const query = new URLSearchParams({ ...LEAD, ping_id: await accept(flow) });
    const got = await ask(`${server.url}/flows/${flow.id}/sources/${source}/submit?${query}`, {});
    expect(got.body).toMatchObject({ outcome: 'success', price: 5 });
  });

  it('is a failure with a reason of its own where it cannot have the price', async () => {
    const sources = [sourceNamed('One'), sourceNamed('Two')];
    const flow = await deployPriced({ sources, ping_life_seconds: 60 });
    const reasonOf = async (id: string, values: object = LEAD) => (await post(flow, id, values)).body.reason;
    const id = await accept(flow);
    expect(await reasonOf('000000000000000000000000')).toBe('Ping not found');
    expect(await reasonOf('no id')).toBe('Ping not found');
    expect(await reasonOf(await accept(flow, LEAD, { source: 1 }))).toBe('Ping is of another source');
    expect(await reasonOf(id, { ...LEAD, email: 'bob@example.com' })).toBe('Lead differs from its ping');
    expect(await reasonOf(id, { ...LEAD, state: undefined })).toBe('Lead differs from its ping');
    const other = (await post(flow, id, { ...LEAD, state: undefined, email: 'bob@example.com' })).body.lead.id;
    const [event] = await server.query(`select facts from events where lead_id = $1 and type = 'source'`, [other]);
    expect(event?.['facts']).toMatchObject({
      warnings: [
        expect.stringMatching(/does not have the values of its ping in these fields: (email, state|state, email)$/),
      ],
    });
    await server.query(`update pings set expires_at = submitted_at - interval '1 second' where id = $1`, [id]);
    expect(await reasonOf(id)).toBe('Ping expired');
    const failed = await accept(flow);
    await server.query(`update pings set outcome = 'failure' where id = $1`, [failed]);
    expect(await reasonOf(failed)).toBe('Ping was not accepted');
    expect((await post(flow, id)).body).toMatchObject({ outcome: 'failure', price: 0 });
  });

  it('leaves the ping free when the lead fails', async () => {
    const flow = await deployPriced({
      steps: [
        deliveryTo(server.recipient.url),
        { type: 'filter', reason: 'not sold', rule_set: when('buyer.outcome', 'is not equal to', 'success') },
      ],
    });
    const id = await accept(flow);
    server.recipient.answerWith(() => ({ body: { outcome: 'failure' } }));
    expect((await post(flow, id)).body).toMatchObject({ outcome: 'failure', reason: 'not sold' });
    server.recipient.answerWith(() => ({ body: { outcome: 'success' } }));
    expect((await post(flow, id)).body).toMatchObject({ outcome: 'success', price: 5 });
    expect((await post(flow, id)).body).toMatchObject({ reason: 'Ping already redeemed' });
  });

  it('of 64 at once to two servers exactly one has its price', async () => {
    const flow = await deployPriced({ steps: [deliveryTo(server.recipient.url)] });
    await until('the flow is known', async () => (await ping(flow, LEAD, { url: beside.url })).status === 200);
    const id = await accept(flow);
    const replies = await Promise.all(
      Array.from({ length: 64 }, (_, n) =>
        submit(n % 2 === 0 ? server.url : beside.url, { flow, values: { ...LEAD, ping_id: id }, how: {} }),
      ),
    );
    const ends = replies.map(({ body }) => body.reason ?? body.outcome);
    expect(ends.filter((end) => end === 'success')).toHaveLength(1);
    expect(ends.filter((end) => end === 'Ping already redeemed')).toHaveLength(63);
    expect(server.recipient.deliveries).toHaveLength(1);
  });

  it('ignores the parameter on a flow that takes no pings, and keeps it where it is a field', async () => {
    const flow = await deployPriced({ ping_enabled: false });
    expect((await post(flow, 'abc')).body).toMatchObject({ outcome: 'success', price: 5 });
    expect((await post(flow, '000000000000000000000000')).body).toMatchObject({ outcome: 'success', price: 5 });
    expect(
      await server.query(`select from list_items where list_id = 'pings' and value = '\\x000000000000000000000000'`),
    ).toEqual([]);
  });
});

describe('a server that is killed while a lead has a ping', () => {
  it('leaves it used, because the lead may have been delivered, and never used twice', async () => {
    await buildSluice();
    const sluice = await startSluiceProcess(server.database);
    const latch = createLatch();
    server.recipient.answerWith(() => latch.opened.then(() => ({ body: { outcome: 'success' } })));
    const flow = await deployPriced({ steps: [deliveryTo(server.recipient.url)] });
    await until('the flow is known', async () => (await ping(flow, LEAD, { url: sluice.url })).status === 200);
    const id = await accept(flow);
    const lost = submit(sluice.url, { flow, values: { ...LEAD, ping_id: id }, how: {} }).catch(() => null);
    await server.recipient.arrival(1);
    expect((await post(flow, id)).body).toMatchObject({ reason: 'Ping already redeemed' });
    sluice.kill('SIGKILL');
    await lost;
    latch.open();
    await until('the lead has its end', async () => {
      const rows = await server.query(`select from leads where flow_id = $1 and outcome = 'error'`, [flow.id]);
      return rows.length === 1;
    });
    expect((await post(flow, id)).body).toMatchObject({ outcome: 'failure', reason: 'Ping already redeemed' });
    expect(server.recipient.deliveries).toHaveLength(1);
  });
});

describe('what is kept of pings', () => {
  it('shows why each ended so, and the lead that has its price', async () => {
    const flow = await deployPriced({
      ping_limits: [limitOf({ maximum: 1 })],
      acceptance_criteria: { rule_set: when('lead.state', 'is equal to', 'TX'), reason: 'not {{lead.state}}' },
    });
    await ping(flow, { ...LEAD, state: 'CA' });
    const id = await accept(flow);
    await ping(flow);
    const { body: lead } = await post(flow, id);
    const list = (await server.api('GET', `/pings?flow_id=${flow.id}`)).body;
    expect(list).toMatchObject([
      { outcome: 'failure', reason: 'Ping limit reached', state: 'refused', ping_limit_reached: true },
      { id, outcome: 'success', price: 5, state: 'redeemed', redeemed_at: expect.any(String) },
      { outcome: 'failure', reason: 'not CA', state: 'refused', ping_limit_reached: false },
    ]);
    const one = (await server.api('GET', `/pings/${id}`)).body;
    expect(one).toMatchObject({ lead_id: lead.lead.id, flow: { id: flow.id } });
    const failed = (await server.api('GET', `/pings/${list[2].id}`)).body;
    expect(failed.explanation.phases.at(-1)).toMatchObject({
      phase: 'acceptance-criteria',
      verdict: 'stopped',
      rules: [{ path: 'acceptance_criteria.rule_set.rules.0', rhv: 'TX', passed: false }],
    });
    const limited = (await server.api('GET', `/pings/${list[0].id}`)).body.explanation.phases;
    expect(limited).toContainEqual(
      expect.objectContaining({ phase: 'list-checks', verdict: 'stopped', ping_limit: expect.anything() }),
    );
    expect(limited).toContainEqual({ phase: 'pricing', verdict: 'not reached' });
    const explained = await server.api('GET', `/leads/${lead.lead.id}/explain`);
    expect(explained.body.sentences.join(' ')).toContain('the price that its ping was answered with');
    expect((await server.api('GET', `/pings/${id}`, undefined, { key: server.strangerKey })).status).toBe(404);
  });

  it('is paged from the newest on, and counted by source and day', async () => {
    const flow = await deployPriced({ sources: [sourceNamed('One'), sourceNamed('Two')] });
    const ids = [await accept(flow), await accept(flow), await accept(flow, LEAD, { source: 1 })];
    await post(flow, ids[0] ?? '');
    const page = (await server.api('GET', `/pings?flow_id=${flow.id}&limit=2&include=id`)).body;
    expect(page).toEqual([{ id: ids[2] }, { id: ids[1] }]);
    const rest = await server.api('GET', `/pings?flow_id=${flow.id}&before_id=${ids[1]}&include=id`);
    expect(rest.body).toEqual([{ id: ids[0] }]);
    const stats = (await server.api('GET', `/pings/stats?flow_id=${flow.id}&interval=hour`)).body;
    const sums = { limited: 0, success_rate: 1 };
    expect(stats).toHaveLength(2);
    expect(stats).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ ...sums, submitted: 2, success: 2, redeemed: 1, win_rate: 0.5 }),
        expect.objectContaining({ ...sums, submitted: 1, success: 1, redeemed: 0, win_rate: 0 }),
      ]),
    );
  });

  it('has counters of its limits, which are set by hand like those of caps', async () => {
    const flow = await deployPriced({ ping_limits: [limitOf({ maximum: 2, name: 'A month' })] });
    const limit = `/ping_limits/${flow.ping_limits[0].id}`;
    expect((await server.api('GET', `/ping_limits?flow_id=${flow.id}`)).body).toEqual([]);
    await accept(flow);
    expect((await server.api('GET', `/ping_limits?flow_id=${flow.id}`)).body).toMatchObject([
      { name: 'A month', count: 1, failed_count: 0, maximum: 2, source_id: null },
    ]);
    expect((await server.api('POST', `${limit}/count`, { set: 2 })).body).toMatchObject({ count: 2 });
    expect((await ping(flow)).body.reason).toBe('Ping limit reached');
    expect((await server.api('POST', `${limit}/count`, { add: -1 })).body).toMatchObject({ count: 1, failed_count: 1 });
    await accept(flow);
    expect((await server.api('GET', `/caps/${flow.ping_limits[0].id}`)).status).toBe(404);
  });
});
