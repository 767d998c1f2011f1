import type { Price, Pricing, PricingServiceConfiguration } from '../../../../src/model/pricing.ts';
import { formatMoney } from '../../parts/format-money.ts';
import type { Named } from '../part-props.ts';
import { countRules } from '../rules/rule-tree.ts';

/** Who pays: `cost` is what a lead costs, `revenue` what a recipient pays for it. */
export type PriceSide = 'cost' | 'revenue';

/**
 * Prices as a short phrase: `$12.00`, `$3.00 to $12.00 by 4 prices`, `The submitted price`; null: there is none, so that
 * the next level is asked, or the price is 0.
 */
export function describePricing(pricing: Pricing | null | undefined, side: PriceSide): string | null {
  if (pricing === null || pricing === undefined) return null;
  if (pricing.override === true) return describeOverride(pricing, side);
  const prices = pricing.prices ?? [];
  const [first] = prices;
  if (first === undefined) return null;
  const amounts = prices.map(({ amount }) => amount);
  const range = [Math.min(...amounts), Math.max(...amounts)].map((amount) => formatMoney(amount));
  const money = range[0] === range[1] ? range[0] : range.join(' to ');
  if (prices.length > 1) return `${money} by ${prices.length} prices`;
  return countRules(first.rule_set) === 0 ? `${money}` : `${money} for some leads`;
}

function describeOverride({ maximum_price: maximum }: Pricing, side: PriceSide): string {
  const word = side === 'cost' ? 'The submitted price' : 'The answered price';
  return maximum === null || maximum === undefined ? word : `${word}, at most ${formatMoney(maximum)}`;
}

/** `By Rates, else $2.00`; null: no service is asked. */
export function describePricingService(
  service: PricingServiceConfiguration | null | undefined,
  services: readonly Named[],
): string | null {
  if (service === null || service === undefined) return null;
  const name = services.find(({ id }) => id === service.service_id)?.name ?? 'a service that is not there';
  return `By ${name}, else ${formatMoney(service.fallback_price)}`;
}

/**
 * For each price the place of the one that hides it: a later price that every lead has; null: it may count. Of the prices that
 * match the last one counts.
 */
export function findHiding(prices: readonly Price[]): (number | null)[] {
  const lastForAll = prices.findLastIndex(({ rule_set }) => countRules(rule_set) === 0);
  return prices.map((_, index) => (index < lastForAll ? lastForAll : null));
}

/** Does every lead have a price here? */
export function isPriceForAll(prices: readonly Price[]): boolean {
  return prices.some(({ rule_set }) => countRules(rule_set) === 0);
}
