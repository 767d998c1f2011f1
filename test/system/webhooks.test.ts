import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseAllowedNetwork } from '../../src/integrations/forbidden-address.ts';
import { type Delivery, openTestRecipient, type RecipientAnswer, type TestRecipient } from '../harness/recipient.ts';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, NO_DUPLICATES, when } from './flows.ts';

let server: ComposedServer;
let receiver: TestRecipient;

beforeAll(async () => {
  const loopback = parseAllowedNetwork('127.0.0.0/8');
  const networks = loopback.ok ? [loopback.value] : [];
  [server, receiver] = await Promise.all([startTestServer({ allowPrivateNetworks: networks }), openTestRecipient()]);
});
afterAll(() => Promise.all([server.stop(), receiver.close()]));
afterEach(async () => {
  const { body } = await server.api('GET', '/webhooks');
  for (const { id } of body) await server.api('DELETE', `/webhooks/${id}`);
  receiver.answerWith(() => ({ body: '' }));
  receiver.deliveries.length = 0;
});

interface Made {
  id: string;
  secret: string;
  name: string;
  url: string;
}

async function makeWebhook(parts: object = {}): Promise<Made> {
  receiver.answerWith(() => ({ body: '' }));
  const { status, body } = await server.api('POST', '/webhooks', { name: 'Warehouse', url: receiver.url, ...parts });
  expect(status).toBe(201);
  return body;
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
async function stateOf({ id }: { id: string }): Promise<any> {
  return (await server.api('GET', `/webhooks/${id}/state`)).body;
}

const sent = (webhook: { id: string }) =>
  until('all is sent', async () => {
    const { state, waiting } = await stateOf(webhook);
    return state === 'idle' && waiting === 0;
  });

/** By the specification alone, without our own code. */
function isSigned({ headers, body }: Delivery, secret: string): boolean {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  return headers['webhook-signature'] === `v1,${createHmac('sha256', key).update(text).digest('base64')}`;
}

const emailsOf = (deliveries: readonly Delivery[]) =>
  deliveries.map(({ body }) => JSON.parse(body).vars.lead.email.normal);
const skipPauses = () =>
  server.query(
    "update outbox set next_attempt_at = now() - interval '1 minute' where attempts > 0 and failed_at is null",
  );

describe('a webhook', () => {
  it('gets every event of every flow, signed, as GET /events/{id} returns it, those of a lead in order', async () => {
    const webhook = await makeWebhook();
    const filter = { type: 'filter' as const, rule_set: when('lead.state', 'is equal to', 'TX'), reason: 'no' };
    const flow = await server.deploy(flowOf([filter, deliveryTo(server.recipient.url)], NO_DUPLICATES));
    for (const state of ['TX', 'CA', 'TX', 'TX']) await server.submit(flow, { email: 'ann@example.com', state });
    await sent(webhook);
    const { body: events } = await server.api('GET', `/events?flow_id=${flow.id}&limit=1000&sort=asc`);
    expect(receiver.deliveries).toHaveLength(events.length);
    expect((await stateOf(webhook)).delivered).toBe(events.length);
    for (const delivery of receiver.deliveries) {
      expect(isSigned(delivery, webhook.secret)).toBe(true);
      const event = JSON.parse(delivery.body);
      expect(delivery.headers['webhook-id']).toBe(event.id);
      expect(event).toEqual((await server.api('GET', `/events/${event.id}`)).body);
    }
    const idsByLead = (list: { id: string; vars: { lead: { id: string } } }[]) => {
      const leads = new Map<string, string[]>();
      for (const { id, vars } of list) leads.set(vars.lead.id, [...(leads.get(vars.lead.id) ?? []), id]);
      return [...leads].sort(([a], [b]) => (a < b ? -1 : 1));
    };
    const rows = await server.query('select lead_id, id from events where flow_id = $1 order by lead_id, seq', [
      flow.id,
    ]);
    const inOrder = idsByLead(
      rows.map((row) => ({ id: String(row['id']), vars: { lead: { id: String(row['lead_id']) } } })),
    );
    expect(idsByLead(receiver.deliveries.map(({ body }) => JSON.parse(body)))).toEqual(inOrder);
    const stored = await server.query(
      `select (select json_agg(c) from event_channels c) as channels, (select json_agg(a) from activity a) as activity`,
    );
    expect(JSON.stringify(stored)).not.toContain(webhook.secret);
  });

  it('gets only the types, outcomes and flows that it names', async () => {
    server.recipient.answerWith(() => ({ body: { outcome: 'failure', reason: 'no', price: 0 } }));
    const steps = [deliveryTo(server.recipient.url)];
    const [flow, other] = [
      await server.deploy(flowOf(steps, NO_DUPLICATES)),
      await server.deploy(flowOf(steps, NO_DUPLICATES)),
    ];
    const [ofFlow, ofType] = [
      await makeWebhook({ flow_ids: [flow.id], url: `${receiver.url}flow` }),
      await makeWebhook({ types: ['recipient'], outcomes: ['failure'], url: `${receiver.url}type` }),
    ];
    const never = await makeWebhook({ outcomes: ['stop'], url: `${receiver.url}never` });
    await server.submit(flow, { email: 'a@example.com' });
    await server.submit(other, { email: 'b@example.com' });
    await Promise.all([ofFlow, ofType, never].map(sent));
    const at = (path: string) =>
      receiver.deliveries.filter((each) => each.path === path).map(({ body }) => JSON.parse(body));
    expect(at('/flow').map(({ type, vars }) => [type, vars.flow.id])).toEqual([
      ['recipient', flow.id],
      ['source', flow.id],
    ]);
    expect(
      at('/type')
        .map(({ type, outcome, vars }) => [type, outcome, vars.flow.id])
        .toSorted(),
    ).toEqual([flow.id, other.id].sort().map((id) => ['recipient', 'failure', id]));
    expect(at('/never')).toEqual([]);
    expect(await stateOf(never)).toMatchObject({ delivered: 0, waiting: 0, state: 'idle' });
    expect(await stateOf(ofFlow)).toMatchObject({ delivered: 2 });
    server.recipient.answerWith(() => ({ body: { outcome: 'success', price: 1 } }));
  });

  it('that is switched off gets nothing more', async () => {
    const webhook = await makeWebhook();
    const flow = await server.deploy(flowOf([]));
    await server.submit(flow, { email: 'a@example.com' });
    await sent(webhook);
    const off = { name: webhook.name, url: webhook.url, enabled: false };
    expect((await server.api('PUT', `/webhooks/${webhook.id}`, off)).body).toMatchObject({ enabled: false });
    await server.submit(flow, { email: 'b@example.com' });
    await server.api('PUT', `/webhooks/${webhook.id}`, { ...off, enabled: true });
    await server.submit(flow, { email: 'c@example.com' });
    await sent(webhook);
    expect(emailsOf(receiver.deliveries)).toEqual(['a@example.com', 'c@example.com']);
  });
});

describe('a receiver that fails', () => {
  it.each<[string, () => RecipientAnswer, string, RegExp]>([
    ['has a fault', () => ({ status: 503, body: '' }), 'unavailable', /status 503/],
    ['takes no more', () => ({ status: 429, body: '' }), 'full', /status 429/],
    ['redirects', () => ({ status: 302, headers: { Location: '/' }, body: '' }), 'unavailable', /status 302/],
    ['hangs up', () => 'hangUp', 'broken', /./],
  ])('because it %s gets everything when it works again', async (_, script, kind, reason) => {
    const webhook = await makeWebhook();
    const flow = await server.deploy(flowOf([]));
    receiver.answerWith(script);
    await server.submit(flow, { email: 'a@example.com' });
    await until('it fails', async () => (await stateOf(webhook)).attempts > 1);
    await server.submit(flow, { email: 'b@example.com' });
    expect(await stateOf(webhook)).toMatchObject({
      ...{ state: 'failing', waiting: 2, set_aside: 0, enabled: true },
      fault: { kind, reason: expect.stringMatching(reason) },
    });
    receiver.answerWith(() => ({ body: '' }));
    const tries = receiver.deliveries.length;
    await sent(webhook);
    expect(emailsOf(receiver.deliveries.slice(tries))).toEqual(['a@example.com', 'b@example.com']);
    // The id and the bytes of every try are the same.
    expect(new Set(receiver.deliveries.map(({ headers, body }) => `${headers['webhook-id']} ${body}`)).size).toBe(2);
    expect(await stateOf(webhook)).toMatchObject({ delivered: 2, fault: null, failing_since: null });
  });

  it('with a refusal of an event holds up no other lead; recover sends it', async () => {
    const webhook = await makeWebhook();
    const flow = await server.deploy(flowOf([]));
    receiver.answerWith(({ body }) => ({ status: body.includes('bad@example.com') ? 422 : 200, body: '' }));
    const before = new Date(Date.now() - 60_000).toISOString();
    await server.submit(flow, { email: 'bad@example.com' });
    await server.submit(flow, { email: 'good@example.com' });
    await until('it is set aside', async () => {
      await skipPauses();
      return (await stateOf(webhook)).set_aside === 1;
    });
    expect(await stateOf(webhook)).toMatchObject({
      ...{ state: 'idle', waiting: 0, fault: null, delivered: 1 },
      set_aside_reason: `127.0.0.1:${receiver.port} refused the event (status 422)`,
    });
    expect(emailsOf(receiver.deliveries).filter((email) => email === 'bad@example.com')).toHaveLength(5);
    receiver.answerWith(() => ({ body: '' }));
    const recover = (since: string) => server.api('POST', `/webhooks/${webhook.id}/recover`, { since });
    expect((await recover(new Date(Date.now() + 60_000).toISOString())).body).toEqual({ recovered: 0 });
    expect((await recover(before)).body).toEqual({ recovered: 1 });
    await sent(webhook);
    expect(await stateOf(webhook)).toMatchObject({ delivered: 2, set_aside: 0 });
    expect((await recover('yesterday')).status).toBe(422);
  });

  it('with 410 ends the webhook visibly, and enabling and recover start it again', async () => {
    const webhook = await makeWebhook();
    const flow = await server.deploy(flowOf([]));
    receiver.answerWith(() => ({ status: 410, body: '' }));
    await server.submit(flow, { email: 'a@example.com' });
    await until('it is disabled', async () => (await stateOf(webhook)).state === 'disabled');
    const reason = `127.0.0.1:${receiver.port} wants no more events (status 410)`;
    expect(await stateOf(webhook)).toMatchObject({
      ...{ enabled: false, disabled_reason: reason, disabled_at: expect.any(String) },
      ...{ waiting: 0, set_aside: 1, fault: { kind: 'gone', reason } },
    });
    const tries = receiver.deliveries.length;
    expect(tries).toBe(1);
    receiver.answerWith(() => ({ body: '' }));
    await server.submit(flow, { email: 'b@example.com' });
    const again = { name: webhook.name, url: webhook.url, enabled: true };
    const { body } = await server.api('PUT', `/webhooks/${webhook.id}`, again);
    expect(body).toMatchObject({ enabled: true, disabled_reason: null, disabled_at: null });
    expect((await server.api('POST', `/webhooks/${webhook.id}/recover`, {})).body).toEqual({ recovered: 1 });
    await sent(webhook);
    expect(emailsOf(receiver.deliveries.slice(tries))).toEqual(['a@example.com']);
  });
});

describe('the secret of a webhook', () => {
  it('is in two answers only, and what is sent follows a new one', async () => {
    const webhook = await makeWebhook();
    const path = `/webhooks/${webhook.id}`;
    expect((await server.api('POST', `${path}/test`)).body).toMatchObject({ fault: null, response: { status: 200 } });
    expect(JSON.parse(receiver.deliveries[0]?.body ?? '').type).toBe('webhook.test');
    expect(isSigned(receiver.deliveries[0] as Delivery, webhook.secret)).toBe(true);
    const { body: rotated } = await server.api('POST', `${path}/secret`);
    expect(rotated.secret).not.toBe(webhook.secret);
    const flow = await server.deploy(flowOf([]));
    await server.submit(flow, { email: 'a@example.com' });
    await sent(webhook);
    const [, event] = receiver.deliveries;
    expect(isSigned(event as Delivery, rotated.secret)).toBe(true);
    expect(isSigned(event as Delivery, webhook.secret)).toBe(false);
    const { text } = await server.api('GET', path);
    expect(text).not.toContain('whsec_');
    const { body: activity } = await server.api('GET', `/activity?subject_id=${webhook.id}`);
    expect(activity.map(({ kind, action }: { kind: string; action: string }) => [kind, action])).toEqual(
      expect.arrayContaining([
        ['webhook', 'create'],
        ['webhook', 'rotate'],
      ]),
    );
  });

  it('signs a test of an example and of the newest event, whose values are revealed to who may see them', async () => {
    const flow = await server.deploy(flowOf([]));
    const webhook = await makeWebhook({ types: ['source'], flow_ids: [flow.id] });
    const path = `/webhooks/${webhook.id}/test`;
    const test = (body: object, key?: string) => server.api('POST', path, body, key === undefined ? {} : { key });
    expect((await test({ type: 'source', from: 'newest' })).body.code).toBe('conflict');
    expect((await test({ type: 'source', preview: true })).body).toMatchObject({ sent: false, headers: null });
    expect(receiver.deliveries).toHaveLength(0);
    const { body: example } = await test({ type: 'filter' });
    expect(emailsOf(receiver.deliveries)).toEqual(['ada@example.com']);
    expect(example.request).toBe(receiver.deliveries[0]?.body);
    expect(example.headers['webhook-id']).toMatch(/^webhook_test_/);
    expect(example.headers['webhook-signature']).toBe(receiver.deliveries[0]?.headers['webhook-signature']);
    expect(isSigned(receiver.deliveries[0] as Delivery, webhook.secret)).toBe(true);
    expect(JSON.stringify(example)).not.toContain(webhook.secret.slice('whsec_'.length));

    const { body: lead } = await server.submit(flow, { email: 'a@example.com' });
    await sent(webhook);
    const real = receiver.deliveries.at(-1);
    const reveals = async () =>
      (await server.api('GET', `/activity?subject_id=${lead.lead.id}`)).body.filter(
        ({ action }: { action: string }) => action === 'reveal',
      ).length;
    const { body: shown } = await test({ type: 'source', from: 'newest', preview: true });
    expect([shown.request, await reveals()]).toEqual([real?.body, 1]);
    const { body: newest } = await test({ event_id: shown.event_id });
    expect([newest.request, newest.event_id, await reveals()]).toEqual([real?.body, shown.event_id, 2]);
    expect(receiver.deliveries.at(-1)?.headers['webhook-id']).not.toBe(real?.headers['webhook-id']);

    const { body: made } = await server.api('POST', '/api_keys', { name: 'Sets up', permissions: ['account.manage'] });
    expect((await test({ from: 'newest' }, made.key)).body).toMatchObject({ code: 'permission_required' });
    expect((await test({ from: 'example' }, made.key)).body).toMatchObject({ sent: true, event_id: null });
    expect(await reveals()).toBe(2);
  });

  it('of one that is deleted goes with all that waits for it', async () => {
    const webhook = await makeWebhook();
    const flow = await server.deploy(flowOf([]));
    receiver.answerWith(() => ({ status: 500, body: '' }));
    await server.submit(flow, { email: 'a@example.com' });
    await until('it fails', async () => (await stateOf(webhook)).attempts > 0);
    expect((await server.api('DELETE', `/webhooks/${webhook.id}`)).status).toBe(200);
    expect((await server.api('GET', `/webhooks/${webhook.id}/state`)).status).toBe(404);
    expect(await server.query('select from outbox where channel_id = $1', [webhook.id])).toEqual([]);
    expect(await server.query('select from channel_faults where channel_id = $1', [webhook.id])).toEqual([]);
  });
});

it('flows and URLs that cannot be are refused', async () => {
  const given = { name: 'No', url: 'ftp://example.com', flow_ids: ['5fd4371e940df5a34a388888'] };
  const { status, body } = await server.api('POST', '/webhooks', given);
  expect(status).toBe(422);
  expect(body.details).toMatchObject([{ path: 'url' }, { path: 'flow_ids.0' }]);
});
