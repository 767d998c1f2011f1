import { describe, expect, it } from 'vitest';
import type { DeliveryResult, OutboundRequest } from '../../../integrations/contract.ts';
import type { Candidate, DistributionStep } from '../../../model/flow.ts';
import type { PhaseDeps } from '../../phase.ts';
import { type Answer, answers, bidder, bids, HOST, listPaths } from '../../testing/bidders.ts';
import { runTestLead, type TestEnd, type TestLead } from '../../testing/run-test-lead.ts';
import { candidateOf, dailyCap, distributionOf, filter, testFlow, testSource, when } from '../../testing/test-flow.ts';

const CAP = 'c1c1c1c1c1c1c1c1c1c1c1c1';
const OWN_CAP = 'c0c0c0c0c0c0c0c0c0c0c0c0';
const UNSOLD = filter(when('distribution.main.sold', 'is false'), { reason: 'unsold' });

function auction(
  recipients: readonly Candidate[],
  parts: Partial<DistributionStep> = {},
  lead: TestLead = {},
): Promise<TestEnd> {
  const flow = testFlow({
    caps: [dailyCap({ id: OWN_CAP, maximum: 9 })],
    steps: [distributionOf(recipients, { method: 'highest_bid', ...parts }), UNSOLD],
    ...lead.flow,
  });
  return runTestLead({ values: { state: 'TX' }, ...lead, flow });
}

function verdicts({ run }: TestEnd): string[] {
  return run.distributions[0]?.candidates.map(({ verdict }) => verdict) ?? [];
}

const ABC = ['Alpha', 'Beta', 'Gamma'].map((name) => bidder(name));
const ASKED = ['bid/Alpha', 'bid/Beta', 'bid/Gamma'];
const THREE = { Alpha: bids(28), Beta: bids(31, { bid_id: 'b-7' }), Gamma: bids(3) };

