import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PostingPage } from '../../src/posting/posting-page.ts';
import { type ApiReply, ask, type ComposedServer, startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, sourceNamed, when } from './flows.ts';

/** Names that no page of the vendor may have, in any format. */
const SECRETS = [
  'Rival Media',
  'Globex Buyer',
  'globex_buyer',
  'Initech Bids',
  'initech_bids',
  'Hooli Warehouse',
  'Umbrella Rates',
  'Secret List',
  'secret_list',
  'Stark Credential',
  '41.37',
  '17.53',
];

/** Every line of the server's log, of each level. */
const lines: string[] = [];
const write = (fields: object, sentence: string) => void lines.push(JSON.stringify([fields, sentence]));

let server: ComposedServer;
// biome-ignore lint/suspicious/noExplicitAny: a flow as the API returns it
let flow: any;
let link: { id: string; url: string };

beforeAll(async () => {
  server = await startTestServer({ log: { error: write, warn: write, info: write, debug: write } });
  const made = async (path: string, body: object) => (await server.api('POST', path, body)).body;
  const service = await made('/pricing_services', {
    ...{ name: 'Umbrella Rates', url: `${server.recipient.url}rates`, variables: ['lead.state'] },
  });
  const credential = await made('/credentials', { name: 'Stark Credential', type: 'token', token: 'token-77' });
  const field = await made('/fields', { id: 'birthday', name: 'Birthday', type: 'dob' });
  flow = await server.deploy(
    flowOf(
      [
        { type: 'filter', rule_set: when('lead.state', 'is equal to', 'NV'), reason: 'Not in Nevada' },
        deliveryTo(server.recipient.url, { entity: { name: 'Globex Buyer' }, credential_id: credential.id }),
        { type: 'filter', rule_set: when('globex_buyer.outcome', 'is not equal to', 'success') },
        deliveryTo(server.recipient.url, {
          entity: { name: 'Initech Bids' },
          pricing: { prices: [{ amount: 41.37 }] },
        }),
      ],
      {
        name: 'Solar',
        fields: ['first_name', 'email', 'phone_1', 'state', field.id, 'ssn'],
        list_checks: { duplicate: { value: '{{lead.email}}', list_name: 'Secret List' } },
        acceptance_criteria: {
          rule_set: {
            op: 'and',
            rules: [
              { lhv: 'suppressionlist.is_duplicate', op: 'is not true' },
              { lhv: 'lead.email', op: 'is not blank' },
              { lhv: 'lead.state', op: 'is included in', rhv: 'TX, CA, NY' },
              { lhv: `lead.${field.id}.age`, op: 'is greater than', rhv: '17' },
            ],
          },
        },
        caps: [{ type: 'volume', name: 'Hooli Warehouse', maximum: 500, duration: 1, duration_units: 'day' }],
        sources: [
          sourceNamed('Search Ads', {
            integration: {
              module_id: 'leadconduit-default.inbound',
              mappings: [
                { property: 'lead.phone_1', value: '{{phoneNumber}}' },
                { property: 'lead.state', value: '{{address.region}}' },
                { property: `lead.${field.id}`, value: '{{born}}' },
              ],
            },
            acceptance_criteria: { rule_set: when('lead.phone_1', 'format is valid') },
            pricing: { prices: [{ amount: 17.53 }] },
          }),
          sourceNamed('Rival Media', { pricing_service: { service_id: service.id, fallback_price: 1 } }),
        ],
      },
    ),
  );
  link = await makeLink();
});
afterAll(() => server.stop());

async function makeLink(settings: object = {}, source = 0): Promise<{ id: string; url: string }> {
  const path = `/flows/${flow.id}/sources/${flow.sources[source].entity.id}/posting_links`;
  const { status, body } = await server.api('POST', path, settings);
  expect(status).toBe(201);
  return body;
}

const pageOf = async ({ url }: { url: string }): Promise<PostingPage> => (await ask(`${url}.json`, {})).body;

const tryIt = (values: object, more: object = {}, { url } = link): Promise<ApiReply> =>
  ask(`${url}/try`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ values, ...more }),
  });

const GOOD = {
  first_name: 'Jane',
  email: 'jane@example.com',
  phoneNumber: '(512) 789-1111',
  'address.region': 'TX',
  born: '1980-04-15',
};

