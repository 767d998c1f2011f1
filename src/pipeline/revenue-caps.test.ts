import { describe, expect, it } from 'vitest';
import type { Cap } from '../model/cap.ts';
import type { FlowDocument } from '../model/flow.ts';
import { countUsed, type ListVerdict } from './run-store.ts';
import { runTestLead, type TestLead } from './testing/run-test-lead.ts';
import { dailyCap, deliveryTo, filter, testFlow, testSource, when } from './testing/test-flow.ts';

/* What leads ask revenue caps for, and how much of it is used when they end (decision page 0076). */

const FLOW_CAP = 'c0c0c0c0c0c0c0c0c0c0c0c0';
const SOURCE_CAP = 'c1c1c1c1c1c1c1c1c1c1c1c1';
const STEP_CAP = 'c2c2c2c2c2c2c2c2c2c2c2c2';
const HELD: ListVerdict = { found: true, because: 'held', addedAt: null, by: { leadId: 'first', isRetried: false } };

const budget = (id: string, parts: Partial<Cap> = {}) => dailyCap({ id, type: 'revenue', maximum: 100, ...parts });
const prices = { prices: [{ amount: 2.5 }, { amount: 4, rule_set: when('lead.state', 'is equal to', 'NV') }] };
const spending = (parts: Partial<FlowDocument> = {}) =>
  testFlow({
    caps: [budget(FLOW_CAP)],
    sources: [testSource({ caps: [budget(SOURCE_CAP, { maximum: 50 })] })],
    pricing: prices,
    ...parts,
  });
const asked = (requests: readonly { caps: readonly { capId: string; amount?: unknown; maximum: number }[] }[]) =>
  requests.map(({ caps }) => caps.map(({ capId, amount, maximum }) => [capId, amount, maximum]));

describe('a revenue cap of flow or source', () => {
  it('is asked for the price of the lead, and holds it until the end', async () => {
    const steps = [deliveryTo('Buyer')];
    const { store, settled } = await runTestLead({ flow: spending({ steps }), values: { state: 'NV' } });
    const wanted = [
      [FLOW_CAP, 40_000, 1_000_000],
      [SOURCE_CAP, 40_000, 500_000],
    ];
    expect([asked(store.looks), asked(store.claims)]).toEqual([[wanted], [wanted]]);
    expect(settled?.held.caps.map((hold) => settled && countUsed(settled.used, hold))).toEqual([40_000, 40_000]);
  });

  it('is not asked by a lead without a price, full or not', async () => {
    const flow = spending({ pricing: { prices: [] } });
    const { body, store, settled } = await runTestLead({ flow, store: { fullCaps: [FLOW_CAP, SOURCE_CAP] } });
    expect([body.outcome, store.looks, settled?.claims?.caps]).toEqual(['success', [], []]);
  });

  it('rejects the lead it has no room for, and says what it would have taken', async () => {
    const flow = spending({ caps: [budget(FLOW_CAP, { reason: 'Spent' })] });
    const { body, settled, document } = await runTestLead({ flow, store: { fullCaps: [FLOW_CAP] } });
    expect(body).toMatchObject({ outcome: 'failure', reason: 'Spent', price: 0 });
    expect(settled?.refusals).toMatchObject([{ capId: FLOW_CAP, amount: 25_000 }]);
    expect(document.cap).toMatchObject({ capId: FLOW_CAP, amount: 25_000, maximum: 1_000_000 });
  });

  it('inside a volume cap and around one, each takes its own', async () => {
    const flow = testFlow({
      caps: [
        dailyCap({ id: FLOW_CAP, caps: [budget(SOURCE_CAP, { caps: [dailyCap({ id: STEP_CAP, maximum: 3 })] })] }),
      ],
      pricing: prices,
    });
    expect(asked((await runTestLead({ flow })).store.looks)).toEqual([
      [
        [FLOW_CAP, undefined, 1],
        [SOURCE_CAP, 25_000, 1_000_000],
        [STEP_CAP, undefined, 3],
      ],
    ]);
  });

  const flow = spending({
    list_checks: { duplicate: { value: '{{lead.email}}', list_name: 'People' } },
    acceptance_criteria: { rule_set: when('suppressionlist.is_duplicate', 'is not true'), reason: 'duplicate' },
  });
  const checked: TestLead = {
    flow,
    values: { email: 'ann@example.com' },
  };

  it('is looked at with the price, and the lists once more in the same read', async () => {
    const { body, store } = await runTestLead(checked);
    expect(body.outcome).toBe('success');
    expect(store.looks.map(({ lists, caps }) => [lists.length, caps.length])).toEqual([
      [1, 0],
      [1, 2],
    ]);
  });

  it('does not refuse a lead for the money of its own duplicate: that is found in the same read', async () => {
    const store = { fullCaps: [FLOW_CAP], listsByLook: [[{ found: false } as const], [HELD]] };
    // Duplicates cost nothing here.
    const pricing = { prices: [{ amount: 2, rule_set: when('suppressionlist.is_duplicate', 'is false') }] };
    const end = await runTestLead({ ...checked, flow: { ...flow, pricing }, store });
    expect(end.body).toMatchObject({ outcome: 'failure', reason: 'duplicate' });
    expect([end.store.looks.length, end.settled?.refusals]).toEqual([2, []]);
  });

  it('of a lead whose price changes when it decides again is asked for the new one', async () => {
    const flow = spending({
      list_checks: { duplicate: { value: '{{lead.email}}', list_name: 'People' } },
      pricing: { prices: [{ amount: 2 }, { amount: 1, rule_set: when('suppressionlist.is_duplicate', 'is true') }] },
      steps: [deliveryTo('Buyer')],
    });
    const { body, store } = await runTestLead({ ...checked, flow, store: { changed: [{ lists: [HELD] }] } });
    expect(body).toMatchObject({ outcome: 'success', price: 1 });
    expect(asked(store.looks).map((caps) => caps.map(([, amount]) => amount))).toEqual([
      [],
      [20_000, 20_000],
      [10_000, 10_000],
    ]);
    expect(
      asked(store.claims)
        .at(-1)
        ?.map(([, amount]) => amount),
    ).toEqual([10_000, 10_000]);
  });
});

