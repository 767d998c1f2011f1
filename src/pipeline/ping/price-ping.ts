import { type Money, NO_MONEY } from '../../model/money.ts';
import type { RunPart } from '../lead-run.ts';
import type { RunOf } from '../phase-access.ts';
import { PROCEED, type Verdict } from '../verdict.ts';

/** The reason of a ping that nothing stopped and that has no price (spec modules b). */
export const NO_BID_REASON = 'no bid';

/**
 * What a ping comes to, by the rule of the measured answer: without a price above 0 it is a failure, `no bid` where it has
 * no reason yet, and an error is a failure too. So what is recorded is what the sender reads.
 */
export function pricePing(run: RunOf<'revenue'>): Verdict {
  run.revenue = NO_MONEY;
  run.price = findPingPrice(run);
  if (run.price > 0) return PROCEED;
  run.outcome = 'failure';
  run.reason ??= NO_BID_REASON;
  return PROCEED;
}

/** The price of a ping: what the pricing phase offered, or the bids. */
function findPingPrice({ outcome, offered }: RunPart<'outcome' | 'offered'>): Money {
  return outcome === 'success' ? offered.amount : NO_MONEY;
}
