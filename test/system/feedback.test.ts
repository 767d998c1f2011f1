import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FlowDocument, RecipientFeedback, SourceFeedback } from '../../src/model/flow.ts';
import type { RecipientAnswer } from '../harness/recipient.ts';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { deliveryTo, flowOf, sourceNamed, when } from './flows.ts';

const PRICED = { pricing: { prices: [{ amount: 5.0001 }] } };
const LEAD = { first_name: 'Ann', last_name: 'Lee', email: 'ann@example.com', phone_1: '512-555-0134', state: 'TX' };
const ANSWERED = { first_name: 'Ann', last_name: 'Lee', email: 'ann@example.com', phone_1: '5125550134' };
const BOTH: RecipientFeedback = { returns: { enabled: true }, conversions: { enabled: true } };

let server: ComposedServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterEach(() => {
  server.recipient.answerWith(sells);
});
afterAll(() => server.stop());

const sells = (): RecipientAnswer => ({ body: { outcome: 'success', price: '12.3456' } });

/** A flow whose buyer may send feedback, and one lead that it bought. */
async function sellOne(
  feedback: RecipientFeedback = BOTH,
  { source, parts = {} }: { source?: SourceFeedback; parts?: Partial<FlowDocument> } = {},
) {
  const buyer = deliveryTo(
    `${server.recipient.url}buy`,
    { feedback, pricing: { override: true } },
    { price_path: 'price' },
  );
  const flow = await server.deploy(
    flowOf([buyer], {
      sources: [sourceNamed('Ads', { ...PRICED, ...(source ? { feedback: source } : {}) })],
      ...parts,
    }),
  );
  return { flow, ...(await sell(flow)) };
}

async function sell(flow: Parameters<ComposedServer['submit']>[0]) {
  server.recipient.answerWith(sells);
  const { body } = await server.submit(flow, LEAD);
  expect(body).toMatchObject({ outcome: 'success', price: 5.0001 });
  const lead = await readLead(body.lead.id);
  const event = lead.events.find(({ type }: { type: string }) => type === 'recipient');
  return {
    leadId: body.lead.id as string,
    eventId: event.id as string,
    recipientId: event.vars.recipient.id as string,
  };
}

const readLead = async (id: string) => (await server.api('GET', `/leads/${id}`)).body;

