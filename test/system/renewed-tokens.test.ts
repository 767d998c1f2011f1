import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Mapping } from '../../src/model/mapping.ts';
import type { Delivery } from '../harness/recipient.ts';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { flowOf } from './flows.ts';

let server: ComposedServer;
/** What the recipient takes; another one with each that is fetched. */
let valid: string;
let answerToken: (token: string) => { status?: number; body: unknown };
let answerLead: (isValid: boolean) => { status?: number; body: unknown };
beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(() => {
  valid = 'nobody-has-this-token';
  answerToken = (token) => ({ body: { data: { accessToken: token } } });
  answerLead = (isValid) => (isValid ? { body: { outcome: 'success' } } : { status: 401, body: { error: 'expired' } });
  server.recipient.deliveries.length = 0;
  server.recipient.answerWith((delivery) => {
    if (delivery.path !== '/token') return answerLead(delivery.headers.authorization === `Bearer ${valid}`);
    valid = `issued-token-${tokens().length}-secret`;
    return answerToken(valid);
  });
});
afterAll(() => server.stop());

const tokens = () => server.recipient.deliveries.filter(({ path }) => path === '/token');
const leads = () => server.recipient.deliveries.filter(({ path }) => path !== '/token');
const authorizationOf = ({ headers }: Delivery) => headers.authorization;

/** A deployed flow with one step, and its credential. */
async function deployed(mappings: Record<string, string> = {}) {
  const made = await server.api('POST', '/credentials', { name: 'CRM', type: 'token', token: 'client-secret-4711' });
  const mapped: Record<string, string> = {
    url: server.recipient.url,
    'header.Authorization': 'Bearer AccessToken',
    'json_property.email': '{{lead.email}}',
    authentication_url: `${server.recipient.url}token`,
    'authentication_property.secret': '{{credential.token}}',
    'authentication_header.X-Client': 'token',
    authentication_token_path: 'data.accessToken',
    ...mappings,
  };
  const flow = await server.deploy(
    flowOf([
      {
        type: 'recipient',
        entity: { name: 'CRM' },
        credential_id: made.body.id,
        integration: {
          module_id: 'leadconduit-json.outbound.token_authenticated',
          mappings: Object.entries(mapped).map(([property, value]): Mapping => ({ property, value })),
        },
      },
    ]),
  );
  return { flow, credentialId: made.body.id as string };
}

async function submit(flow: { id: string; sources: { entity: { id: string } }[] }) {
  const { body } = await server.submit(flow, { email: 'ann@example.com' });
  const { body: lead, text } = await server.api('GET', `/leads/${body.lead.id}`);
  return { event: lead.events.find((each: { type: string }) => each.type === 'recipient'), text };
}

