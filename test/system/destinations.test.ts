import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { verify } from '../../client/src/webhooks.ts';
import type { Delivery } from '../harness/recipient.ts';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, when } from './flows.ts';

let server: ComposedServer;
beforeAll(async () => {
  server = await startTestServer({ isDistributionStepEnabled: true });
});
afterEach(() => {
  server.recipient.deliveries.length = 0;
  server.recipient.answerWith(() => ({ body: { outcome: 'success' } }));
});
afterAll(() => server.stop());

async function makeDestination(name: string) {
  const webhook_url = `${server.recipient.url}hooks`;
  const { status, body } = await server.api('POST', '/destinations', {
    name,
    actions: [{ name: 'Add lead', webhook_url }],
  });
  expect(status).toBe(201);
  const { secret, ...destination } = body;
  return { secret, destination };
}

const hooks = () => server.recipient.deliveries.filter(({ path }) => path === '/hooks');

describe('a destination of a flow', () => {
  it('gets each lead after the steps, signed, with all but masked values', async () => {
    const { secret, destination } = await makeDestination('CRM');
    const flow = await server.deploy(flowOf([deliveryTo(server.recipient.url)], { destinations: [destination] }));
    const lead = await server.submit(flow, { email: 'ann@example.com', phone_1: '(512) 789-1111', ssn: '219-09-9999' });
    expect(lead.body.outcome).toBe('success');
    expect(server.recipient.deliveries.map(({ path }) => path)).toEqual(['/', '/hooks']);
    const [hook] = hooks();
    await verify(hook as Delivery, { secret });
    expect(JSON.parse(hook?.body ?? '')).toMatchObject({
      type: 'lead.processed',
      data: {
        lead: { id: lead.body.lead.id, email: 'ann@example.com', phone_1: '5127891111' },
        flow: { id: flow.id },
        outcome: 'success',
        appended: { buyer: { outcome: 'success' } },
      },
    });
    const { events } = (await server.api('GET', `/leads/${lead.body.lead.id}`)).body;
    const [, event] = events;
    expect(event).toMatchObject({ type: 'recipient', outcome: 'success', module_id: 'sluice.outbound.webhook' });
    expect(event.step_id).toBe(`${destination.instance_id}.${destination.actions[0].action_id}`);
    const stored = JSON.stringify([events, await server.query('select document::text from lead_data')]);
    expect(stored).not.toContain(secret);
    // Nor a part of it; inside an id or a time it may stand by chance.
    expect(hook?.body).not.toMatch(/(?<![0-9a-f.])(219|9999)(?![0-9a-f])/);
  });

  it.each([
    ['a step failed', [{ status: 500, body: '' }], []],
    ['a filter stopped the lead', [], [{ type: 'filter' as const, rule_set: when('lead.email', 'is not blank') }]],
  ])('gets nothing when %s', async (_, answers, filters) => {
    const { destination } = await makeDestination('CRM');
    const flow = await server.deploy(
      flowOf([deliveryTo(server.recipient.url), ...filters], { destinations: [destination] }),
    );
    const [answer] = answers;
    if (answer) server.recipient.answerWith(() => answer);
    await server.submit(flow, { email: 'ann@example.com' });
    expect(hooks()).toEqual([]);
  });

  it('that fails is tried again with the same id', async () => {
    const { secret, destination } = await makeDestination('CRM');
    const flow = await server.deploy(flowOf([], { destinations: [destination] }));
    server.recipient.answerWith(() => ({ status: 503, body: '' }));
    await server.submit(flow, { email: 'ann@example.com' });
    server.recipient.answerWith(() => ({ status: 204, body: '' }));
    const [retry] = (await server.api('GET', `/retries?flow_id=${flow.id}`)).body;
    await server.api('POST', `/retries/${retry.id}/run`);
    await until(
      'it is delivered',
      async () => (await server.api('GET', `/retries/${retry.id}`)).body.status === 'succeeded',
    );
    const [first, second] = hooks();
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.body).toBe(first?.body);
    await verify(second as Delivery, { secret });
  });

  it('follows a change of its URL or key without a deploy', async () => {
    const { secret, destination } = await makeDestination('CRM');
    const flow = await server.deploy(flowOf([], { destinations: [destination] }));
    const actions = [{ ...destination.actions[0], webhook_url: `${server.recipient.url}moved` }];
    const path = `/destinations/${destination.instance_id}`;
    expect((await server.api('PUT', path, { ...destination, actions })).body.actions).toEqual(actions);
    const rotated = await server.api('POST', `${path}/rotate_secret`);
    expect(rotated.body.secret).not.toBe(secret);
    await server.submit(flow, { email: 'ann@example.com' });
    const [moved] = server.recipient.deliveries;
    expect(moved?.path).toBe('/moved');
    await verify(moved as Delivery, { secret: rotated.body.secret });
  });

  it('that is not there keeps the flow from being deployed', async () => {
    const destinations = [{ instance_id: 'a'.repeat(24), actions: [] }];
    const saved = await server.api('POST', '/flows', flowOf([], { destinations }));
    expect(saved.body.errors).toHaveProperty('destinations.0.instance_id');
    expect((await server.api('POST', `/flows/${saved.body.id}/deploy`)).status).toBe(422);
  });
});