describe('a posting page', () => {
  it('speaks of the vendor’s own names', async () => {
    const page = await pageOf(link);
    expect(page.fields.map(({ name, required }) => [name, required])).toEqual([
      ['first_name', 'no'],
      ['email', 'yes'],
      ['phoneNumber', 'yes'],
      ['address.region', 'yes'],
      ['born', 'yes'],
      ['ssn', 'no'],
    ]);
    expect(page.rules).toEqual({
      hidden_count: 0,
      rules: [
        { kind: 'rule', sentence: 'This must hold: the lead is not a duplicate.', parameters: [] },
        { kind: 'rule', sentence: 'email must not be blank.', parameters: ['email'] },
        { kind: 'rule', sentence: 'address.region must be one of TX, CA, NY.', parameters: ['address.region'] },
        { kind: 'rule', sentence: 'born (age) must be greater than 17.', parameters: ['born'] },
        { kind: 'rule', sentence: 'phoneNumber format must be valid.', parameters: ['phoneNumber'] },
        { kind: 'rule', sentence: 'address.region must not be equal to NV.', parameters: ['address.region'] },
      ],
    });
    expect(JSON.stringify(page)).not.toMatch(/lead\.(phone_1|state|email|birthday)/);
  });

  it('has a sample that the source accepts in each format', async () => {
    const { sample, submit_url: url } = await pageOf(link);
    const post = (body: string, type: string) =>
      ask(url, { method: 'POST', headers: { 'Content-Type': type, Accept: 'application/json' }, body });
    const { form, json, xml, query } = sample.bodies;
    const answers = [
      await post(form, 'application/x-www-form-urlencoded'),
      await post(json, 'application/json'),
      await post(xml, 'application/xml'),
      await ask(query, { headers: { Accept: 'application/json' } }),
    ];
    // Of the same person: the first is accepted, and the others are what the page says of duplicates.
    expect(answers.map(({ status, body }) => [status, body.outcome, body.reason])).toEqual([
      [201, 'success', undefined],
      [201, 'failure', 'Suppressionlist Is Duplicate must not be true'],
      [201, 'failure', 'Suppressionlist Is Duplicate must not be true'],
      [201, 'failure', 'Suppressionlist Is Duplicate must not be true'],
    ]);
    const { responses } = await pageOf(link);
    const duplicate = responses.find(({ kind }) => kind === 'duplicate');
    expect(JSON.parse(duplicate?.bodies[0]?.body ?? '{}').reason).toBe('Suppressionlist Is Duplicate must not be true');
  });

  it('says truly that names are case sensitive', async () => {
    const { names } = await pageOf(link);
    const { body } = await tryIt({ ...GOOD, email: undefined, Email: 'jane@example.com' });
    expect({ said: names.is_case_sensitive, outcome: body.outcome, unused: body.unused }).toEqual({
      said: true,
      outcome: 'failure',
      unused: [{ name: 'Email', suggestion: 'email' }],
    });
  });

  it.each([
    ['nothing', {}],
    ['caps', { shows_caps: true }],
    ['hidden rules', { hides_rules: true, shows_caps: true }],
  ])('has no name of anything else, in any format, when it shares %s', async (_, settings) => {
    const made = await makeLink(settings);
    const { downloads, tries } = await pageOf(made);
    const others = flow.sources
      .slice(1)
      .map(({ id, entity }: { id: string; entity: { id: string } }) => [id, entity.id]);
    const ids = [
      ...others.flat(),
      ...flow.steps.flatMap((step: { id: string; entity?: { id: string } }) => [step.id, step.entity?.id]),
    ];
    const bodies = await Promise.all([made.url, ...Object.values(downloads)].map((url) => ask(url, {})));
    const tried = await ask(tries.url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ values: GOOD }),
    });
    for (const { status, text } of [...bodies, tried]) {
      expect(status).toBe(200);
      const found = [...SECRETS, ...ids.filter((id) => id !== undefined)].filter((secret) => text.includes(secret));
      expect(found).toEqual([]);
    }
  });

  it('shares prices and caps where the link says so', async () => {
    const page = await pageOf(await makeLink({ shows_caps: true, shows_prices: true, contact: 'Ann' }));
    expect(page).toMatchObject({
      contact: 'Ann',
      price: { prices: [{ amount: 17.53, sentence: '17.53 dollars per accepted lead.' }] },
      limits: { caps: [{ sentence: 'At most 500 leads per day (America/New_York).', maximum: 500 }] },
    });
  });

  it('is documentation: a post to it is told the submit URL', async () => {
    const { submit_url: submitUrl } = await pageOf(link);
    for (const [type, body] of [
      ['application/x-www-form-urlencoded', 'email=jane%40example.com'],
      ['application/xml', '<lead/>'],
      ['application/json', '{}'],
    ] as const) {
      const answer = await ask(link.url, { method: 'POST', headers: { 'Content-Type': type }, body });
      expect(answer).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } });
      expect(answer.headers.get('allow')).toBe('GET, HEAD');
      expect(answer.body.error).toContain(submitUrl);
    }
    const unknown = await ask(`${server.url}/submission/unknown`, { method: 'POST', body: '' });
    expect(unknown).toMatchObject({ status: 404, body: { error: 'There is nothing at this URL.' } });
  });
});

