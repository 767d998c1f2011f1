import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, sourceNamed, when } from '../system/flows.ts';
import { sendRaw } from './raw-request.ts';

/* Programs that read what Sluice has, by the bytes that they send (spec modules f). */

const LEADS = 12;
const LIMIT = { type: 'volume' as const, maximum: 1_000, duration: 1, duration_units: 'day' as const };

let server: ComposedServer;
let recipientId: string;
beforeAll(async () => {
  server = await startTestServer();
  const { body: token } = await server.api('POST', '/credentials', {
    name: 'Buyer',
    type: 'token',
    token: 'a-token-of-the-buyer',
  });
  const step = deliveryTo(server.recipient.url, {
    ...{ retry_enabled: true, credential_id: token.id, caps: [LIMIT], pricing: { prices: [{ amount: 4.5 }] } },
    rule_set: when('lead.state', 'is equal to', 'TX'),
    feedback: { returns: { enabled: true }, conversions: { enabled: true } },
  });
  const filter = { type: 'filter' as const, rule_set: when('lead.state', 'is equal to', 'NY'), reason: 'Not NY' };
  const flow = await server.deploy(
    flowOf([filter, step], {
      caps: [LIMIT],
      ping_enabled: true,
      ping_limits: [{ maximum: 1_000, duration: 1, duration_units: 'day' }],
      acceptance_criteria: { rule_set: when('lead.email', 'is not blank') },
      pricing: { prices: [{ amount: 1.5 }] },
      list_checks: { duplicate: { value: '{{lead.email}}', list_name: 'People' } },
      sources: [
        sourceNamed('Ads', {
          acceptance_criteria: { rule_set: when('lead.email', 'is not blank') },
          pricing: { prices: [{ amount: 2.5 }] },
          ping_limits: [{ maximum: 1_000, duration: 1, duration_units: 'day' }],
        }),
      ],
    }),
  );
  recipientId = flow.steps[1].entity.id;
  let fails = 1;
  server.recipient.answerWith(() => {
    fails -= 1;
    return fails >= 0 ? { status: 500, body: {} } : { body: { outcome: 'success' } };
  });
  for (let lead = 0; lead < LEADS; lead += 1) await server.submit(flow, { email: `p${lead}@example.com`, state: 'TX' });
  const [retry] = (await server.api('GET', '/retries')).body;
  await server.api('POST', `/retries/${retry.id}/run`);
  await until(
    'the retry succeeds',
    async () => (await server.api('GET', `/retries/${retry.id}`)).body.status === 'succeeded',
  );
});
afterAll(() => server.stop());

