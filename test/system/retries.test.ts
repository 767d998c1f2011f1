import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FilterStep, FlowDocument, RecipientStep, Step } from '../../src/model/flow.ts';
import { createLatch } from '../harness/latch.ts';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { buildSluice, startSluiceProcess } from '../harness/sluice-process.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, NO_DUPLICATES, when } from './flows.ts';

let server: ComposedServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterEach(() => {
  server.recipient.deliveries.length = 0;
  server.recipient.answerWith(() => ({ body: { outcome: 'success' } }));
});
afterAll(() => server.stop());

const ISO_TIME = /^20\d\d-\d\d-\d\dT[\d:.]+Z$/;
const FAILS = () => ({ status: 500, body: 'broken' });
const BUYS = () => ({ body: { outcome: 'success', price: 4.5 } });
const PRICED = { price_path: 'price' };

const deployRetried = (parts: Partial<RecipientStep> = {}, flow: Partial<FlowDocument> = {}) =>
  server.deploy(flowOf([deliveryTo(server.recipient.url, { retry_enabled: true, ...parts }, PRICED)], flow));

const dailyCap = (maximum: number) => ({
  type: 'volume' as const,
  maximum,
  duration: 1,
  duration_units: 'day' as const,
});

const windowsOf = (flowId: string) =>
  server.query('select count::int, held::int from cap_windows where flow_id = $1 order by cap_id', [flowId]);

async function readRetry(flowId: string) {
  const { body } = await server.api('GET', `/retries?flow_id=${flowId}`);
  return body[0];
}

/** Makes the next attempt due, and waits until it has been recorded. */
async function runNow(flowId: string) {
  const before = await readRetry(flowId);
  expect((await server.api('POST', `/retries/${before.id}/run`)).status).toBe(202);
  await until('the attempt ends', async () => (await readRetry(flowId)).attempts > before.attempts);
  return readRetry(flowId);
}

/** What the activity log has of one subject, oldest first, as a whole. */
async function activityOf(subjectId: string) {
  const { body } = await server.api('GET', `/activity?subject_id=${subjectId}&sort=asc`);
  return Promise.all(body.map(async ({ id }: { id: string }) => (await server.api('GET', `/activity/${id}`)).body));
}

const eventsOf = async (leadId: string) => (await server.api('GET', `/leads/${leadId}`)).body.events;

