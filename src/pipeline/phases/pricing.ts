import { DOLLARS_MAX, dollars } from '../../model/money.ts';
import { type PriceVerdict, type PricingDecision, priceOfService } from '../../pricing/compile-pricing.ts';
import { routeOf } from '../lead-run.ts';
import type { RunOf } from '../phase-access.ts';
import { collectFindings } from '../rule-findings.ts';
import { buildPriceVars } from '../vars-head.ts';
import { PROCEED, type Verdict } from '../verdict.ts';

/**
 * What the lead would cost: the flow's price, else the source's, else 0 (decision 2). It is offered, not yet owed: a
 * lead that is rejected costs nothing (decision 27).
 */
export function pricing(run: RunOf<'pricing'>): Verdict {
  const { flow, source } = routeOf(run);
  const lead = { vars: run.vars, ctx: run.ctx, offered: run.values['price'], trace: collectFindings(run.findings) };
  const flowPrice = verdictOf(flow.pricing.evaluate(lead));
  run.offered = flowPrice.winner ? flowPrice : verdictOf(source.pricing.evaluate(lead));
  if (run.offered.isUnreadable) run.warnings.push(`The price that was submitted ${UNREADABLE_PRICE}`);
  Object.assign(run.vars, buildPriceVars(dollars(run.offered.amount)));
  return PROCEED;
}

/** How a warning of a price goes on; the price itself may be anything a stranger wrote, so it is not repeated. */
export const UNREADABLE_PRICE = `is not an amount of US dollars from 0 to ${DOLLARS_MAX}: it counts as 0.`;

/** No pricing services can be configured yet: one that is named did not answer, so its fallback price stands. */
export function verdictOf(decision: PricingDecision): PriceVerdict {
  return decision.kind === 'priced' ? decision.verdict : priceOfService(decision.service, undefined);
}
