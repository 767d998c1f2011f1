import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RecipientFeedback, SourceFeedback } from '../../src/model/flow.ts';
import { nameQueueSchema } from '../../src/store/postgres/schemas.ts';
import { createLatch } from '../harness/latch.ts';
import type { Delivery, RecipientAnswer } from '../harness/recipient.ts';
import { type ComposedServer, type SubmitTarget, startTestServer } from '../harness/server.ts';
import { TEST_SCHEMA } from '../harness/test-schema.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, sourceNamed, when } from './flows.ts';

const APPROVED: RecipientFeedback = {
  returns: {
    enabled: true,
    approval: { deadline: { value: 7, interval: 'day' }, default: 'accept' },
    refund_cost: true,
  },
  conversions: { enabled: true },
};
const AT_ONCE: RecipientFeedback = { returns: { enabled: true }, conversions: { enabled: true } };

let server: ComposedServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterEach(() => {
  server.recipient.deliveries.length = 0;
  script = () => ({ body: { outcome: 'success' } });
});
afterAll(() => server.stop());

/** What the source answers to feedback. */
let script: (delivery: Delivery) => RecipientAnswer | Promise<RecipientAnswer> = () => ({
  body: { outcome: 'success' },
});

const relay = (parts: Partial<SourceFeedback> = {}): SourceFeedback => ({
  integration: {
    module_id: 'leadconduit-custom.outbound.json',
    mappings: Object.entries({
      url: `${server.recipient.url}vendor`,
      'json_property.type': '{{feedback.type}}',
      'json_property.reason': '{{feedback.reason}}',
      'json_property.lead': '{{lead.id}}',
      'json_property.phone': '{{lead.phone_1}}',
      outcome_search_path: 'outcome',
      outcome_search_term: 'success',
      reason_path: 'reason',
    }).map(([property, value]) => ({ property, value })),
  },
  ...parts,
});

async function deployWith(feedback: RecipientFeedback, source?: SourceFeedback) {
  const pricing = { prices: [{ amount: 5.0001 }] };
  return server.deploy(
    flowOf(
      [deliveryTo(`${server.recipient.url}buy`, { feedback, pricing: { override: true } }, { price_path: 'price' })],
      { sources: [sourceNamed('Ads', { pricing, ...(source ? { feedback: source } : {}) })] },
    ),
  );
}

async function sell(flow: SubmitTarget, price = '12.3456') {
  server.recipient.answerWith((delivery) =>
    delivery.path === '/vendor' ? script(delivery) : { body: { outcome: 'success', price } },
  );
  const { body } = await server.submit(flow, { email: 'ann@example.com', phone_1: '512-555-0134', state: 'TX' });
  const { events } = await readLead(body.lead.id);
  return { leadId: body.lead.id as string, eventId: events[0].id as string };
}

const readLead = async (id: string) => (await server.api('GET', `/leads/${id}`)).body;

