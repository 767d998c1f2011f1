import { DOLLARS_MAX, dollars } from '../../model/money.ts';
import { type PriceVerdict, type PricingDecision, priceByService } from '../../pricing/compile-pricing.ts';
import { askForPrice } from '../ask-for-price.ts';
import { routeOf } from '../lead-run.ts';
import type { PhaseDeps } from '../phase.ts';
import type { RunOf } from '../phase-access.ts';
import { collectFindings } from '../rule-findings.ts';
import { buildPriceVars } from '../vars-head.ts';
import { PROCEED, type Verdict } from '../verdict.ts';

/**
 * What the lead would cost: the flow's price, else the source's, else 0 (decision 2). It is offered, not yet owed: a
 * lead that is rejected costs nothing (decision 27). Only a level with a pricing service waits for anything.
 */
export function pricing(run: RunOf<'pricing'>, deps: PhaseDeps): Verdict | Promise<Verdict> {
  const decision = decide(run);
  if (decision.kind === 'priced') return offer(run, decision.verdict);
  const { service } = decision;
  const asking = askForPrice(run, { service, deps });
  if (!(asking instanceof Promise)) return offer(run, priceByService(service, asking));
  return asking.then((amount) => offer(run, priceByService(service, amount)));
}

function decide(run: RunOf<'pricing'>): PricingDecision {
  const { flow, source } = routeOf(run);
  const lead = { vars: run.vars, ctx: run.ctx, offered: run.values['price'], trace: collectFindings(run.findings) };
  const ofFlow = flow.pricing.evaluate(lead);
  const isOwned = ofFlow.kind === 'ask-service' || ofFlow.verdict.winner !== null;
  return isOwned ? ofFlow : source.pricing.evaluate(lead);
}

function offer(run: RunOf<'pricing'>, verdict: PriceVerdict): Verdict {
  run.offered = verdict;
  if (verdict.isUnreadable) run.warnings.push(`The price that was submitted ${UNREADABLE_PRICE}`);
  Object.assign(run.vars, buildPriceVars(dollars(verdict.amount)));
  return PROCEED;
}

/** How a warning of a price goes on; the price itself may be anything a stranger wrote, so it is not repeated. */
export const UNREADABLE_PRICE = `is not an amount of US dollars from 0 to ${DOLLARS_MAX}: it counts as 0.`;