describe('a delivery that fails', () => {
  it('is tried again until the recipient takes it, and counts on that day', async () => {
    const flow = await deployRetried({ caps: [dailyCap(1)], pricing: { override: true } });
    server.recipient.answerWith(FAILS);
    const lead = await server.submit(flow, { email: 'ann@example.com' });
    expect(lead.body).toMatchObject({ outcome: 'success' });
    expect(await readRetry(flow.id)).toMatchObject({ status: 'waiting', attempts: 0, last_outcome: 'error' });
    expect(await windowsOf(flow.id)).toEqual([{ count: 0, held: 0 }]);

    expect(await runNow(flow.id)).toMatchObject({ status: 'waiting', attempts: 1, last_outcome: 'error' });
    server.recipient.answerWith(BUYS);
    expect(await runNow(flow.id)).toMatchObject({ status: 'succeeded', attempts: 2, last_outcome: 'success' });

    expect(await windowsOf(flow.id)).toEqual([{ count: 1, held: 0 }]);
    const bodies = new Set(server.recipient.deliveries.map(({ body }) => body));
    expect(bodies).toEqual(new Set(['{"email":"ann@example.com"}']));
    const events = await eventsOf(lead.body.lead.id);
    expect(events.map((event: { type: string; outcome: string }) => [event.type, event.outcome])).toEqual([
      ['recipient', 'error'],
      ['source', 'success'],
      ['retry', 'error'],
      ['retry', 'success'],
    ]);
    expect(events[3]).toMatchObject({ retry_status: 'completed', attempt: 2, revenue: 4.5 });
    expect(events[3].transactions).toMatchObject([{ request: { method: 'POST' }, response: { status: 200 } }]);
    expect(events[1].response.body).toBe(lead.text);

    const { body: listed } = await server.api('GET', `/events?type=retry&flow_id=${flow.id}`);
    expect(listed.map(({ id }: { id: string }) => id)).toEqual([events[3].id, events[2].id]);
    expect((await server.api('GET', `/events/${events[3].id}`)).body).toEqual(listed[0]);
    expect((await server.api('GET', `/leads/${lead.body.lead.id}/explain`)).status).toBe(200);
  });

  it('waits while its step is disabled', async () => {
    const flow = await deployRetried();
    server.recipient.answerWith(FAILS);
    await server.submit(flow, { email: 'ann@example.com' });
    const disabled = { ...flow, steps: [{ ...flow.steps[0], enabled: false }] };
    await server.redeploy(disabled);
    const after = { status: 'waiting', last_outcome: 'skip', last_reason: 'The step is disabled' };
    expect(await runNow(flow.id)).toMatchObject(after);
    expect(server.recipient.deliveries).toHaveLength(1);
  });

  it('asks with the step as it is deployed now', async () => {
    const flow = await deployRetried();
    server.recipient.answerWith(FAILS);
    await server.submit(flow, { email: 'ann@example.com' });
    const [step] = flow.steps;
    const mappings = [...step.integration.mappings, { property: 'header.X-Repaired', value: 'yes' }];
    const repaired = { ...flow, steps: [{ ...step, integration: { ...step.integration, mappings } }] };
    await server.redeploy(repaired);
    server.recipient.answerWith(BUYS);
    expect(await runNow(flow.id)).toMatchObject({ status: 'succeeded' });
    expect(server.recipient.deliveries.map(({ headers }) => headers['x-repaired'])).toEqual([undefined, 'yes']);
  });

  it('ends when the recipient refuses it, and when somebody cancels it', async () => {
    const flow = await deployRetried();
    server.recipient.answerWith(FAILS);
    await server.submit(flow, { email: 'ann@example.com' });
    server.recipient.answerWith(() => ({ body: { outcome: 'no', reason: 'not ours' } }));
    expect(await runNow(flow.id)).toMatchObject({ status: 'failed', last_reason: 'not ours', next_attempt_at: null });

    const { id } = await readRetry(flow.id);
    expect((await server.api('POST', `/retries/${id}/cancel`)).status).toBe(409);
    server.recipient.answerWith(FAILS);
    expect(await runNow(flow.id)).toMatchObject({ status: 'waiting', attempts: 2 });
    expect((await server.api('POST', `/retries/${id}/cancel`)).body).toMatchObject({ status: 'cancelled' });
  });

  it('has who ran and who cancelled it in the activity log, with its state before and after', async () => {
    const flow = await deployRetried();
    server.recipient.answerWith(FAILS);
    const lead = await server.submit(flow, { email: 'ann@example.com' });
    const { id } = await runNow(flow.id);
    await server.api('POST', `/retries/${id}/cancel`);
    expect((await server.api('POST', `/retries/${id}/cancel`)).status).toBe(409);
    const place = { id, lead_id: lead.body.lead.id, flow_id: flow.id };
    const common = {
      ...{ kind: 'retry', subject: { id, name: null }, at: expect.stringMatching(ISO_TIME) },
      ...{ actor: { kind: 'key', id: expect.any(String) }, ip: '127.0.0.1' },
    };
    const log = await activityOf(id);
    expect(log).toMatchObject([
      {
        ...{ ...common, action: 'run' },
        before: { ...place, status: 'waiting', attempts: 0 },
        after: { ...place, status: 'waiting', attempts: 0 },
      },
      {
        ...{ ...common, action: 'cancel' },
        before: { ...place, status: 'waiting', attempts: 1 },
        after: { ...place, status: 'cancelled', attempts: 1 },
      },
    ]);
    expect(JSON.stringify(log)).not.toMatch(/ann@example|broken/);
  });

  it('waits while its cap is full, with a skip for the attempt', async () => {
    const flow = await deployRetried({ caps: [dailyCap(1)] });
    server.recipient.answerWith(FAILS);
    await server.submit(flow, { email: 'ann@example.com' });
    server.recipient.answerWith(BUYS);
    await server.submit(flow, { email: 'bob@example.com' });
    expect(await runNow(flow.id)).toMatchObject({ status: 'waiting', last_outcome: 'skip' });
    expect(server.recipient.deliveries).toHaveLength(2);
    expect(await windowsOf(flow.id)).toEqual([{ count: 1, held: 0 }]);
  });

  it('is not tried again when its request carries values that are not kept', async () => {
    const step = deliveryTo(server.recipient.url, { retry_enabled: true }, { 'json_property.ssn': '{{lead.ssn}}' });
    const flow = await server.deploy(flowOf([step]));
    server.recipient.answerWith(FAILS);
    const lead = await server.submit(flow, { email: 'ann@example.com', ssn: '219-09-9999' });
    expect(await readRetry(flow.id)).toBeUndefined();
    const [delivery] = await eventsOf(lead.body.lead.id);
    expect(delivery.not_retried).toContain('masked');
  });

  it('is not retried without a request', async () => {
    const flow = await deployRetried({ retry_enabled: false });
    server.recipient.answerWith(FAILS);
    await server.submit(flow, { email: 'ann@example.com' });
    expect(await readRetry(flow.id)).toBeUndefined();
  });
});

