import { describe, expect, it } from 'vitest';
import type { FlowDocument, Source } from '../../model/flow.ts';
import type { Pricing } from '../../model/pricing.ts';
import { runTestLead } from '../testing/run-test-lead.ts';
import { deliveryTo, testFlow, testSource, when } from '../testing/test-flow.ts';

const prices = (...amounts: number[]): Pricing => ({ prices: amounts.map((amount) => ({ amount })) });
const texan: Pricing = { prices: [{ amount: 9, rule_set: when('lead.state', 'is equal to', 'TX') }] };
const override: Pricing = { override: true };

interface PriceCase {
  name: string;
  flow?: Partial<FlowDocument>;
  source?: Partial<Source>;
  values?: object;
  price: number;
}

const CASES: PriceCase[] = [
  { name: 'a price without an owner is 0', price: 0 },
  { name: 'the source’s', source: { pricing: prices(5) }, price: 5 },
  { name: 'the flow’s before the source’s', flow: { pricing: prices(3) }, source: { pricing: prices(5) }, price: 3 },
  {
    name: 'the source’s where none of the flow’s matches',
    flow: { pricing: texan },
    source: { pricing: prices(5) },
    price: 5,
  },
  {
    name: 'the flow’s where its rules match',
    flow: { pricing: texan },
    source: { pricing: prices(5) },
    values: { state: 'TX' },
    price: 9,
  },
  { name: 'the last of several that match', flow: { pricing: prices(1, 2.25, 0.0001) }, price: 0.0001 },
  {
    name: 'a service’s fallback ends the search',
    flow: { pricing_service: { service_id: 's', fallback_price: 2 }, pricing: prices(3) },
    source: { pricing: prices(5) },
    price: 2,
  },
  {
    name: 'the submitted price with override',
    flow: { pricing: override },
    source: { pricing: prices(5) },
    values: { price: '4.5' },
    price: 4.5,
  },
  { name: 'an override by the source', source: { pricing: override }, values: { price: 4 }, price: 4 },
  {
    name: 'override without a price is 0 and ends the search',
    flow: { pricing: override },
    source: { pricing: prices(5) },
    price: 0,
  },
  { name: 'a negative price is none', flow: { pricing: override }, values: { price: -1 }, price: 0 },
  { name: 'nor is a text', flow: { pricing: override }, values: { price: 'much' }, price: 0 },
  { name: 'the submitted price alone says nothing', values: { price: 4 }, price: 0 },
];

describe('pricing', () => {
  it.each(CASES)('$name', async ({ flow, source, values, price }) => {
    const document = testFlow({ sources: [testSource(source)], ...flow });
    const { body, events, settled } = await runTestLead({ flow: document, values });
    expect(body).toMatchObject({ outcome: 'success', price });
    expect(events.at(-1)).toMatchObject({ facts: { purchase_price: price, cost: price, offered_price: price } });
    expect(settled?.price).toBe(Math.round(price * 10_000));
  });

  it('a rejected lead costs nothing; what it would have cost stays visible', async () => {
    const acceptance_criteria = { rule_set: when('lead.state', 'is equal to', 'CA') };
    const { body, events, settled, document } = await runTestLead({
      flow: testFlow({ pricing: prices(3), acceptance_criteria }),
    });
    expect(body).toMatchObject({ outcome: 'failure', price: 0 });
    expect(events.at(-1)).toMatchObject({ facts: { purchase_price: 0, cost: 0, offered_price: 3 } });
    expect(settled?.price).toBe(0);
    expect(document.price).toEqual({
      offered: 3,
      winner: { level: 'flow', by: 'rule', path: 'pricing.prices.0' },
      also_matched: [],
    });
  });

  it('rules see the price before the lead is taken', async () => {
    const acceptance_criteria = { rule_set: when('price', 'is less than', 3), reason: 'Asks {{price}}' };
    const { body } = await runTestLead({ flow: testFlow({ pricing: prices(3.5), acceptance_criteria }) });
    expect(body).toMatchObject({ outcome: 'failure', reason: 'Asks 3.5' });
  });
});

describe('revenue', () => {
  const sold = (name: string, pricing?: Pricing) => deliveryTo(name, pricing ? { pricing } : {});
  const CASES: { name: string; steps: FlowDocument['steps']; answer?: object; revenue: number; sales: number[] }[] = [
    {
      name: 'sums what deliveries earned, to the last digit',
      steps: [sold('A', prices(0.1)), sold('B', prices(0.2))],
      revenue: 0.3,
      sales: [0.1, 0.2],
    },
    {
      name: 'takes the recipient’s own price with override',
      steps: [sold('A', override), sold('B')],
      revenue: 7.5,
      sales: [7.5, 0],
    },
    {
      name: 'a rejected delivery earns nothing',
      steps: [sold('A', prices(4))],
      answer: { outcome: 'no', price: 4 },
      revenue: 0,
      sales: [0],
    },
  ];

  it.each(CASES)('$name', async ({ steps, answer, revenue, sales }) => {
    const recipient = answer && (() => ({ body: answer }));
    const { events } = await runTestLead({
      flow: testFlow({ steps, pricing: prices(2) }),
      ...(recipient ? { recipient } : {}),
    });
    expect(events.at(-1)).toMatchObject({ type: 'source', facts: { recipient_revenue: revenue, cost: 2 } });
    expect(events.slice(0, -1).map(({ facts }) => facts)).toMatchObject(
      sales.map((sale) => ({ sale_price: sale, revenue: sale, cost: 2, purchase_price: 2 })),
    );
  });
});
