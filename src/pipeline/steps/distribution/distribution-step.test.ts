import { describe, expect, it } from 'vitest';
import type { Candidate, DistributionStep } from '../../../model/flow.ts';
import type { DistributionResult } from '../../lead-run.ts';
import { runTestLead, type TestLead } from '../../testing/run-test-lead.ts';
import type { RecipientScript } from '../../testing/scripted-ports.ts';
import {
  candidateOf,
  compileTestFlow,
  dailyCap,
  distributionOf,
  filter,
  testFlow,
  when,
} from '../../testing/test-flow.ts';
import type { TakeTurns, TurnRequest } from '../../turns.ts';
import { addChanges, type Credits, chooseNext } from './share-turns.ts';

const CAP = 'c1c1c1c1c1c1c1c1c1c1c1c1';
const UNSOLD = filter(when('distribution.main.sold', 'is false'), { reason: 'unsold' });

/** A buyer whose URL has its name, so that a script can answer for it. */
function buyer(name: string, parts: Partial<Candidate> = {}): Candidate {
  return candidateOf(name, { pricing: { override: true }, ...parts }, { url: `https://buyer.example.com/${name}` });
}

/** Answers by the buyer's name; one that is not here buys for 5 dollars. */
function answers(given: Record<string, ReturnType<RecipientScript>>): RecipientScript {
  return ({ url }) => given[url.split('/').at(-1) ?? ''] ?? { body: { outcome: 'success', price: 5 } };
}

const REFUSES = { body: { outcome: 'failure', reason: 'full' } };
const LOST = { unknown: 'the connection was reset' };
const DOWN = { unsent: 'the connection was refused' };

function distribute(
  recipients: readonly Candidate[],
  parts: Partial<DistributionStep> = {},
  lead: Omit<TestLead, 'flow'> = {},
) {
  const flow = testFlow({ steps: [distributionOf(recipients, parts), UNSOLD] });
  return runTestLead({ values: { state: 'TX' }, ...lead, flow });
}

function sentTo({ sent }: Awaited<ReturnType<typeof distribute>>): string[] {
  return sent.map(({ request }) => request.url.split('/').at(-1) ?? '');
}

function verdicts({ run }: Awaited<ReturnType<typeof distribute>>): string[] {
  const [only] = run.distributions;
  return only?.candidates.map(({ verdict, place }) => (place === null ? verdict : `${place} ${verdict}`)) ?? [];
}

const ABC = ['Alpha', 'Beta', 'Gamma'];