describe('an auction', () => {
  it('asks all, and sells the lead to the highest bid at its bid', async () => {
    const recipient = answers(THREE, { Beta: { body: { outcome: 'success', price: 1 } } });
    const end = await auction(ABC, {}, { recipient });
    expect([listPaths(end), verdicts(end)]).toEqual([
      [...ASKED, 'lead/Beta'],
      ['outbid', 'accepted', 'outbid'],
    ]);
    expect(end.run.revenue).toBe(310_000);
    expect(end.run.vars['distribution']).toEqual({
      main: {
        ...{ sold: true, sales: 1, winner: 'Beta', winner_id: 'b0b0b0b0b0b0b0b0b0b0b0b0', revenue: 31 },
        ...{ bid: 31, bid_id: 'b-7' },
      },
    });
    expect(JSON.parse(end.sent[3]?.request.body ?? '')).toMatchObject({ bid: 'b-7' });
    expect(end.events[0]).toMatchObject({
      facts: {
        sale_price: 31,
        distribution: { place: 1, bid: 31, bid_id: 'b-7' },
        warnings: ['The recipient answered another price than its bid: the bid is booked.'],
      },
    });
  });

  it.each<[string, Answer, string[]]>([
    ['refuses', { body: { outcome: 'failure', reason: 'changed my mind' } }, ['accepted', 'refused', 'outbid']],
    ['is down', { unsent: 'the connection was refused' }, ['accepted', 'failed', 'outbid']],
    ['may have it', { unknown: 'the connection was reset' }, ['outbid', 'unknown', 'outbid']],
  ])('goes on to the next bid when the winner %s', async (_, winner, expected) => {
    const end = await auction(ABC, {}, { recipient: answers(THREE, { Beta: winner }) });
    expect(verdicts(end)).toEqual(expected);
    expect(listPaths(end).filter((path) => path.startsWith('bid/'))).toEqual(ASKED);
  });

  it('goes on to the next bid when a cap of the winner filled meanwhile, and says what it would have sold for', async () => {
    const [alpha, , gamma] = ABC;
    const recipients = [alpha, bidder('Beta', { caps: [dailyCap({ id: CAP })] }), gamma].flatMap((each) => each ?? []);
    const store = { changed: [null, { fullCaps: [CAP] }] };
    const end = await auction(recipients, {}, { store, recipient: answers(THREE) });
    expect([listPaths(end), verdicts(end)]).toEqual([
      [...ASKED, 'lead/Alpha'],
      ['accepted', 'skipped', 'outbid'],
    ]);
    const facts = end.events.at(-1)?.['facts'] as { distributions: { recipients: object[] }[] } | undefined;

    expect(facts?.distributions[0]?.recipients[1]).toMatchObject({
      verdict: 'skipped',
      cap: { id: CAP },
      bid: { price: 31 },
    });
  });

  it('asks nothing of a recipient that is full, closed or not for this lead', async () => {
    const recipients = [
      bidder('Off', { enabled: false }),
      bidder('Picky', { rule_set: when('lead.state', 'is equal to', 'CA') }),
      bidder('Full', { caps: [dailyCap({ id: CAP })] }),
      bidder('Open'),
    ];
    const end = await auction(recipients, {}, { store: { fullCaps: [CAP] }, recipient: answers({ Open: bids(2) }) });
    expect([listPaths(end), verdicts(end)]).toEqual([
      ['bid/Open', 'lead/Open'],
      ['disabled', 'criteria', 'cap', 'accepted'],
    ]);
  });

  it('says of each that did not get the lead why, and by how much', async () => {
    const recipients = ['Low', 'Thin', 'No', 'Odd', 'Free', 'Down', 'Broken'].map((name) => bidder(name));
    const recipient = answers({
      Low: bids(3),
      Thin: bids(6),
      No: { body: { outcome: 'failure', reason: 'not in TX' } },
      Odd: { body: { outcome: 'success', price: 'a lot' } },
      Free: bids(0),
      Down: { unsent: 'the connection was refused' },
      Broken: { status: 404, body: 'success' },
    });
    const flow = testFlow({
      pricing: { prices: [{ amount: 5 }] },
      steps: [
        distributionOf(recipients, { method: 'highest_bid', minimum_price: 5, margin_floor: { amount: 2 } }),
        UNSOLD,
      ],
    });
    const end = await auction(recipients, {}, { flow, recipient });
    expect(end.body).toMatchObject({ outcome: 'failure', reason: 'unsold' });
    const found = end.run.distributions[0]?.candidates.map(({ verdict, bid, shortBy }) => [
      verdict,
      bid?.fault ?? shortBy,
    ]);
    expect(found).toEqual([
      ['minimum', 20_000],
      ['margin', 10_000],
      ['no bid', 'answered failure'],
      ['no bid', 'answered no price that can be read'],
      ['no bid', 'answered the price 0'],
      ['no bid', 'was not reached (the connection was refused)'],
      ['no bid', 'answered failure'],
    ]);
  });

  it('takes the price rules of a recipient without a question as its bid', async () => {
    const standing = candidateOf('Alpha', { pricing: { prices: [{ amount: 30 }] } }, { url: `${HOST}/lead/Alpha` });
    const end = await auction([standing, bidder('Beta')], {}, { recipient: answers({ Beta: bids(29) }) });
    expect([listPaths(end), end.run.revenue]).toEqual([['bid/Beta', 'lead/Alpha'], 300_000]);
    const alone = await auction([standing], {}, { recipient: answers({}) });
    // Nothing was asked, so there was nothing to claim before the delivery.
    expect(alone.store.claims.map(({ caps }) => caps.length)).toEqual([1]);
  });

  it('sells to several, and asks the second tier only for what the first one left', async () => {
    const recipient = answers(THREE);
    expect(listPaths(await auction(ABC, { max_sales: 2 }, { recipient }))).toEqual([
      ...ASKED,
      'lead/Beta',
      'lead/Alpha',
    ]);
    const tiers = [bidder('Alpha', { tier: 2 }), bidder('Beta')];
    expect(listPaths(await auction(tiers, {}, { recipient }))).toEqual(['bid/Beta', 'lead/Beta']);
    const left = await auction(tiers, {}, { recipient: answers({ ...THREE, Beta: bids(0) }) });
    expect(listPaths(left)).toEqual(['bid/Beta', 'bid/Alpha', 'lead/Alpha']);
  });
});