describe('the API of destinations', () => {
  it('lists them, and where each is used only when asked', async () => {
    const { destination } = await makeDestination('Warehouse');
    const flow = await server.deploy(flowOf([], { name: 'With warehouse', destinations: [destination] }));
    const { body: plain } = await server.api('GET', '/destinations');
    expect(plain.at(-1)).toEqual(destination);
    const { body: used } = await server.api('GET', '/destinations?include=flow_usages');
    expect(used.at(-1)).toEqual({
      ...destination,
      flow_usages: { count: 1, flows: [{ id: flow.id, name: 'With warehouse' }] },
    });
    expect((await server.api('GET', '/destinations', undefined, { key: server.strangerKey })).body).toEqual([]);
    expect((await server.api('GET', '/destinations?include=secrets')).status).toBe(400);
    const removed = await server.api('DELETE', `/destinations/${destination.instance_id}`);
    expect(removed.status).toBe(409);
    expect(removed.body.error).toContain('With warehouse');
  });

  it('keeps the key sealed', async () => {
    const { secret } = await makeDestination('Sealed');
    const rows = await server.query(
      `select d::text as row, encode(sealed_secret, 'escape') as sealed from destinations d`,
    );
    expect(JSON.stringify(rows)).not.toContain(secret.slice(6, 20));
  });

  it.each([
    [{}, ['name', 'actions']],
    [{ name: 'x', actions: [] }, ['actions']],
    [{ name: 'x', actions: [{ name: 'a', webhook_url: 'http://10.0.0.1/' }] }, ['actions.0.webhook_url']],
    [
      { name: 'x', actions: [{ name: 'a', action_id: 'a b', webhook_url: 'https://a.example.com/' }] },
      ['actions.0.action_id'],
    ],
    [{ name: 'x', colour: 1, actions: [{ name: 'a', webhook_url: 'https://a.example.com/' }] }, ['colour']],
    [[], ['']],
  ])('%j is refused with the places', async (body, paths) => {
    const answer = await server.api('POST', '/destinations', body);
    expect(answer.status).toBe(422);
    expect(answer.body.details.map(({ path }: { path: string }) => path).sort()).toEqual(paths.sort());
  });
});