describe('a cap under leads and retries at once', () => {
  it('is never passed', async () => {
    const flow = await deployRetried({ caps: [dailyCap(10)] });
    server.recipient.answerWith(FAILS);
    const emails = Array.from({ length: 30 }, (_, n) => ({ email: `p${n}@example.com` }));
    await Promise.all(emails.map((values) => server.submit(flow, values)));
    expect(await windowsOf(flow.id)).toEqual([{ count: 0, held: 0 }]);
    server.recipient.deliveries.length = 0;
    server.recipient.answerWith(BUYS);
    const { body: retries } = await server.api('GET', `/retries?flow_id=${flow.id}&limit=1000`);
    expect(retries.length).toBeGreaterThanOrEqual(10);
    await Promise.all([
      ...retries.map(({ id }: { id: string }) => server.api('POST', `/retries/${id}/run`)),
      ...emails.map((values) => server.submit(flow, values)),
    ]);
    await until('every retry has been tried', async () => {
      const { body } = await server.api('GET', `/retries?flow_id=${flow.id}&limit=1000`);
      return body.every(({ attempts }: { attempts: number }) => attempts > 0);
    });
    expect(server.recipient.deliveries).toHaveLength(10);
    expect(await windowsOf(flow.id)).toEqual([{ count: 10, held: 0 }]);
  });
});

describe('a delivery that may have arrived', () => {
  const HANGS_UP = () => 'hangUp' as const;

  it('is never sent again by itself, and keeps its places until somebody says what became of it', async () => {
    const flow = await deployRetried({ caps: [dailyCap(5)] }, NO_DUPLICATES);
    server.recipient.answerWith(HANGS_UP);
    const lead = await server.submit(flow, { email: 'carl@example.com' });
    expect(await readRetry(flow.id)).toBeUndefined();
    const [unknown] = (await server.api('GET', `/unknowns?flow_id=${flow.id}`)).body;
    expect(unknown).toMatchObject({ lead_id: lead.body.lead.id, resolved_at: null, resolution: null });
    expect(await windowsOf(flow.id)).toEqual([{ count: 1, held: 0 }]);

    const path = `/unknowns/${unknown.event_id}/resolve`;
    const resolved = await server.api('POST', path, { resolution: 'not_delivered', note: 'they have no record' });
    expect(resolved.body).toMatchObject({ resolution: 'not_delivered', note: 'they have no record' });
    expect(await windowsOf(flow.id)).toEqual([{ count: 0, held: 0 }]);
    expect((await server.api('POST', path, { resolution: 'delivered' })).status).toBe(409);
    expect((await server.api('GET', `/unknowns?flow_id=${flow.id}`)).body).toEqual([]);
    expect((await server.api('GET', `/unknowns?flow_id=${flow.id}&resolved=true`)).body).toHaveLength(1);
    expect(server.recipient.deliveries).toHaveLength(1);
  });

  it('has who resolved it in the activity log, without the note', async () => {
    const flow = await deployRetried();
    server.recipient.answerWith(HANGS_UP);
    await server.submit(flow, { email: 'carl@example.com' });
    const [unknown] = (await server.api('GET', `/unknowns?flow_id=${flow.id}`)).body;
    const path = `/unknowns/${unknown.event_id}/resolve`;
    await server.api('POST', path, { resolution: 'not_delivered', note: 'Carl called us' });
    expect((await server.api('POST', path, { resolution: 'delivered' })).status).toBe(409);
    const log = await activityOf(unknown.event_id);
    expect(log).toMatchObject([
      {
        ...{ kind: 'unknown', action: 'resolve', subject: { id: unknown.event_id, name: null } },
        ...{ actor: { kind: 'key', id: expect.any(String) }, ip: '127.0.0.1', at: expect.stringMatching(ISO_TIME) },
        before: { resolution: null },
        after: { resolution: 'not_delivered', retry: false },
      },
    ]);
    expect(JSON.stringify(log)).not.toMatch(/carl/i);
  });

  it('resolved as delivered carries its revenue, and its place stays used', async () => {
    const flow = await deployRetried({ caps: [dailyCap(5)] });
    server.recipient.answerWith(HANGS_UP);
    const lead = await server.submit(flow, { email: 'carl@example.com' });
    const [unknown] = (await server.api('GET', `/unknowns?flow_id=${flow.id}`)).body;
    await server.api('POST', `/unknowns/${unknown.event_id}/resolve`, { resolution: 'delivered', price: 8 });
    expect(await windowsOf(flow.id)).toEqual([{ count: 1, held: 0 }]);
    const event = (await eventsOf(lead.body.lead.id)).at(-1);
    expect(event).toMatchObject({ type: 'retry', outcome: 'success', revenue: 8, retry_status: 'completed' });
  });

  it.each<[string, object, number, object, number]>([
    ['the price of its rules', { prices: [{ amount: 4 }] }, 4, {}, 4],
    ['the maximum price of a step whose recipient names it', { override: true, maximum_price: 9 }, 9, {}, 9],
    ['the price that is named', { override: true, maximum_price: 9 }, 9, { price: 6.0001 }, 6.0001],
  ])('resolved as delivered is booked and counted at %s', async (_, pricing, expected, named, booked) => {
    const cap = { type: 'revenue' as const, maximum: 100, duration: 1, duration_units: 'day' as const };
    const flow = await server.deploy(flowOf([deliveryTo(server.recipient.url, { caps: [cap], pricing })]));
    server.recipient.answerWith(() => 'hangUp');
    const lead = await server.submit(flow, { email: 'carl@example.com' });
    const [unknown] = (await server.api('GET', `/unknowns?flow_id=${flow.id}`)).body;
    expect(unknown.expected_price).toBe(expected);
    const path = `/unknowns/${unknown.event_id}/resolve`;
    expect(await server.api('POST', path, { resolution: 'delivered', price: expected + 0.0001 })).toMatchObject({
      status: 422,
      body: { details: [{ path: 'price', message: expect.stringContaining(`Must be at most ${expected}`) }] },
    });
    await server.api('POST', path, { resolution: 'delivered', ...named });
    const { body } = await server.api('GET', `/leads/${lead.body.lead.id}`);
    const [window] = await server.query('select count::float8, held::float8 from cap_windows where cap_id = $1', [
      `${flow.steps[0].caps[0].id}.usd`,
    ]);
    expect([body.money.revenue, window]).toEqual([booked, { count: booked * 10_000, held: 0 }]);
  });

  it('is delivered again when somebody asks for it', async () => {
    const flow = await deployRetried({ caps: [dailyCap(5)] });
    server.recipient.answerWith(HANGS_UP);
    await server.submit(flow, { email: 'carl@example.com' });
    const [unknown] = (await server.api('GET', `/unknowns?flow_id=${flow.id}`)).body;
    server.recipient.answerWith(BUYS);
    await server.api('POST', `/unknowns/${unknown.event_id}/resolve`, { resolution: 'not_delivered', retry: true });
    await until('it is delivered', async () => (await readRetry(flow.id))?.status === 'succeeded');
    expect(server.recipient.deliveries).toHaveLength(2);
    expect(await windowsOf(flow.id)).toEqual([{ count: 1, held: 0 }]);
  });

  it.each([
    ['taken at last', BUYS, 'succeeded', 1, 'delivered'],
    ['refused at last', () => ({ body: { outcome: 'no' } }), 'failed', 0, 'not_delivered'],
  ])(
    'to a recipient that knows its key comes again with it, and %s its place is settled',
    async (_, last, status, count, resolution) => {
      const flow = await deployRetried({ caps: [dailyCap(5)], idempotent: true });
      server.recipient.answerWith(HANGS_UP);
      await server.submit(flow, { email: 'dora@example.com' });
      expect(await runNow(flow.id)).toMatchObject({ status: 'waiting', attempts: 1 });
      expect(await windowsOf(flow.id)).toEqual([{ count: 1, held: 0 }]);
      server.recipient.answerWith(last);
      expect(await runNow(flow.id)).toMatchObject({ status, attempts: 2 });
      const keys = server.recipient.deliveries.map(({ headers }) => headers['idempotency-key']);
      expect(keys).toEqual(Array(3).fill(expect.stringMatching(/^[0-9a-f]{24}$/)));
      expect(new Set(keys).size).toBe(1);
      expect(await windowsOf(flow.id)).toEqual([{ count, held: 0 }]);
      const { body } = await server.api('GET', `/unknowns?flow_id=${flow.id}&resolved=true`);
      expect(body.map((unknown: { resolution: string }) => unknown.resolution)).toEqual([resolution]);
    },
  );
});

