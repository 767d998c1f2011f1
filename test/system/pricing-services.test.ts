import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { verify } from '../../client/src/webhooks.ts';
import { createLatch } from '../harness/latch.ts';
import type { Delivery, RecipientAnswer } from '../harness/recipient.ts';
import { type ComposedServer, type SubmitTarget, startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { flowOf, sourceNamed } from './flows.ts';

const FALLBACK = 3;
/** So many errors open a circuit. */
const ENOUGH = 20;

let server: ComposedServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterEach(() => {
  server.recipient.deliveries.length = 0;
});
afterAll(() => server.stop());

async function makeService(parts: object = {}): Promise<{ id: string; secret: string }> {
  const { status, body } = await server.api('POST', '/pricing_services', {
    name: 'Rates',
    url: `${server.recipient.url}price`,
    variables: ['lead.state', 'lead.ssn'],
    ...parts,
  });
  expect(status).toBe(201);
  return body;
}

async function deployWith(service: { id: string }, parts: object = {}) {
  const pricing_service = { service_id: service.id, fallback_price: FALLBACK };
  return server.deploy(flowOf([], { sources: [sourceNamed('Search ads', { pricing_service })], ...parts }));
}

async function submitOne(flow: SubmitTarget) {
  const { body } = await server.submit(flow, { state: 'TX', ssn: '219-09-9999' });
  const { body: lead } = await server.api('GET', `/leads/${body.lead.id}`);
  return { price: body.price, lead, event: lead.events.at(-1) };
}

describe('a pricing service', () => {
  it('is asked once a lead, signed, with the variables it has, and its price is the price', async () => {
    const service = await makeService();
    const flow = await deployWith(service);
    server.recipient.answerWith(() => ({ body: { price: 4.5, reason: 'Texas' } }));
    const { price, event } = await submitOne(flow);
    expect(price).toBe(4.5);
    expect(server.recipient.deliveries).toHaveLength(1);
    const [question] = server.recipient.deliveries;
    const { type, data } = await verify<Record<string, unknown>>(question as Delivery, { secret: service.secret });
    expect([type, data['variables']]).toMatchObject(['price.requested', { 'lead.state': 'TX' }]);
    // Nor a part of it; inside an id or a time it may stand by chance.
    expect(question?.body).not.toMatch(/(?<![0-9a-f.])(219|9999)(?![0-9a-f])/);
    expect(event).toMatchObject({
      purchase_price: 4.5,
      asked_prices: [{ service_id: service.id, level: 'source', by: 'service', price: 4.5, fault: null }],
    });
    expect(event.explanation.phases).toContainEqual(
      expect.objectContaining({
        phase: 'pricing',
        reason: 'Texas',
        winner: expect.objectContaining({ by: 'service' }),
      }),
    );
    const stored = await server.query('select document::text from lead_data union all select facts::text from events');
    expect(JSON.stringify(stored)).not.toContain(service.secret);
  });

  it.each<[string, RecipientAnswer, RegExp]>([
    ['text', { body: 'four dollars' }, /^answered no JSON object$/],
    ['a negative price', { body: { price: -1 } }, /^answered a price that is not from 0/],
    ['an absurd price', { body: { price: 1e9 } }, /^answered a price that is not from 0/],
    ['too much', { body: `{"price":1}${' '.repeat(2_000_000)}` }, /^answered more than 16384 characters$/],
    ['a redirect', { status: 307, headers: { Location: '/elsewhere' }, body: '' }, /^redirected the request \(307\)$/],
    ['a fault', { status: 500, body: { price: 4 } }, /^answered status 500$/],
    ['nothing', 'hangUp', /^was not reached \(.*127\.0\.0\.1/],
  ])('that answers %s leaves the fallback price, and the event says why', async (_name, answer, fault) => {
    const flow = await deployWith(await makeService());
    server.recipient.answerWith(() => answer);
    const { price, event } = await submitOne(flow);
    expect(price).toBe(FALLBACK);
    expect(event.asked_prices).toMatchObject([{ by: 'fallback', price: null, fault: expect.stringMatching(fault) }]);
    expect(event.warnings).toEqual([expect.stringMatching(/^The pricing service "Rates" .* of 3 stands\.$/)]);
    expect(server.recipient.deliveries.map(({ path }) => path)).toEqual(['/price']);
  });

  it('that answers too late leaves the fallback price after its 2 seconds', async () => {
    const latch = createLatch();
    const flow = await deployWith(await makeService());
    server.recipient.answerWith(async () => {
      await latch.opened;
      return { body: { price: 4 } };
    });
    const { price, event } = await submitOne(flow);
    latch.open();
    expect(price).toBe(FALLBACK);
    expect(event.asked_prices).toMatchObject([{ by: 'fallback', fault: 'did not answer within 2000 ms' }]);
    expect(event.wait_ms).toBe(event.asked_prices[0].ms);
  });

  it('of a private address is refused when it is saved, and not reached when its name leads to one', async () => {
    const url = 'http://10.0.0.1/price';
    expect(await server.api('POST', '/pricing_services', { name: 'R', url, variables: [] })).toMatchObject({
      status: 422,
      body: { details: [{ path: 'url' }] },
    });
    const service = await makeService();
    const flow = await deployWith(service);
    // As if the name had led elsewhere when it was saved.
    const moved = `http://localhost:${server.recipient.port + 1}/`;
    await server.query('update pricing_services set url = $2 where id = $1', [service.id, moved]);
    await server.api('POST', `/pricing_services/${service.id}/rotate_secret`);
    const { price, event } = await submitOne(flow);
    expect(price).toBe(FALLBACK);
    expect(event.asked_prices[0].fault).toMatch(/private ones are not allowed\)$/);
  });

  it('that was changed is asked as it is now, without a deploy', async () => {
    const service = await makeService();
    const flow = await deployWith(service);
    server.recipient.answerWith(({ path }) => ({ body: { price: path === '/other' ? 2 : 1 } }));
    const url = `${server.recipient.url}other`;
    await server.api('PUT', `/pricing_services/${service.id}`, { name: 'Rates', url, variables: [] });
    expect((await submitOne(flow)).price).toBe(2);
    const { body } = await server.api('POST', `/pricing_services/${service.id}/rotate_secret`);
    server.recipient.deliveries.length = 0;
    await submitOne(flow);
    await verify(server.recipient.deliveries[0] as Delivery, { secret: body.secret });
  });

  it('that keeps failing is not asked for a while', async () => {
    const service = await makeService();
    const flow = await deployWith(service);
    server.recipient.answerWith(() => ({ status: 500, body: '' }));
    await Promise.all(Array.from({ length: ENOUGH }, () => submitOne(flow)));
    const asked = server.recipient.deliveries.length;
    const { price, event } = await submitOne(flow);
    expect([price, server.recipient.deliveries.length]).toEqual([FALLBACK, asked]);
    expect(event.asked_prices[0].fault).toMatch(/^was not reached \(The circuit to 127\.0\.0\.1:\d+ is open/);
    await until('the circuit is reported', async () => {
      const { body } = await server.api('GET', '/recipients/health');
      return body.some((each: { recipient_id: string; state: string }) => each.recipient_id === service.id);
    });
  });

  it('is not asked by an evaluation, whose event says that the fallback price was used', async () => {
    const service = await makeService();
    const flow = await deployWith(service);
    const evaluate = async (parts: object) => {
      const asked = { source: flow.sources[0].entity.id, values: { state: 'TX' }, ...parts };
      const { status, body } = await server.api('POST', `/flows/${flow.id}/evaluate`, asked);
      return { status, body, event: body.lead?.events.at(-1) };
    };
    const { event } = await evaluate({});
    expect(event).toMatchObject({
      purchase_price: FALLBACK,
      asked_prices: [{ by: 'fallback', fault: 'is not asked in a simulation' }],
      warnings: ['The pricing service "Rates" is not asked in a simulation: its fallback price of 3 stands.'],
    });
    expect((await evaluate({ prices: { [service.id]: 4.25 } })).event).toMatchObject({ purchase_price: 4.25 });
    expect(await evaluate({ prices: { other: 4.25 } })).toMatchObject({
      status: 422,
      body: { details: [{ path: 'prices.other' }] },
    });
    expect(server.recipient.deliveries).toEqual([]);
  });

  it('answers a test call, signed', async () => {
    const { id, secret } = await makeService();
    server.recipient.answerWith(() => ({ body: { price: 4.5, reason: 'Texas' } }));
    const { body } = await server.api('POST', `/pricing_services/${id}/test`, { variables: { 'lead.state': 'TX' } });
    expect(body).toMatchObject({ price: 4.5, reason: 'Texas', fault: null, response: { status: 200 } });
    const [question] = server.recipient.deliveries;
    expect(question?.body).toBe(body.request);
    await verify(question as Delivery, { secret });
    server.recipient.answerWith(() => ({ status: 500, body: 'oops' }));
    expect((await server.api('POST', `/pricing_services/${id}/test`, {})).body).toMatchObject({
      price: null,
      fault: 'answered status 500',
      response: { status: 500, body: 'oops' },
    });
  });
});

describe('a pricing service with a credential', () => {
  it('is asked with it, by leads and by tests, and nothing that is kept shows it', async () => {
    const secret = 'rates-secret-4711';
    const made = await server.api('POST', '/credentials', { name: 'Rates', type: 'token', token: secret });
    const service = await makeService({ credential_id: made.body.id });
    const flow = await deployWith(service);
    server.recipient.answerWith(({ headers }) => ({
      body: { price: headers.authorization === `Bearer ${secret}` ? 7 : 0, reason: `seen ${headers.authorization}` },
    }));
    const { price, lead } = await submitOne(flow);
    expect(price).toBe(7);
    const tested = await server.api('POST', `/pricing_services/${service.id}/test`, {});
    expect(tested.body).toMatchObject({ price: 7 });
    const stored = await server.query('select document::text from lead_data union all select facts::text from events');
    for (const kept of [lead, tested.body, stored]) expect(JSON.stringify(kept)).not.toContain(secret);
  });

  it('follows a change of the credential at once, and fetches a token of its own account', async () => {
    const oauth = {
      ...{ name: 'Rates', type: 'oauth2', token_url: `${server.recipient.url}token` },
      ...{ client_id: 'acme', client_secret: 'client-secret-9001' },
    };
    const made = await server.api('POST', '/credentials', oauth);
    const flow = await deployWith(await makeService({ credential_id: made.body.id }));
    let issued = 0;
    let accepted = 'Bearer token-1';
    server.recipient.answerWith(({ path, headers }) => {
      if (path === '/token') {
        issued += 1;
        return { body: { access_token: `token-${issued}`, token_type: 'Bearer', expires_in: 3600 } };
      }
      return headers.authorization === accepted ? { body: { price: 4 } } : { status: 401, body: '' };
    });
    expect((await submitOne(flow)).price).toBe(4);
    // The service ends the token: another one is fetched, and the same question is asked once more.
    accepted = 'Bearer token-2';
    expect((await submitOne(flow)).price).toBe(4);
    expect(issued).toBe(2);
    await server.api('PUT', `/credentials/${made.body.id}`, { ...oauth, client_secret: 'another-secret-9002' });
    accepted = 'Bearer token-3';
    expect((await submitOne(flow)).price).toBe(4);
    expect(issued).toBe(3);
  });
});
