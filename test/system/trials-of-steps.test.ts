import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseAllowedNetwork } from '../../src/integrations/forbidden-address.ts';
import type { Candidate, RecipientStep, Step } from '../../src/model/flow.ts';
import { openTestMailServer, type TestMailServer } from '../harness/mail-server.ts';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { deliveryTo, flowOf, sourceNamed, when } from './flows.ts';

let server: ComposedServer;
let mail: TestMailServer;
let credentialId: string;
let batchId: string;
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
let inner: any;

beforeAll(async () => {
  const networks = [parseAllowedNetwork('127.0.0.0/8')].flatMap((each) => (each.ok ? [each.value] : []));
  [server, mail] = await Promise.all([
    startTestServer({ allowPrivateNetworks: networks, isDistributionStepEnabled: true }),
    openTestMailServer(),
  ]);
  const smtp = { type: 'smtp', host: '127.0.0.1', port: mail.port, security: 'none' };
  credentialId = await make('/credentials', { name: 'Mail server', ...smtp });
  const target = { type: 'email', credential_id: credentialId, from: 'leads@example.org', to: ['a@example.com'] };
  batchId = await make('/batches', { name: 'Rows', columns: [{ name: 'email' }], target });
  inner = await server.deploy(
    flowOf([], { name: 'Inner', sources: [sourceNamed('Outer')], pricing: { prices: [{ amount: 4.5 }] } }),
  );
});
afterEach(() => {
  server.recipient.deliveries.length = 0;
  mail.received.length = 0;
  server.recipient.answerWith(() => ({ body: { outcome: 'success', price: 5 } }));
});
afterAll(() => Promise.all([server.stop(), mail.close()]));

async function make(path: string, body: object): Promise<string> {
  const reply = await server.api('POST', path, body);
  expect(reply.status, reply.text).toBe(201);
  return reply.body.id;
}

function stepOf(module: string, mapped: Record<string, string>, parts: Partial<RecipientStep> = {}): RecipientStep {
  const mappings = Object.entries(mapped).map(([property, value]) => ({ property, value }));
  return { type: 'recipient', entity: { name: 'Buyer' }, integration: { module_id: module, mappings }, ...parts };
}

function buyer(name: string, parts: Partial<Candidate> = {}): Candidate {
  const { type: _, ...delivery } = deliveryTo(`${server.recipient.url}lead/${name}`, { entity: { name }, key: name });
  return { ...delivery, ...parts };
}

/** A buyer that is asked for a bid. */
function bidder(name: string): Candidate {
  const { integration } = deliveryTo(`${server.recipient.url}bid/${name}`, {}, { price_path: 'price' });
  return buyer(name, { bid: integration });
}

const MAIL = { from: 'leads@example.org', to: 'sales@buyer.example.com', subject: 'A lead', text: '{{lead.email}}' };

/** Of the leads in this file: deliveries, messages, rows and leads of the other flow, which is all that may leave. */
async function countSent() {
  const [rows] = await server.query('select count(*)::int as count from batch_rows');
  const [leads] = await server.query('select count(*)::int as count from leads where flow_id = $1', [inner.id]);
  return {
    requests: server.recipient.deliveries.length,
    messages: mail.received.length,
    rows: Number(rows?.['count']),
    leads: Number(leads?.['count']),
  };
}
type Sent = Awaited<ReturnType<typeof countSent>>;

interface Case {
  name: string;
  step: () => Step;
  /** What one lead sends. */
  sends: Partial<Sent>;
  /** What is shown of it where nothing is sent. */
  shows: () => { uri: string; body: unknown };
}

const AT_A = () => ({ uri: `${server.recipient.url}lead/a`, body: { email: 'ann@example.com' } });
const CASES: readonly Case[] = [
  {
    name: 'a distribution',
    step: () => ({ type: 'distribution', name: 'Buyers', method: 'round_robin', recipients: [buyer('a'), buyer('b')] }),
    sends: { requests: 1 },
    shows: AT_A,
  },
  {
    name: 'an auction',
    step: () => ({
      type: 'distribution',
      name: 'Buyers',
      method: 'highest_bid',
      recipients: [bidder('a'), bidder('b')],
    }),
    sends: { requests: 3 },
    shows: AT_A,
  },
  {
    name: 'a batch step',
    step: () => stepOf('sluice.outbound.batch', { batch_id: batchId, 'row.email': '{{lead.email}}' }),
    sends: { rows: 1 },
    shows: () => ({ uri: `sluice://batches/${batchId}/rows`, body: { email: 'ann@example.com' } }),
  },
  {
    name: 'a mail step',
    step: () => stepOf('sluice.outbound.email', MAIL, { credential_id: credentialId }),
    sends: { messages: 1 },
    shows: () => ({
      uri: 'smtp://********:587',
      body: { to: ['sales@buyer.example.com'], subject: 'A lead', text: 'ann@example.com' },
    }),
  },
  {
    name: 'a step to another flow',
    step: () => stepOf('sluice.outbound.flow', { flow_id: inner.id, source_id: inner.sources[0].entity.id }),
    sends: { leads: 1 },
    shows: () => ({
      uri: `sluice://flows/${inner.id}/sources/${inner.sources[0].entity.id}/submit`,
      body: { email: 'ann@example.com' },
    }),
  },
];