describe('a delivery that may have arrived, to a step that has lost its key', () => {
  it('is not sent without it: somebody has to say what became of it', async () => {
    const flow = await deployRetried({ idempotent: true });
    server.recipient.answerWith(() => 'hangUp');
    await server.submit(flow, { email: 'ann@example.com' });
    const keyless = { ...flow, steps: [{ ...flow.steps[0], idempotent: false }] };
    await server.redeploy(keyless);
    expect(await runNow(flow.id)).toMatchObject({ status: 'unknown' });
    expect(server.recipient.deliveries).toHaveLength(1);
    expect((await server.api('GET', `/unknowns?flow_id=${flow.id}`)).body).toHaveLength(1);
  });
});

describe('an attempt under way', () => {
  it('can neither be cancelled nor run nor resolved', async () => {
    const flow = await deployRetried({ idempotent: true });
    server.recipient.answerWith(() => 'hangUp');
    await server.submit(flow, { email: 'ann@example.com' });
    const latch = createLatch();
    server.recipient.answerWith(() => latch.opened.then(BUYS));
    const { id, event_id: eventId } = await readRetry(flow.id);
    await server.api('POST', `/retries/${id}/run`);
    await server.recipient.arrival(2);
    expect((await server.api('POST', `/retries/${id}/cancel`)).status).toBe(409);
    expect((await server.api('POST', `/retries/${id}/run`)).status).toBe(409);
    const resolution = { resolution: 'not_delivered' };
    expect((await server.api('POST', `/unknowns/${eventId}/resolve`, resolution)).status).toBe(409);
    latch.open();
    await until('it has ended', async () => (await readRetry(flow.id)).status === 'succeeded');
    expect((await server.api('POST', `/unknowns/${eventId}/resolve`, resolution)).status).toBe(409);
  });
});

