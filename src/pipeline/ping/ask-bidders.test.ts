import { describe, expect, it } from 'vitest';
import type { Credentials, OpenedCredential } from '../../credentials/open-credential.ts';
import type { Candidate, DistributionStep, FlowDocument } from '../../model/flow.ts';
import type { Money } from '../../model/money.ts';
import { parsePingFacts } from '../../stored/ping-facts.ts';
import { startRun } from '../lead-run.ts';
import { type Answer, answers, bidder, bids, listPaths } from '../testing/bidders.ts';
import {
  openTestPorts,
  runTestLead,
  submissionOf,
  TEST_NOW,
  type TestEnd,
  type TestLead,
} from '../testing/run-test-lead.ts';
import {
  candidateOf,
  compileTestFlow,
  dailyCap,
  distributionOf,
  FLOW_ID,
  filter,
  SOURCE_ID,
  testFlow,
  when,
} from '../testing/test-flow.ts';
import { PROCEED } from '../verdict.ts';
import { askBidders } from './ask-bidders.ts';

const LIMIT = 'c0c0c0c0c0c0c0c0c0c0c0c0';
const CAP = 'c1c1c1c1c1c1c1c1c1c1c1c1';
const UNSOLD = filter(when('distribution.main.sold', 'is false'), { reason: 'unsold' });
const ABC = ['Alpha', 'Beta', 'Gamma'].map((name) => bidder(name));
const ASKED = ['bid/Alpha', 'bid/Beta', 'bid/Gamma'];
const THREE = { Alpha: bids(28), Beta: bids(31, { bid_id: 'b-7' }), Gamma: bids(3) };
const VALUES = { state: 'TX' };

function flowOf(
  recipients: readonly Candidate[],
  parts: Partial<DistributionStep> = {},
  document: Partial<FlowDocument> = {},
): FlowDocument {
  const auction = { method: 'highest_bid' as const, bids_price_pings: true, ...parts };
  const limit = { id: LIMIT, maximum: 9, duration: 1, duration_units: 'day' as const };
  return testFlow({
    ...{ ping_enabled: true, ping_limits: [limit], steps: [distributionOf(recipients, auction), UNSOLD] },
    ...document,
  });
}

function ping(flow: FlowDocument, asked: Record<string, Answer> = THREE, lead: TestLead = {}): Promise<TestEnd> {
  const request = { uri: `/flows/${FLOW_ID}/sources/${SOURCE_ID}/ping` };
  const submission = { isPing: true } as const;
  return runTestLead({ ...{ flow, values: VALUES, request, submission }, recipient: answers(asked), ...lead });
}

const factsOf = ({ settled }: TestEnd) => parsePingFacts(JSON.parse(settled?.ping?.facts ?? ''));
const verdictsIn = (end: TestEnd) => factsOf(end).distributions?.[0]?.recipients.map(({ verdict }) => verdict);

/** What the store has of a ping. */
function seenOf(end: TestEnd) {
  const { values = {}, distributions = [] } = factsOf(end);
  const place = { flowId: FLOW_ID, sourceId: SOURCE_ID, isAccepted: end.run.outcome === 'success' };
  return { ...place, price: end.run.price, expiresAt: TEST_NOW, values, distributions };
}

/** The post of a ping. */
function post(
  pinged: TestEnd,
  { flow, delivered = {}, store = {}, ...lead }: TestLead & { flow: FlowDocument; delivered?: Record<string, Answer> },
): Promise<TestEnd> {
  return runTestLead({
    ...{ flow, values: { ...VALUES, ping_id: pinged.run.leadId } },
    recipient: answers(THREE, delivered),
    store: { ping: seenOf(pinged), ...store },
    ...lead,
  });
}

const offersOf = ({ run }: TestEnd) => run.distributions[0]?.candidates.map(({ verdict }) => verdict);

