import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { deliveryTo, flowOf, sourceNamed } from './flows.ts';

let server: ComposedServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** One with the actions `add` and `note`. */
async function makeDestination() {
  const actions = ['add', 'note'].map((id) => ({
    name: id,
    action_id: id,
    webhook_url: `${server.recipient.url}${id}`,
  }));
  const { body } = await server.api('POST', '/destinations', { name: 'CRM', actions });
  const { secret: _, ...destination } = body;
  return { destination, path: `/destinations/${destination.instance_id}` };
}

const usesOf = async (instanceId: string) => {
  const { body } = await server.api('GET', '/destinations?include=flow_usages');
  return body.find((each: { instance_id: string }) => each.instance_id === instanceId).flow_usages;
};

describe('a destination that flows name', () => {
  it('stays while the deployed revision of a flow names it, though the saved one no longer does', async () => {
    const { destination, path } = await makeDestination();
    const { destinations: _, ...flow } = await server.deploy(flowOf([], { destinations: [destination] }));
    await server.api('PUT', `/flows/${flow.id}`, flow);
    const usage = { id: flow.id, name: flow.name };
    expect(await usesOf(destination.instance_id)).toEqual({ count: 1, flows: [usage] });
    expect((await server.api('DELETE', path)).body).toMatchObject({ code: 'conflict' });
    await server.api('POST', `/flows/${flow.id}/deploy`);
    expect(await usesOf(destination.instance_id)).toEqual({ count: 0, flows: [] });
    expect(await server.api('DELETE', path)).toMatchObject({ status: 200, body: destination });
    expect((await server.api('GET', path)).status).toBe(404);
    expect((await server.api('DELETE', path)).status).toBe(404);
  });

  it('keeps the actions that a flow names, and may lose others', async () => {
    const { destination, path } = await makeDestination();
    const [add, note] = destination.actions;
    await server.deploy(
      flowOf([], { name: 'Adds', destinations: [{ ...destination, actions: [{ action_id: 'add' }] }] }),
    );
    const without = (actions: unknown[]) => server.api('PUT', path, { ...destination, actions });
    const refused = await without([note]);
    expect(refused.status).toBe(409);
    expect(refused.body.error).toBe(
      'An action that is left out is used by the flow "Adds": remove it there, save and deploy first.',
    );
    expect((await without([add])).status).toBe(200);
    expect((await server.api('GET', path)).body.actions).toEqual([add]);
  });

  it('corrects the errors of a flow when it gets the action that was missing', async () => {
    const { destination, path } = await makeDestination();
    const named = { instance_id: destination.instance_id, actions: [{ action_id: 'call' }] };
    const saved = await server.api('POST', '/flows', flowOf([], { destinations: [named] }));
    expect(saved.body.errors).toHaveProperty('destinations.0.actions.0.action_id');
    const call = { ...destination.actions[0], action_id: 'call' };
    expect((await server.api('PUT', path, { ...destination, actions: [...destination.actions, call] })).status).toBe(
      200,
    );
    expect((await server.api('GET', `/flows/${saved.body.id}`)).body.errors ?? {}).toEqual({});
  });

  it('belongs to its account alone', async () => {
    const { destination, path } = await makeDestination();
    const key = server.strangerKey;
    const asked = [
      await server.api('GET', path, undefined, { key }),
      await server.api('PUT', path, destination, { key }),
      await server.api('DELETE', path, undefined, { key }),
      await server.api('POST', `${path}/rotate_secret`, undefined, { key }),
    ];
    expect(asked.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    const flow = await server.api('POST', '/flows', flowOf([], { destinations: [destination] }), { key });
    expect(flow.body.errors).toHaveProperty('destinations.0.instance_id');
    expect((await server.api('GET', path, undefined, { key: null })).status).toBe(401);
  });
});

it.each([
  ['itself', [{}, {}], ['destinations.1.instance_id']],
  ['an action', [{ actions: [{ action_id: 'add' }, { action_id: 'add' }] }], ['destinations.0.actions.1.action_id']],
  [
    'an action it has not',
    [{ actions: [{ action_id: 'call' }, {}] }],
    ['destinations.0.actions.0.action_id', 'destinations.0.actions.1.action_id'],
  ],
])('a flow that names %s twice or in vain has errors', async (_, named, paths) => {
  const { destination } = await makeDestination();
  const destinations = named.map((each) => ({ instance_id: destination.instance_id, ...each }));
  const { body } = await server.api('POST', '/flows', flowOf([], { destinations }));
  expect(Object.keys(body.errors)).toEqual(paths);
});

it.each([['x'], [{}], [[null]], [[5]], [[[]]], [[{ instance_id: '__proto__' }]], [[{ actions: [null] }]]])(
  'a flow with the destinations %j is saved with errors',
  async (destinations) => {
    const saved = await server.api('POST', '/flows', { ...flowOf(), destinations });
    expect([saved.status, Object.keys(saved.body.errors)]).toEqual([201, [expect.stringMatching(/^destinations/)]]);
  },
);

describe('a lead that went to a destination', () => {
  it('is explained with it, action by action', async () => {
    const { destination } = await makeDestination();
    const steps = [deliveryTo(server.recipient.url)];
    const flow = await server.deploy(flowOf(steps, { destinations: [destination] }));
    server.recipient.answerWith(({ path }) =>
      path === '/note' ? { status: 410, body: '' } : { body: { outcome: 'success' } },
    );
    const lead = await server.submit(flow, { email: 'ann@example.com' });
    const { body } = await server.api('GET', `/leads/${lead.body.lead.id}/explain`);
    expect(body.steps.map(({ path, verdict }: { path: string; verdict: string }) => [path, verdict])).toEqual([
      ['steps.0', 'success'],
      ['destinations.0', 'success'],
      ['destinations.0', 'failure'],
    ]);
    expect(body.sentences.slice(-2)).toEqual([
      'The destination "CRM" (action add) delivered it.',
      'The destination "CRM" (action note) delivered it, and the recipient refused it: "The endpoint is gone (410)".',
    ]);
  });

  it('its sender gets the answer without it', async () => {
    const { destination } = await makeDestination();
    const integration = { module_id: 'leadconduit-standard.inbound.verbose', mappings: [] };
    const sources = [sourceNamed('Verbose', { integration })];
    const steps = [deliveryTo(server.recipient.url)];
    const flow = await server.deploy(flowOf(steps, { sources, destinations: [destination] }));
    const { body } = await server.submit(flow, { email: 'ann@example.com' });
    expect(Object.keys(body.appended)).toEqual(['buyer']);
  });

  it('is evaluated with it, and nothing is sent', async () => {
    const { destination } = await makeDestination();
    const flow = await server.deploy(flowOf([], { destinations: [destination] }));
    server.recipient.deliveries.length = 0;
    const { body } = await server.api('POST', `/flows/${flow.id}/evaluate`, {
      source: flow.sources[0].entity.id,
      values: { email: 'ann@example.com' },
      answers: { [`${destination.instance_id}.note`]: { status: 503, body: '' } },
    });
    expect(body.lead.explanation.steps).toMatchObject([
      { path: 'destinations.0', verdict: 'success' },
      { path: 'destinations.0', verdict: 'error', reason: 'The endpoint failed (503)' },
    ]);
    expect(body.response.status).toBe(201);
    expect(server.recipient.deliveries).toEqual([]);
  });
});