/** The sender learns what the buyer did not take. */
const notSold = (key: string, parts: Partial<FilterStep> = {}): FilterStep => ({
  type: 'filter',
  rule_set: when(`${key}.outcome`, 'is not equal to', 'success'),
  reason: 'Not sold',
  ...parts,
});

/** A buyer of its own path, so that its deliveries are distinguishable. */
const buyer = (name: string, parts: Partial<RecipientStep> = {}): RecipientStep =>
  deliveryTo(`${server.recipient.url}${name}`, { entity: { name }, ...parts }, PRICED);
const retried = (name: string, parts: Partial<RecipientStep> = {}): RecipientStep =>
  buyer(name, { retry_enabled: true, ...parts });

type Answers = Record<string, () => { status?: number; body: unknown } | 'hangUp'>;
const answerBy = (answers: Answers) => server.recipient.answerWith(({ path }) => (answers[path.slice(1)] ?? BUYS)());
const soldTo = (name: string) => server.recipient.deliveries.filter(({ path }) => path === `/${name}`).length;

let lists = 0;
/** A list of its own, so that the same person is new to each test. */
const noDuplicates = (): Partial<FlowDocument> => {
  lists += 1;
  return {
    ...NO_DUPLICATES,
    list_checks: { duplicate: { value: '{{lead.email}}', list_name: `People of retries ${lists}` } },
  };
};
const ANN = { email: 'ann@example.com' };

describe.each(['error', 'failure'])('a lead whose sender got %s while its delivery is tried again', (sentOutcome) => {
  const deploy = (parts: Partial<FlowDocument> = {}, step: Partial<RecipientStep> = {}) =>
    server.deploy(
      flowOf([retried('a', step), notSold('a', { outcome: sentOutcome })], { ...noDuplicates(), ...parts }),
    );

  it('is a duplicate when it is sent again, and the explanation says of which lead and why', async () => {
    const flow = await deploy({ caps: [dailyCap(1)] });
    answerBy({ a: FAILS });
    const first = await server.submit(flow, ANN);
    expect(first.body).toMatchObject({ outcome: sentOutcome, reason: 'Not sold' });
    expect(await windowsOf(flow.id)).toEqual([{ count: 0, held: 1 }]);
    answerBy({});
    const second = await server.submit(flow, ANN);
    expect(second.body).toMatchObject({ outcome: 'failure' });
    const { body } = await server.api('GET', `/leads/${second.body.lead.id}/explain`);
    expect(body.sentences.join(' ')).toContain(
      `held by lead ${first.body.lead.id}, whose delivery was still being retried: the lead is a duplicate`,
    );
    expect(body.sentences.join(' ')).not.toContain(ANN.email);

    expect(await runNow(flow.id)).toMatchObject({ status: 'succeeded' });
    expect((await server.submit(flow, ANN)).body).toMatchObject({ outcome: 'failure' });
    expect(soldTo('a')).toBe(2);
    expect(await windowsOf(flow.id)).toEqual([{ count: 1, held: 0 }]);
    expect(await server.query('select * from lead_holds where lead_id = $1', [first.body.lead.id])).toEqual([]);
  });

  it.each<[string, (flow: { id: string }) => Promise<unknown>]>([
    [
      'failed',
      async (flow) => {
        answerBy({ a: () => ({ body: { outcome: 'no' } }) });
        expect(await runNow(flow.id)).toMatchObject({ status: 'failed' });
      },
    ],
    [
      'been cancelled',
      async (flow) => {
        const { id } = await readRetry(flow.id);
        expect((await server.api('POST', `/retries/${id}/cancel`)).status).toBe(200);
      },
    ],
  ])('is unique again after the retry has %s', async (_, end) => {
    const flow = await deploy({ caps: [dailyCap(1)] });
    answerBy({ a: FAILS });
    await server.submit(flow, ANN);
    await end(flow);
    expect(await windowsOf(flow.id)).toEqual([{ count: 0, held: 0 }]);
    answerBy({});
    expect((await server.submit(flow, ANN)).body).toMatchObject({ outcome: 'success' });
    expect(await windowsOf(flow.id)).toEqual([{ count: 1, held: 0 }]);
    const { id } = await readRetry(flow.id);
    const refused = await server.api('POST', `/retries/${id}/run`);
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('another lead with the same value');
  });

  it('takes its places again when the ended retry is run by hand', async () => {
    const flow = await deploy({ caps: [dailyCap(1)] });
    answerBy({ a: FAILS });
    await server.submit(flow, ANN);
    const { id } = await readRetry(flow.id);
    await server.api('POST', `/retries/${id}/cancel`);
    const latch = createLatch();
    server.recipient.answerWith(() => latch.opened.then(BUYS));
    await server.api('POST', `/retries/${id}/run`);
    await server.recipient.arrival(2);
    expect((await server.submit(flow, ANN)).body).toMatchObject({ outcome: 'failure' });
    latch.open();
    await until('it is sold', async () => (await readRetry(flow.id)).status === 'succeeded');
    expect(soldTo('a')).toBe(2);
  });

  it('keeps its places while an attempt may have arrived', async () => {
    const flow = await deploy({ caps: [dailyCap(1)] });
    answerBy({ a: FAILS });
    await server.submit(flow, ANN);
    answerBy({ a: () => 'hangUp' });
    expect(await runNow(flow.id)).toMatchObject({ status: 'unknown' });
    expect(await windowsOf(flow.id)).toEqual([{ count: 1, held: 0 }]);
    expect((await server.submit(flow, ANN)).body).toMatchObject({ outcome: 'failure' });
    const [unknown] = (await server.api('GET', `/unknowns?flow_id=${flow.id}`)).body;
    await server.api('POST', `/unknowns/${unknown.event_id}/resolve`, { resolution: 'not_delivered' });
    expect(await windowsOf(flow.id)).toEqual([{ count: 0, held: 0 }]);
    answerBy({});
    expect((await server.submit(flow, ANN)).body).toMatchObject({ outcome: 'success' });
  });

  it('holds no place of its step between attempts', async () => {
    const flow = await deploy({}, { caps: [dailyCap(1)] });
    answerBy({ a: FAILS });
    await server.submit(flow, ANN);
    answerBy({});
    expect((await server.submit(flow, { email: 'bob@example.com' })).body).toMatchObject({ outcome: 'success' });
    expect(await runNow(flow.id)).toMatchObject({ status: 'waiting', last_outcome: 'skip' });
    expect((await server.submit(flow, ANN)).body).toMatchObject({ outcome: 'failure' });
  });
});

