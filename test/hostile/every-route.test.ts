import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildAuthorization } from '../../client/src/authorization.ts';
import { ROUTES } from '../../src/http/routes.ts';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { flowOf } from '../system/flows.ts';

/** Whatever is asked is answered below 500, in the form of our errors. */

let server: ComposedServer;
// biome-ignore lint/suspicious/noExplicitAny: the flow as the server answers it
let flow: any;
beforeAll(async () => {
  server = await startTestServer();
  flow = await server.deploy(flowOf());
});
afterAll(() => server.stop());

const ID = '5fd0c0de0000000000000001';
const SEGMENTS = ['%00', 'a%00b', '%ED%A0%80', '%F0%9F%98%80', '..%2f', '%27%3B--', '-1', '1e400', '9'.repeat(400)];
const QUERIES = [
  'limit=%00',
  'include=%00&exclude=a%00',
  '%00=1',
  'a%00=%00',
  'limit=99999999999999999999&after=%ED%A0%80',
  'limit=-1&start=0000-00-00&end=999999-01-01T00:00:00Z',
  'rules=%7B%22op%22%3A%22and%22%2C%22rules%22%3A%5B%5D%7D&sort=%00',
  'timeframe=this_99999999999999999999_years',
  'timeframe=previous_999999999_years',
  'timeframe=previous_9999999_minutes',
  `q=${'%5B'.repeat(2_000)}`,
  `${'a=1&'.repeat(2_000)}`,
];
const deep = (open: string, close: string) => `${open.repeat(5_000)}1${close.repeat(5_000)}`;
const BODIES = [
  deep('[', ']'),
  deep('{"rules":', '}'),
  deep('{"op":"and","rules":[', ']}'),
  `{"rules":${deep('{"op":"and","rules":[', ']}')}}`,
  'null',
  '[]',
  '"text"',
  '1e400',
  '{"limit":1e400,"ids":[1e400]}',
  '{"a":"\\u0000"}',
  '{"a\\u0000":"\\ud800"}',
  '{"__proto__":{"a":1}}',
  '{"name":1,"fields":{},"sources":"x","steps":[null],"ids":[null],"rules":7,"submission":[]}',
  '{"rules":[[[[]]]],"rule_set":"x","template":5,"values":null,"id":{"a":[]},"type":[]}',
  `{"name":"${'x'.repeat(100_000)}"}`,
  `{"${'x'.repeat(100_000)}":1}`,
];

const pathOf = (path: string, segment: string) => path.replace(/:\w+/g, segment);

describe.each(ROUTES.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', (_name, route) => {
  const ask = async (path: string, body?: string) => {
    const reply = await fetch(`${server.url}${path}`, {
      method: route.method,
      headers: {
        Authorization: buildAuthorization(server.key),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = await reply.text();
    expect(
      reply.status,
      `${route.method} ${path.slice(0, 100)} ${body?.slice(0, 60)}: ${text.slice(0, 200)}`,
    ).toBeLessThan(500);
    if (reply.status >= 400 && text !== '') expect(JSON.parse(text)).toMatchObject({ error: expect.any(String) });
  };

  it('answers hostile parameters, queries and bodies below 500', async () => {
    const ids = [ID, flow.id];
    for (const segment of route.path.includes(':') ? SEGMENTS : []) await ask(pathOf(route.path, segment));
    for (const query of QUERIES) await ask(`${pathOf(route.path, ids[1])}?${query}`);
    if (route.method === 'GET' || route.method === 'DELETE') return;
    for (const body of BODIES) await ask(pathOf(route.path, ID), body);
  }, 120_000);
});

describe('what an outsider stores', () => {
  it.each([
    ['a form with NUL', 'application/x-www-form-urlencoded', 'email=a\u0000&ssn%00=1&first_name=%00%ED%A0%80'],
    [
      'JSON with NUL and half a pair',
      'application/json',
      '{"email":"a\\u0000","first_name":"\\ud800\\u0000","x\\u0000":1}',
    ],
  ])('%s makes no route fail', async (_name, type, body) => {
    for (const fields of [
      ['email', 'first_name'],
      ['email', 'first_name', 'ssn'],
    ]) {
      const own = await server.deploy(flowOf([], { fields }));
      const path = `/flows/${own.id}/sources/${own.sources[0].entity.id}/submit?a=%00&b=\u{fffd}`;
      const sent = await fetch(`${server.url}${path}`, {
        method: 'POST',
        headers: { 'Content-Type': type, Referer: 'http://x/%00' },
        body,
      });
      expect(sent.status).toBe(201);
      await expectReadable(own.id);
    }
    const rows = await server.query(`select document::text as text from lead_data`);
    for (const { text } of rows) expect(text).not.toMatch(/(?<!\\)\\(?:u0000|ud[89a-f])/);
  });

  it('a document of an earlier version with NUL escapes makes none fail either', async () => {
    const own = await server.deploy(flowOf());
    await server.submit(own, { email: 'ann@example.com', first_name: 'Ann' });
    await server.query(
      String.raw`update lead_data set document = replace(document::text, 'Ann', 'A\u0000n\\u0000n')::json
        where lead_id in (select id from leads where flow_id = '${own.id}')`,
    );
    await expectReadable(own.id);
    await until('the lead is counted', async () => {
      const { body } = await server.api('GET', `/flows/${own.id}/fields/usage`);
      return body.first_name === 1 && body.email === 1;
    });
  });
});

async function expectReadable(flowId: string): Promise<void> {
  const leads = await server.api('GET', `/leads?flow_id=${flowId}`);
  const paths = [
    `/flows/${flowId}/fields/usage`,
    `/leads?flow_id=${flowId}&q=a`,
    '/leads',
    '/events',
    '/events?limit=100',
  ];
  for (const { id } of leads.body) paths.push(`/leads/${id}`, `/leads/${id}/explain`);
  for (const path of paths) expect((await server.api('GET', path)).status, path).toBeLessThan(500);
}
