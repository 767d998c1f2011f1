import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseAllowedNetwork } from '../../src/integrations/forbidden-address.ts';
import type { Candidate, DistributionStep, FlowDocument } from '../../src/model/flow.ts';
import { createLatch } from '../harness/latch.ts';
import { type Delivery, openTestRecipient, type RecipientAnswer, type TestRecipient } from '../harness/recipient.ts';
import { type ComposedServer, startTestServer, submit } from '../harness/server.ts';
import { buildSluice, startSluiceProcess } from '../harness/sluice-process.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, NO_DUPLICATES, when } from './flows.ts';

let server: ComposedServer;
let silent: TestRecipient;
beforeAll(async () => {
  await buildSluice();
  // Buyers that hang have an origin of their own: the connections to one are bounded.
  silent = await openTestRecipient();
  const networks = [parseAllowedNetwork('127.0.0.1/32')].flatMap((each) => (each.ok ? [each.value] : []));
  server = await startTestServer({ allowPrivateNetworks: networks });
});
afterEach(() => {
  server.recipient.deliveries.length = 0;
  server.recipient.answerWith(() => ({ body: { outcome: 'success' } }));
});
afterAll(async () => {
  await server.stop();
  await silent.close();
});

const READS = {
  outcome_search_path: 'outcome',
  outcome_search_term: 'success',
  reason_path: 'reason',
  price_path: 'price',
};
const CAP = { type: 'volume' as const, maximum: 1, duration: 1, duration_units: 'day' as const };
const UNSOLD = {
  type: 'filter' as const,
  outcome: 'failure',
  reason: 'unsold',
  rule_set: when('distribution.main.sold', 'is false'),
};

/** A buyer that is asked at `/bid/<name>` and delivered to at `/lead/<name>`; both get the number of the lead. */
function bidder(name: string, parts: Partial<Candidate> = {}, { url } = server.recipient): Candidate {
  const { type: _, ...delivery } = deliveryTo(
    `${server.recipient.url}lead/${name}`,
    { entity: { name } },
    {
      'json_property.lead': '{{lead.first_name}}',
      'json_property.bid': '{{distribution.main.bid_id}}',
    },
  );
  const asked = { url: `${url}bid/${name}`, 'json_property.lead': '{{lead.first_name}}', ...READS };
  const mappings = Object.entries(asked).map(([property, value]) => ({ property, value }));
  return { ...delivery, bid: { module_id: 'leadconduit-custom.outbound.json', mappings }, ...parts };
}

function auctionFlow(
  recipients: Candidate[],
  parts: Partial<DistributionStep> = {},
  document: Partial<FlowDocument> = {},
): FlowDocument {
  return flowOf([{ type: 'distribution', method: 'highest_bid', recipients, ...parts }, UNSOLD], document);
}

function partsOf({ path, body }: Pick<Delivery, 'path' | 'body'>): { kind: string; name: string; lead: string } {
  const [, kind = '', name = ''] = path.split('/');
  return { kind, name, lead: JSON.parse(body).lead };
}

/** Bids by the buyer's name; deliveries are bought unless they say otherwise. */
function answerWith(
  bids: Record<string, number | 'hangs'>,
  delivered: Record<string, RecipientAnswer> = {},
): () => void {
  const latch = createLatch();
  server.recipient.answerWith(async (delivery) => {
    const { kind, name } = partsOf(delivery);
    if (kind === 'lead') return delivered[name] ?? { body: { outcome: 'success' } };
    const bid = bids[name];
    if (bid === 'hangs') await latch.opened;
    return { body: { outcome: 'success', price: bid, bid_id: `${name}-1` } };
  });
  return latch.open;
}

function requestsTo(kind: string): string[] {
  return server.recipient.deliveries
    .map((delivery) => partsOf(delivery))
    .filter((parts) => parts.kind === kind)
    .map(({ name }) => name);
}

async function offersOf(leadId: string) {
  const { body } = await server.api('GET', `/leads/${leadId}`);
  const source = body.events.find((event: { type: string }) => event.type === 'source');
  return { source, events: body.events, offers: source.distributions[0].recipients };
}