describe('test_step', () => {
  const pathOf = (flow: { id: string; sources: { entity: { id: string } }[] }) =>
    `/flows/${flow.id}/sources/${flow.sources[0]?.entity.id}/test_step`;
  const stepWith = (module_id: string) => ({ integration: { module_id, mappings: [] }, entity: {} });

  it('sends mapped data and returns the result, without an event', async () => {
    const flow = await server.deploy(flowOf());
    server.recipient.answerWith(() => ({ body: { outcome: 'success' } }));
    const submission_data = {
      url: server.recipient.url,
      'json_property.email': 'jane@example.com',
      basic_username: 'us',
      basic_password: 'pass word',
    };
    const before = await server.query('select count(*) from events');
    const answer = await server.api('POST', pathOf(flow), {
      step_config: stepWith('leadconduit-custom.outbound.json'),
      submission_data,
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ outcome: 'success', reason: null });
    expect(answer.body.transactions).toMatchObject([
      { request: { body: '{"email":"jane@example.com"}' }, response: { status: 200 } },
    ]);
    expect(answer.body.transactions[0].request.headers.Authorization).toMatch(/^\*+$/);
    expect(await server.query('select count(*) from events')).toEqual(before);
    const skipped = await server.api('POST', pathOf(flow), {
      step_config: stepWith('leadconduit-custom.outbound.json'),
      submission_data: {},
    });
    expect(skipped.body).toEqual({ outcome: 'skip', reason: 'URL is required', transactions: [] });
  });

  it('masks what events mask, and wants a zone that is one', async () => {
    const flow = await server.deploy(flowOf());
    const submission_data = {
      url: server.recipient.url,
      'json_property.ssn': '219-09-9999',
      'header.X-Key': 'of 219-09-9999',
    };
    const step = stepWith('leadconduit-custom.outbound.json');
    const answer = await server.api('POST', pathOf(flow), {
      step_config: { ...step, acceptance_criteria: {}, entity: { time_zone: 'Asia/Tokyo' } },
      submission_data,
    });
    expect(answer.status).toBe(200);
    expect(server.recipient.deliveries.at(-1)?.body).toContain('219-09-9999');
    expect(answer.text).not.toContain('219-09-9999');
    const refused = await server.api('POST', pathOf(flow), {
      step_config: { ...step, entity: { time_zone: 'Mars' } },
      submission_data,
    });
    expect([refused.status, refused.body.details]).toMatchObject([422, [{ path: 'step_config.entity.time_zone' }]]);
  });

  it('signs a webhook, whose key is not in the answer', async () => {
    const flow = await server.deploy(flowOf());
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const answer = await server.api('POST', pathOf(flow), {
      step_config: stepWith('sluice.outbound.webhook'),
      submission_data: { url: `${server.recipient.url}hooks`, secret, 'payload.lead.email': 'jane@example.com' },
    });
    expect(answer.body).toMatchObject({ outcome: 'success', reason: null });
    const [hook] = hooks();
    await verify(hook as Delivery, { secret });
    expect(hook?.headers['webhook-id']).toMatch(/^msg_[0-9a-f]{24}$/);
    expect(JSON.parse(hook?.body ?? '').data).toEqual({ lead: { email: 'jane@example.com' } });
    expect(answer.text).not.toContain(secret);
  });

  const INTEGRATION = 'step_config.integration';
  it.each([
    [[], ['']],
    [{ step_config: {}, submission_data: [] }, [INTEGRATION, 'submission_data']],
    [{ step_config: { integration: {} }, submission_data: {} }, [`${INTEGRATION}.module_id`]],
    [{ step_config: stepWith('leadconduit-nothing.outbound'), submission_data: {} }, [`${INTEGRATION}.module_id`]],
    [{ step_config: stepWith('leadconduit-default.inbound'), submission_data: {} }, [`${INTEGRATION}.module_id`]],
    [
      {
        step_config: { integration: { module_id: 'x', mappings: 'x' }, acceptance_criteria: 5, entity: 7 },
        submission_data: {},
      },
      [`${INTEGRATION}.mappings`, 'step_config.acceptance_criteria', 'step_config.entity'],
    ],
    [
      {
        step_config: { integration: { module_id: 'x', mapping: [] }, ruleset: {}, entity: { timezone: 'UTC' } },
        submission_data: {},
      },
      [`${INTEGRATION}.mapping`, 'step_config.entity.timezone', 'step_config.ruleset'],
    ],
  ])('%j is refused with the places', async (body, paths) => {
    const flow = await server.deploy(flowOf());
    const answer = await server.api('POST', pathOf(flow), body);
    expect(answer.status).toBe(422);
    expect(answer.body.details.map(({ path }: { path: string }) => path).sort()).toEqual([...paths].sort());
  });

  it('of an unknown flow or source, or of what is no id, is 404', async () => {
    const flow = await server.deploy(flowOf());
    const id = 'a'.repeat(24);
    const body = { step_config: stepWith('leadconduit-custom.outbound.json'), submission_data: {} };
    expect((await server.api('POST', `/flows/${id}/sources/${id}/test_step`, body)).status).toBe(404);
    expect((await server.api('POST', `/flows/${flow.id}/sources/${id}/test_step`, body)).status).toBe(404);
    expect((await server.api('POST', `/flows/7/sources/${id}/test_step`, body)).status).toBe(404);
    expect((await server.api('POST', `/flows/${flow.id}/sources/7/test_step`, body)).status).toBe(404);
  });
});

it('test_step is not there while its setting is off', async () => {
  const off = await startTestServer();
  const id = 'a'.repeat(24);
  const answer = await off.api('POST', `/flows/${id}/sources/${id}/test_step`, {});
  expect([answer.status, answer.text, answer.headers.get('content-type')]).toEqual([404, '', null]);
  const nobody = await off.api('POST', `/flows/${id}/sources/${id}/test_step`, {}, { key: null });
  expect(nobody.status).toBe(401);
  await off.stop();
});
