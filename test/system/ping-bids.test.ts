import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Candidate, DistributionStep, FlowDocument } from '../../src/model/flow.ts';
import type { RunningServer } from '../../src/server/server-options.ts';
import type { RecipientAnswer } from '../harness/recipient.ts';
import {
  type ApiReply,
  ask,
  type ComposedServer,
  type SubmitTarget,
  startTestServer,
  submit,
} from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, when } from './flows.ts';

/** A server in this process, and one more in it on the same database. */
let server: ComposedServer;
let beside: RunningServer;
beforeAll(async () => {
  server = await startTestServer({ admissionMax: 500 });
  beside = await server.startBeside({ nodeName: 'beside' });
});
afterEach(() => {
  server.recipient.deliveries.length = 0;
});
afterAll(async () => {
  await beside.stop();
  await server.stop();
});

const LEAD = { first_name: 'Ann', email: 'ann@example.com', state: 'TX' };
const READS = { outcome_search_path: 'outcome', outcome_search_term: 'success', price_path: 'price' };
const CAP = { type: 'volume' as const, maximum: 1, duration: 1, duration_units: 'day' as const };
const UNSOLD = {
  type: 'filter' as const,
  outcome: 'failure',
  reason: 'unsold',
  rule_set: when('distribution.main.sold', 'is false'),
};

/** A buyer that is asked at `/bid/<name>` with the state alone, and delivered to at `/lead/<name>`. */
function bidder(name: string, parts: Partial<Candidate> = {}): Candidate {
  const { url } = server.recipient;
  const mapped = { 'json_property.email': '{{lead.email}}', 'json_property.bid': '{{distribution.main.bid_id}}' };
  const { type: _, ...delivery } = deliveryTo(`${url}lead/${name}`, { entity: { name } }, mapped);
  const asked = { url: `${url}bid/${name}`, 'json_property.state': '{{lead.state}}', ...READS };
  const mappings = Object.entries(asked).map(([property, value]) => ({ property, value }));
  return { ...delivery, bid: { module_id: 'leadconduit-custom.outbound.json', mappings }, ...parts };
}

function bidFlow(
  recipients: Candidate[],
  parts: Partial<DistributionStep> = {},
  document: Partial<FlowDocument> = {},
): FlowDocument {
  const step = { type: 'distribution' as const, method: 'highest_bid' as const, bids_price_pings: true };
  return flowOf([{ ...step, recipients, ...parts }, UNSOLD], { ping_enabled: true, ...document });
}

/** Bids by the buyer's name; deliveries are bought unless they say otherwise. */
function answerWith(bids: Record<string, number | 'hangs'>, delivered: Record<string, RecipientAnswer> = {}): void {
  server.recipient.answerWith(async ({ path }) => {
    const [, kind, name = ''] = path.split('/');
    if (kind === 'lead') return delivered[name] ?? { body: { outcome: 'success' } };
    const bid = bids[name];
    if (bid === 'hangs') return new Promise(() => undefined);
    return {
      body: bid === undefined ? { outcome: 'failure' } : { outcome: 'success', price: bid, bid_id: `${name}-1` },
    };
  });
}

function ping(flow: SubmitTarget, { values = LEAD as object, url = server.url } = {}): Promise<ApiReply> {
  return ask(`${url}/flows/${flow.id}/sources/${flow.sources[0]?.entity.id}/ping`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(values),
  });
}

const idOf = (reply: ApiReply): string => reply.headers.get('x-ping-id') ?? '';
const post = (flow: SubmitTarget, id: string, values: object = LEAD) => server.submit(flow, { ...values, ping_id: id });
const requestsTo = (kind: string) =>
  server.recipient.deliveries.flatMap(({ path }) => (path.startsWith(`/${kind}/`) ? [path.split('/')[2]] : [])).sort();

