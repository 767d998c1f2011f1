import { expect, it } from 'vitest';
import type { Pricing } from '../../../../src/model/pricing.ts';
import { describePricing, describePricingService, findHiding, isPriceForAll } from './describe-pricing.ts';

const TEXAS = { op: 'and' as const, rules: [{ lhv: 'lead.state', op: 'is equal to', rhv: 'TX' }] };

it.each<[Pricing | null, 'cost' | 'revenue', string | null]>([
  [null, 'cost', null],
  [{ prices: [] }, 'cost', null],
  [{ prices: [{ amount: 12 }] }, 'cost', '$12.00'],
  [{ prices: [{ amount: 12, rule_set: TEXAS }] }, 'cost', '$12.00 for some leads'],
  [{ prices: [{ amount: 12 }, { amount: 3.125, rule_set: TEXAS }] }, 'cost', '$3.125 to $12.00 by 2 prices'],
  [{ override: true, prices: [] }, 'cost', 'The submitted price'],
  [{ override: true, maximum_price: 25 }, 'revenue', 'The answered price, at most $25.00'],
])('%j of %s is said in short', (pricing, side, phrase) => {
  expect(describePricing(pricing, side)).toBe(phrase);
});

it('names the service and its fallback price', () => {
  const services = [{ id: 'a', name: 'Rates' }];
  expect(describePricingService({ service_id: 'a', fallback_price: 2 }, services)).toBe('By Rates, else $2.00');
  expect(describePricingService({ service_id: 'b', fallback_price: 2 }, services)).toMatch(/not there/);
  expect(describePricingService(null, services)).toBeNull();
});

it('finds prices that never count, because a later one is for every lead', () => {
  expect(findHiding([{ amount: 1, rule_set: TEXAS }, { amount: 2 }, { amount: 3, rule_set: TEXAS }])).toEqual([
    1,
    null,
    null,
  ]);
  expect(
    findHiding([
      { amount: 1, rule_set: { op: 'and', rules: [] } },
      { amount: 2, rule_set: TEXAS },
    ]),
  ).toEqual([null, null]);
  expect([isPriceForAll([{ amount: 1, rule_set: TEXAS }]), isPriceForAll([{ amount: 1 }])]).toEqual([false, true]);
});
