import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RecipientStep } from '../../src/model/flow.ts';
import type { Mapping } from '../../src/model/mapping.ts';
import type { Log } from '../../src/observe/log.ts';
import type { Delivery } from '../harness/recipient.ts';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf } from './flows.ts';

let server: ComposedServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterEach(() => {
  server.recipient.deliveries.length = 0;
  server.recipient.answerWith(() => ({ body: { outcome: 'success', price: 12.5 } }));
});
afterAll(() => server.stop());

async function make(given: object): Promise<string> {
  const { status, body, text } = await server.api('POST', '/credentials', { name: 'CRM', ...given });
  expect(status, text).toBe(201);
  return body.id;
}
const USER = { type: 'user', username: 'acme', password: 'blue-lantern-77' };
const OAUTH = () => ({
  type: 'oauth2',
  token_url: `${server.recipient.url}token`,
  client_id: 'acme',
  client_secret: 'client-secret-zyxw',
});

async function deployWith(
  credentialId: string,
  { mappings = [], ...parts }: { mappings?: Mapping[] } & Partial<RecipientStep> = {},
) {
  const step = deliveryTo(server.recipient.url, { credential_id: credentialId, ...parts });
  const integration = { ...step.integration, mappings: [...step.integration.mappings, ...mappings] };
  return server.deploy(flowOf([{ ...step, integration }]));
}

async function submitOne(flow: { id: string; sources: { entity: { id: string } }[] }) {
  const { body, text } = await server.submit(flow, { email: 'ann@example.com' });
  const { body: lead, text: stored } = await server.api('GET', `/leads/${body.lead.id}`);
  const event = lead.events.find((each: { type: string }) => each.type === 'recipient');
  return { body, text, lead, event, stored };
}

const leads = () => server.recipient.deliveries.filter(({ path }) => path !== '/token');
const tokens = () => server.recipient.deliveries.filter(({ path }) => path === '/token');
const authorizationOf = (delivery: Delivery | undefined) => delivery?.headers.authorization;

/** A token URL that numbers its tokens, and a recipient beside it. */
function answerTokens(recipient: (delivery: Delivery) => { status?: number; body: unknown }, life = 3600) {
  server.recipient.answerWith((delivery) =>
    delivery.path === '/token'
      ? { body: { access_token: `token-number-${tokens().length}`, expires_in: life, token_type: 'Bearer' } }
      : recipient(delivery),
  );
}
const ACCEPT = () => ({ body: { outcome: 'success' } });