describe('a ping that bids price', () => {
  it.each<[string, Partial<DistributionStep>, number]>([
    ['the best bid', {}, 31],
    ['less the margin', { margin_floor: { amount: 2 } }, 29],
    ['less a part of it', { margin_floor: { percent: 20 } }, 24.8],
  ])('costs %s', async (_, parts, price) => {
    const end = await ping(flowOf(ABC, parts));
    expect([listPaths(end), end.body]).toEqual([ASKED, { outcome: 'success', price }]);
    expect([end.store.claims, end.run.stepResults, end.settled?.price]).toEqual([[], [], price * 10_000]);
  });

  it('costs that whatever the flow says it costs', async () => {
    const prices = { pricing: { prices: [{ amount: 5 }] } };
    expect((await ping(flowOf(ABC, {}, prices))).body.price).toBe(31);
    expect((await ping(flowOf(ABC, {}, prices), {})).body).toEqual({ outcome: 'failure', reason: 'no bid', price: 0 });
  });

  it('keeps what each bid, in a version of its own', async () => {
    const end = await ping(flowOf([...ABC, bidder('Delta')]), {
      ...THREE,
      Delta: { body: { outcome: 'failure', reason: 'not ann@example.com' } },
    });
    expect(JSON.parse(end.settled?.ping?.facts ?? '')).toMatchObject({
      version: 2,
      offered_price: 31,
      winner: { by: 'bid', path: 'steps.0' },
      distributions: [
        {
          step_id: 'shares',
          recipients: [
            { verdict: 'outbid', bid: { from: 'asked', price: 28 } },
            { verdict: 'best', bid: { from: 'asked', price: 31, id: 'b-7' } },
            { verdict: 'outbid', bid: { price: 3 } },
            { verdict: 'no bid', bid: { price: null, fault: 'answered failure' } },
          ],
        },
      ],
    });
    expect(end.settled?.ping?.facts).not.toContain('ann@example.com');
  });

  it.each<[string, Partial<FlowDocument>, TestLead, string]>([
    ['over its limit', {}, { store: { fullCaps: [LIMIT] } }, 'Ping limit reached'],
    ['at a full cap', { caps: [dailyCap({ id: CAP })] }, { store: { fullCaps: [CAP] } }, 'Cap reached'],
    [
      'that fails the criteria',
      { acceptance_criteria: { rule_set: when('lead.state', 'is equal to', 'CA'), reason: 'not CA' } },
      {},
      'not CA',
    ],
  ])('%s asks none', async (_, document, lead, reason) => {
    const end = await ping(flowOf(ABC, {}, document), THREE, lead);
    expect([listPaths(end), end.body.reason, factsOf(end).distributions]).toEqual([[], reason, undefined]);
  });

  it('asks none where a limit filled before it was settled: not twice either', async () => {
    const refusal = { capId: LIMIT, count: 9, held: 0, maximum: 9 };
    const changed = { kind: 'changed' as const, lists: [], caps: [{ refusal, generation: 0 }] };
    const end = await ping(flowOf(ABC), THREE, { store: { firstSettles: [changed] } });
    expect([listPaths(end), end.body.reason]).toEqual([ASKED, 'Ping limit reached']);
  });

  it('asks nothing of a recipient that could not be offered the lead, and says why', async () => {
    const recipients = [
      bidder('Off', { enabled: false }),
      bidder('Picky', { rule_set: when('lead.state', 'is equal to', 'CA') }),
      bidder('Full', { caps: [dailyCap({ id: CAP })] }),
      bidder('Closed', { hours_of_operation: { days: {} } }),
      bidder('Open'),
    ];
    const end = await ping(flowOf(recipients), { Open: bids(2) }, { store: { fullCaps: [CAP] } });
    expect([listPaths(end), end.body.price]).toEqual([['bid/Open'], 2]);
    expect(verdictsIn(end)).toEqual(['disabled', 'criteria', 'cap', 'hours', 'best']);
  });

  it.each<[string, Partial<DistributionStep>, string[]]>([
    ['below the minimum', { minimum_price: 40 }, ['minimum', 'minimum', 'minimum']],
    ['of which the margin leaves nothing', { margin_floor: { amount: 31 } }, ['margin', 'margin', 'margin']],
  ])('has no price by bids %s', async (_, parts, verdicts) => {
    const end = await ping(flowOf(ABC, parts));
    expect([end.body.reason, verdictsIn(end), factsOf(end).values]).toEqual(['no bid', verdicts, undefined]);
  });

  it('is priced by the first tier that bids, and by price rules of a recipient without a question', async () => {
    const standing = candidateOf('Standing', { pricing: { prices: [{ amount: 30 }] } });
    const tiers = flowOf([bidder('Alpha', { tier: 2 }), standing, bidder('Gamma')]);
    const first = await ping(tiers);
    expect([listPaths(first), first.body.price, verdictsIn(first)]).toEqual([
      ['bid/Gamma'],
      30,
      ['not reached', 'best', 'outbid'],
    ]);
    const second = await ping(flowOf([bidder('Alpha', { tier: 2 }), bidder('None')]));
    expect([listPaths(second), second.body.price]).toEqual([['bid/None', 'bid/Alpha'], 28]);
  });

  it('needs room in revenue caps for what the bid makes it cost', async () => {
    const caps = [dailyCap({ id: CAP, type: 'revenue', maximum: 100, reason: 'no money left' })];
    const end = await ping(flowOf(ABC, {}, { caps }), THREE, { store: { fullCaps: [CAP] } });
    expect([listPaths(end), end.body]).toEqual([ASKED, { outcome: 'failure', reason: 'no money left', price: 0 }]);
    expect(end.store.looks.at(-1)?.caps).toMatchObject([{ capId: CAP, amount: 310_000 }]);
  });

  it('costs nothing where no bids price pings: the phase goes on at once', () => {
    const { flow } = compileTestFlow(flowOf(ABC, { bids_price_pings: false }));
    const off = compileTestFlow(flowOf(ABC, {}, { ping_enabled: false }));
    expect([flow.pings.bidders, off.flow.pings.bidders]).toEqual([[], []]);
    const source = flow.sources.get(SOURCE_ID);
    if (!source) throw new Error('the flow has its source');
    const run = { ...startRun(submissionOf({ submission: { isPing: true } })), route: { flow, source } };
    expect(askBidders(run, openTestPorts().deps)).toBe(PROCEED);
  });
});

