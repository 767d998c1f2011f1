import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FlowDocument, RecipientStep } from '../../src/model/flow.ts';
import { createLatch } from '../harness/latch.ts';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { buildSluice, startSluiceProcess } from '../harness/sluice-process.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, NO_DUPLICATES } from './flows.ts';

let server: ComposedServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterEach(() => {
  server.recipient.deliveries.length = 0;
  server.recipient.answerWith(() => ({ body: { outcome: 'success' } }));
});
afterAll(() => server.stop());

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
  server.query('select count, held from cap_windows where flow_id = $1 order by cap_id', [flowId]);

async function retryOf(flowId: string) {
  const { body } = await server.api('GET', `/retries?flow_id=${flowId}`);
  return body[0];
}

/** Makes the next attempt due, and waits until it has been told. */
async function runNow(flowId: string) {
  const before = await retryOf(flowId);
  expect((await server.api('POST', `/retries/${before.id}/run`)).status).toBe(202);
  await until('the attempt ends', async () => (await retryOf(flowId)).attempts > before.attempts);
  return retryOf(flowId);
}

const eventsOf = async (leadId: string) => (await server.api('GET', `/leads/${leadId}`)).body.events;

describe('a delivery that fails', () => {
  it('is tried again until the recipient takes it, and counts on that day', async () => {
    const flow = await deployRetried({ caps: [dailyCap(1)], pricing: { override: true } });
    server.recipient.answerWith(FAILS);
    const lead = await server.submit(flow, { email: 'ann@example.com' });
    expect(lead.body).toMatchObject({ outcome: 'success' });
    expect(await retryOf(flow.id)).toMatchObject({ status: 'waiting', attempts: 0, last_outcome: 'error' });
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
    expect((await server.api('PUT', `/flows/${flow.id}`, disabled)).status).toBe(200);
    expect((await server.api('POST', `/flows/${flow.id}/deploy`)).status).toBe(200);
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
    expect((await server.api('PUT', `/flows/${flow.id}`, repaired)).status).toBe(200);
    expect((await server.api('POST', `/flows/${flow.id}/deploy`)).status).toBe(200);
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

    const { id } = await retryOf(flow.id);
    expect((await server.api('POST', `/retries/${id}/cancel`)).status).toBe(409);
    server.recipient.answerWith(FAILS);
    expect(await runNow(flow.id)).toMatchObject({ status: 'waiting', attempts: 2 });
    expect((await server.api('POST', `/retries/${id}/cancel`)).body).toMatchObject({ status: 'cancelled' });
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
    expect(await retryOf(flow.id)).toBeUndefined();
    const [delivery] = await eventsOf(lead.body.lead.id);
    expect(delivery.not_retried).toContain('masked');
  });

  it('is not tried again without being told to', async () => {
    const flow = await deployRetried({ retry_enabled: false });
    server.recipient.answerWith(FAILS);
    await server.submit(flow, { email: 'ann@example.com' });
    expect(await retryOf(flow.id)).toBeUndefined();
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
    expect(await retryOf(flow.id)).toBeUndefined();
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

  it('is delivered again when somebody asks for it', async () => {
    const flow = await deployRetried({ caps: [dailyCap(5)] });
    server.recipient.answerWith(HANGS_UP);
    await server.submit(flow, { email: 'carl@example.com' });
    const [unknown] = (await server.api('GET', `/unknowns?flow_id=${flow.id}`)).body;
    server.recipient.answerWith(BUYS);
    await server.api('POST', `/unknowns/${unknown.event_id}/resolve`, { resolution: 'not_delivered', retry: true });
    await until('it is delivered', async () => (await retryOf(flow.id))?.status === 'succeeded');
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
      expect(body.map((unknown: { resolution: string }) => unknown.resolution)).toEqual([resolution, resolution]);
    },
  );
});

describe('a delivery that may have arrived, to a step that has lost its key', () => {
  it('is not sent without it: somebody has to say what became of it', async () => {
    const flow = await deployRetried({ idempotent: true });
    server.recipient.answerWith(() => 'hangUp');
    await server.submit(flow, { email: 'ann@example.com' });
    const keyless = { ...flow, steps: [{ ...flow.steps[0], idempotent: false }] };
    expect((await server.api('PUT', `/flows/${flow.id}`, keyless)).status).toBe(200);
    expect((await server.api('POST', `/flows/${flow.id}/deploy`)).status).toBe(200);
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
    const { id, event_id: eventId } = await retryOf(flow.id);
    await server.api('POST', `/retries/${id}/run`);
    await server.recipient.arrival(2);
    expect((await server.api('POST', `/retries/${id}/cancel`)).status).toBe(409);
    expect((await server.api('POST', `/retries/${id}/run`)).status).toBe(409);
    const resolution = { resolution: 'not_delivered' };
    expect((await server.api('POST', `/unknowns/${eventId}/resolve`, resolution)).status).toBe(409);
    latch.open();
    await until('it has ended', async () => (await retryOf(flow.id)).status === 'succeeded');
    expect((await server.api('POST', `/unknowns/${eventId}/resolve`, resolution)).status).toBe(409);
  });
});

describe('a process that is killed while its attempts are under way', () => {
  const LEADS = 16;

  it('leaves them unknown: none is made again, and every place is counted once', async () => {
    buildSluice();
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
    expect(await server.query('select * from runs')).toEqual([]);
  }, 60_000);
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
    ['GET', '/retries/7', undefined, 400],
    ['GET', '/retries?status=late', undefined, 400],
    ['POST', `/unknowns/${'a'.repeat(24)}/resolve`, { resolution: 'delivered' }, 404],
    ['POST', `/unknowns/${'a'.repeat(24)}/resolve`, [], 400],
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
    const { id } = await retryOf(flow.id);
    const key = server.strangerKey;
    expect((await server.api('GET', '/retries', undefined, { key })).body).toEqual([]);
    expect((await server.api('POST', `/retries/${id}/run`, undefined, { key })).status).toBe(404);
  });
});