describe('the claim of an auction', () => {
  it('takes the lead’s own places before a bid is asked for, and the winner’s with its delivery', async () => {
    const recipients = ABC.map((each) => ({ ...each, caps: [dailyCap({ id: CAP, maximum: 9 })] }));
    const order: string[] = [];
    const { store } = await auction(
      recipients,
      {},
      {
        recipient: (request) => {
          order.push(request.url.slice(HOST.length + 1));
          return answers(THREE)(request);
        },
        deps: { isLeaseHeld: () => order.push('lease') > 0 },
      },
    );
    expect(store.claims.map(({ seq, hasRun, caps }) => [seq, hasRun, caps.map(({ capId }) => capId)])).toEqual([
      [0, false, [OWN_CAP]],
      [1, true, [CAP]],
    ]);
    expect(order.indexOf('bid/Alpha')).toBe(2);
    expect(JSON.parse(store.claims[0]?.state ?? '')).toMatchObject({ version: 3, intent: null });
    expect(JSON.parse(store.claims[1]?.state ?? '')).toMatchObject({ version: 2, intent: { stepId: 'beta00' } });
  });

  it('holds the bid of the winner in its revenue caps, which need no maximum_price', async () => {
    const caps = [dailyCap({ id: CAP, type: 'revenue', maximum: 100 })];
    const recipients = [bidder('Alpha'), bidder('Beta', { caps, pricing: { override: true } })];
    const { store, body } = await auction(recipients, {}, { recipient: answers(THREE) });
    expect(body).toMatchObject({ outcome: 'success' });
    expect(store.claims[1]?.caps).toMatchObject([{ capId: CAP, amount: 310_000 }]);
  });

  it('decides again only before bids are asked for, so that each is asked once', async () => {
    const store = { changed: [{ fullCaps: [] }, null] };
    const end = await auction(ABC, {}, { store, recipient: answers(THREE) });
    expect(end.store.claims.map(({ seq }) => seq)).toEqual([0, 0, 1]);
    expect(listPaths(end)).toEqual([...ASKED, 'lead/Beta']);
  });

  it('asks no bidder when its cap is full by then', async () => {
    const end = await auction(ABC, {}, { store: { changed: [{ fullCaps: [OWN_CAP] }] }, recipient: answers(THREE) });
    expect([listPaths(end), end.body]).toEqual([
      [],
      { outcome: 'failure', reason: 'Cap reached', lead: expect.anything(), price: 0 },
    ]);
  });

  it.each([
    ['the claim cannot be made: no bid leaves', 1, [], 0],
    ['the delivery cannot be claimed: nothing is sold, and the places go back', 2, ASKED, 1],
  ])('%s', async (_, claimGoneFrom, sent, settlements) => {
    const end = await auction(ABC, {}, { store: { claimGoneFrom }, recipient: answers(THREE) });
    expect([end.end.kind, listPaths(end)]).toEqual(['unavailable', sent]);
    expect(end.store.settlements.map(({ used, waits }) => [used, waits])).toEqual(
      Array.from({ length: settlements }, () => [{ lead: false, steps: [] }, null]),
    );
  });
});

