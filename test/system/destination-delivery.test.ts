import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { RecipientAnswer } from '../harness/recipient.ts';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf } from './flows.ts';

let server: ComposedServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterEach(() => {
  server.recipient.deliveries.length = 0;
});
afterAll(() => server.stop());

async function makeDestination(name: string) {
  const actions = [{ name: 'Add lead', action_id: 'add', webhook_url: `${server.recipient.url}hooks` }];
  const { body } = await server.api('POST', '/destinations', { name, actions });
  return { instance_id: body.instance_id };
}

const hooks = () => server.recipient.deliveries.filter(({ path }) => path === '/hooks');
const retriesOf = (flowId: string) => server.client.listRetries({ flow_id: flowId });

interface AnswerCase {
  answer: RecipientAnswer;
  event: { outcome: string; reason: unknown; unknown?: boolean };
  isRetried: boolean;
}

const CASES: AnswerCase[] = [
  { answer: { status: 204, body: '' }, event: { outcome: 'success', reason: null }, isRetried: false },
  {
    answer: { status: 307, headers: { Location: '/elsewhere' }, body: '' },
    event: { outcome: 'failure', reason: 'The endpoint refused it (307)' },
    isRetried: false,
  },
  {
    answer: { status: 422, body: { error: 'no' } },
    event: { outcome: 'failure', reason: 'The endpoint refused it (422)' },
    isRetried: false,
  },
  {
    answer: { status: 410, body: '' },
    event: { outcome: 'failure', reason: 'The endpoint is gone (410)' },
    isRetried: false,
  },
  {
    answer: { status: 503, body: '' },
    event: { outcome: 'error', reason: 'The endpoint failed (503)' },
    isRetried: true,
  },
  {
    answer: 'hangUp',
    event: { outcome: 'error', reason: expect.stringMatching(/^Unknown outcome: /), unknown: true },
    isRetried: true,
  },
];

it.each(CASES)('$answer is $event.outcome of the event, and the lead’s own outcome stays', async (row) => {
  const { answer, event, isRetried } = row;
  const flow = await server.deploy(flowOf([], { destinations: [await makeDestination('CRM')] }));
  server.recipient.answerWith(() => answer);
  const lead = await server.submit(flow, { email: 'ann@example.com' });
  expect(lead.body).toMatchObject({ outcome: 'success', price: 0 });
  const [first] = (await server.api('GET', `/leads/${lead.body.lead.id}`)).body.events;
  expect(first).toMatchObject({ type: 'recipient', module_id: 'sluice.outbound.webhook', ...event });
  expect(hooks()).toHaveLength(1);
  expect(server.recipient.deliveries).toHaveLength(1);
  expect((await retriesOf(flow.id)).length).toBe(isRetried ? 1 : 0);
});

it('each destination gets the lead, whatever the one before it answered', async () => {
  const destinations = [await makeDestination('One'), await makeDestination('Two')];
  const flow = await server.deploy(flowOf([], { destinations }));
  server.recipient.answerWith(() => ({ status: 500, body: '' }));
  await server.submit(flow, { email: 'ann@example.com' });
  const named = hooks().map(({ body }) => JSON.parse(body).data.recipient.name);
  expect(named).toEqual(['One', 'Two']);
});

it('a step that was skipped or refused does not keep the lead from it', async () => {
  const never = { op: 'and' as const, rules: [{ lhv: 'lead.email', op: 'is blank' }] };
  const steps = [
    deliveryTo(server.recipient.url, { entity: { name: 'Skipped' }, rule_set: never }),
    deliveryTo(server.recipient.url, { entity: { name: 'Refuses' } }),
  ];
  const flow = await server.deploy(flowOf(steps, { destinations: [await makeDestination('CRM')] }));
  server.recipient.answerWith(() => ({ body: { outcome: 'no', reason: 'Too old' } }));
  await server.submit(flow, { email: 'ann@example.com' });
  const [hook] = hooks();
  expect(JSON.parse(hook?.body ?? '').data.appended).toMatchObject({
    skipped: { outcome: 'skip' },
    refuses: { outcome: 'failure', reason: 'Too old' },
  });
});

it('a document that is sent again is the same, whatever types and answers it carries', async () => {
  const fields = ['email', 'phone_1', 'dob', 'loan_amount', 'opt_in', 'ssn', 'mortgage.loan.amount'];
  const steps = [deliveryTo(server.recipient.url, {}, { price_path: 'price' })];
  const destinations = [await makeDestination('CRM')];
  for (const id of ['mortgage.loan.amount', 'opt_in'])
    await server.api('POST', '/fields', { id, name: id, type: id === 'opt_in' ? 'boolean' : 'number' });
  const known = (await server.api('GET', '/fields')).body.map(({ id }: { id: string }) => id);
  const flow = await server.deploy(flowOf(steps, { fields: fields.filter((id) => known.includes(id)), destinations }));
  server.recipient.answerWith(({ path }) =>
    path === '/hooks'
      ? { status: 503, body: '' }
      : { body: { outcome: 'success', price: 4.5, id: 7, tags: ['a', null] } },
  );
  await server.submit(flow, {
    email: 'Ann <ann@example.com>',
    phone_1: '(512) 789-1111 x12',
    dob: '1980-02-30',
    opt_in: 'yes',
    ssn: '219-09-9999',
    'mortgage.loan.amount': '1,200.50 dollars',
  });
  const [retry] = await retriesOf(flow.id);
  await server.client.runRetry(retry?.id ?? '');
  await until('it is tried again', () => hooks().length === 2);
  const [first, second] = hooks();
  expect(second?.body).toBe(first?.body);
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  // A part of it may stand in an id by chance.
  expect(first?.body).not.toMatch(/219-?09-?9999/);
  expect(JSON.parse(first?.body ?? '').data).toMatchObject({
    lead: { phone_1: '5127891111x12', mortgage: { loan: { amount: 1200.5 } } },
    appended: { buyer: { outcome: 'success', price: 4.5, id: 7, tags: ['a', null] } },
  });
});

it('values of masked fields do not get there by way of another field or a recipient', async () => {
  const steps = [deliveryTo(server.recipient.url)];
  const flow = await server.deploy(flowOf(steps, { destinations: [await makeDestination('CRM')] }));
  server.recipient.answerWith(({ path }) =>
    path === '/hooks'
      ? { status: 503, body: '' }
      : { body: { outcome: 'success', echo: 'of 219-09-9999', 219099999: 1 } },
  );
  const values = {
    email: 'Ann@example.com',
    phone_1: '(512) 789-1111',
    ssn: '219-09-9999',
    last_name: 'Smith, 219 09 9999',
  };
  const lead = await server.submit(flow, values);
  // The lead itself is kept as every lead is.
  const { vars } = (await server.api('GET', `/leads/${lead.body.lead.id}`)).body;
  expect(vars.lead.phone_1).toMatchObject({ raw: '(512) 789-1111', valid: true });
  const [retry] = await retriesOf(flow.id);
  await server.client.runRetry(retry?.id ?? '');
  await until('it is tried again', () => hooks().length === 2);
  const [first, second] = hooks();
  expect(JSON.parse(first?.body ?? '').data).toMatchObject({
    lead: { last_name: 'Smith, ***********' },
    appended: { buyer: { echo: 'of ***********' } },
  });
  expect(second?.body).toBe(first?.body);
});
