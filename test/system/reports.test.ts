import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Log } from '../../src/observe/log.ts';
import { openTestMailServer, type TestMailServer } from '../harness/mail-server.ts';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf } from './flows.ts';

let server: ComposedServer;
let mail: TestMailServer;
const lines: string[] = [];
const keep = (fields: Record<string, unknown>, sentence: string) => void lines.push(JSON.stringify([fields, sentence]));
const log: Log = { error: keep, warn: keep, info: keep, debug: keep };
const LEADS = 3;

beforeAll(async () => {
  mail = await openTestMailServer();
  server = await startTestServer({
    ...{ log, smtpUrl: { host: '127.0.0.1', port: mail.port, security: 'none' } },
    mailFrom: { name: 'Sluice', address: 'reports@example.org' },
  });
  const buyer = deliveryTo(server.recipient.url, { pricing: { prices: [{ amount: 12.5 }] } });
  const flow = await server.deploy(flowOf([buyer]));
  for (let lead = 0; lead < LEADS; lead += 1) await server.submit(flow, { email: `ann${lead}@example.com` });
});
afterAll(async () => {
  await server.stop();
  await mail.close();
});

const REPORT = {
  ...{ name: 'Sold', columns: ['source-success', 'recipient-success', 'revenue'], group_by: ['vars.recipient.id'] },
  timeframe: 'this_2_days',
};
const make = async (body: object = {}) => (await server.api('POST', '/reports', { ...REPORT, ...body })).body;

it('leads that ran are in the rows, and the links of a row lead to their events', async () => {
  const { id } = await make();
  const run = async () => (await server.api('GET', `/reports/${id}/run`)).body;
  await until('the leads are counted', async () => (await run()).at(-1)['recipient-success'] === LEADS);
  const [row, total] = await run();
  expect(row).toMatchObject({ 'recipient-success': LEADS, revenue: 12.5 * LEADS });
  expect(total).toMatchObject({ total: true, 'source-success': LEADS, revenue: 12.5 * LEADS });
  const events = (await server.api('GET', row.events['recipient-success'])).body;
  expect(events.map(({ type, outcome }: { type: string; outcome: string }) => [type, outcome])).toEqual(
    Array.from({ length: LEADS }, () => ['recipient', 'success']),
  );
});

it('the token of a link is in no line of the log, whatever becomes of the request', async () => {
  const { id } = await make();
  const { token } = (await server.api('POST', `/reports/${id}/share`, {})).body;
  const view = (question = '') => fetch(`${server.url}/reports/shared/${token}${question}`);
  expect((await view()).status).toBe(200);
  expect((await view('?interval=daily')).status).toBe(400);
  expect((await view('?timeframe=x')).status).toBe(400);
  await server.api('DELETE', `/reports/${id}/share`);
  expect((await view()).status).toBe(404);
  await until('the calls are logged', () => lines.filter((line) => line.includes('/reports/shared/')).length >= 4);
  expect(lines.filter((line) => line.includes(token))).toEqual([]);
});

it('what is due is mailed by the duty', async () => {
  await server.api('POST', '/users', { email: 'ann@example.com', role: 'analyst' });
  const { id, next_mail_at } = await make({ schedule: { times: ['08:00'], email_to: ['ann@example.com'] } });
  expect(Date.parse(next_mail_at)).toBeGreaterThan(Date.now());
  await server.query("update reports set mail_due_at = now() - interval '1 minute' where id = $1", [id]);
  await mail.arrival(1);
  expect(mail.received[0]?.to).toEqual(['ann@example.com']);
  expect(String(mail.received[0]?.mail.attachments[0]?.content)).toContain(`,${12.5 * LEADS}`);
  await until('the mail is noted', async () => (await server.api('GET', `/reports/${id}`)).body.mailed_at !== null);
});