describe('a waterfall', () => {
  it('goes on to the next recipient until one accepts', async () => {
    const end = await distribute(
      ABC.map((name) => buyer(name)),
      {},
      { recipient: answers({ Alpha: REFUSES }) },
    );
    expect([end.body.outcome, sentTo(end)]).toEqual(['success', ['Alpha', 'Beta']]);
    expect(verdicts(end)).toEqual(['1 refused', '2 accepted', 'not reached']);
    expect(end.run.vars['distribution']).toEqual({
      main: { sold: true, sales: 1, winner: 'Beta', winner_id: 'b0b0b0b0b0b0b0b0b0b0b0b0', revenue: 5 },
    });
    expect(end.run.revenue).toBe(50_000);
    expect(end.run.stepCount).toBe(2);
  });

  it('is unsold when all refuse, which a later filter sees', async () => {
    const recipient = answers({ Alpha: REFUSES, Beta: DOWN });
    const end = await distribute([buyer('Alpha'), buyer('Beta')], {}, { recipient });
    expect(end.body).toMatchObject({ outcome: 'failure', reason: 'unsold' });
    expect(verdicts(end)).toEqual(['1 refused', '2 failed']);
  });

  it('never offers a lead again that may have arrived', async () => {
    const end = await distribute(
      ABC.map((name) => buyer(name)),
      {},
      { recipient: answers({ Alpha: LOST }) },
    );
    expect([sentTo(end), verdicts(end)]).toEqual([['Alpha'], ['1 unknown', 'not reached', 'not reached']]);
    expect(end.run.vars['distribution']).toMatchObject({ main: { sold: true, winner: 'Alpha', revenue: 0 } });
  });

  it('offers nothing to a recipient that is switched off, closed, full, or whose criteria fail, and leaves no event of it', async () => {
    const end = await distribute(
      [
        buyer('Off', { enabled: false }),
        buyer('Closed', { hours_of_operation: { days: { sunday: [{ start: '00:00', end: '24:00' }] } } }),
        buyer('Picky', { rule_set: when('lead.state', 'is equal to', 'CA') }),
        buyer('Full', { caps: [dailyCap({ id: CAP })] }),
        buyer('Open'),
      ],
      {},
      { store: { fullCaps: [CAP] } },
    );
    expect(verdicts(end)).toEqual(['disabled', 'hours', 'criteria', 'cap', '1 accepted']);
    expect(end.events.map(({ type, outcome }) => [type, outcome])).toEqual([
      ['recipient', 'success'],
      ['filter', 'continue'],
      ['source', 'success'],
    ]);
    expect(end.settled?.refusals).toMatchObject([{ capId: CAP }]);
    const [rule] = end.document.findings;
    expect(rule.slice(1)).toEqual(['TX', 'CA', 0]);
  });

  it('judges a recipient when it is reached: criteria may ask what an earlier one answered', async () => {
    const end = await distribute(
      [buyer('Alpha'), buyer('Beta', { rule_set: when('alpha.reason', 'is equal to', 'full') })],
      {},
      { recipient: answers({ Alpha: REFUSES }) },
    );
    expect(verdicts(end)).toEqual(['1 refused', '2 accepted']);
  });

  it('takes the next recipient when the cap of the first one became full before the claim', async () => {
    const end = await distribute(
      [buyer('Alpha', { caps: [dailyCap({ id: CAP })] }), buyer('Beta')],
      {},
      { store: { changed: [{ fullCaps: [CAP] }] } },
    );
    expect([sentTo(end), verdicts(end)]).toEqual([['Beta'], ['cap', '1 accepted']]);
  });

  it('skips an offer whose cap became full after the first claim', async () => {
    const end = await distribute(
      [buyer('Alpha'), buyer('Beta', { caps: [dailyCap({ id: CAP })] }), buyer('Gamma')],
      {},
      { store: { changed: [null, { fullCaps: [CAP] }] }, recipient: answers({ Alpha: REFUSES }) },
    );
    expect(verdicts(end)).toEqual(['1 refused', '2 skipped', '3 accepted']);
    expect(sentTo(end)).toEqual(['Alpha', 'Gamma']);
  });

  it('claims the lead’s own places once, with the first offer', async () => {
    const flow = testFlow({
      caps: [dailyCap({ id: 'c0c0c0c0c0c0c0c0c0c0c0c0' })],
      steps: [distributionOf([buyer('Alpha'), buyer('Beta')])],
    });
    const { store } = await runTestLead({ flow, recipient: answers({ Alpha: REFUSES }) });
    expect(store.claims.map(({ caps, seq, hasRun }) => [caps.length, seq, hasRun])).toEqual([
      [1, 0, false],
      [0, 1, true],
    ]);
  });

  it('is passed over as a whole when it is switched off, and counts as one step', async () => {
    const end = await distribute([buyer('Alpha'), buyer('Beta')], { enabled: false });
    expect([end.sent, end.run.stepCount, end.run.distributions]).toEqual([[], 2, []]);
  });

  it('offers no more when the time of the source is used up', async () => {
    const source = { id: 'src001', entity: { id: '5c5c5c5c5c5c5c5c5c5c5c5c', name: 'Acme' }, deadline_seconds: 10 };
    const integration = { module_id: 'leadconduit-default.inbound', mappings: [] };
    let now = 0;
    const flow = testFlow({
      sources: [{ ...source, integration }],
      steps: [distributionOf([buyer('Alpha'), buyer('Beta')])],
    });
    const end = await runTestLead({
      flow,
      deps: { clock: { now: () => 0, monotonic: () => now } },
      recipient: () => {
        now = 9_950;
        return REFUSES;
      },
    });
    expect(verdicts(end)).toEqual(['1 refused', 'not reached']);
  });
});

describe('priority and tiers', () => {
  it('offers by priority, equal ones in the order of the list', async () => {
    const end = await distribute([buyer('Alpha'), buyer('Beta', { priority: 5 }), buyer('Gamma', { priority: 5 })], {
      method: 'priority',
      max_sales: 3,
    });
    expect(sentTo(end)).toEqual(['Beta', 'Gamma', 'Alpha']);
  });

  it('comes to the second tier only when the first one has not sold the lead', async () => {
    const tiers = [buyer('Alpha', { tier: 2 }), buyer('Beta')];
    expect(sentTo(await distribute(tiers))).toEqual(['Beta']);
    const refused = await distribute(tiers, {}, { recipient: answers({ Beta: REFUSES }) });
    expect(sentTo(refused)).toEqual(['Beta', 'Alpha']);
  });
});