async function send(eventId: string, type = 'return') {
  const response = await fetch(`${server.url}/feedback?event_id=${eventId}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: `type=${type}&reason=Wrong%20number`,
  });
  const { outcome, reason } = (await response.json()) as { outcome: string; reason?: string };
  return [outcome, reason];
}

const returnOf = async (leadId: string) => (await server.api('GET', `/returns?lead_id=${leadId}`)).body[0];
const toVendor = () => server.recipient.deliveries.filter(({ path }) => path === '/vendor');

/** What runs each minute, now. */
async function runDuty(): Promise<void> {
  await server.query(`select ${nameQueueSchema(TEST_SCHEMA)}.add_job('feedback')`);
}

describe('a return that waits for a decision', () => {
  const waits = async () => {
    const { leadId, eventId } = await sell(await deployWith(APPROVED));
    expect(await send(eventId)).toEqual(['success', 'The return waits for a decision']);
    return { leadId, eventId, ...(await returnOf(leadId)) };
  };

  it('moves nothing until it is accepted, and shows what was delivered', async () => {
    const { leadId, eventId, id, status, deadline_at } = await waits();
    expect([status, Date.parse(deadline_at) - Date.now() > 6 * 86_400_000]).toEqual(['pending', true]);
    expect(await readLead(leadId)).toMatchObject({ events: { length: 2 }, money: { revenue: 12.3456 } });
    const { body } = await server.api('GET', `/returns/${id}`);
    expect(body).toMatchObject({ reason: 'Wrong number', evidence: [{ id: eventId, type: 'recipient' }] });
    expect(JSON.stringify(body.evidence[0].transactions)).toContain('ann@example.com');
    const accepted = await server.api('POST', `/returns/${id}/accept`, { note: 'Called it' });
    expect(accepted.body).toMatchObject({
      status: 'accepted',
      outcome: 'success',
      decided_by: 'person',
      note: 'Called it',
    });
    const lead = await readLead(leadId);
    expect(lead.events.at(-1)).toMatchObject({ type: 'feedback-received', outcome: 'success', decided_by: 'person' });
    expect(lead.money).toMatchObject({ cost: 0, revenue: 0, profit: 0 });
    expect(await send(eventId)).toEqual(['success', undefined]);
    const { body: log } = await server.api('GET', `/activity?subject_id=${id}`);
    expect(log).toMatchObject([{ kind: 'feedback', action: 'accept', actor: { kind: 'key' } }]);
    expect(JSON.stringify(log)).not.toContain('Wrong number');
  });

  it('that is declined moves nothing, and stays declined', async () => {
    const { leadId, eventId, id } = await waits();
    expect((await server.api('POST', `/returns/${id}/decline`, {})).body.status).toBe('declined');
    expect(await send(eventId)).toEqual(['failure', 'The return was declined']);
    for (const path of ['accept', 'decline']) {
      const { status, body } = await server.api('POST', `/returns/${id}/${path}`, {});
      expect([status, body.error]).toEqual([409, expect.stringContaining('it is declined')]);
    }
    expect((await readLead(leadId)).money).toMatchObject({ cost: 5.0001, revenue: 12.3456 });
  });

  it('is decided once, by whichever of two people is first', async () => {
    const { leadId, id } = await waits();
    const decisions = ['accept', 'decline', 'accept', 'decline'];
    const answers = await Promise.all(decisions.map((each) => server.api('POST', `/returns/${id}/${each}`, {})));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await readLead(leadId)).events).toHaveLength(3);
  });

  it.each(['accept', 'decline'] as const)('is decided by its default, %s, after the deadline', async (by) => {
    const approval = { deadline: { value: 1, interval: 'hour' } as const, default: by };
    const { leadId, eventId } = await sell(await deployWith({ returns: { enabled: true, approval } }));
    await send(eventId);
    await runDuty();
    expect((await returnOf(leadId)).status).toBe('pending');
    await server.query(`update feedback set deadline_at = now() - interval '1 second' where lead_id = $1`, [leadId]);
    await runDuty();
    await until('a decision', async () => (await returnOf(leadId)).status !== 'pending');
    expect(await returnOf(leadId)).toMatchObject({ status: `${by.replace(/e$/, '')}ed`, decided_by: 'deadline' });
    expect((await readLead(leadId)).money.revenue).toBe(by === 'accept' ? 0 : 12.3456);
  });

  it('is of one account, and needs a permission to be decided', async () => {
    const { id } = await waits();
    expect((await server.api('GET', `/returns/${id}`, undefined, { key: server.strangerKey })).status).toBe(404);
    const { body } = await server.api('POST', '/api_keys', { name: 'Reads', permissions: ['leads.read'] });
    expect((await server.api('GET', `/returns/${id}`, undefined, { key: body.key })).status).toBe(200);
    expect(await server.api('POST', `/returns/${id}/accept`, {}, { key: body.key })).toMatchObject({
      status: 403,
      body: { code: 'permission_required' },
    });
  });
});

describe('a feedback that cannot be handled', () => {
  it('does not keep the others from their deadline', async () => {
    const flow = await deployWith(APPROVED);
    const [broken, sound] = [await sell(flow), await sell(flow)];
    for (const { eventId } of [broken, sound]) await send(eventId);
    await server.query(`update events set facts = '{"version": 99}' where lead_id = $1 and type = 'source'`, [
      broken.leadId,
    ]);
    await server.query(`update feedback set deadline_at = now() - interval '1 hour' where lead_id = $1`, [
      broken.leadId,
    ]);
    await server.query('update feedback set deadline_at = now() where lead_id = $1', [sound.leadId]);
    await runDuty();
    await until('the deadline of the other', async () => (await returnOf(sound.leadId)).status === 'accepted');
    expect((await returnOf(broken.leadId)).status).toBe('pending');
    // A later test runs the duty again.
    await server.query('delete from feedback where lead_id = $1', [broken.leadId]);
  });
});

describe('a source that is asked', () => {
  it('and accepts, decides a return: what the lead cost goes back', async () => {
    const { leadId, eventId } = await sell(await deployWith(AT_ONCE, relay()));
    expect(await send(eventId)).toEqual(['success', undefined]);
    const [sent] = toVendor();
    expect(JSON.parse(sent?.body ?? '')).toEqual({
      ...{ type: 'return', reason: 'Wrong number', lead: leadId, phone: '5125550134' },
    });
    const lead = await readLead(leadId);
    expect(lead.events.slice(2)).toMatchObject([
      { type: 'feedback-sent', outcome: 'success', attempt: 1, retry_status: 'completed', response: { status: 200 } },
      { type: 'feedback-received', outcome: 'success', decided_by: 'source' },
    ]);
    expect(sent?.headers['idempotency-key']).toBe(lead.events[2].feedback_id);
    expect(lead.money).toMatchObject({ cost: 0, revenue: 0 });
  });

  it('and declines, makes it a failure with its reason', async () => {
    const { leadId, eventId } = await sell(await deployWith(AT_ONCE, relay()));
    script = () => ({ body: { outcome: 'failure', reason: 'Not ours' } });
    for (let count = 0; count < 2; count += 1) expect(await send(eventId)).toEqual(['failure', 'Not ours']);
    expect(toVendor()).toHaveLength(1);
    expect(await readLead(leadId)).toMatchObject({ events: { length: 4 }, money: { cost: 5.0001, revenue: 12.3456 } });
  });

  it('and fails, is asked again under the same key, and decides then', async () => {
    const { leadId, eventId } = await sell(await deployWith(AT_ONCE, relay()));
    script = () => 'hangUp';
    expect(await send(eventId)).toEqual(['error', expect.stringContaining('is asked again')]);
    expect(await send(eventId)).toEqual(['error', expect.stringContaining('is asked again')]);
    expect(await returnOf(leadId)).toMatchObject({ status: 'relaying', attempts: 1, event_id: null });
    script = () => ({ body: { outcome: 'success' } });
    await server.query('update feedback set next_attempt_at = now() where lead_id = $1', [leadId]);
    await Promise.all([runDuty(), runDuty(), runDuty()]);
    await until('an answer', async () => (await returnOf(leadId)).status === 'accepted');
    expect(new Set(toVendor().map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(toVendor()).toHaveLength(2);
    expect((await readLead(leadId)).events.slice(2)).toMatchObject([
      { type: 'feedback-sent', outcome: 'error', attempt: 1, retry_status: 'started' },
      { type: 'feedback-sent', outcome: 'success', attempt: 2, retry_status: 'completed' },
      { type: 'feedback-received', outcome: 'success' },
    ]);
  });

  it('and never answers, leaves the return to a person after five attempts', async () => {
    const { leadId, eventId } = await sell(await deployWith(AT_ONCE, relay()));
    script = () => ({ status: 500, body: {} });
    await send(eventId);
    await server.query('update feedback set attempts = 4, next_attempt_at = now() where lead_id = $1', [leadId]);
    await runDuty();
    await until('the last attempt', async () => (await returnOf(leadId)).status === 'unanswered');
    expect(await send(eventId)).toEqual(['error', 'The source did not answer']);
    expect((await readLead(leadId)).money.revenue).toBe(12.3456);
    const { id } = await returnOf(leadId);
    expect((await server.api('POST', `/returns/${id}/accept`, {})).body.status).toBe('accepted');
    expect(toVendor()).toHaveLength(2);
    expect((await readLead(leadId)).money.revenue).toBe(0);
  });

  it('and recovers, is asked about more feedback than forty in one run', async () => {
    const { leadId, eventId } = await sell(await deployWith(AT_ONCE, relay()));
    script = () => 'hangUp';
    await send(eventId, 'conversion');
    script = () => ({ body: { outcome: 'success' } });
    await server.query(
      `insert into feedback (account_id, id, lead_id, flow_id, source_id, step_id, recipient_id, delivery_event_id, type,
         status, attempts, next_attempt_at, received_at)
       select f.account_id, lpad(n::text, 24, '0'), f.lead_id, f.flow_id, f.source_id, f.step_id, f.recipient_id,
         f.delivery_event_id, f.type, 'relaying', 1, now(), f.received_at
       from (select * from feedback where lead_id = $1) f, generate_series(1, 60) n`,
      [leadId],
    );
    await runDuty();
    const counted = 'select count(*)::int as count from feedback where lead_id = $1 and status = $2';
    await until('all answers', async () => (await server.query(counted, [leadId, 'accepted']))[0]?.['count'] === 60);
    expect(toVendor()).toHaveLength(61);
  });

  it('whose last attempt was cut off is not asked a sixth time', async () => {
    const { leadId, eventId } = await sell(await deployWith(AT_ONCE, relay()));
    script = () => 'hangUp';
    await send(eventId);
    await server.query('update feedback set attempts = 5, next_attempt_at = now() where lead_id = $1', [leadId]);
    await runDuty();
    await until('the end', async () => (await returnOf(leadId)).status === 'unanswered');
    expect(toVendor()).toHaveLength(1);
    expect(await returnOf(leadId)).toMatchObject({ attempts: 5, outcome: 'error', decided_by: null });
  });

  it('is asked only about feedback that its rules let pass', async () => {
    const rule_set = when('feedback.type', 'is equal to', 'conversion');
    const { leadId, eventId } = await sell(await deployWith(AT_ONCE, relay({ rule_set })));
    expect(await send(eventId)).toEqual(['success', undefined]);
    expect(toVendor()).toEqual([]);
    expect(await readLead(leadId)).toMatchObject({
      events: [{}, {}, { type: 'feedback-sent', outcome: 'skip' }, { type: 'feedback-received', outcome: 'success' }],
      money: { cost: 5.0001, revenue: 0 },
    });
    expect(await send(eventId, 'conversion')).toEqual(['success', undefined]);
    expect(toVendor()).toHaveLength(1);
  });

  it('is asked once a person has accepted, and may still decline', async () => {
    const { leadId, eventId } = await sell(await deployWith(APPROVED, relay()));
    await send(eventId);
    expect(toVendor()).toEqual([]);
    script = () => ({ body: { outcome: 'failure', reason: 'Not ours' } });
    const { id } = await returnOf(leadId);
    expect((await server.api('POST', `/returns/${id}/accept`, {})).body).toMatchObject({
      ...{ status: 'declined', outcome: 'failure', outcome_reason: 'Not ours', decided_by: 'source' },
    });
  });

  it('is asked once, however often the return is sent meanwhile', async () => {
    const latch = createLatch();
    const { leadId, eventId } = await sell(await deployWith(AT_ONCE, relay()));
    script = async () => {
      await latch.opened;
      return { body: { outcome: 'success' } };
    };
    const first = send(eventId);
    await until('the question', () => toVendor().length === 1);
    expect(await send(eventId)).toEqual(['error', expect.stringContaining('is asked again')]);
    latch.open();
    expect(await first).toEqual(['success', undefined]);
    expect(toVendor()).toHaveLength(1);
    expect((await readLead(leadId)).events).toHaveLength(4);
  });
});

describe('sources that hang', () => {
  it('hold up no feedback that needs no source, and are asked about all of it in the end', async () => {
    const latch = createLatch();
    const asked = await sell(await deployWith(AT_ONCE, relay()));
    const plain = await sell(await deployWith(AT_ONCE));
    script = async () => {
      await latch.opened;
      return { body: { outcome: 'success' } };
    };
    const sends: ReturnType<typeof send>[] = [];
    let answered = 0;
    // More at once than are handled at once would be refused for that.
    for (const expected of [42, 92]) {
      for (let count = 0; count < 50; count += 1) sends.push(send(asked.eventId, 'conversion'));
      for (const sent of sends.slice(-50)) void sent.then(() => (answered += 1));
      await until('those without a place are answered', () => answered === expected);
    }
    expect(toVendor()).toHaveLength(8);
    expect(await send(plain.eventId)).toEqual(['success', undefined]);
    expect(answered).toBe(92);
    latch.open();
    const outcomes = (await Promise.all(sends)).map(([outcome]) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'success')).toHaveLength(8);
    expect(outcomes.filter((outcome) => outcome === 'error')).toHaveLength(92);
    await runDuty();
    const counted = `select count(*)::int as count from feedback where lead_id = $1 and status = 'accepted'`;
    await until('all are decided', async () => (await server.query(counted, [asked.leadId]))[0]?.['count'] === 100);
    expect(toVendor()).toHaveLength(100);
  });
});

describe('an attempt that is given up', () => {
  it('writes nothing over the one that was made in its place', async () => {
    const latch = createLatch();
    const { leadId, eventId } = await sell(await deployWith(AT_ONCE, relay()));
    script = async () => {
      await latch.opened;
      return { body: { outcome: 'failure', reason: 'too late' } };
    };
    const first = send(eventId);
    await until('the question', () => toVendor().length === 1);
    // As after a process that is gone: its attempt is due again.
    script = () => ({ body: { outcome: 'success' } });
    await server.query('update feedback set next_attempt_at = now() where lead_id = $1', [leadId]);
    await runDuty();
    await until('an answer', async () => (await returnOf(leadId)).status === 'accepted');
    latch.open();
    expect(await first).toEqual(['success', undefined]);
    const { events, money } = await readLead(leadId);
    expect(events.slice(2).map(({ type, outcome }: { type: string; outcome: string }) => [type, outcome])).toEqual([
      ['feedback-sent', 'success'],
      ['feedback-received', 'success'],
    ]);
    expect([money.cost, money.revenue]).toEqual([0, 0]);
  });
});

describe('a delivery to a recipient that has returned the lead', () => {
  const RECIPIENT = { id: '5fd4371e940df5a34a388c01', name: 'Buyer' };

  /** Two steps of one recipient; the second delivery is answered by `second`. Returns after the return. */
  async function returnFirst(second: () => RecipientAnswer | Promise<RecipientAnswer>) {
    const stepTo = (path: string) =>
      deliveryTo(
        `${server.recipient.url}${path}`,
        { entity: RECIPIENT, feedback: AT_ONCE, retry_enabled: true, pricing: { prices: [{ amount: 2.5 }] } },
        {},
      );
    const flow = await server.deploy(flowOf([stepTo('first'), stepTo('second')]));
    server.recipient.answerWith(({ path }) => (path === '/second' ? second() : { body: { outcome: 'success' } }));
    const { body } = await server.submit(flow, { email: 'ann@example.com' });
    const leadId: string = body.lead.id;
    const { events } = await readLead(leadId);
    return { flow, leadId, eventId: events[0].id as string };
  }

  const retryOf = async (leadId: string) => (await server.api('GET', `/retries?lead_id=${leadId}`)).body[0];

  it('is not made again', async () => {
    const { leadId, eventId } = await returnFirst(() => ({ status: 500, body: {} }));
    await send(eventId);
    const before = server.recipient.deliveries.length;
    await server.api('POST', `/retries/${(await retryOf(leadId)).id}/run`);
    await until('the attempt ends', async () => (await retryOf(leadId)).status === 'cancelled');
    expect(await retryOf(leadId)).toMatchObject({ last_reason: 'Not sent: the recipient has returned the lead' });
    expect(server.recipient.deliveries).toHaveLength(before);
    expect((await readLead(leadId)).money.revenue).toBe(0);
  });

  it('and was under way meanwhile, is taken back when it ends', async () => {
    const latch = createLatch();
    let times = 0;
    const { leadId, eventId } = await returnFirst(async () => {
      times += 1;
      if (times === 1) return { status: 500, body: {} };
      await latch.opened;
      return { body: { outcome: 'success' } };
    });
    await server.api('POST', `/retries/${(await retryOf(leadId)).id}/run`);
    await until('the attempt is under way', () => times === 2);
    await send(eventId);
    latch.open();
    await until('the attempt ends', async () => (await retryOf(leadId)).status === 'succeeded');
    const { money } = await readLead(leadId);
    expect([money.revenue, money.entries.map(({ amount }: { amount: number }) => amount)]).toEqual([
      0,
      [2.5, 2.5, -2.5, -2.5],
    ]);
  });

  it('and is found to have arrived, is taken back with its resolution', async () => {
    const { leadId, eventId } = await returnFirst(() => 'hangUp');
    await send(eventId);
    const [unknown] = (await server.api('GET', `/unknowns?lead_id=${leadId}`)).body;
    expect(unknown.expected_price).toBe(2.5);
    await server.api('POST', `/unknowns/${unknown.event_id}/resolve`, { resolution: 'delivered' });
    const { money } = await readLead(leadId);
    expect([money.revenue, money.entries.length]).toEqual([0, 4]);
  });
});

describe('the explanation of a lead', () => {
  const sentencesOf = async (leadId: string) => {
    const { sentences } = (await server.api('GET', `/leads/${leadId}/explain`)).body;
    return sentences.filter((sentence: string) => /returned|conversion|feedbacks/.test(sentence));
  };

  it('says what recipients said and what became of it', async () => {
    const { leadId, eventId } = await sell(await deployWith(AT_ONCE, relay()));
    script = () => ({ body: { outcome: 'failure', reason: 'Not ours' } });
    await send(eventId);
    expect(await sentencesOf(leadId)).toEqual([
      expect.stringMatching(
        /^At .* "Buyer" returned the lead with the reason "Wrong number"; the source declined it: "Not ours"\.$/,
      ),
    ]);
    const waiting = await sell(await deployWith(APPROVED));
    await send(waiting.eventId);
    expect(await sentencesOf(waiting.leadId)).toEqual([]);
    const { id } = await returnOf(waiting.leadId);
    await server.api('POST', `/returns/${id}/accept`, {});
    expect(await sentencesOf(waiting.leadId)).toEqual([expect.stringMatching(/; a person accepted it\.$/)]);
  });

  it('has the last ten of many', async () => {
    const { leadId, eventId } = await sell(await deployWith(AT_ONCE));
    for (let count = 0; count < 13; count += 1) await send(eventId, 'conversion');
    const sentences = await sentencesOf(leadId);
    expect(sentences).toHaveLength(11);
    expect(sentences[0]).toBe('Recipients sent 3 more feedbacks before these:');
    expect(sentences[1]).toMatch(/ reported a conversion with the reason "Wrong number"; it was accepted at once\.$/);
  });
});

describe('the money of many leads', () => {
  it('is the sum of its entries, to the last ten-thousandth, after all kinds of feedback', async () => {
    const [atOnce, approved, relayed] = [
      await deployWith({ returns: { enabled: true, refund_cost: true }, conversions: { enabled: true } }),
      await deployWith(APPROVED),
      await deployWith(AT_ONCE, relay()),
    ];
    const units = (dollars: number) => Math.round(dollars * 10_000);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(atOnce, approved, relayed),
        fc.integer({ min: 0, max: 999_999 }),
        fc.array(fc.constantFrom('return', 'conversion', 'accept', 'decline'), { maxLength: 5 }),
        fc.boolean(),
        async (flow, price, acts, sourceAccepts) => {
          script = () => ({ body: { outcome: sourceAccepts ? 'success' : 'failure', reason: 'no' } });
          const { leadId, eventId } = await sell(flow, String(price / 10_000));
          for (const act of acts) {
            const found = await returnOf(leadId);
            if (act === 'return' || act === 'conversion') await send(eventId, act);
            else if (found) await server.api('POST', `/returns/${found.id}/${act}`, {});
          }
          const { money } = await readLead(leadId);
          const isReturned = (await returnOf(leadId))?.status === 'accepted';
          const sum = (kind: string) =>
            money.entries
              .filter((entry: { kind: string }) => entry.kind === kind)
              .reduce((total: number, { amount }: { amount: number }) => total + units(amount), 0);
          expect([units(money.cost), units(money.revenue)]).toEqual([sum('cost'), sum('revenue')]);
          expect(units(money.profit)).toBe(sum('revenue') - sum('cost'));
          expect([sum('cost'), sum('revenue')]).toEqual(isReturned ? [0, 0] : [50_001, price]);
        },
      ),
      { numRuns: 40, seed: 20_261_127 },
    );
    const [books] = await server.query(
      `select (select sum(price) from leads)::text as paid,
         (select sum(amount) from money_entries where kind = 'cost')::text as back,
         (select count(*) from feedback where type = 'return' and status = 'accepted')::int as returned,
         (select count(*) from (select from money_entries where kind = 'cost' group by lead_id having count(*) > 1) d)::int as doubled`,
    );
    expect(books).toMatchObject({ doubled: 0 });
    expect(Number(books?.['back'])).toBeLessThan(0);
    expect(Number(books?.['paid'])).toBeGreaterThan(-Number(books?.['back']));
  });
});