describe('the post of a ping that bids priced', () => {
  it('is sold to the best bid of the ping at that bid, and asks none again', async () => {
    const flow = flowOf(ABC, { margin_floor: { amount: 2 } });
    const end = await post(await ping(flow), { flow });
    expect([listPaths(end), end.body.price, end.run.revenue]).toEqual([['lead/Beta'], 29, 310_000]);
    expect(JSON.parse(end.sent[0]?.request.body ?? '')).toMatchObject({ bid: 'b-7' });
    expect(end.events.at(-1)?.['facts']).toMatchObject({
      ping_id: expect.any(String),
      distributions: [
        {
          recipients: [
            // What it leaves above the pinged price is less than the margin.
            { verdict: 'margin', bid: { from: 'ping', price: 28 } },
            { verdict: 'accepted', bid: { from: 'ping', price: 31 } },
            { verdict: 'margin' },
          ],
        },
      ],
    });
    expect(end.store.claims).toHaveLength(1);
  });

  it.each<[string, TestLead & { delivered?: Record<string, Answer> }, string[]]>([
    ['refuses', { delivered: { Beta: { body: { outcome: 'failure' } } } }, ['accepted', 'refused', 'outbid']],
    ['is down', { delivered: { Beta: { unsent: 'refused' } } }, ['accepted', 'failed', 'outbid']],
    ['is full', { store: { fullCaps: [CAP] } }, ['accepted', 'cap', 'outbid']],
    ['has filled since it was looked at', { store: { changed: [{ fullCaps: [CAP] }] } }, ['accepted', 'cap', 'outbid']],
  ])('goes on to the next bid of the ping when the winner %s: the price stays', async (_, lead, verdicts) => {
    const [alpha, , gamma] = ABC;
    const beta = bidder('Beta', { caps: [dailyCap({ id: CAP })] });
    const flow = flowOf([alpha, beta, gamma].flatMap((each) => each ?? []));
    const pinged = await ping(flow);
    const end = await post(pinged, { flow, ...lead });
    expect([offersOf(end), end.body.price]).toEqual([verdicts, 31]);
    expect(listPaths(end).filter((path) => path.startsWith('bid/'))).toEqual([]);
    expect(end.run.revenue).toBe(280_000);
  });

  it('is sold to none at less than the margin, so that a filter ends it', async () => {
    const flow = flowOf(ABC, { margin_floor: { amount: 2 } });
    const end = await post(await ping(flow), { flow, delivered: { Beta: { body: { outcome: 'failure' } } } });
    expect([offersOf(end), end.body]).toMatchObject([['margin', 'refused', 'margin'], { reason: 'unsold', price: 0 }]);
  });

  it('does not ask one that was switched off since, or that the ping could not ask', async () => {
    const closed = flowOf([bidder('Alpha'), bidder('Beta', { enabled: false }), bidder('Gamma')]);
    const flow = flowOf([...ABC, bidder('New')]);
    const end = await post(await ping(closed), { flow });
    expect([listPaths(end), offersOf(end)]).toEqual([['lead/Alpha'], ['accepted', 'no bid', 'outbid', 'no bid']]);
    expect(end.run.distributions[0]?.candidates[3]?.bid?.fault).toBe('was not asked during the ping');
    const off = await post(await ping(flow), { flow: closed });
    expect([listPaths(off), offersOf(off)]).toEqual([['lead/Alpha'], ['accepted', 'disabled', 'outbid']]);
  });

  it('asks a tier that the ping did not reach, when the first one leaves the lead', async () => {
    const flow = flowOf([bidder('Alpha', { tier: 2 }), bidder('Beta')]);
    const end = await post(await ping(flow), { flow, delivered: { Beta: { body: { outcome: 'failure' } } } });
    expect(listPaths(end)).toEqual(['lead/Beta', 'bid/Alpha', 'lead/Alpha']);
    expect([end.body.price, end.run.distributions[0]?.candidates.map(({ bid }) => bid?.from)]).toEqual([
      31,
      ['asked', 'ping'],
    ]);
  });

  it('orders equal bids as the ping did', async () => {
    const names = ['A', 'B', 'C', 'D', 'E', 'F'];
    const flow = flowOf(names.map((name) => bidder(name)));
    const pinged = await ping(flow, Object.fromEntries(names.map((name) => [name, bids(9)])));
    const best = verdictsIn(pinged)?.indexOf('best') ?? -1;
    const end = await post(pinged, { flow });
    expect(listPaths(end)).toEqual([`lead/${names[best]}`]);
  });

  it('that is late is refused by the reason of pings, and one without the ping asks all again', async () => {
    const flow = flowOf(ABC);
    const pinged = await ping(flow);
    const late = await post(pinged, { flow, store: { ping: { ...seenOf(pinged), expiresAt: TEST_NOW - 1 } } });
    expect([listPaths(late), late.body.reason]).toEqual([[], 'Ping expired']);
    const unnamed = await post(pinged, { flow, values: VALUES });
    expect(listPaths(unnamed)).toEqual([...ASKED, 'lead/Beta']);
  });

  it('asks all where the ping has no bids of the distribution, at the price of the ping', async () => {
    const flow = flowOf(ABC);
    const pinged = await ping(flow);
    const seen = { ...seenOf(pinged), price: 50_000 as Money };
    const other = seen.distributions.map((each) => ({ ...each, step_id: 'other' }));
    for (const distributions of [[], other]) {
      const end = await post(pinged, { flow, store: { ping: { ...seen, distributions } } });
      expect([listPaths(end), end.body.price]).toEqual([[...ASKED, 'lead/Beta'], 5]);
    }
  });
});