describe('several sales', () => {
  it('send_all offers the lead to everybody, and sums what they pay', async () => {
    const end = await distribute(
      ABC.map((name) => buyer(name, { pricing: { override: true } })),
      { method: 'send_all' },
    );
    expect(sentTo(end)).toEqual(ABC);
    expect(end.run.vars['distribution']).toMatchObject({ main: { sales: 3, winner: 'Alpha', revenue: 22.5 } });
  });

  it('ends with the sale that max_sales allows', async () => {
    const end = await distribute(
      ABC.map((name) => buyer(name)),
      { method: 'send_all', max_sales: 2 },
    );
    expect(verdicts(end)).toEqual(['1 accepted', '2 accepted', 'not reached']);
  });

  it('hybrid: an exclusive recipient is asked first, and the lead is shared only when it refuses', async () => {
    const recipients = [buyer('Shared'), buyer('Third'), buyer('Alone', { exclusive: true })];
    expect(sentTo(await distribute(recipients, { max_sales: 2 }))).toEqual(['Alone']);
    const shared = await distribute(recipients, { max_sales: 2 }, { recipient: answers({ Alone: REFUSES }) });
    expect(sentTo(shared)).toEqual(['Alone', 'Shared', 'Third']);
  });
});

describe('destinations behind a distribution', () => {
  const WEBHOOK = { action_id: 'add', name: 'Add', webhook_url: 'https://warehouse.example.com/add' };
  const instance = {
    instanceId: 'd0d0d0d0d0d0d0d0d0d0d0d0',
    name: 'Warehouse',
    actions: [WEBHOOK],
    secret: `whsec_${btoa('s'.repeat(32))}`,
  };
  it.each<[string, Record<string, ReturnType<RecipientScript>>, boolean]>([
    ['get a lead that another recipient bought after one was down', { Alpha: DOWN }, true],
    ['get no lead that was not sold because one recipient was down', { Alpha: DOWN, Beta: REFUSES }, false],
    ['get no lead that may have arrived', { Alpha: LOST }, false],
  ])('%s', async (_, given, isSent) => {
    const document = testFlow({
      steps: [distributionOf([buyer('Alpha'), buyer('Beta')])],
      destinations: [{ instance_id: instance.instanceId }],
    });
    const { flow } = compileTestFlow(document, undefined, [instance]);
    const end = await runTestLead({
      deps: { findFlow: () => ({ kind: 'found', flow }) },
      recipient: answers(given),
    });
    expect(sentTo(end).includes('add')).toBe(isSent);
  });
});

describe('events of a distribution', () => {
  it('say which offer each delivery was, and of every recipient why it got the lead or did not', async () => {
    const { events, document } = await distribute(
      ABC.map((name) => buyer(name)),
      { name: 'Mortgage buyers' },
      { recipient: answers({ Alpha: REFUSES }) },
    );
    const source = events.at(-1)?.['facts'] as { distributions: unknown };
    expect(events.slice(0, 2).map(({ facts }) => (facts as { distribution: unknown }).distribution)).toEqual([
      { step_id: 'shares', place: 1, by_turn: false },
      { step_id: 'shares', place: 2, by_turn: false },
    ]);
    expect(source.distributions).toEqual([
      {
        step_id: 'shares',
        key: 'mortgage_buyers',
        method: 'waterfall',
        max_sales: 1,
        sales: 1,
        recipients: [
          { step_id: 'alpha0', verdict: 'refused', place: 1 },
          { step_id: 'beta00', verdict: 'accepted', place: 2 },
          { step_id: 'gamma0', verdict: 'not reached' },
        ],
      },
    ]);
    expect(document.distributions).toMatchObject([{ seq: 2, key: 'mortgage_buyers', vars: { winner: 'Beta' } }]);
  });
});

/** Turns as the store keeps them, and what was asked of it. */
function keepTurns(): { takeTurn: TakeTurns; asked: TurnRequest[]; credits(): Credits } {
  const asked: TurnRequest[] = [];
  let credits: Credits = {};
  return {
    asked,
    credits: () => Object.fromEntries(Object.entries(credits).filter(([, credit]) => credit !== 0)),
    takeTurn: async (request) => {
      asked.push(request);
      for (const changes of request.returned) credits = addChanges(credits, changes, -1);
      const choice = chooseNext(credits, request.sharers);
      if (!choice) return { kind: 'returned' };
      credits = addChanges(credits, choice.changes);
      return { kind: 'taken', choice };
    },
  };
}

