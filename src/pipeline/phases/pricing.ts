import { instantOfId } from '../../lib/ids.ts';
import { DOLLARS_MAX, dollars } from '../../model/money.ts';
import { type PriceVerdict, type PricingDecision, priceByPing, priceByService } from '../../pricing/compile-pricing.ts';
import { askForPrice } from '../ask-for-price.ts';
import { type NamedPing, routeOf } from '../lead-run.ts';
import { buildRedemption, findHindrance, PING_NOT_FOUND } from '../named-ping.ts';
import type { PhaseDeps } from '../phase.ts';
import type { RunOf } from '../phase-access.ts';
import { listDifferentFields } from '../ping/ping-values.ts';
import { findListVerdict } from '../places-known.ts';
import { collectFindings } from '../rule-findings.ts';
import { buildPriceVars } from '../vars-head.ts';
import { PROCEED, stop, type Verdict } from '../verdict.ts';

/**
 * What the lead would cost: the flow's price, else the source's, else 0 (decision 2). It is offered, not yet owed: a
 * lead that is rejected costs nothing (decision 27). Only a level with a pricing service waits for anything.
 *
 * A post that names a ping costs what the ping said, or fails (decision page 0074): prices and services are not asked.
 */
export function pricing(run: RunOf<'pricing'>, deps: PhaseDeps): Verdict | Promise<Verdict> {
  if (run.namedPing !== null) {
    const redeemed = redeem(run, { named: run.namedPing, deps });
    if (redeemed !== null) return redeemed;
  }
  const decision = decide(run);
  if (decision.kind === 'priced') return offer(run, decision.verdict);
  const { service } = decision;
  const asking = askForPrice(run, { service, deps });
  if (!(asking instanceof Promise)) return offer(run, priceByService(service, asking));
  return asking.then((amount) => offer(run, priceByService(service, amount)));
}

/** null: what is named is no ping, and the flow answers none, so it is a parameter like any other that is not known. */
function redeem(
  run: RunOf<'pricing'>,
  { named: { id, seen }, deps }: { named: Readonly<NamedPing>; deps: PhaseDeps },
): Verdict | null {
  const { flow, source } = routeOf(run);
  if (id === null || seen === null) return flow.pings.isEnabled ? stop('failure', PING_NOT_FOUND) : null;
  const { resubmission } = run.submission;
  let different: string[] = [];
  const hindrance = findHindrance({
    seen,
    flowId: flow.id,
    sourceId: source.entityId,
    isRedeemed: findListVerdict(run.known, buildRedemption(id))?.found === true,
    postedAt: resubmission ? instantOfId(resubmission.from) : run.ctx.now,
    isSame: () => {
      different = listDifferentFields(run, { pingId: id, carried: seen.values, hashListValue: deps.hashListValue });
      return different.length === 0;
    },
  });
  if (different.length > 0) run.warnings.push(warnOfDifference(different));
  return hindrance === null ? offer(run, priceByPing(seen.price)) : stop('failure', hindrance);
}

/** Fields that a warning names. */
const FIELDS_NAMED_MAX = 10;

function warnOfDifference(fields: readonly string[]): string {
  const more = fields.length > FIELDS_NAMED_MAX ? ` and ${fields.length - FIELDS_NAMED_MAX} more` : '';
  const named = fields.slice(0, FIELDS_NAMED_MAX).join(', ');
  return `The post does not have the values of its ping in these fields: ${named}${more}`;
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
