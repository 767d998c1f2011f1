import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, type ComposedServer, type SubmitTarget, startTestServer } from '../harness/server.ts';
import { deliveryTo, flowOf, sourceNamed } from './flows.ts';

let server: ComposedServer;
let flow: SubmitTarget & { sources: { id: string }[] };
beforeAll(async () => {
  server = await startTestServer();
  const sources = [
    sourceNamed('Search ads', { pricing: { prices: [{ amount: 5 }] } }),
    sourceNamed('Switched off', { enabled: false }),
    sourceNamed('Guarded', { authentication_required: true }),
  ];
  const fields = Object.keys(SAMPLE);
  flow = await server.deploy(flowOf([deliveryTo(server.recipient.url)], { sources, fields }));
});
afterAll(() => server.stop());

const urlOf = (target: SubmitTarget = flow, source = 0) =>
  `${server.url}/flows/${target.id}/sources/${target.sources[source]?.entity.id}/submit`;
const FORM = { Accept: 'application/json', 'Content-Type': 'application/x-www-form-urlencoded' };
const JSON_TYPE = { Accept: 'application/json', 'Content-Type': 'application/json' };
const XML_TYPE = { Accept: 'text/xml', 'Content-Type': 'text/xml' };

/** The lead of the posting instructions (seed 001). */
const SAMPLE = {
  first_name: 'John',
  last_name: 'Doe',
  phone_1: '(512) 789-1111',
  email: 'jdoe@test.com',
  'mortgage.property.state': 'TX',
  'mortgage.loan.purpose': 'purchase',
  'mortgage.loan.amount': '100000',
  'mortgage.loan.down_payment': '20000',
  'mortgage.property.use': 'primary',
  'mortgage.property.type': 'single family',
  'mortgage.property.postal_code': '78751',
};

/** Every row a submission may write. */
async function countRows(): Promise<number> {
  const tables = ['leads', 'lead_data', 'events', 'runs', 'list_items', 'cap_windows'];
  const [row] = await server.query(`select ${tables.map((name) => `(select count(*) from ${name})`).join(' + ')} as n`);
  return Number(row?.['n']);
}

describe('the calls of the posting instructions', () => {
  it('POST with a form, as curl sends it', async () => {
    const body = new URLSearchParams(SAMPLE).toString();
    const { status, text, headers } = await ask(urlOf(), { method: 'POST', headers: FORM, body });
    expect({ status, type: headers.get('content-type') }).toEqual({ status: 201, type: 'application/json' });
    expect(text).toMatch(/^\{"outcome":"success","lead":\{"id":"[0-9a-f]{24}"\},"price":5\}$/);
    expect(Number(headers.get('content-length'))).toBe(text.length);
  });

  it('GET with a query', async () => {
    const { status, body } = await ask(`${urlOf()}?${new URLSearchParams(SAMPLE)}`, {});
    expect({ status, body }).toMatchObject({ status: 201, body: { outcome: 'success', price: 5 } });
    const [row] = await server.query('select document from lead_data where lead_id = $1', [body.lead.id]);
    expect(row).toMatchObject({ document: { vars: { lead: { mortgage: { loan: { amount: { normal: 100000 } } } } } } });
  });

  it('XML in and out', async () => {
    const body = '<lead><first_name>John</first_name><email>jdoe@test.com</email></lead>';
    const { status, text, headers } = await ask(urlOf(), { method: 'POST', headers: XML_TYPE, body });
    expect({ status, type: headers.get('content-type') }).toEqual({ status: 201, type: 'text/xml' });
    expect(text).toMatch(/^<\?xml version="1.0"\?>\n<result>\n {2}<outcome>success<\/outcome>\n {2}<lead>\n/);
  });

  it('the source’s short id in the URL', async () => {
    const url = `${server.url}/flows/${flow.id}/sources/${flow.sources[0]?.id}/submit`;
    expect(await ask(url, { method: 'POST', headers: JSON_TYPE, body: '{}' })).toMatchObject({ status: 201 });
  });

  it('a redirect of the visitor, in characters a header cannot carry', async () => {
    const redirect = 'https://thanks.example.com/→?to=Zoë';
    const { status, headers } = await ask(`${urlOf()}?redir_url=${encodeURIComponent(redirect)}`, {
      redirect: 'manual',
    });
    expect([status, headers.get('location')]).toEqual([303, new URL(redirect).href]);
  });
});