describe('turns', () => {
  async function firstOffers(
    count: number,
    parts: Partial<DistributionStep>,
    recipients = ABC.map((name) => buyer(name)),
  ) {
    const turns = keepTurns();
    const firsts: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const end = await distribute(recipients, parts, { deps: { takeTurn: turns.takeTurn } });
      firsts.push(sentTo(end)[0] ?? '');
    }
    return firsts;
  }

  it('round_robin takes them in the order of the list', async () => {
    expect(await firstOffers(7, { method: 'round_robin' })).toEqual([...ABC, ...ABC, 'Alpha']);
  });

  it('weighted spreads a large share over the others', async () => {
    const recipients = [buyer('Alpha', { weight: 2 }), buyer('Beta'), buyer('Gamma', { weight: 0 })];
    const firsts = await firstOffers(6, { method: 'weighted' }, recipients);
    expect(firsts.filter((name) => name === 'Alpha')).toHaveLength(4);
    expect(firsts).not.toContain('Gamma');
    expect(firsts.slice(0, 3).sort()).toEqual(['Alpha', 'Alpha', 'Beta']);
  });

  it('round_robin charges an offer that was refused, and the one that followed', async () => {
    const turns = keepTurns();
    const lead = { deps: { takeTurn: turns.takeTurn }, recipient: answers({ Alpha: REFUSES }) };
    const end = await distribute([buyer('Alpha'), buyer('Beta')], { method: 'round_robin' }, lead);
    expect(sentTo(end)).toEqual(['Alpha', 'Beta']);
    expect(turns.credits()).toEqual({ alpha0: -500_000_000, beta00: 500_000_000 });
    const next = await distribute([buyer('Alpha'), buyer('Beta')], { method: 'round_robin' }, lead);
    expect(sentTo(next)).toEqual(['Beta']);
    expect((next.run.distributions[0] as DistributionResult).candidates[1]).toMatchObject({ byTurn: true, place: 1 });
  });

  it('percentage gives the turn of a refused offer back as if it had not been made', async () => {
    const turns = keepTurns();
    const recipients = [buyer('Alpha', { percentage: 50 }), buyer('Beta', { percentage: 50 })];
    const lead = { deps: { takeTurn: turns.takeTurn }, recipient: answers({ Alpha: REFUSES }) };
    for (let index = 0; index < 3; index += 1) await distribute(recipients, { method: 'percentage' }, lead);
    expect(turns.credits()).toEqual({});
    const accepting = await distribute(recipients, { method: 'percentage' }, { deps: { takeTurn: turns.takeTurn } });
    expect(sentTo(accepting)).toEqual(['Alpha']);
    expect(turns.credits()).toEqual({ alpha0: -500_000_000, beta00: 500_000_000 });
  });

  it('charges a lead that decides again once, and keeps its turn', async () => {
    const turns = keepTurns();
    const flow = testFlow({
      list_checks: { duplicate: { value: '{{lead.email}}', list_name: 'People' } },
      caps: [dailyCap({ id: CAP, maximum: 9 })],
      steps: [distributionOf([buyer('Alpha'), buyer('Beta')], { method: 'round_robin' })],
    });
    const lead = { flow, values: { email: 'ann@example.com' }, deps: { takeTurn: turns.takeTurn } };
    const end = await runTestLead({ ...lead, store: { changed: [{}] } });
    expect([sentTo(end), end.store.claims.length, turns.asked.length]).toEqual([['Alpha'], 2, 1]);
    expect(turns.credits()).toEqual({ alpha0: -500_000_000, beta00: 500_000_000 });
    expect(end.run.turns).toEqual([]);
  });

  it('gives the turn back of a lead that decides again and is rejected', async () => {
    const turns = keepTurns();
    const flow = testFlow({
      caps: [dailyCap({ id: CAP })],
      steps: [distributionOf([buyer('Alpha'), buyer('Beta')], { method: 'round_robin' })],
    });
    const end = await runTestLead({
      flow,
      deps: { takeTurn: turns.takeTurn },
      store: { changed: [{ fullCaps: [CAP] }] },
    });
    expect(end.body.outcome).toBe('failure');
    expect(turns.asked.map(({ sharers, returned }) => [sharers.length, returned.length])).toEqual([
      [2, 0],
      [0, 1],
    ]);
    expect(turns.credits()).toEqual({});
  });

  it('gives the turn back whose recipient became full, with the next choice', async () => {
    const turns = keepTurns();
    const end = await distribute(
      [buyer('Alpha', { caps: [dailyCap({ id: CAP })] }), buyer('Beta'), buyer('Gamma')],
      { method: 'round_robin' },
      { deps: { takeTurn: turns.takeTurn }, store: { changed: [{ fullCaps: [CAP] }] } },
    );
    expect(sentTo(end)).toEqual(['Beta']);
    expect(turns.credits()).toEqual({ beta00: -500_000_000, gamma0: 500_000_000 });
  });

  it('is no lead when the store of turns is away', async () => {
    const takeTurn: TakeTurns = async () => ({ kind: 'unavailable', reason: 'the database cannot be reached' });
    const end = await distribute([buyer('Alpha')], { method: 'round_robin' }, { deps: { takeTurn } });
    expect([end.end.kind, end.sent]).toEqual(['unavailable', []]);
  });
});