describe('the explanation of a lead', () => {
  const explain = async (leadId: string) => (await server.api('GET', `/leads/${leadId}/explain`)).body;

  it('reports later attempts, and that one of them sold it', async () => {
    const flow = await server.deploy(flowOf([retried('a'), notSold('a')]));
    answerBy({ a: FAILS });
    const { body } = await server.submit(flow, ANN);
    await runNow(flow.id);
    const failed = await explain(body.lead.id);
    expect(failed.sentences.join(' ')).toMatch(
      /could not deliver it: .* It was tried again once; that attempt, at .*, failed too/,
    );
    expect(failed.sentences.join(' ')).not.toContain('came through');
    answerBy({});
    await runNow(flow.id);
    const { sentences, steps } = await explain(body.lead.id);
    expect(sentences.join(' ')).toMatch(/tried again 2 times; the last attempt, at .*, delivered it/);
    expect(sentences).toContain(
      'A delivery succeeded after the sender got its answer, so that answer no longer describes the lead.',
    );
    expect(steps[0].retries).toMatchObject([
      { verdict: 'error', attempt: 1, resolution: null },
      { verdict: 'success', attempt: 2, sale_price: expect.any(Number) },
    ]);
  });

  it.each(['delivered', 'not_delivered'])('reports how a delivery was resolved: %s', async (resolution) => {
    const flow = await server.deploy(flowOf([buyer('a')]));
    answerBy({ a: () => 'hangUp' });
    const { body } = await server.submit(flow, ANN);
    const [unknown] = (await server.api('GET', `/unknowns?flow_id=${flow.id}`)).body;
    await server.api('POST', `/unknowns/${unknown.event_id}/resolve`, { resolution });
    const { sentences, steps } = await explain(body.lead.id);
    expect(sentences.join(' ')).toContain(`it was resolved as ${resolution.replace('_', ' ')}`);
    expect(steps[0].retries).toMatchObject([{ resolution }]);
  });
});