describe('the credential of a bid', () => {
  const CREDENTIAL = { id: 'cccccccccccccccccccccccc', name: 'CRM', type: 'oauth2' } as const;
  const opened = (accessToken: string): OpenedCredential => ({
    ...CREDENTIAL,
    vars: { access_token: accessToken },
    secrets: [accessToken],
    accessToken,
    authorization: { kind: 'header', name: 'Authorization', value: `Bearer ${accessToken}` },
  });
  const credentials: Credentials = {
    open: async () => ({ kind: 'open', credential: opened('first-token') }),
    renew: async () => ({ kind: 'open', credential: opened('second-token') }),
    renewValue: async () => ({ kind: 'failed', reason: 'nothing to renew' }),
  };
  const document = flowOf([bidder('Alpha', { credential_id: CREDENTIAL.id })]);
  const { flow } = compileTestFlow(document, undefined, [], [], [CREDENTIAL]);
  const findFlow = () => ({ kind: 'found' as const, flow });

  it.each<[string, TestLead['submission']]>([
    ['a post', {}],
    ['a ping', { isPing: true }],
  ])('is opened in %s, renewed after a 401, and not repeated', async (_, submission = {}) => {
    const end = await runTestLead({
      ...{ flow: document, values: VALUES, submission, deps: { credentials, findFlow } },
      recipient: ({ headers, url }) => {
        const sent = headers['Authorization'];
        if (sent === 'Bearer first-token' && url.includes('/bid/')) return { status: 401, body: '' };
        return { body: { outcome: 'success', price: 9, bid_id: `seen ${sent}` } };
      },
    });
    const tokens = end.sent.map(({ request }) => [request.url.split('/').at(-2), request.headers['Authorization']]);
    expect(tokens.slice(0, 2)).toEqual([
      ['bid', 'Bearer first-token'],
      ['bid', 'Bearer second-token'],
    ]);
    expect(end.body.outcome).toBe('success');
    const stored = JSON.stringify([end.settled?.ping, end.settled?.events, end.settled?.document]);
    expect(stored).toContain('seen Bearer ****');
    expect(stored).not.toMatch(/(first|second)-token/);
  });

  it('that cannot be opened leaves the bidder unasked, and the bid says why', async () => {
    const reason = 'The credential "CRM" cannot be used.';
    const failing: Credentials = { ...credentials, open: () => ({ kind: 'failed', reason }) };
    const end = await runTestLead({
      ...{ flow: document, values: VALUES, submission: { isPing: true } },
      deps: { credentials: failing, findFlow },
    });
    expect([end.sent, end.body.reason]).toEqual([[], 'no bid']);
    expect(factsOf(end).distributions?.[0]?.recipients[0]?.bid?.fault).toBe(
      'was not asked: The credential "CRM" cannot be used',
    );
  });
});