describe('the credential of a step', () => {
  it.each<[string, object, (delivery: Delivery | undefined) => unknown, string]>([
    ['user', USER, authorizationOf, `Basic ${Buffer.from('acme:blue-lantern-77').toString('base64')}`],
    ['token', { type: 'token', token: 'token-of-zyxw' }, authorizationOf, 'Bearer token-of-zyxw'],
    ['api_key', { type: 'api_key', key: 'key-of-zyxw' }, (delivery) => delivery?.headers['x-api-key'], 'key-of-zyxw'],
    [
      'api_key in the query',
      { type: 'api_key', key: 'key of zyxw', location: 'query', parameter: 'k' },
      (delivery) => delivery?.path,
      '/?k=key%20of%20zyxw',
    ],
  ])('authenticates as %s, and no event shows it', async (_, given, read, expected) => {
    const id = await make(given);
    // A recipient that repeats what it was sent.
    server.recipient.answerWith(({ headers, path }) => ({
      body: { outcome: 'failure', reason: `seen ${JSON.stringify(headers)} ${path}` },
    }));
    const flow = await deployWith(id, { mappings: [{ property: 'reason_path', value: 'reason' }] });
    const { event, stored, text } = await submitOne(flow);
    expect(read(leads()[0])).toBe(expected);
    expect(event).toMatchObject({ credential: { id, name: 'CRM', type: (given as { type: string }).type } });
    // No digits: those may stand in an id or a port by chance.
    for (const secret of ['blue-lantern-77', 'zyxw', encodeBasic(USER)]) {
      expect(stored).not.toContain(secret);
      expect(text).not.toContain(secret);
    }
  });

  it('leaves a header that the flow maps, and gives its values to templates', async () => {
    const id = await make(USER);
    const flow = await deployWith(id, {
      mappings: [
        { property: 'header.Authorization', value: 'Custom {{credential.username}}-{{credential.password}}' },
        { property: 'json_property.secret', value: '{{credential.password}}' },
        { property: 'json_property.digest', value: '{{md5 credential.password}}' },
      ],
    });
    const { stored } = await submitOne(flow);
    expect(authorizationOf(leads()[0])).toBe('Custom acme-blue-lantern-77');
    const { secret, digest } = JSON.parse(leads()[0]?.body ?? '');
    expect(secret).toBe('blue-lantern-77');
    expect(stored).not.toContain(secret);
    expect(stored).not.toContain(digest);
    const tables = await server.query(`select d.document::text, e.facts::text, e.reason
      from lead_data d join events e on e.account_id = d.account_id and e.lead_id = d.lead_id`);
    expect(JSON.stringify(tables)).not.toContain('blue-lantern-77');
  });

  it('is asterisks in an evaluation', async () => {
    const id = await make(USER);
    const flow = await deployWith(id, {
      mappings: [{ property: 'json_property.secret', value: '{{credential.password}}' }],
    });
    const { text, status } = await server.api('POST', `/flows/${flow.id}/evaluate`, {
      source: flow.sources[0].entity.id,
      submission: { body: '{"email":"ann@example.com"}', headers: { 'Content-Type': 'application/json' } },
    });
    expect(status, text).toBe(200);
    expect(text).toContain('********');
    expect(text).not.toContain('blue-lantern-77');
  });

  it('follows a change without a deploy, on every server', async () => {
    const id = await make({ type: 'token', token: 'token-before' });
    const flow = await deployWith(id);
    const beside = await server.startBeside({});
    try {
      await server.api('PUT', `/credentials/${id}`, { name: 'CRM', type: 'token', token: 'token-after' });
      await submitOne(flow);
      expect(authorizationOf(leads()[0])).toBe('Bearer token-after');
      const url = `${beside.url}/flows/${flow.id}/sources/${flow.sources[0].entity.id}/submit`;
      await until('the other server has it', async () => {
        await fetch(url, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: '{"email":"a@b.co"}',
        });
        return authorizationOf(leads().at(-1)) === 'Bearer token-after';
      });
    } finally {
      await beside.stop();
    }
  });

  it('that does not exist keeps the flow from being deployed, with the place', async () => {
    const missing = '5fd0c0de00000000000000ff';
    const saved = await server.api(
      'POST',
      '/flows',
      flowOf([deliveryTo(server.recipient.url, { credential_id: missing })]),
    );
    expect(saved.body.errors).toMatchObject({ 'steps.0.credential_id': /no credential with this id/ });
  });

  it('is tried again with a failed delivery, although the request carried it', async () => {
    const id = await make(USER);
    server.recipient.answerWith(() => ({ status: 500, body: { outcome: 'error' } }));
    const flow = await deployWith(id, {
      retry_enabled: true,
      mappings: [
        { property: 'outcome_search_term', value: 'error' },
        { property: 'outcome_on_match', value: 'error' },
      ],
    });
    const { lead, event } = await submitOne(flow);
    expect(event).toMatchObject({ outcome: 'error' });
    expect(event.not_retried).toBeUndefined();
    const retries = await server.api('GET', `/retries?lead_id=${lead.id}`);
    expect(retries.body).toHaveLength(1);
  });
});