describe('a delivery to be tried again whose alternative has the lead', () => {
  const unless = (...keys: string[]) => ({
    rule_set: {
      op: 'and' as const,
      rules: keys.map((key) => ({ lhv: `${key}.outcome`, op: 'is not equal to' as const, rhv: 'success' })),
    },
  });
  const sold = (key: string): FilterStep => ({
    type: 'filter',
    rule_set: when(`${key}.outcome`, 'is equal to', 'success'),
    outcome: 'success',
    reason: 'Sold',
  });

  it.each<[string, () => Step[]]>([
    ['by its criteria', () => [retried('a'), buyer('b', unless('a'))]],
    ['by a filter before it', () => [retried('a'), sold('a'), buyer('b')]],
    ['by what another alternative answered', () => [retried('a'), buyer('c', unless('a')), buyer('b', unless('c'))]],
    ['under a key of its own', () => [retried('a', { key: 'first' }), buyer('b', unless('first'))]],
  ])('ends as a skip: %s', async (_, steps) => {
    const flow = await server.deploy(flowOf(steps()));
    answerBy({ a: FAILS, c: () => ({ body: { outcome: 'no' } }) });
    const lead = await server.submit(flow, ANN);
    expect(soldTo('b')).toBe(1);
    answerBy({});
    const reason = 'Not sent: b has accepted the lead';
    const ended = { status: 'cancelled', last_outcome: 'skip', last_reason: reason, next_attempt_at: null };
    expect(await runNow(flow.id)).toMatchObject(ended);
    expect(soldTo('a')).toBe(1);
    const event = (await eventsOf(lead.body.lead.id)).at(-1);
    expect(event).toMatchObject({ type: 'retry', outcome: 'skip', reason, retry_status: 'completed' });
  });

  it.each<[string, () => Step[]]>([
    ['stands beside it', () => [retried('a'), buyer('b')]],
    [
      'ran whatever it answered, unless refused',
      () => [retried('a'), buyer('b', { rule_set: when('a.outcome', 'is not equal to', 'failure') })],
    ],
    ['depends on another step alone', () => [buyer('c'), retried('a'), buyer('b', unless('d'))]],
    [
      'stands behind a filter that stops what was not sold',
      () => [
        retried('a'),
        buyer('b'),
        { ...notSold('a'), rule_set: when('a.reason', 'is equal to', 'closed') },
        buyer('d'),
      ],
    ],
  ])('is made where what accepted is a copy that %s', async (_, steps) => {
    const flow = await server.deploy(flowOf(steps()));
    answerBy({ a: FAILS });
    await server.submit(flow, ANN);
    expect(soldTo('b')).toBe(1);
    answerBy({});
    expect(await runNow(flow.id)).toMatchObject({ status: 'succeeded' });
  });

  it('is made while the alternative refused, and a copy is still delivered after the lead was sold', async () => {
    const flow = await server.deploy(flowOf([retried('a'), buyer('b', unless('a')), retried('copy')]));
    answerBy({ a: FAILS, b: () => ({ body: { outcome: 'no' } }), copy: FAILS });
    await server.submit(flow, ANN);
    answerBy({});
    const { body: retries } = await server.api('GET', `/retries?flow_id=${flow.id}`);
    await Promise.all(retries.map(({ id }: { id: string }) => server.api('POST', `/retries/${id}/run`)));
    await until('both are delivered', async () => {
      const { body } = await server.api('GET', `/retries?flow_id=${flow.id}`);
      return body.every(({ status }: { status: string }) => status === 'succeeded');
    });
    expect([soldTo('a'), soldTo('b'), soldTo('copy')]).toEqual([2, 1, 2]);
  });

  it('waits while it is not known whether the alternative has it, and goes on when it has not', async () => {
    const flow = await server.deploy(flowOf([retried('a'), buyer('b', unless('a'))]));
    answerBy({ a: FAILS, b: () => 'hangUp' });
    await server.submit(flow, ANN);
    answerBy({});
    const waiting = { status: 'waiting', last_outcome: 'skip', last_reason: 'Not sent: b may have accepted the lead' };
    expect(await runNow(flow.id)).toMatchObject(waiting);
    const [unknown] = (await server.api('GET', `/unknowns?flow_id=${flow.id}`)).body;
    await server.api('POST', `/unknowns/${unknown.event_id}/resolve`, { resolution: 'not_delivered' });
    expect(await runNow(flow.id)).toMatchObject({ status: 'succeeded' });
  });

  it('sells to one of two alternatives that are both tried again at once', async () => {
    const flow = await server.deploy(
      flowOf([retried('a'), retried('b', unless('a')), notSold('b')], { ...noDuplicates(), caps: [dailyCap(1)] }),
    );
    answerBy({ a: FAILS, b: FAILS });
    await server.submit(flow, ANN);
    answerBy({});
    const { body: retries } = await server.api('GET', `/retries?flow_id=${flow.id}`);
    expect(retries).toHaveLength(2);
    await Promise.all(retries.map(({ id }: { id: string }) => server.api('POST', `/retries/${id}/run`)));
    const statuses = async () => {
      const { body } = await server.api('GET', `/retries?flow_id=${flow.id}`);
      return body.map(({ status }: { status: string }) => status).sort();
    };
    await until(
      'both have ended',
      async () => !(await statuses()).some((status: string) => status === 'waiting' || status === 'running'),
    );
    expect(await statuses()).toEqual(['cancelled', 'succeeded']);
    expect(soldTo('a') + soldTo('b')).toBe(3);
    expect(await windowsOf(flow.id)).toEqual([{ count: 1, held: 0 }]);
    expect((await server.submit(flow, ANN)).body).toMatchObject({ outcome: 'failure' });
  });
});

