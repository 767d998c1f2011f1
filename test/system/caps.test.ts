import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Cap } from '../../src/model/cap.ts';
import { createLatch } from '../harness/latch.ts';
import { type ComposedServer, type SubmitTarget, startTestServer } from '../harness/server.ts';
import { deliveryTo, flowOf, when } from './flows.ts';

let server: ComposedServer;
beforeAll(async () => {
  server = await startTestServer({ admissionMax: 500 });
});
afterEach(() => {
  server.recipient.deliveries.length = 0;
  server.recipient.answerWith(() => ({ body: { outcome: 'success' } }));
});
afterAll(() => server.stop());

/** Of a month, so that no test runs over its end but at the end of one. */
const capOf = (parts: Partial<Cap> = {}): Cap => ({
  type: 'volume',
  maximum: 2,
  duration: 1,
  duration_units: 'month',
  ...parts,
});

const read = async (id: string) => (await server.api('GET', `/caps/${id}`)).body;
const setWindow = async (id: string, maximum: number | null) =>
  (await server.api('PUT', `/caps/${id}/window`, { maximum })).body;
const change = async (id: string, body: object) => (await server.api('POST', `/caps/${id}/count`, body)).body;

describe('counters of caps', () => {
  it('show leads that succeeded, run and were refused, of nested caps too', async () => {
    const inner = capOf({
      maximum: 1,
      rule_set: when('lead.state', 'is equal to', 'NV'),
      reason: 'no more {{lead.state}}',
    });
    const flow = await server.deploy(
      flowOf([deliveryTo(server.recipient.url)], { caps: [capOf({ maximum: 5, caps: [inner] })] }),
    );
    expect((await server.submit(flow, { state: 'NV' })).body.outcome).toBe('success');
    expect((await server.submit(flow, { state: 'NV' })).body).toMatchObject({
      outcome: 'failure',
      reason: 'no more NV',
    });
    const latch = createLatch();
    server.recipient.answerWith(() => latch.opened.then(() => ({ body: { outcome: 'success' } })));
    const running = server.submit(flow, { state: 'TX' });
    await server.recipient.arrival(2);
    const { body } = await server.api('GET', `/caps?flow_id=${flow.id}`);
    expect(body).toMatchObject([
      { count: 1, held: 1, failed_count: 0, cap_ids: [flow.caps[0].caps[0].id] },
      { count: 1, held: 0, failed_count: 1, maximum: 1 },
    ]);
    latch.open();
    await running;
    expect(await read(flow.caps[0].id)).toMatchObject({ count: 2, held: 0 });
  });
});

describe('the list of caps', () => {
  it('has a cap that no lead asked yet when idle ones are asked for', async () => {
    const flow = await server.deploy(flowOf([], { caps: [capOf({ maximum: 5 })] }));
    const list = async (query: string) => (await server.api('GET', `/caps?flow_id=${flow.id}${query}`)).body;
    expect(await list('')).toEqual([]);
    expect(await list('&idle=true')).toMatchObject([{ id: flow.caps[0].id, count: 0, held: 0, updated_at: null }]);
    await server.submit(flow, { state: 'TX' });
    expect(await list('&idle=false')).toMatchObject([{ count: 1 }]);
  });

  it('shows how the last windows of a cap ended', async () => {
    const flow = await server.deploy(flowOf([], { caps: [capOf({ maximum: 1, duration_units: 'day' })] }));
    const id = flow.caps[0].id;
    expect((await server.api('GET', `/caps/${id}/windows`)).body).toEqual([]);
    await server.submit(flow, { state: 'TX' });
    await server.submit(flow, { state: 'TX' });
    await server.query(
      `update cap_windows set starts_at = starts_at - interval '1 day', ends_at = ends_at - interval '1 day' where cap_id = $1`,
      [id],
    );
    const { body } = await server.api('GET', `/caps/${id}/windows`);
    expect(body).toMatchObject([{ count: 1, failed_count: 1 }]);
    expect(Date.parse(body[0].started_at)).toBeLessThan(Date.parse(body[0].ended_at));
    expect((await server.api('GET', '/caps/000000000000000000000000/windows')).status).toBe(404);
  });
});

describe('a count that is changed by hand', () => {
  it('decides about the next lead', async () => {
    const flow = await server.deploy(flowOf([], { caps: [capOf()] }));
    const [{ id }] = flow.caps;
    const outcome = async () => (await server.submit(flow, {})).body.outcome;
    expect(await outcome()).toBe('success');
    expect(await change(id, { set: 2 })).toMatchObject({ count: 2, failed_count: 0 });
    expect(await outcome()).toBe('failure');
    expect(await change(id, { add: -1 })).toMatchObject({ count: 1, failed_count: 1 });
    expect([await outcome(), await outcome()]).toEqual(['success', 'failure']);
    expect(await read(id)).toMatchObject({ count: 2, held: 0, failed_count: 2 });
  });

  it('closes a cap of a step: the lead goes on without it', async () => {
    const flow = await server.deploy(flowOf([deliveryTo(server.recipient.url, { caps: [capOf()] })]));
    const [{ id }] = flow.steps[0].caps;
    await change(id, { set: 2_000 });
    expect((await server.submit(flow, {})).body.outcome).toBe('success');
    expect(server.recipient.deliveries).toEqual([]);
    expect(await read(id)).toMatchObject({ step_id: flow.steps[0].id, count: 2_000, failed_count: 1 });
  });

  it('keeps the place of a lead under way, which counts on top', async () => {
    const latch = createLatch();
    server.recipient.answerWith(() => latch.opened.then(() => ({ body: { outcome: 'success' } })));
    const flow = await server.deploy(flowOf([deliveryTo(server.recipient.url)], { caps: [capOf()] }));
    const [{ id }] = flow.caps;
    const running = server.submit(flow, {});
    await server.recipient.arrival(1);
    expect(await change(id, { set: 1 })).toMatchObject({ count: 1, held: 1 });
    expect((await server.submit(flow, {})).body.outcome).toBe('failure');
    latch.open();
    expect((await running).body.outcome).toBe('success');
    expect(await read(id)).toMatchObject({ count: 2, held: 0 });
  });

  it('loses nothing beside many leads at once', async () => {
    const flow = await server.deploy(flowOf([deliveryTo(server.recipient.url)], { caps: [capOf({ maximum: 50 })] }));
    const [{ id }] = flow.caps;
    const [answers] = await Promise.all([
      Promise.all(Array.from({ length: 100 }, () => server.submit(flow, {}))),
      Promise.all(Array.from({ length: 20 }, () => change(id, { add: 1 }))),
    ]);
    const successes = answers.filter(({ body }) => body.outcome === 'success').length;
    // The cap was full for 20 places at some time, by leads or by hand.
    expect(successes).toBeGreaterThanOrEqual(30);
    expect(successes).toBeLessThanOrEqual(50);
    expect(server.recipient.deliveries).toHaveLength(successes);
    expect(await read(id)).toMatchObject({ count: successes + 20, held: 0, failed_count: 100 - successes });
  });
});