it('the log and the activity have the route of a link and not its token', async () => {
  const token = new URL(link.url).pathname.slice('/submission/'.length);
  for (const path of ['', '.json', '.md', '/openapi.json', '/unknown']) await ask(link.url + path, {});
  await ask(link.url, { method: 'POST', body: '' });
  await tryIt(GOOD);
  await until('the call is logged', () => lines.some((line) => line.includes('POST /submission/:token/try')));
  expect(lines.filter((line) => line.includes(token))).toEqual([]);
  const [row] = await server.query('select count(*) as n from activity where after::text like $1', [`%${token}%`]);
  expect(Number(row?.['n'])).toBe(0);
});

describe('a dry run by a link', () => {
  it('answers as a lead would be answered and leaves nothing', async () => {
    const count = async () => {
      const tables = ['leads', 'events', 'runs', 'list_items', 'cap_windows', 'lead_data'];
      const [row] = await server.query(
        `select ${tables.map((name) => `(select count(*) from ${name})`).join(' + ')} as n`,
      );
      return Number(row?.['n']);
    };
    const before = { rows: await count(), sent: server.recipient.deliveries.length };
    const { status, body } = await tryIt(GOOD, { format: 'form', accept: 'xml' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      request: { method: 'POST', body: expect.stringContaining('phoneNumber=%28512%29%20789-1111') },
      response: { status: 201, body: expect.stringContaining('<outcome>success</outcome>') },
      outcome: 'success',
      unused: [],
      left_out: [],
    });
    expect({ rows: await count(), sent: server.recipient.deliveries.length }).toEqual(before);
  });

  it.each([
    ['a rule of the flow', { 'address.region': 'FL' }, 'address.region must be one of TX, CA, NY; it was FL.'],
    ['a rule of the source', { phoneNumber: '12' }, 'phoneNumber format must be valid; it was 12.'],
    ['an age', { born: '2020-01-01' }, /^born \(age\) must be greater than 17; it was \d+(\.\d+)?\.$/],
    ['a value that is missing', { email: '' }, 'email must not be blank; it was empty.'],
  ])('says by which rule it fails, in the vendor’s names: %s', async (_, values, sentence) => {
    const { body } = await tryIt({ ...GOOD, ...values });
    expect(body.outcome).toBe('failure');
    expect(body.sentences).toContainEqual(typeof sentence === 'string' ? sentence : expect.stringMatching(sentence));
    expect(JSON.stringify(body.sentences)).not.toMatch(/lead\./);
  });

  it('does not quote rules that the link hides', async () => {
    const hiding = await makeLink({ hides_rules: true });
    const { body } = await tryIt({ ...GOOD, 'address.region': 'FL' }, {}, hiding);
    expect(body.sentences).toContain('A rule was not met that this page does not show.');
  });

  it.each([
    ['shared', { shows_prices: true }, 17.53],
    ['not shared', {}, 1],
  ])('has a price that is %s', async (_, settings, price) => {
    const { body } = await tryIt(GOOD, {}, await makeLink(settings));
    expect(JSON.parse(body.response.body).price).toBe(price);
  });

  it('names what XML cannot carry', async () => {
    const { body } = await tryIt({ ...GOOD, 'a name with spaces': '1' }, { format: 'xml' });
    expect(body).toMatchObject({ left_out: ['a name with spaces'], outcome: 'success' });
  });

  it.each([
    ['a value that is no text', { values: { email: 1 } }],
    ['no values', {}],
    ['a format that there is not', { values: {}, format: 'soap' }],
  ])('refuses %s', async (_, body) => {
    const answer = await ask(`${link.url}/try`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_document' } });
  });
});