describe('an auction', () => {
  it('of 20 bidders, 3 of which hang: the highest bid wins every time, and nothing follows the answer', async () => {
    const names = Array.from({ length: 20 }, (_, n) => `Buyer ${n}`.replace(' ', '-'));
    const hung = new Set(['Buyer-4', 'Buyer-11', 'Buyer-19']);
    const bidOf = (lead: string, name: string) => 1 + ((Number(lead) * 37 + names.indexOf(name) * 13) % 101);
    silent.answerWith(() => new Promise(() => undefined));
    const answered = new Set<string>();
    const afterwards: string[] = [];
    const sold = new Map<string, string[]>();
    server.recipient.answerWith(async (delivery) => {
      const { kind, name, lead } = partsOf(delivery);
      if (answered.has(lead)) afterwards.push(`${lead} ${delivery.path}`);
      if (kind === 'lead') sold.set(lead, [...(sold.get(lead) ?? []), name]);
      return { body: { outcome: 'success', price: bidOf(lead, name) } };
    });
    const recipients = names.map((name) => bidder(name, {}, hung.has(name) ? silent : server.recipient));
    const flow = await server.deploy(auctionFlow(recipients, { bid_timeout_ms: 3_000 }));
    const leads = Array.from({ length: 12 }, (_, n) => String(n));
    const waiting = [...leads];
    const answers: { outcome: string }[] = [];
    const sendOnes = async () => {
      for (let lead = waiting.pop(); lead !== undefined; lead = waiting.pop()) {
        const { body } = await server.submit(flow, { first_name: lead });
        answered.add(lead);
        answers.push(body);
      }
    };
    await Promise.all(Array.from({ length: 3 }, sendOnes));
    expect(answers.filter(({ outcome }) => outcome !== 'success')).toEqual([]);
    expect(afterwards).toEqual([]);
    const events = await server.query(
      `select r->>'verdict' as verdict, (r->'bid'->>'price')::float as price, lead_id as lead
       from events, jsonb_array_elements((facts::jsonb)->'distributions'->0->'recipients') r
       where type = 'source' and lead_id in (select id from leads where flow_id = $1)`,
      [flow.id],
    );
    for (const lead of new Set(events.map((event) => event['lead']))) {
      const offers = events.filter((event) => event['lead'] === lead);
      const won = offers.filter(({ verdict }) => verdict === 'accepted').map(({ price }) => price);
      expect(won).toEqual([Math.max(...offers.map(({ price }) => Number(price)))]);
    }
    expect(events).toHaveLength(names.length * leads.length);
    expect([...sold.values()].map((winners) => winners.length)).toEqual(leads.map(() => 1));
    expect(requestsTo('bid').length + silent.deliveries.length).toBe(names.length * leads.length);
    // On a busy machine a bid may be late for want of a processor; most are not.
    const inTime = events.filter(({ price }) => price !== null).length;
    expect(inTime / (leads.length * (names.length - hung.size))).toBeGreaterThan(0.5);
  });

  it('says of each candidate what it bid and why it did not get the lead', async () => {
    const open = answerWith({ Alpha: 28, Beta: 31, Gamma: 3, Delta: 'hangs' });
    const parts = { bid_timeout_ms: 1_000, minimum_price: 5 };
    const flow = await server.deploy(
      auctionFlow(
        ['Alpha', 'Beta', 'Gamma', 'Delta'].map((name) => bidder(name)),
        parts,
      ),
    );
    const { body } = await server.submit(flow, { first_name: '1' });
    open();
    const { offers, events } = await offersOf(body.lead.id);
    expect(
      offers.map(({ verdict, short_by: shortBy, bid }: never) => [verdict, shortBy, (bid as { price: number }).price]),
    ).toEqual([
      ['outbid', undefined, 28],
      ['accepted', undefined, 31],
      ['minimum', 2, 3],
      ['late', undefined, null],
    ]);
    expect(events[0]).toMatchObject({ sale_price: 31, revenue: 31, distribution: { bid: 31, bid_id: 'Beta-1' } });
    const explained = await server.api('GET', `/leads/${body.lead.id}/explain`);
    const sentences = explained.body.sentences.join('\n');
    expect(sentences).toContain('did not get the lead: its bid of 28.00 dollars lost to 31.00 dollars.');
    expect(sentences).toContain('its bid of 3.00 dollars is below the minimum price by 2.00 dollars.');
    expect(sentences).toMatch(/late: no bid within \d+ ms\./);
    expect(explained.body.steps[0].distribution.bid).toMatchObject({ price: 28, lost_to: 31, from: 'asked' });
  });

  it('at the last place of the winner: one lead is its, the other one the next bidder’s', async () => {
    answerWith({ Alpha: 28, Beta: 31 });
    const flow = await server.deploy(auctionFlow([bidder('Alpha'), bidder('Beta', { caps: [CAP] })]));
    const answers = await Promise.all(['1', '2'].map((lead) => server.submit(flow, { first_name: lead })));
    expect(answers.map(({ body }) => body.outcome)).toEqual(['success', 'success']);
    expect(requestsTo('lead').sort()).toEqual(['Alpha', 'Beta']);
    expect(requestsTo('bid').filter((name) => name === 'Alpha')).toHaveLength(2);
  });

  it('of one person, 20 times at once: one auction', async () => {
    answerWith({ Alpha: 28, Beta: 31 });
    const flow = await server.deploy(auctionFlow([bidder('Alpha'), bidder('Beta')], {}, NO_DUPLICATES));
    const values = { first_name: '1', email: 'ann@example.com' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => server.submit(flow, values)));
    expect(answers.filter(({ body }) => body.outcome === 'success')).toHaveLength(1);
    expect([requestsTo('bid').sort(), requestsTo('lead')]).toEqual([['Alpha', 'Beta'], ['Beta']]);
  });

  it('is tried again at the bid it was sold at, and asks for no other bid', async () => {
    answerWith({ Alpha: 28, Beta: 31 }, { Beta: { status: 500, body: 'broken' }, Alpha: { body: { outcome: 'no' } } });
    const flow = await server.deploy(auctionFlow([bidder('Alpha'), bidder('Beta', { retry_enabled: true })]));
    const { body } = await server.submit(flow, { first_name: '1' });
    answerWith({});
    const [retry] = (await server.api('GET', `/retries?flow_id=${flow.id}`)).body;
    await server.api('POST', `/retries/${retry.id}/run`);
    await until(
      'it is delivered',
      async () => (await server.api('GET', `/retries/${retry.id}`)).body.status === 'succeeded',
    );
    const { events } = await offersOf(body.lead.id);
    expect(events.at(-1)).toMatchObject({ type: 'retry', outcome: 'success', sale_price: 31 });
    expect(JSON.parse(server.recipient.deliveries.at(-1)?.body ?? '')).toMatchObject({ bid: 'Beta-1' });
    expect(requestsTo('bid')).toHaveLength(2);
  });
});