describe('another maximum of the window that runs', () => {
  /** So many of so many leads at once were taken. */
  async function takenOf(flow: SubmitTarget, leads: number): Promise<number> {
    const answers = await Promise.all(Array.from({ length: leads }, () => server.submit(flow, {})));
    return answers.filter(({ body }) => body.outcome === 'success').length;
  }

  it.each([
    ['of a flow', 'higher', 5, 23],
    ['of a flow', 'lower', 23, 5],
    ['of a step', 'higher', 5, 23],
    ['of a flow, beyond what need not be looked at', 'lower', 5_000, 20],
  ])('%s lets exactly so many leads through that come at once: %s', async (of, _which, maximum, own) => {
    const caps = [capOf({ maximum })];
    const flow = await server.deploy(
      of === 'of a step'
        ? flowOf([deliveryTo(server.recipient.url, { caps })])
        : flowOf([deliveryTo(server.recipient.url)], { caps }),
    );
    const [{ id }] = flow.caps ?? flow.steps[0].caps;
    expect(await takenOf(flow, 3)).toBe(3);
    expect(await setWindow(id, own)).toMatchObject({ maximum: own, deployed_maximum: maximum, count: 3 });
    await takenOf(flow, 60);
    expect(server.recipient.deliveries).toHaveLength(own);
    expect(await read(id)).toMatchObject({ count: own, held: 0, maximum: own, deployed_maximum: maximum });
  });

  it('of a revenue cap is in dollars', async () => {
    const flow = await server.deploy(
      flowOf([], { pricing: { prices: [{ amount: 2.5 }] }, caps: [capOf({ type: 'revenue', maximum: 5 })] }),
    );
    const [{ id }] = flow.caps;
    expect(await setWindow(id, 12.5)).toMatchObject({ maximum: 12.5, deployed_maximum: 5, count: 0 });
    expect(await takenOf(flow, 20)).toBe(5);
    expect(await read(id)).toMatchObject({ count: 12.5 });
    expect(await setWindow(id, 1.00001)).toMatchObject({ details: [{ path: 'maximum' }] });
  });

  it('ends with the window, by hand, and with a maximum that is published', async () => {
    const flow = await server.deploy(flowOf([], { caps: [capOf({ maximum: 1, duration_units: 'day' })] }));
    const [{ id }] = flow.caps;
    await setWindow(id, 3);
    expect(await setWindow(id, null)).toMatchObject({ maximum: 1, deployed_maximum: 1 });
    await setWindow(id, 3);
    expect(await takenOf(flow, 5)).toBe(3);
    await server.query(
      `update cap_windows set starts_at = starts_at - interval '1 day', ends_at = ends_at - interval '1 day' where cap_id = $1`,
      [id],
    );
    expect(await read(id)).toMatchObject({ maximum: 1, count: 0 });
    expect(await takenOf(flow, 5)).toBe(1);
    expect((await server.api('GET', `/caps/${id}/windows`)).body).toMatchObject([{ count: 3, window_maximum: 3 }]);
    await setWindow(id, 9);
    const publish = async (parts: object) => {
      const { body } = await server.api('GET', `/flows/${flow.id}`);
      await server.api('PUT', `/flows/${flow.id}`, { ...body, caps: [{ ...body.caps[0], ...parts }] });
      expect((await server.api('POST', `/flows/${flow.id}/deploy`)).status).toBe(200);
    };
    await publish({ name: 'Other' });
    expect(await read(id)).toMatchObject({ maximum: 9, deployed_maximum: 1 });
    await publish({ maximum: 2 });
    expect(await read(id)).toMatchObject({ maximum: 2, deployed_maximum: 2, count: 1 });
  });

  it('is in the activity log', async () => {
    const flow = await server.deploy(flowOf([], { caps: [capOf({ name: 'Texas' })] }));
    const [{ id }] = flow.caps;
    await setWindow(id, 80);
    const [{ id: entryId }] = (await server.api('GET', `/activity?kind=cap&subject_id=${id}`)).body;
    const { body: entry } = await server.api('GET', `/activity/${entryId}`);
    expect(entry).toMatchObject({ action: 'update', subject: { id, name: 'Texas' }, after: { window_maximum: 80 } });
    expect(entry.before).not.toHaveProperty('window_maximum');
  });
});
