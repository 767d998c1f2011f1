import type { CompiledCandidate } from '../../flow-compiler/compiled-flow.ts';
import { type Money, NO_MONEY } from '../../model/money.ts';
import { priceByBid } from '../../pricing/compile-pricing.ts';
import { routeOf } from '../lead-run.ts';
import { buildCapRequests, lookAtPlaces } from '../look-at-places.ts';
import type { PhaseDeps } from '../phase.ts';
import type { RunOf } from '../phase-access.ts';
import { judgeCaps } from '../phases/caps.ts';
import { buildDistributionVars } from '../steps/distribution/distribution-vars.ts';
import { listEligible } from '../steps/distribution/eligible.ts';
import { costBelow } from '../steps/distribution/rank-bids.ts';
import {
  buildResult,
  type DistributionRound,
  groupCandidates,
  leaveOutDisabled,
  note,
  startRound,
} from '../steps/distribution/round.ts';
import { holdAuction, type SaleAtBid } from '../steps/distribution/take-bids.ts';
import { PROCEED, type Verdict } from '../verdict.ts';

/**
 * What a ping does in the place of the steps: where bids price pings (decision page 0082), it holds the auction that its
 * post would hold, without a claim and without a sale. Its price is what the best bid leaves; without one it is 0. The
 * post is then sold at these bids.
 */
export function askBidders(run: RunOf<'steps'>, deps: PhaseDeps): Verdict | Promise<Verdict> {
  const { bidders } = routeOf(run).flow.pings;
  return bidders.length === 0 ? PROCEED : priceByBids(run, { bidders, deps });
}

async function priceByBids(
  run: RunOf<'steps'>,
  { bidders, deps }: { bidders: readonly CompiledCandidate[]; deps: PhaseDeps },
): Promise<Verdict> {
  const round = startRound(run, { candidates: bidders, deps });
  const { distribution } = round;
  const price = await findPrice(round, bidders);
  run.offered = priceByBid(price, distribution.path);
  run.distributions.push({
    ...buildResult(round, { candidates: bidders, isDecided: price > 0 }),
    ...{ sales: 0, vars: buildDistributionVars([], round.bids), seq: 0 },
  });
  return price > 0 ? judgeRevenueCaps(run, deps) : PROCEED;
}

/** Group by group, as a lead is offered: the first one that bids sets the price, and the others are not asked. */
async function findPrice(round: DistributionRound, bidders: readonly CompiledCandidate[]): Promise<Money> {
  for (const group of groupCandidates(bidders)) {
    const startedAt = round.deps.clock.monotonic();
    const eligible = await listEligible(round, leaveOutDisabled(round, group));
    const [best, ...others] = await holdAuction(round, { eligible, startedAt, cost: NO_MONEY });
    if (!best) continue;
    const price = costBelow(best.amount, round.distribution.auction.margin);
    if (price > 0) {
      note(round, { candidate: best.candidate, verdict: 'best' });
      return price;
    }
    noteWithoutPrice(round, [best, ...others]);
  }
  return NO_MONEY;
}

/** Bids of which the margin leaves nothing: the least that a ping can offer is missing. */
function noteWithoutPrice(round: DistributionRound, bids: readonly SaleAtBid[]): void {
  for (const { candidate } of bids) note(round, { candidate, verdict: 'margin', shortBy: LEAST_PRICE });
}

const LEAST_PRICE = 1 as Money;

/** Revenue caps of flow and source, for the price that only the bids have told. */
async function judgeRevenueCaps(run: RunOf<'steps'>, deps: PhaseDeps): Promise<Verdict> {
  const caps = (run.askedCaps ?? []).filter(({ isMoney }) => isMoney);
  if (caps.length === 0) return PROCEED;
  const asked = buildCapRequests(run, { caps, stepId: null, price: run.offered.amount });
  const refused = await lookAtPlaces(run, { asked: { lists: [], caps: asked }, deps });
  return refused ?? judgeCaps(run, caps);
}