interface BadCase {
  name: string;
  init: RequestInit;
  url?: () => string;
  status: number;
  said: string | RegExp;
  header?: [string, string];
}

const post = (headers: Record<string, string>, body: string): RequestInit => ({ method: 'POST', headers, body });
const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

const BAD: BadCase[] = [
  {
    name: 'a body of more than 1 MiB',
    init: post(JSON_TYPE, `{"a":"${'x'.repeat(1_048_576)}"}`),
    status: 413,
    said: 'longer than 1048576 bytes',
  },
  {
    name: 'more than 1 000 parameters',
    init: post(FORM, Array.from({ length: 1_001 }, (_, n) => `p${n}=1`).join('&')),
    status: 400,
    said: 'Too many parameters',
  },
  { name: 'a document deeper than 32', init: post(JSON_TYPE, nested(33)), status: 400, said: 'Nested too deeply' },
  {
    name: 'a document so deep that it could end a parser',
    init: post(JSON_TYPE, nested(100_000)),
    status: 400,
    said: 'Nested too deeply',
  },
  {
    name: 'an XML document deeper than 32',
    init: post(XML_TYPE, `${'<a>'.repeat(40)}1${'</a>'.repeat(40)}`),
    status: 400,
    said: 'Nested too deeply',
  },
  { name: 'broken JSON', init: post(JSON_TYPE, '{"first_name": '), status: 400, said: 'Unable to parse JSON -- ' },
  {
    name: 'broken XML',
    init: post(XML_TYPE, '<lead><first_name>'),
    status: 400,
    said: /^Body does not contain XML or XML is unparseable -- /,
  },
  {
    name: 'a body without a type',
    init: { ...post({ Accept: 'application/json' }, ''), body: new Uint8Array([123, 125]) },
    status: 415,
    said: 'Content-Type header is required',
  },
  {
    name: 'a type that is not read',
    init: post({ Accept: 'application/json', 'Content-Type': 'text/plain' }, 'a=1'),
    status: 406,
    said: 'MIME type in Content-Type header is not supported',
  },
  {
    name: 'a type that is none',
    init: post({ Accept: 'application/json', 'Content-Type': 'nonsense' }, 'a=1'),
    status: 406,
    said: 'MIME type in Content-Type header is not supported',
  },
  {
    name: 'a type that is not written',
    init: post({ ...JSON_TYPE, Accept: 'text/html' }, '{}'),
    status: 406,
    said: 'Not capable of generating content',
  },
  {
    name: 'a redirect to nowhere',
    init: { redirect: 'manual' },
    url: () => `${urlOf()}?redir_url=javascript:alert(1)`,
    status: 400,
    said: 'Invalid redir_url',
  },
  {
    name: 'PUT',
    init: { ...post(JSON_TYPE, '{}'), method: 'PUT' },
    status: 405,
    said: 'The PUT method is not allowed',
    header: ['allow', 'GET, POST'],
  },
  {
    name: 'PATCH',
    init: { ...post(JSON_TYPE, '{}'), method: 'PATCH' },
    status: 405,
    said: 'The PATCH method is not allowed',
    header: ['allow', 'GET, POST'],
  },
  {
    name: 'DELETE',
    init: { method: 'DELETE' },
    status: 405,
    said: 'The DELETE method is not allowed',
    header: ['allow', 'GET, POST'],
  },
  {
    name: 'a malformed flow id',
    init: post(JSON_TYPE, '{}'),
    url: () => urlOf().replace(flow.id, 'nope'),
    status: 400,
    said: '"code":"malformed_id"',
  },
  {
    name: 'a malformed source id',
    init: post(JSON_TYPE, '{}'),
    url: () => `${server.url}/flows/${flow.id}/sources/${'a'.repeat(25)}/submit`,
    status: 400,
    said: '"code":"malformed_id"',
  },
  {
    name: 'a broken escape in the URL',
    init: post(JSON_TYPE, '{}'),
    url: () => `${server.url}/flows/%zz/sources/x/submit`,
    status: 400,
    said: /./,
  },
  {
    name: 'an unknown flow',
    init: post(JSON_TYPE, '{}'),
    url: () => urlOf().replace(flow.id, '0'.repeat(24)),
    status: 404,
    said: '"code":"not_found"',
  },
  {
    name: 'an unknown source',
    init: post(JSON_TYPE, '{}'),
    url: () => `${server.url}/flows/${flow.id}/sources/${'0'.repeat(24)}/submit`,
    status: 404,
    said: '"code":"not_found"',
  },
  {
    name: 'a disabled source',
    init: post(JSON_TYPE, '{}'),
    url: () => urlOf(flow, 1),
    status: 403,
    said: '{"message":"Source is disabled"}',
  },
  {
    name: 'no key where one is asked for',
    init: post(JSON_TYPE, '{}'),
    url: () => urlOf(flow, 2),
    status: 401,
    said: '{"error":"Unauthorized source"}',
  },
];