/** As `requests` of Python writes it. */
async function tap(path: string) {
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: ${new URL(server.url).host}`,
    'User-Agent: tap-activeprospect/0.0.1',
    'Accept-Encoding: gzip, deflate',
    'Accept: */*',
    'Connection: keep-alive',
    `Authorization: Basic ${Buffer.from(`x:${server.key}`).toString('base64')}`,
  ];
  const { status, headers, body } = await sendRaw(server.url, { lines });
  expect([status, headers.get('content-type')?.split(';')[0]]).toEqual([200, 'application/json']);
  const rows: unknown = JSON.parse(body);
  if (!Array.isArray(rows)) throw new Error('the tap reads a list');
  return rows as Record<string, unknown>[];
}

type Kind = 'text' | 'number' | 'whole' | 'truth' | 'object' | 'list' | 'any';

const CHECKS: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  whole: Number.isInteger,
  truth: (value) => typeof value === 'boolean',
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  list: Array.isArray,
  any: () => true,
};

/** Fields of events that the tap declares, with the types that they have here. */
const EVENT_FIELDS: Readonly<Record<string, Kind>> = {
  ...{ id: 'text', type: 'text', outcome: 'text', reason: 'text', vars: 'object', host: 'text' },
  ...{ start_timestamp: 'whole', end_timestamp: 'whole', ms: 'whole', wait_ms: 'whole', overhead_ms: 'whole' },
  ...{ lag_ms: 'whole', total_ms: 'whole', handler_version: 'text', version: 'text', cap_reached: 'truth' },
  ...{ flow_ping_limits: 'list', source_ping_limits: 'list', ping_limit_reached: 'truth', expires_at: 'text' },
  ...{ module_id: 'text', package_version: 'text', acceptance_criteria: 'object', step_count: 'whole' },
  ...{
    appended: 'object',
    request: 'object',
    response: 'object',
    step_id: 'text',
    caps: 'list',
    caps_reached: 'truth',
  },
  ...{ key: 'text', cost: 'number', purchase_price: 'number', sale_price: 'number', revenue: 'number' },
  ...{ credential: 'object', credential_updated: 'truth', rule_set: 'object', mappings: 'list', pricing: 'object' },
  ...{ transactions: 'list', retry_status: 'text', recipient_event_id: 'text', feedback: 'object', firehose: 'any' },
};

const FLOW_FIELDS: Readonly<Record<string, Kind>> = {
  ...{ id: 'text', name: 'text', enabled: 'truth', fields: 'list', sources: 'list', steps: 'list', caps: 'list' },
  ...{ acceptance_criteria: 'object', pricing: 'object', list_checks: 'object', ping_enabled: 'truth' },
  ...{ ping_limits: 'list', errors: 'object', created_at: 'text', updated_at: 'text' },
  ...{ pricing_service: 'any', firehose: 'any', level: 'any' },
};

/** Those that no row has, and those of another type; a null is a field without a value. */
function judgeFields(rows: readonly Record<string, unknown>[], declared: Readonly<Record<string, Kind>>) {
  const absent: string[] = [];
  const wrong: string[] = [];
  for (const [field, kind] of Object.entries(declared)) {
    const values = rows.map((row) => row[field]).filter((value) => value !== undefined && value !== null);
    if (values.length === 0) absent.push(field);
    if (!values.every(CHECKS[kind])) wrong.push(field);
  }
  return { absent, wrong };
}

/** Before the first delivery: midnight may come between. */
const TODAY = new Date().toISOString().slice(0, 10);
const COMPATIBILITY = readFileSync(join(packageRoot, 'docs', 'reference', 'compatibility.md'), 'utf8');

describe('testfeedback', () => {
  it('finds deliveries of the day by recipient, and sends feedback without a key', async () => {
    const query = `start=${TODAY}T00:00:00&type=recipient&outcome=success&recipient_id=${recipientId}&limit=100`;
    const host = new URL(server.url).host;
    const found = await sendRaw(server.url, {
      lines: [
        `GET /events?${query} HTTP/1.1`,
        `host: ${host}`,
        'accept: application/json',
        `authorization: Basic ${Buffer.from(`X:${server.key}`).toString('base64')}`,
        'Connection: close',
      ],
    });
    expect(found.status).toBe(200);
    const events = JSON.parse(found.body);
    expect(events).toHaveLength(LEADS - 1);
    const form = 'type=return&reason=Wrong%20number';
    const sent = await sendRaw(server.url, {
      lines: [
        `POST /feedback?event_id=${events[0].id} HTTP/1.1`,
        `host: ${host}`,
        'accept: application/json',
        'content-type: application/x-www-form-urlencoded',
        `content-length: ${form.length}`,
        'Connection: close',
      ],
      body: form,
    });
    expect([sent.status, JSON.parse(sent.body)]).toMatchObject([
      201,
      { outcome: 'success', lead: { id: events[0].vars.lead.id } },
    ]);
  });
});

describe('the Singer tap', () => {
  it('reads all events in pages, in the order of their ids', async () => {
    const read: string[] = [];
    // Events of the second that runs are not given out yet.
    await until(
      'all events are given out',
      async () => (await tap('/events?limit=1000&sort=asc')).length >= 3 * LEADS + 2,
    );
    let page = await tap(`/events?limit=1000&sort=asc&start=${encodeURIComponent('2020-01-01T00:00:00+00:00')}`);
    while (page.length > 0) {
      read.push(...page.map(({ id }) => String(id)));
      page = await tap(`/events?limit=1000&sort=asc&after_id=${read.at(-1)}`);
    }
    expect(read).toEqual([...read].sort());
    expect(new Set(read).size).toBe(read.length);
    const [{ count = 0 } = {}] = await server.query('select count(*)::int as count from events');
    expect(read).toHaveLength(Number(count));
    for (const id of read) expect(id).toMatch(/^[0-9a-f]{24}$/);
  });

  it('finds each declared field of events and flows with its type, or its absence is documented', async () => {
    const events = judgeFields(await tap('/events?limit=1000&sort=asc'), EVENT_FIELDS);
    const flows = judgeFields(await tap('/flows'), FLOW_FIELDS);
    expect([events.wrong, flows.wrong]).toEqual([[], []]);
    const documented = (what: string) =>
      [...COMPATIBILITY.matchAll(/^\| `(\w+)` of (\w+) \|/gm)].flatMap(([, field, of]) => (of === what ? [field] : []));
    expect(events.absent).toEqual(documented('events'));
    expect(flows.absent).toEqual(documented('flows'));
  });

  it('reads destinations as a list', async () => {
    expect(await tap('/destinations')).toEqual([]);
  });
});