/** Takes the lead, and lets it fail, so that it can be sent again. */
const deployFailing = (step: Step) =>
  server.deploy(
    flowOf([
      step,
      { type: 'filter', outcome: 'failure', reason: 'never', rule_set: when('lead.email', 'is not blank') },
    ]),
  );

interface Shown {
  uri: string;
  body: string;
}

function read({ uri, body }: Shown) {
  return { uri, body: body.startsWith('{') ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body)) };
}

describe.each(CASES)('$name', ({ name, step, sends, shows }) => {
  it('is simulated with what it would send, and sends nothing', async () => {
    const flow = await deployFailing(step());
    const before = await countSent();
    const source = flow.sources[0].entity.id;
    const asked = {
      source,
      values: { email: 'ann@example.com' },
      answers: { 'a.bid': { outcome: 'success', price: 7 } },
    };
    const answers = name === 'an auction' ? asked.answers : {};
    const { body, status, text } = await server.api('POST', `/flows/${flow.id}/evaluate`, { ...asked, answers });
    expect(status, text).toBe(200);
    const events = body.lead.events.filter(({ type }: { type: string }) => type === 'recipient');
    expect(events).toMatchObject([{ outcome: 'success' }]);
    expect(read(events[0].transactions.at(-1).request)).toMatchObject(shows());
    expect(await countSent()).toEqual(before);
  });

  it('of a lead that is sent again is shown by the preview, and sent once by the resubmission', async () => {
    const flow = await deployFailing(step());
    const first = await server.submit(flow, { email: 'ann@example.com' });
    expect(first.body).toMatchObject({ outcome: 'failure', reason: 'never' });
    const before = await countSent();
    const preview = await server.api('POST', '/leads/resubmit', { lead_ids: [first.body.lead.id] });
    const [lead] = preview.body.leads;
    expect(lead).toMatchObject({ refused: null, warnings: [expect.stringContaining('has already accepted it')] });
    // No buyer is asked for a bid, so an auction is shown without a sale, which the note says.
    const requests = lead.would.requests.map(({ request }: { request: Shown }) => read(request));
    expect(requests).toMatchObject(name === 'an auction' ? [] : [shows()]);
    expect(preview.body.note).toContain('that no bids are made');
    expect(await countSent()).toEqual(before);
    const sent = await server.api('POST', '/leads/resubmit', { lead_ids: [first.body.lead.id], preview: false });
    expect(sent.body).toMatchObject({ counts: { sent: 1, refused: 0, running: 0 }, leads: [{ outcome: 'failure' }] });
    const now = await countSent();
    const differences = Object.keys(now).map((key) => [key, now[key as keyof Sent] - before[key as keyof Sent]]);
    expect(Object.fromEntries(differences)).toEqual({ requests: 0, messages: 0, rows: 0, leads: 0, ...sends });
    const { body: again } = await server.api('GET', `/leads/${sent.body.leads[0].resubmitted_as}`);
    expect(again.events.filter(({ type }: { type: string }) => type === 'recipient')).toMatchObject([
      { outcome: 'success' },
    ]);
  });
});

describe('test_step', () => {
  it.each<[what: string, module: string, data: () => object, reason: string]>([
    [
      'adds no row to a batch',
      'sluice.outbound.batch',
      () => ({ batch_id: batchId, 'row.email': 'ann@example.com' }),
      'Not sent: a test adds no row to a batch, because rows belong to leads',
    ],
    [
      'gives no lead to a flow',
      'sluice.outbound.flow',
      () => ({ flow_id: inner.id, source_id: inner.sources[0].entity.id }),
      'Not sent: a test gives no lead to a flow; POST /flows/{id}/evaluate simulates one',
    ],
  ])('%s, says so, and shows the request', async (_, module, data, reason) => {
    const before = await countSent();
    const path = `/flows/${inner.id}/sources/${inner.sources[0].entity.id}/test_step`;
    const asked = { step_config: { integration: { module_id: module } }, submission_data: data() };
    const { status, body, text } = await server.api('POST', path, asked);
    expect(status, text).toBe(200);
    expect(body).toMatchObject({ outcome: 'error', reason, transactions: [{ response: null, error: reason }] });
    expect(body.transactions[0].request.uri).toMatch(/^sluice:/);
    expect(await countSent()).toEqual(before);
  });
});
