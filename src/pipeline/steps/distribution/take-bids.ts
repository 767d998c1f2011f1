import type { CompiledCandidate } from '../../../flow-compiler/compiled-flow.ts';
import type { Money } from '../../../model/money.ts';
import type { Bid } from '../../lead-run.ts';
import { mayAskForBids } from '../recipient/may-leave.ts';
import { collectBids } from './collect-bids.ts';
import { listEligible } from './eligible.ts';
import { findKeptBids } from './kept-bids.ts';
import type { Picked, Picker } from './method.ts';
import { type RankedBid, rankBids } from './rank-bids.ts';
import { type DistributionRound, note } from './round.ts';

/**
 * An auction of one tier (decision page 0080). The lead's own places are claimed before a bid is asked for (claim rule 15);
 * from then on nothing is decided again, so that no recipient is asked twice. Then the best bid is offered the lead, and
 * the next one when it is full, refuses or fails. A lead that has the price of a ping is sold at the bids that were made
 * during the ping, and no recipient is asked for another one (decision page 0082).
 */
export function takeBids(round: DistributionRound): Picker {
  let ranked: SaleAtBid[] | null = null;
  return {
    async pick(open) {
      if (ranked === null) {
        const opened = await openAuction(round, open);
        if (opened.kind !== 'ranked') return opened;
        ranked = opened.order;
      }
      const next = ranked.shift();
      if (!next) return { kind: 'none' };
      const { candidate, amount, bidId } = next;
      return { kind: 'candidate', candidate, byTurn: false, sale: { amount, bidId } };
    },
  };
}

/** A bid that the lead can be sold at. */
export interface SaleAtBid extends RankedBid {
  candidate: CompiledCandidate;
  bidId: string | null;
}

async function openAuction(
  round: DistributionRound,
  open: readonly CompiledCandidate[],
): Promise<{ kind: 'ranked'; order: SaleAtBid[] } | Exclude<Picked, { kind: 'candidate' }>> {
  const { run, deps, distribution } = round;
  const cost = run.offered.amount as Money;
  const startedAt = deps.clock.monotonic();
  const eligible = await listEligible(round, open);
  const kept = findKeptBids(run, { distribution, open });
  if (kept) return { kind: 'ranked', order: rankCandidates(round, { ...kept, eligible, cost }) };
  if (eligible.some(({ candidacy }) => candidacy.bid !== null)) {
    const refusal = await mayAskForBids(run, deps);
    if (refusal) return refusal;
  }
  return { kind: 'ranked', order: await holdAuction(round, { eligible, startedAt, cost }) };
}

interface Auction {
  eligible: readonly CompiledCandidate[];
  /** Of the monotonic clock. */
  startedAt: number;
  /** What the lead costs. */
  cost: Money;
}

/** Asks these for their bids. Returns those that the lead can be sold at, the best first, and notes why the others cannot. */
export async function holdAuction(
  round: DistributionRound,
  { eligible, startedAt, cost }: Auction,
): Promise<SaleAtBid[]> {
  const { run, deps, distribution } = round;
  const asking = { candidates: eligible, auction: distribution.auction, startedAt, deps };
  return rankCandidates(round, { eligible, cost, bids: await collectBids(run, asking), seed: run.leadId });
}

function rankCandidates(
  round: DistributionRound,
  { eligible, bids, ...terms }: Omit<Auction, 'startedAt'> & { bids: ReadonlyMap<string, Bid>; seed: string },
): SaleAtBid[] {
  const offered: SaleAtBid[] = [];
  for (const candidate of eligible) {
    const bid = bids.get(candidate.id);
    if (!bid) continue;
    round.bids.set(candidate.id, bid);
    if (bid.amount === null) note(round, { candidate, verdict: bid.isLate ? 'late' : 'no bid' });
    else offered.push({ id: candidate.id, candidate, amount: bid.amount, bidId: bid.id });
  }
  const { order, tooLow } = rankBids(offered, { ...round.distribution.auction, ...terms });
  for (const { bid, verdict, by } of tooLow) note(round, { candidate: bid.candidate, verdict, shortBy: by });
  return order;
}
