import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createLatch } from '../harness/latch.ts';
import { type ComposedServer, type SubmitTarget, startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf } from './flows.ts';

/** So many errors open a circuit. */
const ENOUGH = 20;

let server: ComposedServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterEach(() => {
  server.recipient.deliveries.length = 0;
  server.recipient.answerWith(() => ({ body: { outcome: 'success' } }));
});
afterAll(() => server.stop());

async function submitMany(flow: SubmitTarget, count: number) {
  return Promise.all(Array.from({ length: count }, (_, i) => server.submit(flow, { email: `ann.${i}@example.com` })));
}

async function readEvent(flow: SubmitTarget) {
  const { body } = await server.submit(flow, { email: 'ann@example.com' });
  const lead = await server.api('GET', `/leads/${body.lead.id}`);
  return lead.body.events.find(({ type }: { type: string }) => type === 'recipient');
}

const healthOf = async (recipientId: string) =>
  (await server.api('GET', '/recipients/health')).body.find(
    (each: { recipient_id: string }) => each.recipient_id === recipientId,
  );

describe('a recipient that fails', () => {
  it('gets nothing more for a while, which only its event and the API show; and a user can end it', async () => {
    const flow = await server.deploy(flowOf([deliveryTo(server.recipient.url)]));
    const neighbour = await server.deploy(flowOf([deliveryTo(server.recipient.url, { entity: { name: 'Other' } })]));
    const recipientId = flow.steps[0].entity.id;
    server.recipient.answerWith(({ path }) => ({ status: path === '/' ? 500 : 200, body: {} }));
    await submitMany(flow, ENOUGH);
    server.recipient.answerWith(() => ({ body: { outcome: 'success' } }));

    const event = await readEvent(flow);
    expect(event).toMatchObject({ outcome: 'error' });
    expect(event.reason).toMatch(
      /^The circuit to 127\.0\.0\.1:\d+ is open after 20 of 20 requests failed; next try in [45] s$/,
    );
    expect([event.unknown, server.recipient.deliveries.length]).toEqual([undefined, ENOUGH]);
    expect(await readEvent(neighbour)).toMatchObject({ outcome: 'success' });

    await until('the circuit is reported', async () => (await healthOf(recipientId))?.state === 'open');
    expect(await healthOf(recipientId)).toMatchObject({ requests: ENOUGH, errors: ENOUGH, running: 0, waiting: 0 });
    expect(await server.api('POST', `/recipients/${recipientId}/close_circuit`)).toMatchObject({ status: 202 });
    await until('the circuit is closed', async () => (await readEvent(flow)).outcome === 'success');
  });

  it('that hangs holds no more than its places: the lead of another is sold meanwhile', async () => {
    const latch = createLatch();
    server.recipient.answerWith(async ({ path }) => {
      if (path === '/hung') await latch.opened;
      return { body: { outcome: 'success' } };
    });
    const hung = await server.deploy(flowOf([deliveryTo(`${server.recipient.url}hung`, { entity: { name: 'Hung' } })]));
    const other = await server.deploy(flowOf([deliveryTo(server.recipient.url, { entity: { name: 'Other' } })]));
    const waiting = submitMany(hung, 80);
    await server.recipient.arrival(64);
    expect(await readEvent(other)).toMatchObject({ outcome: 'success' });
    await until('the queue is reported', async () => (await healthOf(hung.steps[0].entity.id))?.waiting === 16);
    expect(server.recipient.deliveries.filter(({ path }) => path === '/hung')).toHaveLength(64);
    latch.open();
    expect((await waiting).every(({ status }) => status === 201)).toBe(true);
    expect(server.recipient.deliveries.filter(({ path }) => path === '/hung')).toHaveLength(80);
  });
});
