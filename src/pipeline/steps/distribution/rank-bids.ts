import type { CompiledMargin } from '../../../flow-compiler/compiled-flow.ts';
import { hashText } from '../../../lib/hash-text.ts';
import type { Money } from '../../../model/money.ts';

/** What one candidate would pay for the lead. */
export interface RankedBid {
  id: string;
  amount: Money;
}

export interface AuctionTerms {
  minimumPrice: Money;
  margin: CompiledMargin | null;
  /** What the lead costs. */
  cost: Money;
  /** Orders equal bids: the id of the lead, so that the same lead has the same order each time. */
  seed: string;
}

export interface Ranking<Each extends RankedBid> {
  /** Those that the lead can be sold at, the best first. */
  order: Each[];
  /** The others, and how much each is too low. */
  tooLow: { bid: Each; verdict: 'minimum' | 'margin'; by: Money }[];
}

/** The order in which bids get the lead. Pure: a replay of the same bids has the same order. */
export function rankBids<Each extends RankedBid>(bids: readonly Each[], terms: AuctionTerms): Ranking<Each> {
  const ranking: Ranking<Each> = { order: [], tooLow: [] };
  for (const bid of bids) {
    const below = (terms.minimumPrice - bid.amount) as Money;
    const missing = (marginOf(bid.amount, terms.margin) - (bid.amount - terms.cost)) as Money;
    if (below > 0) ranking.tooLow.push({ bid, verdict: 'minimum', by: below });
    else if (terms.margin && missing > 0) ranking.tooLow.push({ bid, verdict: 'margin', by: missing });
    else ranking.order.push(bid);
  }
  const lot = ({ id }: Each) => hashText(`${terms.seed} ${id} ${terms.seed}`);
  ranking.order.sort((one, other) => other.amount - one.amount || (lot(one) < lot(other) ? -1 : 1));
  return ranking;
}

/** What a lead may cost that is sold at a price: not below 0. */
export function costBelow(price: Money, margin: CompiledMargin | null): Money {
  return Math.max(0, price - marginOf(price, margin)) as Money;
}

function marginOf(price: Money, margin: CompiledMargin | null): Money {
  if (!margin) return 0 as Money;
  return Math.max(margin.amount, Math.ceil((price * margin.percent) / 100)) as Money;
}