describe('what cannot be taken leaves no trace', () => {
  it.each(BAD)('$name', async ({ init, url, status, said, header }) => {
    const before = await countRows();
    const answer = await ask(url ? url() : urlOf(), init);
    expect(answer).toMatchObject({
      status,
      text: typeof said === 'string' ? expect.stringContaining(said) : expect.stringMatching(said),
    });
    if (header) expect(answer.headers.get(header[0])).toBe(header[1]);
    expect(await countRows()).toBe(before);
  });

  it('a body that is cut off', async () => {
    const before = await countRows();
    const { hostname, port } = new URL(server.url);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => {
        socket.write(
          `POST ${new URL(urlOf()).pathname} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"first`,
        );
        socket.end();
      });
      socket.resume();
      socket.once('close', () => resolve());
    });
    expect(await countRows()).toBe(before);
  });
});

const bytes = (...parts: (string | number[])[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part)] : part)));

const ODD: { name: string; init: RequestInit; lead: object }[] = [
  {
    name: 'bytes that are no UTF-8',
    init: { method: 'POST', headers: FORM, body: bytes('first_name=Ann', [0xff, 0xfe], '&last_name=%ff') },
    lead: { first_name: 'Ann\ufffd\ufffd', last_name: '\ufffd' },
  },
  {
    name: 'NUL, written and escaped',
    init: { method: 'POST', headers: FORM, body: bytes('first_name=A', [0], 'nn&last_name=D%00oe') },
    lead: { first_name: 'Ann', last_name: 'Doe' },
  },
  {
    name: 'lone surrogates',
    init: post(JSON_TYPE, '{"first_name":"Ann\\ud800","last_name":"\\udc00"}'),
    lead: { first_name: 'Ann\ufffd', last_name: '\ufffd' },
  },
  {
    name: 'names of JavaScript’s machinery',
    init: post(
      JSON_TYPE,
      '{"__proto__":{"first_name":"Eve"},"constructor":{"prototype":{"x":1}},"toString":"x","last_name":"Doe"}',
    ),
    lead: { last_name: 'Doe' },
  },
  {
    name: 'the same in a form',
    init: post(FORM, '__proto__.first_name=Eve&constructor.prototype.x=1&hasOwnProperty=x&last_name=Doe'),
    lead: { last_name: 'Doe' },
  },
  { name: 'a name twice', init: post(FORM, 'first_name=Ann&first_name=Bob'), lead: { first_name: ['Ann', 'Bob'] } },
  {
    name: 'the query over the body',
    init: post(FORM, 'first_name=Ann&last_name=Doe'),
    lead: { first_name: 'Query', last_name: 'Doe' },
  },
  {
    name: 'a value and names below it',
    init: post(FORM, 'last_name.first=Ann&last_name=Doe'),
    lead: { last_name: 'Doe' },
  },
  {
    name: 'a million characters in one value',
    init: post(JSON_TYPE, JSON.stringify({ first_name: 'x'.repeat(1_000_000) })),
    lead: { first_name: 'x'.repeat(1_000_000) },
  },
];