describe('a token that the recipient refuses', () => {
  it.each([401, 403])('with %i is fetched anew, kept, and the lead is sent once more', async (status) => {
    answerLead = (isValid) => (isValid ? { body: { outcome: 'success' } } : { status, body: '' });
    const { flow, credentialId } = await deployed();
    const { event, text } = await submit(flow);
    expect(event).toMatchObject({
      outcome: 'success',
      credential: { id: credentialId, name: 'CRM', type: 'token' },
      credential_updated: true,
    });
    expect(tokens().map(({ body, headers }) => [body, headers['x-client']])).toEqual([
      ['{"secret":"client-secret-4711"}', 'client-secret-4711'],
    ]);
    expect(leads().map(authorizationOf)).toEqual(['Bearer AccessToken', `Bearer ${valid}`]);
    // Neither the secret nor the token, nor the answer that brought it.
    for (const secret of ['client-secret-4711', 'issued-token']) expect(text).not.toContain(secret);
    expect(event.transactions[1].response).toMatchObject({ status: 200, body: '********' });
    const rows = await server.query('select row_to_json(c)::text as row from credentials c');
    expect(JSON.stringify(rows)).not.toContain(Buffer.from('issued-token').toString('hex'));
  });

  it('is used by the next lead, also after a restart, and that one says nothing of a change', async () => {
    const { flow } = await deployed();
    await submit(flow);
    await server.restart();
    const { event } = await submit(flow);
    expect(event).toMatchObject({ outcome: 'success', credential_updated: false });
    expect(tokens()).toHaveLength(1);
  });

  it('is fetched once for leads that are refused at the same time', async () => {
    const { flow } = await deployed();
    const ended = await Promise.all(Array.from({ length: 10 }, () => submit(flow)));
    expect(ended.map(({ event }) => event.outcome)).toEqual(Array.from({ length: 10 }, () => 'success'));
    expect(ended.filter(({ event }) => event.credential_updated)).toHaveLength(1);
    expect(tokens()).toHaveLength(1);
  });

  it('that another server has renewed is not fetched again', async () => {
    const { flow } = await deployed();
    const beside = await server.startBeside({});
    try {
      const url = `${beside.url}/flows/${flow.id}/sources/${flow.sources[0].entity.id}/submit`;
      const headers = { 'Content-Type': 'application/json' };
      const submitThere = () => fetch(url, { method: 'POST', headers, body: '{"email":"bob@example.com"}' });
      await until('the other server takes leads', async () => (await submitThere()).status === 201);
      const before = tokens().length;
      expect(before).toBe(1);
      // This server has not been refused yet; what the other one stored is there before it fetches.
      const { event } = await submit(flow);
      expect(event.outcome).toBe('success');
      expect(tokens()).toHaveLength(before);
      // And the other way round, after the recipient ends all tokens.
      valid = 'nobody-has-this-token';
      await submit(flow);
      expect((await submitThere()).status).toBe(201);
      expect(tokens()).toHaveLength(before + 1);
      expect(leads().map(authorizationOf).at(-1)).toBe(`Bearer ${valid}`);
    } finally {
      await beside.stop();
    }
  });

  it('and again is an error, which a retry may mend', async () => {
    answerLead = () => ({ status: 403, body: '' });
    const { flow } = await deployed();
    const { event } = await submit(flow);
    expect(event).toMatchObject({
      outcome: 'error',
      reason: 'Unable to authenticate after attempting to refresh token',
    });
    expect(event.unknown).toBeUndefined();
    expect(leads()).toHaveLength(2);
  });

  // biome-ignore format: a table reads better in rows
  it.each<[string, () => { status?: number; body: unknown }, string]>([
    ['no JSON', () => ({ body: '<html>' }), 'The authentication URL answered 200 without a token'],
    ['a token somewhere else', () => ({ body: { access_token: 'misplaced-secret' } }), 'The authentication URL answered 200 without a token'],
    ['a refusal', () => ({ status: 500, body: { error: 'no' } }), 'The authentication URL answered 500 without a token'],
  ])('leads to an error when the token URL answers %s, and nothing of the answer is kept', async (_, answer, reason) => {
    answerToken = answer;
    const { flow } = await deployed();
    const [first, second] = await Promise.all([submit(flow), submit(flow)]);
    for (const { event, text } of [first, second]) {
      expect(event).toMatchObject({ outcome: 'error', reason, credential_updated: false });
      expect(event.unknown).toBeUndefined();
      expect(text).not.toContain('misplaced-secret');
    }
    expect(tokens()).toHaveLength(1);
  });
});

it('a header that a template filled has the new token, too', async () => {
  const { flow } = await deployed({ 'header.Authorization': 'Bearer {{credential.accessToken}}' });
  await submit(flow);
  // Kept now; the template reads it.
  valid = 'nobody-has-this-token';
  const { event } = await submit(flow);
  expect(event).toMatchObject({ outcome: 'success', credential_updated: true });
});

it('any other answer is read as of a JSON delivery', async () => {
  answerLead = () => ({ status: 200, body: { status: 'duplicate', why: 'seen' } });
  const { flow } = await deployed({
    outcome_search_path: 'status',
    outcome_search_term: 'ok',
    reason_path: 'why',
  });
  const { event } = await submit(flow);
  expect(event).toMatchObject({ outcome: 'failure', reason: 'seen', credential_updated: false });
  expect(tokens()).toEqual([]);
});
