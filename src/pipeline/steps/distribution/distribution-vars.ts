import { addMoney, dollars, NO_MONEY } from '../../../model/money.ts';
import type { Vars } from '../../../model/vars.ts';
import type { OfferFacts } from '../../../stored/event-facts.ts';
import type { Bid, DistributionVars } from '../../lead-run.ts';
import type { AgreedSale } from '../recipient/step-run.ts';
import type { Sale } from './round.ts';

export function buildDistributionVars(sales: readonly Sale[], bids: ReadonlyMap<string, Bid>): DistributionVars {
  const [first] = sales;
  const revenue = sales.reduce(
    (sum, { result }) => (result.outcome === 'success' ? addMoney(sum, result.salePrice) : sum),
    NO_MONEY,
  );
  const bid = first && bids.get(first.candidate.id);
  return {
    sold: first !== undefined,
    sales: sales.length,
    winner: first?.candidate.entityName ?? null,
    winner_id: first?.candidate.entityId ?? null,
    revenue: dollars(revenue),
    ...(bid?.amount ? buildSaleVars({ amount: bid.amount, bidId: bid.id }) : {}),
  };
}

/** What the delivery to a bidder reads below `distribution.<key>`. */
export function buildSaleVars({ amount, bidId }: AgreedSale): Pick<DistributionVars, 'bid' | 'bid_id'> {
  return { bid: dollars(amount), bid_id: bidId };
}

/** The same on the event of the delivery; nothing of another one. */
export function buildSaleFacts(sale: AgreedSale | undefined): Pick<OfferFacts, 'bid' | 'bid_id'> {
  if (!sale) return {};
  return { bid: dollars(sale.amount), ...(sale.bidId === null ? {} : { bid_id: sale.bidId }) };
}

/** Nothing else writes below this name. */
export function addBelowDistribution(vars: Vars, added: Record<string, unknown>): Vars {
  const before = vars['distribution'];
  return { ...vars, distribution: { ...(before as Record<string, unknown> | undefined), ...added } };
}