describe('a revenue cap of a step', () => {
  const selling = (pricing: object, caps: Cap[] = [budget(STEP_CAP)]) =>
    testFlow({ steps: [deliveryTo('Buyer', { caps, pricing })] });
  const answers = (price: unknown, outcome = 'success') => ({
    recipient: () => ({ body: { outcome, price } }),
  });
  const usedBy = async (lead: TestLead) => {
    const { settled, store, events } = await runTestLead(lead);
    const [, hold] = [...(settled?.held.caps ?? []), ...(settled?.held.caps ?? [])];
    const { facts } = events[0] as { facts: { sale_price: number; warnings?: string[] } };
    const used = settled && hold ? countUsed(settled.used, hold) : null;
    return { taken: asked(store.claims)[0]?.map(([, amount]) => amount), used, sold: facts.sale_price, facts };
  };

  it.each([
    ['by its rules: what it will be sold for', prices, 99, { taken: [25_000], used: 25_000, sold: 2.5 }],
    [
      'with a price below the maximum',
      { override: true, maximum_price: 30 },
      12.5,
      { taken: [300_000], used: 125_000, sold: 12.5 },
    ],
    [
      'with a price of exactly the maximum',
      { override: true, maximum_price: 30 },
      30,
      { taken: [300_000], used: 300_000, sold: 30 },
    ],
    ['with no price at all', { override: true, maximum_price: 30 }, null, { taken: [300_000], used: 0, sold: 0 }],
  ])('%s', async (_, pricing, price, wanted) => {
    const { facts, ...found } = await usedBy({ flow: selling(pricing), ...answers(price) });
    expect(found).toEqual(wanted);
    expect(facts.warnings).toBeUndefined();
  });

  it('books a higher price as the maximum and says so on the event, with a revenue cap and without one', async () => {
    const pricing = { override: true, maximum_price: 30 };
    const warnings = [
      'The price the recipient answered is above the maximum_price of the step: 30 dollars are booked.',
    ];
    const capped = await usedBy({ flow: selling(pricing), ...answers(30.0001) });
    expect(capped).toMatchObject({ taken: [300_000], used: 300_000, sold: 30, facts: { warnings } });
    const uncapped = await runTestLead({ flow: selling(pricing, [dailyCap({ id: STEP_CAP })]), ...answers(45) });
    expect(uncapped.events[0]).toMatchObject({ facts: { sale_price: 30, revenue: 30, warnings } });
    expect(uncapped.run.revenue).toBe(300_000);
  });

  it('gives everything back of a delivery that is refused, and keeps it all of one of unknown end', async () => {
    const flow = selling({ override: true, maximum_price: 30 });
    expect(await usedBy({ flow, ...answers(12, 'failure') })).toMatchObject({ taken: [300_000], used: 0 });
    const lost = await runTestLead({ flow, recipient: () => ({ unknown: 'no answer' }) });
    expect(lost.settled?.held.caps.map((hold) => lost.settled && countUsed(lost.settled.used, hold))).toEqual([
      300_000,
    ]);
    expect(lost.settled?.unknowns).toMatchObject([{ holds: { caps: [{ capId: STEP_CAP, amount: 300_000 }] } }]);
  });

  it('that has no room skips the step, and another step sells the lead', async () => {
    const flow = testFlow({
      steps: [
        deliveryTo('First', { caps: [budget(STEP_CAP, { reason: 'Enough for today' })], pricing: prices }),
        deliveryTo('Second'),
      ],
    });
    const { sent, events, settled } = await runTestLead({ flow, store: { fullCaps: [STEP_CAP] } });
    expect(sent).toHaveLength(1);
    expect(events[0]).toMatchObject({ outcome: 'skip', reason: 'Enough for today', facts: { caps_reached: true } });
    expect(settled?.refusals).toMatchObject([{ capId: STEP_CAP, amount: 25_000 }]);
  });

  it('full by the time of the claim skips a further step', async () => {
    const flow = testFlow({
      steps: [
        deliveryTo('First'),
        deliveryTo('Second', { caps: [budget(STEP_CAP)], pricing: prices }),
        filter(when('lead.email', 'is not blank')),
      ],
    });
    const { events, store } = await runTestLead({ flow, store: { changed: [null, { fullCaps: [STEP_CAP] }] } });
    expect(asked(store.claims)).toEqual([[], [[STEP_CAP, 25_000, 1_000_000]]]);
    expect(events[1]).toMatchObject({ outcome: 'skip', facts: { caps_reached: true } });
  });
});