describe('an oauth2 credential', () => {
  it('fetches one token for many leads at once, and keeps it sealed', async () => {
    const id = await make(OAUTH());
    const flow = await deployWith(id);
    answerTokens(ACCEPT);
    await Promise.all(Array.from({ length: 10 }, () => submitOne(flow)));
    expect(tokens()).toHaveLength(1);
    const [asked] = tokens();
    expect(asked?.body).toBe('grant_type=client_credentials');
    expect(authorizationOf(asked)).toBe(`Basic ${Buffer.from('acme:client-secret-zyxw').toString('base64')}`);
    expect(new Set(leads().map(authorizationOf))).toEqual(new Set(['Bearer token-number-1']));
    const stored = await server.query('select row_to_json(c)::text as row from credentials c');
    expect(JSON.stringify(stored)).not.toMatch(new RegExp(Buffer.from('token-number').toString('hex')));
    const { body } = await server.api('GET', `/credentials/${id}`);
    expect(body.expires_at).not.toBeNull();
    await until('the use is written', async () => {
      return (await server.api('GET', `/credentials/${id}`)).body.last_used_at !== null;
    });
  });

  it('is used by another server without a second fetch', async () => {
    const id = await make(OAUTH());
    const flow = await deployWith(id);
    answerTokens(ACCEPT);
    await submitOne(flow);
    await server.restart();
    await submitOne(flow);
    expect(tokens()).toHaveLength(1);
  });

  it('fetches another token once after a 401, and sends once more', async () => {
    const id = await make(OAUTH());
    const flow = await deployWith(id);
    answerTokens((delivery) =>
      authorizationOf(delivery) === 'Bearer token-number-2' ? ACCEPT() : { status: 401, body: { outcome: 'failure' } },
    );
    const { body, event } = await submitOne(flow);
    expect(body.outcome).toBe('success');
    expect(event.transactions.map((each: { response: { status: number } }) => each.response.status)).toEqual([
      401, 200,
    ]);
    expect([tokens().length, leads().length]).toEqual([2, 2]);
  });

  it('sends once more and no more when the new token is refused, too', async () => {
    const id = await make(OAUTH());
    const flow = await deployWith(id);
    answerTokens(() => ({ status: 401, body: { outcome: 'failure' } }));
    await submitOne(flow);
    expect([tokens().length, leads().length]).toEqual([2, 2]);
  });

  it.each([403, 500])('sends once after %i', async (status) => {
    const id = await make(OAUTH());
    const flow = await deployWith(id);
    answerTokens(() => ({ status, body: { outcome: 'failure' } }));
    await submitOne(flow);
    expect([tokens().length, leads().length]).toEqual([1, 1]);
  });

  it('sends nothing without a token, and asks no more than once for leads that come together', async () => {
    const id = await make(OAUTH());
    const flow = await deployWith(id);
    server.recipient.answerWith(() => ({ status: 400, body: { error: 'invalid_client', hint: 'client-secret-zyxw' } }));
    const ended = await Promise.all(Array.from({ length: 5 }, () => submitOne(flow)));
    expect([tokens().length, leads().length]).toEqual([1, 0]);
    for (const { event, stored } of ended) {
      expect(event).toMatchObject({ outcome: 'error', reason: expect.stringContaining('status 400 (invalid_client)') });
      expect(stored).not.toContain('zyxw');
    }
  });
});