describe('the time of an auction', () => {
  /** Buyers that answer after so many ms, by a clock that only goes on when all wait. */
  function slowly(ms: Record<string, number>) {
    let now = 0;
    const timers: { at: number; run: () => void }[] = [];
    const startTimer: PhaseDeps['startTimer'] = (wait, run) => {
      const timer = { at: now + wait, run };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), 1);
    };
    const aborted: string[] = [];
    const budgets: number[] = [];
    const deliver: PhaseDeps['deliver'] = (request: OutboundRequest, { timeoutMs, signal }) => {
      const name = request.url.split('/').at(-1) ?? '';
      const body = JSON.stringify({ outcome: 'success', price: ms[name] });
      const response = { status: 200, version: '1.1', headers: { 'Content-Type': 'application/json' }, body };
      const result: DeliveryResult = {
        kind: 'answered',
        response,
        truncated: false,
        url: request.url,
        sentAt: 0,
        receivedAt: 0,
      };
      if (request.url.includes('/lead/')) return Promise.resolve(result);
      budgets.push(timeoutMs);
      return new Promise((resolve) => {
        startTimer(ms[name] ?? 0, () => resolve(result));
        signal?.addEventListener('abort', () => aborted.push(name));
      });
    };
    const goOn = setInterval(() => {
      const [next] = timers.toSorted((one, other) => one.at - other.at);
      if (!next) return;
      timers.splice(timers.indexOf(next), 1);
      now = next.at;
      next.run();
    });
    const clock = { now: () => 0, monotonic: () => now };
    const pass = (wait: number) => {
      now += wait;
    };
    return { deps: { startTimer, deliver, clock }, aborted, budgets, pass, stop: () => clearInterval(goOn) };
  }

  it('ends with the budget: who has not answered is late, and its request is aborted', async () => {
    const slow = slowly({ Alpha: 20, Beta: 900, Gamma: 250 });
    const end = await auction(ABC, { bid_timeout_ms: 300 }, { deps: slow.deps });
    slow.stop();
    expect(end.run.distributions[0]?.candidates.map(({ verdict, bid }) => [verdict, bid?.ms])).toEqual([
      ['outbid', 20],
      ['late', 300],
      ['accepted', 250],
    ]);
    // Those that have answered heed no abortion any more.
    expect(slow.aborted).toContain('Beta');
    expect(end.run.waitMs).toBe(300);
  });

  it.each([
    ['leaves the rest of it to buyers', 40, 260],
    ['leaves buyers half of it at least', 290, 150],
  ])('a claim that takes part of it %s', async (_what, claimMs, leftMs) => {
    const slow = slowly({ Alpha: 20, Beta: 900, Gamma: 100 });
    const store = { onClaim: () => slow.pass(claimMs) };
    const end = await auction(ABC, { bid_timeout_ms: 300 }, { deps: slow.deps, store });
    slow.stop();
    expect(slow.budgets.slice(0, 3)).toEqual([leftMs, leftMs, leftMs]);
    expect([end.run.waitMs, verdicts(end)]).toEqual([leftMs, ['outbid', 'late', 'accepted']]);
  });

  it('waits no longer than the last answer', async () => {
    const slow = slowly({ Alpha: 20, Beta: 40, Gamma: 60 });
    const end = await auction(ABC, { bid_timeout_ms: 300 }, { deps: slow.deps });
    slow.stop();
    expect([end.run.waitMs, slow.aborted, verdicts(end)]).toEqual([60, [], ['outbid', 'outbid', 'accepted']]);
  });

  it.each([
    [1, [900]],
    [0.05, []],
  ])('is never more than the deadline of the source of %d s leaves', async (seconds, budgets) => {
    const slow = slowly({ Alpha: 20 });
    const sources = [testSource({ deadline_seconds: seconds })];
    const steps = [distributionOf([bidder('Alpha')], { method: 'highest_bid', bid_timeout_ms: 5_000 }), UNSOLD];
    const end = await auction([], {}, { flow: testFlow({ sources, steps }), deps: slow.deps });
    slow.stop();
    expect(slow.budgets).toEqual(budgets);
    expect(end.run.distributions).toHaveLength(1);
  });
});