describe('odd input is taken as far as it goes, and can be read again', () => {
  it.each(ODD)('$name', async ({ name, init, lead }) => {
    const { status, body } = await ask(
      name === 'the query over the body' ? `${urlOf()}?first_name=Query` : urlOf(),
      init,
    );
    expect({ status, body }).toMatchObject({ status: 201, body: { outcome: 'success' } });
    const [row] = await server.query('select document from lead_data where lead_id = $1', [body.lead.id]);
    expect(row).toMatchObject({ document: { vars: { lead: { id: body.lead.id, ...lead } } } });
    expect(await server.api('GET', `/leads/${body.lead.id}`)).toMatchObject({ status: 200 });
  });
});

describe('who may submit', () => {
  const basic = (key: string) => ({ Authorization: `Basic ${Buffer.from(`anybody:${key}`).toString('base64')}` });

  it('a source that asks for a key takes the account’s, and no other', async () => {
    const send = (key: string) => server.submit(flow, {}, { source: 2, headers: basic(key) });
    expect(await send(server.key)).toMatchObject({ status: 201 });
    for (const key of [server.strangerKey, 'wrong', '']) {
      expect(await send(key)).toMatchObject({ status: 401, body: { error: 'Unauthorized source' } });
    }
  });

  it('a flow that was never deployed is not there; deployed it is, disabled it is an error with an event', async () => {
    const saved = await server.api('POST', '/flows', flowOf());
    expect(await server.submit(saved.body, {})).toMatchObject({ status: 404 });
    await server.api('POST', `/flows/${saved.body.id}/deploy`);
    expect(await server.submit(saved.body, {})).toMatchObject({ status: 201, body: { outcome: 'success' } });
    await server.api('PUT', `/flows/${saved.body.id}`, { ...saved.body, enabled: false });
    await server.api('POST', `/flows/${saved.body.id}/deploy`);
    const { status, body } = await server.submit(saved.body, {});
    expect({ status, body }).toMatchObject({ status: 201, body: { outcome: 'error', reason: 'Flow is disabled' } });
    const events = await server.query('select type, outcome, reason from events where lead_id = $1', [body.lead.id]);
    expect(events).toEqual([{ type: 'source', outcome: 'error', reason: 'Flow is disabled' }]);
    await server.api('DELETE', `/flows/${saved.body.id}`);
    expect(await server.submit(saved.body, {})).toMatchObject({ status: 404 });
  });

  it('`Prefer: return=representation` gives a caller with a key the record of seed 000', async () => {
    const headers = { ...basic(server.key), Prefer: 'respond-async, return=representation' };
    const answer = await server.submit(flow, { first_name: 'Ann' }, { headers });
    expect(answer.headers.get('preference-applied')).toBe('return=representation');
    expect(answer).toMatchObject({
      status: 200,
      body: [
        {
          request: { method: 'POST', version: '1.1', body: '{"first_name":"Ann"}', timestamp: expect.any(Number) },
          response: { status: 201, headers: { 'Content-Type': 'application/json' } },
        },
      ],
    });
    expect(answer.body[0].request.uri).toBe(urlOf());
    expect(answer.text).not.toContain(server.key);
    expect(JSON.parse(answer.body[0].response.body)).toMatchObject({ outcome: 'success' });
  });

  it('and anybody else the plain answer', async () => {
    for (const headers of [
      { Prefer: 'return=representation' },
      { ...basic('wrong'), Prefer: 'return=representation' },
    ]) {
      expect(await server.submit(flow, {}, { headers })).toMatchObject({ status: 201, body: { outcome: 'success' } });
    }
  });
});
