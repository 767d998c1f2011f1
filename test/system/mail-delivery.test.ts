import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseAllowedNetwork } from '../../src/integrations/forbidden-address.ts';
import type { RecipientStep } from '../../src/model/flow.ts';
import { freePort } from '../harness/free-port.ts';
import { MAIL_PASSWORD, openTestMailServer, type TestMailServer } from '../harness/mail-server.ts';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { flowOf } from './flows.ts';

let server: ComposedServer;
let mail: TestMailServer;
let credentialId: string;
beforeAll(async () => {
  // Not encrypted: the certificate of a test is trusted by nothing.
  mail = await openTestMailServer({ allowInsecureAuth: true, authOptional: false });
  const network = parseAllowedNetwork('127.0.0.0/8');
  if (!network.ok) throw new Error(network.error);
  server = await startTestServer({ allowPrivateNetworks: [network.value], isDistributionStepEnabled: true });
  credentialId = await make({ port: mail.port });
});
afterEach(() => {
  mail.received.length = 0;
  mail.script = {};
});
afterAll(async () => {
  await server.stop();
  await mail.close();
});

async function make(parts: object): Promise<string> {
  const given = { name: 'Mail server', type: 'smtp', host: '127.0.0.1', security: 'none', username: 'acme' };
  const { body, text, status } = await server.api('POST', '/credentials', {
    ...given,
    password: MAIL_PASSWORD,
    ...parts,
  });
  expect(status, text).toBe(201);
  return body.id;
}

const MAPPED = {
  from: 'Leads <leads@example.org>',
  to: 'sales@buyer.example.com',
  subject: 'A lead: {{lead.first_name}}',
  html: '<b>{{lead.first_name}}</b>',
  'csv.Name': '{{lead.first_name}}',
  'csv.E-mail': '{{lead.email}}',
};

function mailStep(parts: Partial<RecipientStep> = {}, properties: Record<string, string> = {}): RecipientStep {
  const mappings = Object.entries({ ...MAPPED, ...properties }).map(([property, value]) => ({ property, value }));
  return {
    ...{ type: 'recipient', entity: { name: 'Buyer' }, key: 'mail', credential_id: credentialId },
    integration: { module_id: 'sluice.outbound.email', mappings },
    ...parts,
  };
}

async function submitTo(step: RecipientStep, values: object = {}) {
  const flow = await server.deploy(flowOf([step]));
  const { body } = await server.submit(flow, { first_name: 'Ann', email: 'ann@example.com', ...values });
  const { body: lead, text } = await server.api('GET', `/leads/${body.lead.id}`);
  return { flow, body, text, event: lead.events.find((each: { type: string }) => each.type === 'recipient') };
}

async function readRetry(flowId: string) {
  const { body } = await server.api('GET', `/retries?flow_id=${flowId}`);
  return body[0];
}

async function retryNow(flowId: string) {
  const before = await readRetry(flowId);
  expect((await server.api('POST', `/retries/${before.id}/run`)).status).toBe(202);
  await until('the attempt ends', async () => (await readRetry(flowId)).attempts > before.attempts);
  return readRetry(flowId);
}