describe('a secret that stands in a mapping', () => {
  const HEADER = { property: 'header.X-Api-Key', value: 'green-lantern-78' };
  async function savePasted(mappings: Mapping[] = [HEADER]) {
    const step = deliveryTo(server.recipient.url);
    const integration = { ...step.integration, mappings: [...step.integration.mappings, ...mappings] };
    const { body } = await server.api('POST', '/flows', flowOf([{ ...step, integration }]));
    return { flow: body, step_id: body.steps[0].id as string };
  }
  const move = (flow: { id: string }, body: object) =>
    server.api('POST', `/flows/${flow.id}/credentials/from_mapping`, {
      property: HEADER.property,
      name: 'CRM',
      ...body,
    });

  it('is moved into a credential in one call, is sent as before, and the flow has it no more', async () => {
    const { flow, step_id } = await savePasted();
    const warnings = flow.warnings.filter(({ check }: { check: string }) => check === 'secret-in-mapping');
    expect(warnings).toMatchObject([{ message: expect.stringContaining('/credentials/from_mapping') }]);
    const moved = await move(flow, { step_id, revision: flow.revision });
    expect(moved.status, moved.text).toBe(201);
    const { credential, flow: saved } = moved.body;
    expect(credential).toMatchObject({ name: 'CRM', type: 'api_key', location: 'none', key: null });
    expect(saved.revision).toBe(flow.revision + 1);
    expect(saved.errors).toEqual({});
    expect(saved.steps[0].credential_id).toBe(credential.id);
    expect(moved.text).not.toContain(HEADER.value);
    expect(moved.text).not.toContain('secret-in-mapping');
    expect((await server.api('GET', `/flows/${flow.id}`)).text).not.toContain(HEADER.value);
    await server.api('POST', `/flows/${flow.id}/deploy`);
    const { event, stored } = await submitOne(flow);
    expect(event).toMatchObject({ outcome: 'success', credential: { id: credential.id } });
    expect(leads()[0]?.headers['x-api-key']).toBe(HEADER.value);
    expect(leads()[0]?.headers.authorization).toBeUndefined();
    expect(stored).not.toContain(HEADER.value);
  });

  it('stays where the flow has changed since it was read, and no credential is left', async () => {
    const { flow, step_id } = await savePasted();
    await server.api('PUT', `/flows/${flow.id}`, { ...flow, name: 'Changed' });
    const before = (await server.api('GET', '/credentials')).body.length;
    const moved = await move(flow, { step_id, revision: flow.revision });
    expect([moved.status, moved.body.code]).toEqual([409, 'conflict']);
    expect((await server.api('GET', '/credentials')).body).toHaveLength(before);
    expect((await server.api('GET', `/flows/${flow.id}`)).text).toContain(HEADER.value);
  });

  it('that two callers move at once is moved once', async () => {
    const { flow, step_id } = await savePasted();
    const before = (await server.api('GET', '/credentials')).body.length;
    const both = await Promise.all([1, 2].map(() => move(flow, { step_id, revision: flow.revision })));
    const statuses = both.map(({ status }) => status).sort();
    expect(statuses[0]).toBe(201);
    expect([409, 422]).toContain(statuses[1]);
    expect((await server.api('GET', '/credentials')).body).toHaveLength(before + 1);
  });

  it('takes both permissions', async () => {
    const { flow, step_id } = await savePasted();
    for (const permissions of [
      ['flows.read', 'flows.write'],
      ['flows.read', 'credentials.manage'],
    ]) {
      const made = await server.api('POST', '/api_keys', { name: 'half', permissions });
      expect(made.status, made.text).toBe(201);
      const path = `/flows/${flow.id}/credentials/from_mapping`;
      const refused = await server.api('POST', path, { ...HEADER_PLACE, step_id }, { key: made.body.key });
      expect([refused.status, refused.body.code]).toEqual([403, 'permission_required']);
    }
  });
  const HEADER_PLACE = { property: HEADER.property, name: 'CRM' };

  it.each([
    [{ property: 'header.Nope' }, 'property'],
    [{ property: 'json_property.email' }, 'property'],
    [{ property: 'url' }, 'property'],
    [{ step_id: '5fd0c0de00000000000000ff' }, 'step_id'],
    [{ name: ' ' }, 'name'],
  ])('is not moved with %j', async (part, path) => {
    const { flow, step_id } = await savePasted();
    const { status, body } = await move(flow, { step_id, ...part });
    expect([status, body.details?.map((each: { path: string }) => each.path)]).toEqual([422, [path]]);
  });
});

it('no log line has a secret', async () => {
  const lines: unknown[][] = [];
  const note = (...line: unknown[]) => void lines.push(line);
  const log: Log = { error: note, warn: note, info: note, debug: note };
  const id = await make(OAUTH());
  const flow = await deployWith(id);
  answerTokens(() => ({ status: 401, body: { outcome: 'failure' } }));
  const beside = await server.startBeside({ log });
  try {
    const url = `${beside.url}/flows/${flow.id}/sources/${flow.sources[0].entity.id}/submit`;
    await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"email":"a@b.co"}' });
  } finally {
    await beside.stop();
  }
  expect(lines.length).toBeGreaterThan(0);
  expect(JSON.stringify(lines)).not.toMatch(/token-number|9001/);
});

function encodeBasic({ username, password }: typeof USER): string {
  return Buffer.from(`${username}:${password}`).toString('base64');
}
