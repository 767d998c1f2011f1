import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiReply, ask, type ComposedServer, type SubmitTarget, startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, NO_DUPLICATES, sourceNamed, when } from './flows.ts';

/** `SLUICE_TEST_LEADS=10000 npx vitest run test/system/masked-dump.test.ts` is the run that is reported. */
const LEADS = Number(process.env['SLUICE_TEST_LEADS'] ?? 256);
const AT_ONCE = 6;

let server: ComposedServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

interface Sent {
  query?: string;
  type?: string;
  body?: string;
  headers?: Record<string, string>;
  /** Index of the source. */
  source?: number;
}

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';
const XML = 'application/xml';

const form = (body: string, headers = {}): Sent => ({ type: FORM, body, headers });
const json = (body: unknown, headers = {}): Sent => ({
  type: JSON_TYPE,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  headers,
});
const xml = (body: string): Sent => ({ type: XML, body: `<lead>${body}</lead>` });
const percent = (text: string) => text.replace(/./g, (c) => `%${c.charCodeAt(0).toString(16)}`);
const escaped = (text: string) => text.replace(/./g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
const entities = (text: string) => text.replace(/./g, (c) => `&#${c.charCodeAt(0)};`);
const hexEntities = (text: string) => text.replace(/./g, (c) => `&#x${c.charCodeAt(0).toString(16)};`);
const base64 = (text: string) => Buffer.from(text).toString('base64');
const hex = (text: string) => Buffer.from(text).toString('hex');

/** How a number of the form 978-44-dddd is sent. */
const SPELLINGS: readonly ((ssn: string, digits: string) => Sent)[] = [
  // Names.
  (s) => form(`ssn=${s}`),
  (s) => form(`SSN=${s}`),
  (s) => form(`Ssn=${s}`),
  (s) => form(`ssn%20=${s}`),
  (s) => form(`%73%73%6e=${s}`),
  (s) => form(`%2573sn=${s}`),
  (s) => form(`ssn[]=${s}`),
  (s) => form(`ssn%5B%5D=${s}`),
  (s) => form(`ssn[0]=${s}`),
  (s) => form(`ssn.0=${s}`),
  (s) => form(`ssn[a]=${s}`),
  (s) => form(`ssn.a.b=${s}`),
  (s) => form(`lead.ssn=${s}`),
  (s) => form(`lead[ssn]=${s}`),
  (s) => form(`Lead.SSN=${s}`),
  (s) => form(`applicant.ssn=${s}`),
  (s) => form(`ssn..=${s}`),
  (s) => form(`.ssn=${s}`),
  (s) => form(`s-s-n=${s}`),
  (s) => form(`%C5%BFsn=${s}`),
  (s) => form(`${s}=ssn`),
  (s) => form(`ssn[${s}]=1`),
  // Twice.
  (s) => form(`ssn=${s}&ssn=1`),
  (s) => form(`ssn=1&ssn=${s}`),
  (s) => form(`ssn=&ssn=${s}&SSN=2`),
  (s) => ({ ...form(`ssn=${s}`), query: 'ssn=2' }),
  (s) => ({ ...form('ssn=2'), query: `ssn=${s}` }),
  (s) => json(`{"ssn":"${s}","ssn":"1"}`),
  (s) => json(`{"ssn":"${s}","\\u0073sn":"1"}`),
  // Values.
  (_, d) => form(`ssn=${d}`),
  (s) => form(`ssn=${percent(s)}`),
  (s) => form(`ssn=${encodeURIComponent(percent(s))}`),
  (s) => form(`ssn=${s.replaceAll('-', '+')}`),
  (s) => form(`ssn=${s.replaceAll('-', '.')}`),
  (s) => form(`ssn=${s.replaceAll('-', '%E2%80%93')}`),
  (_, d) => form(`ssn=${[...d].join('+')}`),
  (s) => form(`ssn=+%09${s}%00`),
  (s) => form(`ssn=SSN:${s}.`),
  (s) => form(`ssn=${encodeURIComponent(base64(s))}`),
  (s) => form(`ssn=${hex(s)}`),
  (s) => form(`ssn=${s}&first_name=Ann+${s}`),
  (s, d) => form(`ssn=${s}&first_name=Ann+${d}&last_name=${encodeURIComponent(base64(s))}`),
  (s, d) => form(`ssn=${d}&first_name=${s}&last_name=${encodeURIComponent(percent(s))}`),
  (s) => form(`ssn=${s}&notes=${s}&utm_source=${s}`),
  (s) => form(`ssn=${s}1`),
  (s) => form(`ssn=${s}x&first_name=x`),
  // JSON.
  (s) => json({ ssn: s }),
  (_, d) => json({ ssn: Number(d) }),
  (_, d) => json(`{"ssn":${d[0]}.${d.slice(1)}e8}`),
  (_, d) => json(`{"ssn":${d}.0}`),
  (s) => json(`{"${escaped('ssn')}":"${s}"}`),
  (s) => json(`{"ssn":"${escaped(s)}"}`),
  (s) => json(`{"\\u0073sn":"${escaped(s)}","first_name":"${escaped(s)}"}`),
  (s) => json({ lead: { ssn: s } }),
  (s) => json({ Lead: { SSN: s } }),
  (s) => json({ lead: { applicant: [{ ssn: s }] } }),
  (s) => json({ 'lead.ssn': s }),
  (s) => json({ ssn: [s, s] }),
  (s) => json({ ssn: { value: s } }),
  (s) => json({ ssn: { [s]: true } }),
  (s) => json({ ssn: [[{ a: [s] }]] }),
  (s) => json({ data: { deep: { deeper: { SSN: s } } } }),
  (s, d) => json({ ssn: [d.slice(0, 3), d.slice(3, 5), d.slice(5)], first_name: s }),
  // XML.
  (s) => xml(`<ssn>${s}</ssn>`),
  (s) => xml(`<SSN>${s}</SSN>`),
  (s) => xml(`<ssn>${entities(s)}</ssn>`),
  (s) => xml(`<ssn>${hexEntities(s)}</ssn>`),
  (s) => xml(`<ssn><![CDATA[${s}]]></ssn>`),
  (s) => xml(`<ssn v="${s}"/>`),
  (s) => xml(`<person ssn="${hexEntities(s)}"/>`),
  (s) => xml(`<ssn>${s}</ssn><ssn>1</ssn>`),
  (s) => xml(`<lead><ssn>${s}</ssn></lead>`),
  (s) => ({ type: XML, body: `<lead ssn="${s}"><!-- ${s} --><first_name>${entities(s)}</first_name></lead>` }),
  // The URL and headers.
  (s) => ({ query: `ssn=${s}` }),
  (s) => ({ query: `SSN=${percent(s)}&first_name=Ann` }),
  (s) => ({ query: `lead.ssn=${s}&redir_url=${encodeURIComponent(`https://shop.example.com/?ssn=${s}`)}` }),
  (s) => ({ query: `ssn=${s}&ssn=2` }),
  (s) => form('first_name=Ann', { Referer: `https://shop.example.com/apply?ssn=${s}` }),
  (s) => form('first_name=Ann', { Referer: `https://shop.example.com/${s}/apply`, Origin: 'https://shop.example.com' }),
  (s) => form(`ssn=${s}`, { Cookie: `ssn=${s}`, 'X-Ssn': s, 'X-Page': `/a?s=${percent(s)}`, 'User-Agent': `x ${s}` }),
  (s) => form(`ssn=${s}`, { Prefer: 'return=representation' }),
  // Names that a mapping renames.
  (s) => ({ ...form(`social=${s}`), source: 1 }),
  (s) => ({ ...form(`social=${percent(s)}&social=1`), source: 1 }),
  (s) => ({ ...form(`SOCIAL=${s}`), source: 1 }),
  (s) => ({ ...json({ applicant: { number: s } }), source: 1 }),
  (_, d) => ({ ...json({ applicant: { number: Number(d) } }), source: 1 }),
];

describe('a number that is masked', () => {
  it(`is in no table after ${LEADS} leads in ${SPELLINGS.length} spellings, nor in what the API answers`, async () => {
    server.recipient.answerWith(({ headers, body }) => ({
      headers: { 'X-Echo': String(headers['x-ssn'] ?? '').slice(0, 60) },
      body: {
        outcome: 'failure',
        reason: `No: ${String(headers['x-ssn'] ?? '')}`,
        echo: body,
        coded: percent(String(headers['x-ssn'] ?? '')),
        base64: base64(String(body)),
        hex: hex(String(headers['x-ssn'] ?? '')),
        parts: String(headers['x-ssn'] ?? '').match(/\d{1,3}/g),
      },
    }));
    const flow = await server.deploy(echoingFlow(server.recipient.url));
    const key = Buffer.from(`API:${server.key}`).toString('base64');
    let next = 0;
    const answers: string[] = [];
    const sendAll = async () => {
      for (let at = next++; at < LEADS; at = next++) {
        const serial = String(at).padStart(4, '0');
        const sent = SPELLINGS[at % SPELLINGS.length]?.(`978-44-${serial}`, `97844${serial}`) ?? {};
        const reply = await taken(() => send(flow, sent, key));
        if (sent.headers?.['Prefer']) answers.push(reply.text);
        expect(reply.status, JSON.stringify(sent)).toBeLessThan(400);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, sendAll));

    expect(server.recipient.deliveries.map(({ body }) => body).join('\n')).toContain('97844');
    const rows = await dump();
    expect(rows.length).toBeGreaterThan(LEADS);
    for (const row of [...rows, ...answers]) expectNoTrace(row);
    const listed = await server.api('GET', '/leads?limit=100');
    expect(listed.status).toBe(200);
    expectNoTrace(listed.text);
    for (const { id } of listed.body.slice(0, 20))
      expectNoTrace((await server.api('GET', `/leads/${id}/explain`)).text);
    expectNoTrace((await server.api('GET', '/events?limit=100')).text);
  }, 1_800_000);

  it('a search that finds it in every encoding is what looked for it', () => {
    const ssn = '978-44-0001';
    const ways = [ssn, percent(ssn), percent(percent(ssn)), escaped(ssn), entities(ssn), hexEntities(ssn), hex(ssn)];
    for (const way of [...ways, base64(`user:${ssn}`), '978 44 0001', '978440001', '"a":"978","44","0001"']) {
      expect(traceIn(`x ${way} y`), way).toBeDefined();
    }
    expect(traceIn('978-44-****, ***-**-****, 9784')).toBeUndefined();
  });
});

describe('what is not masked', () => {
  it('is stored as it was sent where a flow has no masked fields', async () => {
    const flow = await server.deploy(flowOf([], { fields: ['first_name'] }));
    const body = 'first_name=Ann%2BB&%75tm=x&a[]=1';
    const headers = { Referer: 'https://shop.example.com/?page=1', 'X-Own': 'kept' };
    const reply = await send(flow, form(body, headers), '');
    const { body: lead } = await server.api('GET', `/leads/${reply.body.lead.id}`);
    expect(JSON.stringify(lead)).toContain(JSON.stringify(body));
    expect(JSON.stringify(lead)).toContain('"X-Own":"kept"');
  });

  it('keeps its value beside masked fields, and a parameter the flow does not read keeps its name', async () => {
    const flow = await server.deploy(flowOf([], { fields: ['first_name', 'address_1', 'ssn'] }));
    const reply = await send(flow, json({ first_name: 'Ann', adress: '1 Main St', ssn: '978-44-0001', n: 5 }), '');
    const rows = await server.query(`select document->'request'->>'body' as body from lead_data where lead_id = $1`, [
      reply.body.lead.id,
    ]);
    expect(JSON.parse(String(rows[0]?.['body']))).toStrictEqual({
      first_name: 'Ann',
      adress: null,
      ssn: '***********',
      n: null,
    });
  });
});

/** Sends values on in every way an author can: as they are, and as helpers write them. */
function echoingFlow(url: string) {
  const delivery = deliveryTo(
    `${url}?ssn={{lead.ssn}}&raw={{lead.ssn.raw}}`,
    {},
    {
      'json_property.ssn': '{{lead.ssn}}',
      'json_property.raw': '{{lead.ssn.raw}}',
      'json_property.parts': '{{lead.ssn.first_three}} {{lead.ssn.middle_two}} {{lead.ssn.last_four}}',
      'json_property.upper': 'SSN {{uppercase lead.ssn.raw}}',
      'json_property.first_name': '{{lead.first_name}}',
      'header.X-Ssn': '{{lead.ssn}}',
    },
  );
  const renamed = [
    { property: 'ssn', value: '{{social}}' },
    { property: 'lead.ssn', value: '{{applicant.number}}' },
  ];
  return flowOf(
    [
      delivery,
      {
        type: 'filter',
        rule_set: when('lead.ssn', 'is not blank'),
        reason: 'Known: {{lead.ssn}} / {{lead.ssn.raw}}',
      },
    ],
    {
      ...NO_DUPLICATES,
      fields: ['first_name', 'last_name', 'email', 'ssn'],
      sources: [
        sourceNamed('Search ads'),
        sourceNamed('Renaming', { integration: { module_id: 'leadconduit-default.inbound', mappings: renamed } }),
      ],
    },
  );
}

/** A busy machine may answer 503, which asks to send again in a moment. */
async function taken(sending: () => Promise<ApiReply>): Promise<ApiReply> {
  let reply = await sending();
  if (reply.status !== 503) return reply;
  await until('the lead is taken', async () => {
    reply = await sending();
    return reply.status !== 503;
  });
  return reply;
}

async function send(flow: SubmitTarget, sent: Sent, key: string) {
  const { query, type, body, headers = {}, source = 0 } = sent;
  const path = `/flows/${flow.id}/sources/${flow.sources[source]?.entity.id}/submit`;
  return ask(`${server.url}${path}${query === undefined ? '' : `?${query}`}`, {
    method: body === undefined ? 'GET' : 'POST',
    redirect: 'manual',
    headers: {
      Accept: JSON_TYPE,
      ...(type === undefined ? {} : { 'Content-Type': type }),
      ...(headers['Prefer'] ? { Authorization: `Basic ${key}` } : {}),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  });
}

/** Every row of every table as text, as `copy` writes it. */
async function dump(): Promise<string[]> {
  const tables = await server.query(`select tablename from pg_tables where schemaname = 'public'`);
  const rows: string[] = [];
  for (const { tablename } of tables) {
    for (const { row } of await server.query(`select t::text as row from "${tablename}" t`)) rows.push(String(row));
  }
  return rows;
}

function expectNoTrace(text: string): void {
  expect(traceIn(text)).toBeUndefined();
}

/** Nine digits that begin with the ones of every number sent, with marks between; ids are none. */
const TRACE = /9(?:[^\p{L}\p{N}]{0,5}7)(?:[^\p{L}\p{N}]{0,5}8)(?:[^\p{L}\p{N}]{0,5}4){2}(?:[^\p{L}\p{N}]{0,5}\d){4}/u;

/** What is around a number in a text, as it is or as it is decoded. */
function traceIn(text: string): string | undefined {
  const plain = text
    .replace(/\b[\da-f]{24}\b/g, 'id')
    .replaceAll('\\\\', '\\')
    .replaceAll('""', '"');
  for (const reading of readings(plain)) {
    const found = TRACE.exec(reading);
    if (found) return reading.slice(Math.max(0, found.index - 200), found.index + 60);
  }
  return undefined;
}

function* readings(text: string): Iterable<string> {
  let reading = text;
  for (let layer = 0; layer < 4; layer += 1) {
    yield reading;
    for (const [piece] of reading.matchAll(/[A-Za-z0-9+/_-]{12,}/g)) {
      yield Buffer.from(piece, 'base64').toString('latin1');
      if (/^[\da-f]+$/i.test(piece)) yield Buffer.from(piece, 'hex').toString('latin1');
    }
    reading = reading
      .replace(/%([\da-f]{2})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
      .replace(/\\+u([\da-f]{4})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
      .replace(/&#x([\da-f]+);/gi, (_, code) => String.fromCodePoint(Number.parseInt(code, 16)))
      .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
  }
}