describe('a lead by e-mail', () => {
  it('arrives as a message with a CSV file, and the event shows both sides without the password', async () => {
    const { event, text } = await submitTo(mailStep(), { first_name: 'Ann <script>' });
    const [got] = mail.received;
    expect(got).toMatchObject({ from: 'leads@example.org', to: ['sales@buyer.example.com'], user: 'acme' });
    expect(got?.mail).toMatchObject({ subject: 'A lead: Ann <script>', html: '<b>Ann &lt;script&gt;</b>' });
    expect(got?.mail.attachments[0]?.content.toString()).toBe('Name,E-mail\r\nAnn <script>,ann@example.com\r\n');
    expect(event).toMatchObject({ outcome: 'success', credential: { id: credentialId, type: 'smtp' } });
    const [{ request, response }] = event.transactions ?? [event];
    expect(request).toMatchObject({ method: 'MAIL', uri: `smtp://127.0.0.1:${mail.port}`, version: 'ESMTP' });
    expect(JSON.parse(request.body)).toMatchObject({
      to: ['sales@buyer.example.com'],
      subject: 'A lead: Ann <script>',
    });
    expect(response).toMatchObject({ status: 250, version: 'ESMTP', headers: { Accepted: 'sales@buyer.example.com' } });
    expect(text).not.toContain(MAIL_PASSWORD);
    expect(got?.mail.messageId).toBe(JSON.parse(request.body).message_id);
  });

  it('has masked values as they are, and the event has asterisks', async () => {
    const { text } = await submitTo(mailStep({}, { text: 'SSN: {{lead.ssn}}' }), { ssn: '219-09-9999' });
    expect(mail.received[0]?.mail.text).toMatch(/219-?09-?9999/);
    expect(text).not.toMatch(/219-?09-?9999/);
  });

  it('cannot add a recipient or a header', async () => {
    const name = 'Ann\r\nBcc: eve@example.com\r\n\r\nBody';
    const { event } = await submitTo(mailStep({}, { reply_to: '"{{lead.first_name}}" <{{lead.email}}>' }), {
      first_name: name,
    });
    expect(event.outcome).toBe('success');
    expect(mail.received[0]?.to).toEqual(['sales@buyer.example.com']);
    expect(mail.received[0]?.mail.headers.has('bcc')).toBe(false);
    const refused = await submitTo(mailStep({}, { to: '{{lead.last_name}}' }), {
      last_name: 'ann@example.com, eve@example.com',
    });
    expect(refused.event).toMatchObject({ outcome: 'skip', reason: 'To must be e-mail addresses' });
    expect(mail.received).toHaveLength(1);
  });

  it('is a failure where the mailbox does not exist', async () => {
    mail.script.onRecipient = () => 550;
    const { event, text } = await submitTo(mailStep({ retry_enabled: true }));
    expect(event).toMatchObject({ outcome: 'failure', reason: expect.stringContaining('every recipient (550') });
    expect(text).not.toContain('"unknown":true');
  });

  it('is tried again after a code of 4xx and a refused connection, with the same Message-ID', async () => {
    mail.script.onMessage = () => 452;
    const { flow, event } = await submitTo(mailStep({ retry_enabled: true }));
    expect(event).toMatchObject({
      outcome: 'error',
      reason: '127.0.0.1 refused for now: the message (452, out of room)',
    });
    mail.script = {};
    expect(await retryNow(flow.id)).toMatchObject({ status: 'succeeded', attempts: 1 });
    const [{ request }] = event.transactions ?? [event];
    expect(mail.received.map(({ mail: { messageId } }) => messageId)).toEqual([JSON.parse(request.body).message_id]);
    const away = await submitTo(
      mailStep({ retry_enabled: true, credential_id: await make({ port: await freePort() }) }),
    );
    expect(away.event).toMatchObject({ outcome: 'error', reason: '127.0.0.1 refused the connection' });
    expect(await readRetry(away.flow.id)).toMatchObject({ status: 'waiting' });
  });

  it('is unknown, and not sent again, where the connection is cut after the message', async () => {
    mail.script.onMessage = () => 'hangUp';
    const { flow, event } = await submitTo(mailStep({ retry_enabled: true }));
    expect(event).toMatchObject({
      ...{ outcome: 'error', unknown: true },
      reason: expect.stringContaining('Unknown outcome: The whole message was sent'),
    });
    expect(await readRetry(flow.id)).toBeUndefined();
    const ended = mail.ended;
    // A step that says its recipient knows repeated messages sends it again, under the same Message-ID.
    const marked = await submitTo(mailStep({ retry_enabled: true, idempotent: true }));
    mail.script = {};
    expect(await retryNow(marked.flow.id)).toMatchObject({ status: 'succeeded' });
    expect(mail.ended).toBe(ended + 2);
    const [{ request }] = marked.event.transactions ?? [marked.event];
    expect(mail.received[0]?.mail.messageId).toBe(JSON.parse(request.body).message_id);
  });

  it('is an error that says so where the login is refused', async () => {
    const { event, text } = await submitTo(
      mailStep({ credential_id: await make({ port: mail.port, password: 'battery' }) }),
    );
    expect(event).toMatchObject({
      ...{ outcome: 'error', reason: '127.0.0.1 refused: the login (535, wrong user name or password)' },
    });
    expect(text).not.toContain('battery');
  });
});

it('a credential of a mail server is tested by a login', async () => {
  const test = async (id: string) => (await server.api('POST', `/credentials/${id}/test`, {})).body;
  expect(await test(credentialId)).toMatchObject({ outcome: 'success', reason: null, status: null });
  expect(await test(await make({ port: mail.port, password: 'battery' }))).toMatchObject({
    ...{ outcome: 'failure', status: 535, reason: expect.stringContaining('the login (535') },
  });
  expect(await test(await make({ port: mail.port, security: 'starttls' }))).toMatchObject({
    ...{ outcome: 'failure', reason: expect.stringContaining('no trustworthy TLS') },
  });
  expect(mail.received).toEqual([]);
});

it('a simulation shows the message and sends none', async () => {
  const flow = await server.deploy(flowOf([mailStep()]));
  const { body, status, text } = await server.api('POST', `/flows/${flow.id}/evaluate`, {
    source: flow.sources[0].entity.id,
    values: { first_name: 'Ann', email: 'ann@example.com' },
    answers: { mail: { status: 550, headers: { Stage: 'recipients' }, body: 'no' } },
  });
  expect(status, text).toBe(200);
  const event = body.lead.events.find((each: { type: string }) => each.type === 'recipient');
  expect(event).toMatchObject({ outcome: 'failure', reason: expect.stringContaining('every recipient (550') });
  expect(text).toContain('A lead: Ann');
  expect(text).not.toContain(MAIL_PASSWORD);
  expect(mail.received).toEqual([]);
});

it('test_step sends one message over the mail server that the data names', async () => {
  const flow = await server.deploy(flowOf([mailStep()]));
  const { body, text } = await server.api('POST', `/flows/${flow.id}/sources/${flow.sources[0].entity.id}/test_step`, {
    step_config: { integration: { module_id: 'sluice.outbound.email' } },
    submission_data: { credential_id: credentialId, ...MAPPED, subject: 'A test', html: '<b>Hi</b>' },
  });
  expect(body, text).toMatchObject({ outcome: 'success' });
  expect(mail.received[0]?.mail.subject).toBe('A test');
  expect(text).not.toContain(MAIL_PASSWORD);
});