describe('a server that is killed', () => {
  const windows = (flowId: string) =>
    server.query('select count::int, held::int from cap_windows where flow_id = $1', [flowId]);

  it('while bids are asked for: the places are free, nothing is unknown, and the lead can be sent again', async () => {
    const open = answerWith({ Alpha: 'hangs', Beta: 'hangs' });
    const flow = await server.deploy(
      auctionFlow([bidder('Alpha'), bidder('Beta')], { bid_timeout_ms: 10_000 }, { ...NO_DUPLICATES, caps: [CAP] }),
    );
    const sluice = await startSluiceProcess(server.database);
    const values = { first_name: '1', email: 'eve@example.com' };
    const lost = submit(sluice.url, { flow, values, how: {} }).catch(() => 'lost');
    await server.recipient.arrival(2);
    expect(await windows(flow.id)).toEqual([{ count: 0, held: 1 }]);
    sluice.kill('SIGKILL');
    expect(await lost).toBe('lost');
    await until('the lead is settled', async () => (await server.query('select 1 from runs')).length === 0);
    open();
    const leads = await server.query('select outcome, reason from leads where flow_id = $1', [flow.id]);
    expect(leads).toEqual([
      {
        outcome: 'error',
        reason: 'Interrupted while bids were asked for: the lead was delivered to no recipient',
      },
    ]);
    expect((await server.api('GET', `/unknowns?flow_id=${flow.id}`)).body).toEqual([]);
    expect(await windows(flow.id)).toEqual([{ count: 0, held: 0 }]);
    answerWith({ Alpha: 28, Beta: 31 });
    expect((await server.submit(flow, values)).body.outcome).toBe('success');
    expect(requestsTo('lead')).toEqual(['Beta']);
  });

  it('while the winner has the lead: it is unknown, and its places are kept', async () => {
    const latch = createLatch();
    server.recipient.answerWith(async (delivery) => {
      const { kind, name } = partsOf(delivery);
      if (kind === 'lead') await latch.opened;
      return { body: { outcome: 'success', price: name === 'Beta' ? 31 : 28 } };
    });
    const flow = await server.deploy(auctionFlow([bidder('Alpha'), bidder('Beta')], {}, { caps: [CAP] }));
    const sluice = await startSluiceProcess(server.database);
    const lost = submit(sluice.url, { flow, values: { first_name: '1' }, how: {} }).catch(() => 'lost');
    await server.recipient.arrival(3);
    sluice.kill('SIGKILL');
    expect(await lost).toBe('lost');
    await until('the lead is settled', async () => (await server.query('select 1 from runs')).length === 0);
    latch.open();
    const unknowns = (await server.api('GET', `/unknowns?flow_id=${flow.id}`)).body;
    expect(unknowns).toMatchObject([{ expected_price: 31 }]);
    expect(await windows(flow.id)).toEqual([{ count: 1, held: 0 }]);
    // The bid outlives the process: delivered again, the lead is sold at it.
    const resolution = { resolution: 'not_delivered', retry: true };
    await server.api('POST', `/unknowns/${unknowns[0].event_id}/resolve`, resolution);
    const readMoney = async () => (await server.api('GET', `/leads/${unknowns[0].lead_id}`)).body.money;
    await until('it is sold', async () => (await readMoney()).revenue !== 0);
    expect(await readMoney()).toMatchObject({ cost: 0, revenue: 31 });
  });
});