describe('a ping that bids price', () => {
  it('asks the buyers, has the price that the best leaves, and its post goes to the best without another question', async () => {
    answerWith({ Alpha: 28, Beta: 31, Gamma: 3 });
    const names = ['Alpha', 'Beta', 'Gamma', 'Silent'];
    const flow = await server.deploy(
      bidFlow(
        names.map((name) => bidder(name)),
        { margin_floor: { percent: 10 } },
      ),
    );
    const pinged = await ping(flow);
    expect(pinged.body).toEqual({ outcome: 'success', price: 27.9 });
    expect([requestsTo('bid'), requestsTo('lead')]).toEqual([names.toSorted(), []]);
    // Bidders get what the bid maps, of the ping.
    for (const { body } of server.recipient.deliveries) expect(JSON.parse(body)).toEqual({ state: 'TX' });
    const { body } = await post(flow, idOf(pinged));
    expect(body).toMatchObject({ outcome: 'success', price: 27.9 });
    expect([requestsTo('bid').length, requestsTo('lead')]).toEqual([4, ['Beta']]);
    const delivered = server.recipient.deliveries.find(({ path }) => path === '/lead/Beta');
    expect(JSON.parse(delivered?.body ?? '')).toEqual({ email: 'ann@example.com', bid: 'Beta-1' });
    const { body: lead } = await server.api('GET', `/leads/${body.lead.id}`);
    expect(lead.events).toContainEqual(expect.objectContaining({ type: 'recipient', sale_price: 31, cost: 27.9 }));
    const explained = (await server.api('GET', `/leads/${body.lead.id}/explain`)).body.sentences.join('\n');
    expect(explained).toContain('Its bid during the ping was 31.00 dollars.');
    expect(explained).toContain('no bid: it answered failure');
    expect((await post(flow, idOf(pinged))).body.reason).toBe('Ping already redeemed');
  });

  it('says of each buyer what it bid, or why it was not asked', async () => {
    answerWith({ Alpha: 28, Beta: 31, Late: 'hangs' });
    const recipients = [
      bidder('Alpha'),
      bidder('Beta'),
      bidder('Late'),
      bidder('Off', { enabled: false }),
      bidder('Picky', { rule_set: when('lead.state', 'is equal to', 'CA') }),
      bidder('Behind', { tier: 2 }),
    ];
    const flow = await server.deploy(bidFlow(recipients, { bid_timeout_ms: 1_000 }));
    const id = idOf(await ping(flow));
    expect(requestsTo('bid')).toEqual(['Alpha', 'Beta', 'Late']);
    const { explanation } = (await server.api('GET', `/pings/${id}`)).body;
    const phase = explanation.phases.at(-1);
    expect(phase).toMatchObject({ phase: 'steps', verdict: 'passed', distributions: [{ key: 'main' }] });
    const { recipients: bids } = phase.distributions[0];
    expect(bids.map((each: never) => [each['verdict'], each['bid']?.['price']])).toEqual([
      ['outbid', 28],
      ['best', 31],
      ['late', null],
      ['disabled', undefined],
      ['criteria', undefined],
      ['not reached', undefined],
    ]);
    expect(bids[1]).toMatchObject({ recipient: { name: 'Beta' }, bid: { from: 'asked', id: 'Beta-1', lost_to: null } });
    expect(explanation.sentences.join('\n')).toMatch(
      new RegExp(
        [
          `^Ping ${id} came from ".*" to the flow ".*" at .*\\.`,
          'It was answered with the price 31\\.00 dollars, which holds until .*\\.',
          'No lead has taken the price so far\\.',
          'The price was decided by this: what the best bid leaves above the margin\\.',
          '.*"Alpha"\\) did not make the best bid: its bid of 28\\.00 dollars lost to 31\\.00 dollars\\.',
          '.*"Beta"\\) made the best bid: 31\\.00 dollars\\.',
          '.*"Late"\\) did not make the best bid: late: no bid within \\d+ ms\\.',
          '.*"Off"\\) was not asked for a bid: it is switched off\\.',
          '.*"Picky"\\) was not asked for a bid: its criteria were not met\\.',
          '.*"Behind"\\) was not asked for a bid: those that are asked before it had made a bid\\.$',
        ].join('\\n'),
      ),
    );
    const [row] = await server.query('select facts::text from pings where id = $1', [id]);
    expect(row?.['facts']).not.toMatch(/ann@example\.com|"TX"/);
  });

  it('without a bid is no bid, and beyond its limit asks none', async () => {
    answerWith({});
    const limit = { maximum: 1, duration: 1, duration_units: 'month' as const };
    const flow = await server.deploy(bidFlow([bidder('Alpha')], {}, { ping_limits: [limit] }));
    expect((await ping(flow)).body).toEqual({ outcome: 'failure', reason: 'no bid', price: 0 });
    answerWith({ Alpha: 7 });
    expect((await ping(flow)).body.price).toBe(7);
    expect((await ping(flow)).body.reason).toBe('Ping limit reached');
    expect(requestsTo('bid')).toHaveLength(2);
    const [limited, , none] = (await server.api('GET', `/pings?flow_id=${flow.id}`)).body;
    const explain = async (id: string) => (await server.api('GET', `/pings/${id}`)).body.explanation;
    expect((await explain(limited.id)).phases.at(-1)).toEqual({ phase: 'steps', verdict: 'not reached' });
    expect((await explain(limited.id)).sentences).toContainEqual(expect.stringContaining('was full (1 of 1)'));
    expect((await explain(none.id)).sentences[1]).toBe('It was refused, with the reason "no bid".');
  });

  it('of a post whose winner is full by then goes on to the next bid, and the price stays', async () => {
    answerWith({ Alpha: 28, Beta: 31 });
    const flow = await server.deploy(bidFlow([bidder('Alpha'), bidder('Beta', { caps: [CAP] })]));
    const pings = [idOf(await ping(flow)), idOf(await ping(flow))];
    const asked = requestsTo('bid').length;
    const answers = await Promise.all(pings.map((id) => post(flow, id)));
    expect(answers.map(({ body }) => [body.outcome, body.price])).toEqual([
      ['success', 31],
      ['success', 31],
    ]);
    expect([requestsTo('lead'), requestsTo('bid').length]).toEqual([['Alpha', 'Beta'], asked]);
    // The buyer is full: it is not asked.
    const third = await ping(flow);
    expect(third.body.price).toBe(28);
    expect(requestsTo('bid').slice(asked - 4)).toHaveLength(asked + 1);
  });

  it('of which the post fails can be redeemed again, at the same bids', async () => {
    answerWith({ Alpha: 28 }, { Alpha: { body: { outcome: 'failure' } } });
    const flow = await server.deploy(bidFlow([bidder('Alpha')]));
    const id = idOf(await ping(flow));
    expect((await post(flow, id)).body).toMatchObject({ outcome: 'failure', reason: 'unsold', price: 0 });
    answerWith({ Alpha: 1 });
    expect((await post(flow, id)).body).toMatchObject({ outcome: 'success', price: 28 });
    expect(requestsTo('bid')).toHaveLength(1);
  });

  it('of 32 posts at once to two servers sells exactly one, to the best bid', async () => {
    answerWith({ Alpha: 28, Beta: 31 });
    const flow = await server.deploy(bidFlow([bidder('Alpha'), bidder('Beta')]));
    await until('the flow is known', async () => (await ping(flow, { url: beside.url })).status === 200);
    const id = idOf(await ping(flow));
    const asked = requestsTo('bid').length;
    const replies = await Promise.all(
      Array.from({ length: 32 }, (_, n) =>
        submit(n % 2 === 0 ? server.url : beside.url, { flow, values: { ...LEAD, ping_id: id }, how: {} }),
      ),
    );
    const ends = replies.map(({ body }) => body.reason ?? body.outcome);
    expect(ends.filter((end) => end === 'success')).toHaveLength(1);
    expect(ends.filter((end) => end === 'Ping already redeemed')).toHaveLength(31);
    expect([requestsTo('lead'), requestsTo('bid').length]).toEqual([['Beta'], asked]);
  });

  it('has an id that ascends with time and that no other id of the process tells', async () => {
    const flow = await server.deploy(
      flowOf([], { ping_enabled: true, pricing: { override: false, prices: [{ amount: 5 }] } }),
    );
    const ids: string[] = [];
    for (let n = 0; n < 20; n += 1) ids.push(idOf(await ping(flow)));
    expect(ids.toSorted()).toEqual(ids);
    // 8 digits are the second, 6 the place in it, 10 are random.
    expect(new Set(ids.map((id) => id.slice(14))).size).toBe(20);
  });
});