/** As recipients ask: without a key. */
async function send(query: string, { method = 'POST', type = 'application/json', body, headers = {} }: Sent = {}) {
  const response = await fetch(`${server.url}/feedback?${query}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'Content-Type': type }), ...headers },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  const isJson = (response.headers.get('Content-Type') ?? '').startsWith('application/json');
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
}

interface Sent {
  method?: string;
  type?: string;
  body?: string;
  headers?: Record<string, string>;
}

const json = (values: object): Sent => ({ body: JSON.stringify(values) });
const A_RETURN = json({ type: 'return', reason: 'Wrong number' });
const A_CONVERSION = json({ type: 'conversion' });

describe('feedback of a recipient', () => {
  it.each<[string, (eventId: string) => [string, Sent]]>([
    ['JSON', (id) => [`event_id=${id}`, A_RETURN]],
    ['a form', (id) => [`event_id=${id}`, { type: 'application/x-www-form-urlencoded', body: 'type=return&reason=x' }]],
    ['XML', (id) => [`event_id=${id}`, { type: 'text/xml', body: '<feedback><type>return</type></feedback>' }]],
    ['the query of a GET', (id) => [`event_id=${id}&type=RETURN&reason=x`, { method: 'GET' }]],
    ['an id in capitals', (id) => [`event_id=${id.toUpperCase()}`, A_RETURN]],
  ])('is taken as %s without a key', async (_name, ask) => {
    const { leadId, eventId } = await sellOne();
    const { status, headers, body } = await send(...ask(eventId));
    expect([status, headers.get('Content-Type')]).toEqual([201, 'application/json']);
    expect(body).toEqual({ outcome: 'success', lead: { id: leadId, ...ANSWERED }, price: 5.0001 });
  });

  it('is answered in XML when Accept asks for it', async () => {
    const { leadId, eventId } = await sellOne();
    const { status, headers, text } = await send(`event_id=${eventId}`, {
      ...A_RETURN,
      headers: { Accept: 'text/xml' },
    });
    expect([status, headers.get('Content-Type')]).toEqual([201, 'text/xml']);
    expect(text).toContain('<outcome>success</outcome>');
    expect(text).toContain('<reason/>');
    expect(text).toContain(`<id>${leadId}</id>`);
  });

  it('is forbidden unless the step takes its type, and leaves nothing', async () => {
    const { leadId, eventId } = await sellOne({ returns: { enabled: true } });
    expect(await send(`event_id=${eventId}`, A_CONVERSION)).toMatchObject({
      status: 409,
      body: { outcome: 'failure', reason: 'Feedback is forbidden' },
    });
    const none = await sellOne({});
    expect((await send(`event_id=${none.eventId}`, A_RETURN)).status).toBe(409);
    for (const id of [leadId, none.leadId]) expect((await readLead(id)).events).toHaveLength(2);
  });

  it.each([
    ['no type', json({ reason: 'x' })],
    ['another type', json({ type: 'refund' })],
    ['a list', json({ type: ['refund', 'return'] })],
    ['an empty body', { type: 'text/xml', body: '' }],
  ])('with %s is a failure that says which types there are', async (_name, sent) => {
    const { eventId } = await sellOne();
    expect(await send(`event_id=${eventId}`, sent)).toMatchObject({
      status: 201,
      body: { outcome: 'failure', reason: 'The type must be "return" or "conversion"' },
    });
  });

  it.each<[string, string, Sent, number, RegExp]>([
    ['another method', 'PUT', {}, 415, /^The PUT method is not allowed$/],
    ['no Content-Type', 'POST', { type: '', body: 'type=return' }, 415, /^Content-Type header is required$/],
    ['another Content-Type', 'POST', { type: 'text/plain', body: 'x' }, 406, /^MIME type in Content-Type header/],
    ['broken JSON', 'POST', { body: '{' }, 400, /^Body is not parsable as application\/json -- /],
    ['another Accept', 'POST', { ...A_RETURN, headers: { Accept: 'image/png' } }, 406, /^Not capable of generating/],
  ])('%s is refused as measured', async (_name, method, sent, status, text) => {
    const answer = await send(`event_id=${'a'.repeat(24)}`, { ...sent, method });
    expect([answer.status, answer.text]).toEqual([status, expect.stringMatching(text)]);
  });

  it('of no delivery is 404, whatever the id is of', async () => {
    const { leadId, eventId } = await sellOne();
    const lead = await readLead(leadId);
    const sourceEvent = lead.events.find(({ type }: { type: string }) => type === 'source').id;
    for (const id of [leadId, sourceEvent, eventId.replace(/.$/, (last: string) => (last === '0' ? '1' : '0'))])
      expect(await send(`event_id=${id}`, A_RETURN)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    for (const query of ['', 'event_id=', 'event_id=123'])
      expect(await send(query, A_RETURN)).toMatchObject({ status: 400, body: { code: 'malformed_id' } });
  });

  it('of a delivery that its recipient refused is 404', async () => {
    const { flow } = await sellOne();
    server.recipient.answerWith(() => ({ body: { outcome: 'failure', reason: 'no' } }));
    const { body } = await server.submit(flow, LEAD);
    const { events } = await readLead(body.lead.id);
    expect((await send(`event_id=${events[0].id}`, A_RETURN)).status).toBe(404);
  });

  it('answers pages of other origins', async () => {
    const { eventId } = await sellOne();
    const origin = { Origin: 'https://buyer.example.com' };
    const preflight = await send(`event_id=${eventId}`, { method: 'OPTIONS', headers: origin });
    expect([preflight.status, preflight.headers.get('Access-Control-Allow-Origin')]).toEqual([204, '*']);
    const sent = await send(`event_id=${eventId}`, { ...A_RETURN, headers: origin });
    expect([sent.status, sent.headers.get('Access-Control-Allow-Origin')]).toEqual([201, '*']);
    expect((await send('', { method: 'HEAD' })).status).toBe(200);
  });
});

describe('a return', () => {
  it('leaves an event and takes back what the recipient paid; the lead’s outcome stays', async () => {
    const { leadId, eventId, recipientId } = await sellOne({ returns: { enabled: true, refund_cost: true } });
    const before = await readLead(leadId);
    expect(before.money).toMatchObject({ cost: 5.0001, revenue: 12.3456, profit: 7.3455 });
    await send(`event_id=${eventId}`, A_RETURN);
    const lead = await readLead(leadId);
    expect([lead.outcome, lead.price, lead.events.slice(0, 2)]).toEqual(['success', 5.0001, before.events]);
    const event = lead.events.at(-1);
    expect(event).toMatchObject({
      ...{ type: 'feedback-received', outcome: 'success', reason: null, recipient_event_id: eventId },
      ...{ feedback_type: 'return', decided_by: 'rules', module_id: 'leadconduit-standard.inbound.feedback' },
      request: { method: 'POST', body: A_RETURN.body },
      vars: { event_id: eventId, feedback: { type: 'return', reason: 'Wrong number' }, recipient: { id: recipientId } },
    });
    expect(lead.money).toMatchObject({ cost: 0, revenue: 0, profit: 0 });
    expect(lead.money.entries.map((entry: object) => Object.values(entry).slice(0, 3))).toEqual([
      ['cost', 5.0001, 'lead'],
      ['revenue', 12.3456, 'delivery'],
      ['revenue', -12.3456, 'return'],
      ['cost', -5.0001, 'return'],
    ]);
    expect((await server.api('GET', '/events?type=feedback-received')).body[0].id).toBe(event.id);
    await expect(server.query('update money_entries set amount = 0')).rejects.toThrow(/never changed/);
  });

  it('is made once by a recipient, however often and by whatever way it is sent', async () => {
    const { leadId, eventId, recipientId } = await sellOne();
    const all = await Promise.all(Array.from({ length: 8 }, () => send(`event_id=${eventId}`, A_RETURN)));
    expect(new Set(all.map(({ text }) => text)).size).toBe(1);
    const keyed = await server.api('POST', `/leads/${leadId}/feedback`, { type: 'return', recipient_id: recipientId });
    expect(keyed).toMatchObject({ status: 201, body: { outcome: 'success', feedback: { status: 'accepted' } } });
    const lead = await readLead(leadId);
    expect(lead.events).toHaveLength(3);
    expect(lead.money.revenue).toBe(0);
  });

  it('of a recipient leaves the revenue of another one', async () => {
    const second = deliveryTo(`${server.recipient.url}second`, {
      entity: { name: 'Second' },
      ...{ feedback: BOTH, pricing: { prices: [{ amount: 3 }] } },
    });
    const { flow } = await sellOne();
    const [buyer] = flow.steps;
    const both = await server.deploy({ ...flowOf([buyer, second]), sources: [sourceNamed('Ads', PRICED)] });
    const { leadId, eventId } = await sell(both);
    await send(`event_id=${eventId}`, A_RETURN);
    expect((await readLead(leadId)).money).toMatchObject({ cost: 5.0001, revenue: 3 });
  });

  it.each<[string, RecipientFeedback['returns'], Sent, string]>([
    [
      'a reason that is not listed',
      { enabled: true, reasons: ['Duplicate', 'Wrong number'] },
      json({ type: 'return', reason: 'Bored' }),
      'The reason of a return must be one of: Duplicate, Wrong number',
    ],
    [
      'no reason',
      { enabled: true, reasons: ['Duplicate'] },
      json({ type: 'return' }),
      'The reason of a return must be',
    ],
    [
      'rules that fail',
      { enabled: true, rule_set: when('feedback.reason', 'is equal to', 'Duplicate') },
      A_RETURN,
      'Feedback Reason must be equal to Duplicate',
    ],
    [
      'rules on the lead that fail',
      { enabled: true, rule_set: when('lead.phone_1.area', 'is equal to', '713') },
      A_RETURN,
      'must be equal to 713',
    ],
  ])('with %s is a failure with an event', async (_name, returns, sent, reason) => {
    const { leadId, eventId } = await sellOne({ returns: returns ?? null });
    const { status, body } = await send(`event_id=${eventId}`, sent);
    expect([status, body]).toEqual([
      201,
      expect.objectContaining({ outcome: 'failure', reason: expect.stringContaining(reason) }),
    ]);
    const { events, money } = await readLead(leadId);
    expect(events.at(-1)).toMatchObject({ type: 'feedback-received', outcome: 'failure', decided_by: 'rules' });
    expect(money.revenue).toBe(12.3456);
  });

  it('of a lead that is too old is a failure', async () => {
    const { leadId, eventId } = await sellOne({
      returns: { enabled: true, maximum_age: { value: 1, interval: 'day' } },
    });
    await server.query(`update leads set submitted_at = submitted_at - interval '2 days' where id = $1`, [leadId]);
    expect((await send(`event_id=${eventId}`, A_RETURN)).body).toMatchObject({
      outcome: 'failure',
      reason: 'The lead is too old to be returned',
    });
  });
});

describe('many conversions of one lead', () => {
  it('are kept in order, up to a thousand', async () => {
    const { leadId, eventId } = await sellOne();
    const send60 = Array.from({ length: 60 }, (_, index) => `n ${index}`);
    for (const reason of send60) await send(`event_id=${eventId}`, json({ type: 'conversion', reason }));
    const { events } = await readLead(leadId);
    const received = events.slice(2).map((event: { vars: { feedback: object } }) => event.vars.feedback);
    expect(received).toMatchObject(send60.map((reason) => ({ type: 'conversion', reason })));
    const ids = events.map(({ id }: { id: string }) => id);
    expect(ids).toEqual([...ids].sort());
    const { body } = await server.api('GET', `/leads/${leadId}/explain`);
    expect(body.sentences.length).toBeLessThan(20);
    await server.query(
      `insert into events (account_id, id, lead_id, seq, type, outcome, flow_id, source_id, step_id, recipient_id, facts)
       select e.account_id, lpad(n::text, 24, 'f'), e.lead_id, e.seq + n, e.type, e.outcome, e.flow_id, e.source_id,
         e.step_id, e.recipient_id, e.facts
       from (select * from events where lead_id = $1 order by seq desc limit 1) e, generate_series(1, 70) n`,
      [leadId],
    );
    const shown = (await readLead(leadId)).events.map(({ type }: { type: string }) => type);
    expect(shown).toEqual(['recipient', 'source', ...Array.from({ length: 100 }, () => 'feedback-received')]);
    expect((await server.api('GET', `/leads/${leadId}/explain`)).body.sentences).toContain(
      'Recipients sent at least 90 more feedbacks before these:',
    );
    await server.query(
      `insert into feedback (account_id, id, lead_id, flow_id, source_id, step_id, recipient_id, delivery_event_id, type,
         status, received_at)
       select f.account_id, lpad(n::text, 24, '0'), f.lead_id, f.flow_id, f.source_id, f.step_id, f.recipient_id,
         f.delivery_event_id, f.type, f.status, f.received_at
       from (select * from feedback where lead_id = $1 limit 1) f, generate_series(1, 939) n`,
      [leadId],
    );
    expect((await send(`event_id=${eventId}`, A_CONVERSION)).status).toBe(201);
    expect(await send(`event_id=${eventId}`, A_CONVERSION)).toMatchObject({
      status: 429,
      body: { code: 'too_many_attempts' },
    });
  });
});
