import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ComposedServer, startTestServer } from '../../test/harness/server.ts';
import { flowOf } from '../../test/system/flows.ts';
import { type Client, createClient } from './client.ts';
import type { Flow } from './generated.ts';
import { submit } from './submit.ts';
import { verify } from './webhooks.ts';

/** Of a flow as it is answered. */
type SavedFlow = Flow & { id: string; revision: number };

/** The whole server, asked by its client. */
let server: ComposedServer;
let client: Client;
beforeAll(async () => {
  server = await startTestServer();
  client = createClient({ url: server.url, key: server.key });
});
afterAll(() => server.stop());

const submitUrl = (flow: { id: string; sources: { entity: { id: string } }[] }) =>
  `${server.url}/flows/${flow.id}/sources/${flow.sources[0]?.entity.id}/submit`;

describe('the client', () => {
  it('saves, deploys and reads a flow', async () => {
    const flow = (await client.createFlow(flowOf())) as unknown as SavedFlow;
    expect(await client.deployFlow(flow.id)).toEqual({
      message: 'Your flow was deployed and the most recent changes are now live',
    });
    expect(await client.readFlow(flow.id, { include: ['name', 'revision'] })).toEqual({
      name: 'Mortgage leads',
      revision: flow.revision,
    });
  });

  it('saves nothing on a revision that is no longer the saved one', async () => {
    const flow = (await client.createFlow(flowOf())) as unknown as SavedFlow;
    const { revision, ...document } = flow;
    await client.replaceFlow(flow.id, { ...document, name: 'First' }, { ifMatch: revision });
    const stale = client.replaceFlow(flow.id, { ...document, name: 'Second' }, { ifMatch: revision });
    await expect(stale).rejects.toMatchObject({ name: 'SluiceError', status: 409, code: 'conflict' });
  });

  it('reports every problem of a document with its place', async () => {
    const call = client.createFlow({ ...flowOf(), name: '' } as Flow);
    await expect(call).rejects.toMatchObject({
      status: 422,
      code: 'invalid_document',
      details: [{ path: 'name', message: expect.any(String) }],
      request: 'POST /flows',
    });
  });

  it('iterates over all events, each once', async () => {
    const flow = await server.deploy(flowOf());
    for (let count = 0; count < 5; count += 1) await submit(submitUrl(flow), { first_name: `Ann ${count}` });
    const found: string[] = [];
    const newest = { flow_id: [flow.id], type: ['source' as const], limit: 2 };
    for await (const event of client.listEvents.each({ ...newest, include: ['vars'] })) {
      found.push(JSON.stringify(event.vars));
    }
    expect(found).toHaveLength(5);
    expect(new Set(found).size).toBe(5);
  });

  it('without a key gets the public routes, and 401 for the others', async () => {
    const stranger = createClient({ url: `${server.url}/` });
    expect(await stranger.readStatus()).toMatchObject({ product: 'sluice', status: 'ok' });
    await expect(stranger.listFlows()).rejects.toMatchObject({ status: 401, code: 'authentication_failed' });
  });

  it('asks what has no method', async () => {
    const { status, headers, body } = await client.request('GET', '/flows', { query: { include: ['name'] } });
    expect([status, headers.get('content-type'), Array.isArray(body)]).toEqual([
      200,
      'application/json; charset=utf-8',
      true,
    ]);
  });
});

it('a webhook that the server delivered is genuine, and not under another secret', async () => {
  const made = await client.createDestination({
    name: 'Warehouse',
    actions: [{ name: 'Add lead', webhook_url: `${server.recipient.url}hooks` }],
  });
  const [action] = made.actions;
  const destinations = [{ instance_id: made.instance_id, actions: [{ action_id: action?.action_id ?? '' }] }];
  const flow = await server.deploy(flowOf([], { destinations }));
  server.recipient.deliveries.length = 0;
  const { lead } = await submit(submitUrl(flow), { email: 'ann@example.com' });
  const [delivery] = server.recipient.deliveries;
  if (!delivery) throw new Error('nothing was delivered');
  const webhook = await verify(delivery, { secret: made.secret });
  expect(webhook).toMatchObject({ type: 'lead.processed', data: { outcome: 'success', lead: { id: lead.id } } });
  const rotated = await client.request('POST', `/destinations/${made.instance_id}/rotate_secret`);
  const { secret } = rotated.body as { secret: string }; // the API's answer
  await expect(verify(delivery, { secret })).rejects.toMatchObject({ code: 'wrong_signature' });
});
