import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLatch } from '../harness/latch.ts';
import { ask, type ComposedServer, type SubmitTarget, startTestServer } from '../harness/server.ts';
import { buildSluice, startSluiceProcess } from '../harness/sluice-process.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, NO_DUPLICATES, sourceNamed } from './flows.ts';

const SSN = '219-09-9999';
const PASSWORD = 'corr&ct h"rse';
const TOKEN = 'tok-4f6b2c1d9e';
const BASIC_PASSWORD = 'b4sic-pa55word';

let server: ComposedServer;
beforeAll(async () => {
  await buildSluice();
  server = await startTestServer();
});
afterAll(() => server.stop());

/** Every value of every table, as text. */
async function dump(): Promise<string> {
  const tables = await server.query(`select tablename from pg_tables where schemaname = 'public'`);
  const rows = await Promise.all(
    tables.map(({ tablename }) => server.query(`select t::text as row from "${tablename}" t`)),
  );
  return rows
    .flat()
    .map(({ row }) => row)
    .join('\n');
}

/** What must be nowhere: each secret, in the ways it travelled. */
const FORBIDDEN = [
  SSN,
  '219099999',
  '219 09 9999',
  '219%2D09%2D9999',
  Buffer.from(SSN).toString('base64').slice(0, 12),
  PASSWORD,
  encodeURIComponent(PASSWORD),
  JSON.stringify(PASSWORD).slice(1, -1),
  TOKEN,
  BASIC_PASSWORD,
  Buffer.from(`me:${BASIC_PASSWORD}`).toString('base64'),
];

it('a secret of a lead is in no table and no line of the log, whatever way it came and wherever it went', async () => {
  const fields = [
    { id: 'portal_password_acme', name: 'Portal password', type: 'credential' },
    { id: 'token_acme', name: 'Token', type: 'string', masked: true },
  ];
  for (const field of fields) expect(await server.api('POST', '/fields', field)).toMatchObject({ status: 201 });
  const sluice = await startSluiceProcess(server.database, { SLUICE_LOG_LEVEL: 'trace' });
  const flow = await server.deploy(leakyFlow(server.recipient.url));
  const urlOf = (source: number) => `${sluice.url}${submitPath(flow, source)}`;
  const key = Buffer.from(`API:${server.key}`).toString('base64');
  await until('the flow is known', async () => (await ask(urlOf(0), { method: 'DELETE' })).status === 405);

  server.recipient.answerWith(({ headers, body }) => ({
    headers: { 'X-Echo': String(headers['x-ssn'] ?? ''), 'Set-Cookie': `ssn=${SSN}` },
    body: { outcome: 'no', reason: `We know ${SSN} already`, echo: body, number: 219099999, [SSN]: true },
  }));
  const secrets = { ssn: SSN, portal_password_acme: PASSWORD, token_acme: TOKEN };
  const json = { Accept: 'application/json', 'Content-Type': 'application/json', Authorization: `Basic ${key}` };
  const form = { ...json, 'Content-Type': 'application/x-www-form-urlencoded', Cookie: `t=${TOKEN}` };
  const asForm = new URLSearchParams(secrets).toString();
  const requests: [string, RequestInit][] = [
    [urlOf(0), { method: 'POST', headers: json, body: JSON.stringify(secrets) }],
    [urlOf(0), { method: 'POST', headers: form, body: asForm }],
    [`${urlOf(0)}?${asForm}`, { headers: { Referer: `https://shop.example.com/?${asForm}` } }],
    [
      urlOf(0),
      {
        method: 'POST',
        headers: { ...json, 'Content-Type': 'text/xml' },
        body: `<l><ssn>${SSN}</ssn><first_name>${SSN}</first_name></l>`,
      },
    ],
    [urlOf(1), { method: 'POST', headers: json, body: JSON.stringify({ social: SSN, pw: PASSWORD, t: TOKEN }) }],
    [
      urlOf(1),
      { method: 'POST', headers: { ...json, Prefer: 'return=representation' }, body: JSON.stringify(secrets) },
    ],
  ];
  for (const [url, init] of requests) expect((await ask(url, init)).status).toBeLessThan(300);
  expect(await ask(urlOf(0), { method: 'POST', headers: json, body: `{"ssn":"${SSN}"` })).toMatchObject({
    status: 400,
  });

  // And while it is delivered, before anything cleans up after it.
  const latch = createLatch();
  const before = server.recipient.deliveries.length;
  server.recipient.answerWith(() => latch.opened.then(() => ({ body: { outcome: 'success' } })));
  const lost = ask(urlOf(0), { method: 'POST', headers: json, body: JSON.stringify(secrets) }).catch(() => undefined);
  await server.recipient.arrival(before + 1);
  const beforeKill = await dump();
  sluice.kill('SIGKILL');
  await Promise.all([lost, sluice.exited]);
  latch.open();
  await until('the lead is settled', async () => (await server.query('select 1 from runs')).length === 0);

  const delivered = server.recipient.deliveries.map(({ headers, body }) => JSON.stringify(headers) + body).join('\n');
  expect(delivered).toContain(SSN);
  const written = [beforeKill, await dump(), sluice.output()].join('\n');
  expect(written).toContain('We know ***********');
  for (const secret of [...FORBIDDEN, server.key, key]) {
    const at = written.indexOf(secret);
    expect(at < 0 ? '' : written.slice(Math.max(0, at - 200), at + 50), secret).toBe('');
  }
});

function submitPath(flow: SubmitTarget, source: number): string {
  return `/flows/${flow.id}/sources/${flow.sources[source]?.entity.id}/submit`;
}

/** Puts secrets wherever an author can: the URL, headers, the body, basic authentication, reasons, a list. */
function leakyFlow(recipientUrl: string) {
  const delivery = deliveryTo(
    `${recipientUrl}?ssn={{lead.ssn}}&t={{lead.token_acme}}`,
    {},
    {
      'json_property.ssn': '{{lead.ssn.raw}}',
      'json_property.password': '{{lead.portal_password_acme}}',
      'header.X-Ssn': '{{lead.ssn}}',
      basic_username: 'me',
      basic_password: '{{lead.token_acme}}',
    },
  );
  const renamed = [
    { property: 'ssn', value: '{{social}}' },
    { property: 'portal_password_acme', value: '{{pw}}' },
    { property: 'token_acme', value: '{{t}}' },
  ];
  return flowOf([delivery, { ...delivery, entity: { name: 'Second' } }], {
    ...NO_DUPLICATES,
    fields: ['first_name', 'email', 'ssn', 'portal_password_acme', 'token_acme'],
    sources: [
      sourceNamed('Search ads'),
      sourceNamed('Renaming', { integration: { module_id: 'leadconduit-default.inbound', mappings: renamed } }),
    ],
  });
}