describe('a process that is killed while its attempts are under way', () => {
  const LEADS = 16;

  it('leaves them unknown: none is made again, and every place is counted once', async () => {
    await buildSluice();
    const other = await startSluiceProcess(server.database);
    const flow = await deployRetried({ caps: [dailyCap(100)] });
    server.recipient.answerWith(FAILS);
    const emails = Array.from({ length: LEADS }, (_, n) => ({ email: `p${n}@example.com` }));
    await Promise.all(emails.map((values) => server.submit(flow, values)));
    const latch = createLatch();
    server.recipient.answerWith(() => latch.opened.then(BUYS));
    const { body: retries } = await server.api('GET', `/retries?flow_id=${flow.id}`);
    await Promise.all(retries.map(({ id }: { id: string }) => server.api('POST', `/retries/${id}/run`)));
    // As many as two processes have under way with one recipient: each has half of them.
    await server.recipient.arrival(2 * LEADS);
    other.kill('SIGKILL');
    await other.exited;
    latch.open();

    const statuses = async () => {
      const { body } = await server.api('GET', `/retries?flow_id=${flow.id}`);
      return body.map(({ status }: { status: string }) => status).sort();
    };
    await until('all have ended', async () => !(await statuses()).includes('running'), 20_000);
    const half = LEADS / 2;
    expect(await statuses()).toEqual([...Array(half).fill('succeeded'), ...Array(half).fill('unknown')]);
    expect(server.recipient.deliveries).toHaveLength(2 * LEADS);
    expect(await windowsOf(flow.id)).toEqual([{ count: LEADS, held: 0 }]);
    expect((await server.api('GET', `/unknowns?flow_id=${flow.id}`)).body).toHaveLength(half);
    // Of this flow: retries that earlier tests left waiting may be under way at any moment.
    expect(await server.query('select * from runs where flow_id = $1', [flow.id])).toEqual([]);
  });
});

describe('what cannot be asked', () => {
  it.each([
    [{}, 'resolution'],
    [{ resolution: 'maybe' }, 'resolution'],
    [{ resolution: 'delivered', price: -1 }, 'price'],
    [{ resolution: 'delivered', retry: true }, 'retry'],
    [{ resolution: 'not_delivered', price: 3 }, 'price'],
    [{ resolution: 'delivered', colour: 'red' }, 'colour'],
  ])('%j is refused with the place', async (body, path) => {
    const answer = await server.api('POST', `/unknowns/${'a'.repeat(24)}/resolve`, body);
    expect(answer.status).toBe(422);
    expect(answer.body.details.map((detail: { path: string }) => detail.path)).toContain(path);
  });

  it.each([
    ['POST', `/retries/${'a'.repeat(24)}/run`, undefined, 404],
    ['POST', `/retries/${'a'.repeat(24)}/cancel`, undefined, 404],
    ['GET', `/retries/${'a'.repeat(24)}`, undefined, 404],
    ['GET', '/retries/7', undefined, 404],
    ['GET', '/retries?status=late', undefined, 400],
    ['POST', `/unknowns/${'a'.repeat(24)}/resolve`, { resolution: 'delivered' }, 404],
    ['POST', `/unknowns/${'a'.repeat(24)}/resolve`, [], 422],
  ])('%s %s is answered', async (method, path, body, status) => {
    expect((await server.api(method, path, body)).status).toBe(status);
  });

  it.each(['retries', 'unknowns'])('a page of %s is filtered by the source, too', async (what) => {
    const flow = await deployRetried({ idempotent: true });
    server.recipient.answerWith(() => 'hangUp');
    await server.submit(flow, { email: 'ann@example.com' });
    const ofSource = async (id: string) =>
      (await server.api('GET', `/${what}?flow_id=${flow.id}&source_id=${id}`)).body;
    expect(await ofSource(flow.sources[0].entity.id)).toHaveLength(1);
    expect(await ofSource('a'.repeat(24))).toEqual([]);
  });

  it('another account sees nothing of it', async () => {
    const flow = await deployRetried();
    server.recipient.answerWith(FAILS);
    await server.submit(flow, { email: 'ann@example.com' });
    const { id } = await readRetry(flow.id);
    const key = server.strangerKey;
    expect((await server.api('GET', '/retries', undefined, { key })).body).toEqual([]);
    expect((await server.api('POST', `/retries/${id}/run`, undefined, { key })).status).toBe(404);
  });
});
