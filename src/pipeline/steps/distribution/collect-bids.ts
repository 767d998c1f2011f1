import type { CompiledAuction, CompiledCandidate, CompiledRecipient } from '../../../flow-compiler/compiled-flow.ts';
import { assert } from '../../../lib/assert.ts';
import { withResolvers } from '../../../lib/with-resolvers.ts';
import { answerReserveMs, deadlineOf } from '../../deadline.ts';
import type { Bid, RunPart } from '../../lead-run.ts';
import type { PhaseDeps } from '../../phase.ts';
import type { RunOf } from '../../phase-access.ts';
import { askForBid, type BidAnswer } from './ask-for-bid.ts';

/** With less left of the source's deadline none is asked: no buyer answers so fast. */
const WORTH_ASKING_MS = 50;

interface Asking {
  candidates: readonly CompiledCandidate[];
  auction: CompiledAuction;
  /** Of the monotonic clock: when the auction began. What the claim took since is part of its time. */
  startedAt: number;
  deps: PhaseDeps;
}

/** The share of the time for bids that buyers have at least, however long the claim took. */
const SHARE_FOR_BUYERS_MIN = 0.5;

/**
 * Asks these for their bids at once and waits for all of them, or until the time is up: then every request is aborted,
 * and who has not answered is late. By the candidate's id. Of one without a question its price rules are its bid.
 */
export async function collectBids(run: RunOf<'steps'>, asking: Asking): Promise<Map<string, Bid>> {
  const { candidates, deps } = asking;
  const bids = new Map<string, Bid>();
  const asked: [string, CompiledRecipient][] = [];
  for (const { id, candidacy, ...candidate } of candidates) {
    if (candidacy.bid) asked.push([id, candidacy.bid]);
    else bids.set(id, readStandingBid(run, candidate));
  }
  if (asked.length === 0) return bids;
  const timeoutMs = timeLeftMs(run, asking);
  if (timeoutMs < Math.min(WORTH_ASKING_MS, asking.auction.timeoutMs * SHARE_FOR_BUYERS_MIN)) {
    for (const [id] of asked) bids.set(id, noBid(TIME_IS_UP));
    return bids;
  }
  const startedAt = deps.clock.monotonic();
  const elapsed = () => Math.round(deps.clock.monotonic() - startedAt);
  const aborters: AbortController[] = [];
  const isOver = withResolvers<BidAnswer>();
  const callOff = deps.startTimer(timeoutMs, () => {
    isOver.resolve({ kind: 'late' });
    for (const aborter of aborters) aborter.abort();
  });
  const answers = asked.map(async ([id, bidder]) => {
    const aborter = new AbortController();
    aborters.push(aborter);
    const answering = askForBid(run, { bidder, deps, timeoutMs, signal: aborter.signal });
    const answer = await Promise.race([answering, isOver.promise]);
    bids.set(id, buildBid(answer, elapsed()));
  });
  await Promise.all(answers);
  callOff();
  run.waitMs += elapsed();
  return bids;
}

const TIME_IS_UP = 'was not asked: the time limit of the source is used up';

/** What all bids may take: never more than the deadline of the source leaves. */
function timeLeftMs(run: RunPart<'submission' | 'route'>, { auction, startedAt, deps }: Asking): number {
  const deadlineMs = deadlineOf(run);
  const now = deps.clock.monotonic();
  const forBuyersMs = Math.max(auction.timeoutMs * SHARE_FOR_BUYERS_MIN, auction.timeoutMs - (now - startedAt));
  if (deadlineMs === null) return forBuyersMs;
  return Math.min(forBuyersMs, run.submission.arrivedAt + deadlineMs - answerReserveMs(deadlineMs) - now);
}

function buildBid(answer: BidAnswer, ms: number): Bid {
  switch (answer.kind) {
    case 'bid':
      return { from: 'asked', amount: answer.amount, id: answer.id, fault: null, reason: null, isLate: false, ms };
    case 'late':
      return { ...noBid('did not answer in time'), isLate: true, ms };
    case 'none':
      return { ...noBid(answer.fault), reason: answer.reason, ms };
  }
}

function noBid(fault: string): Bid {
  return { from: 'asked', amount: null, id: null, fault, reason: null, isLate: false, ms: 0 };
}

function readStandingBid(run: RunOf<'steps'>, { pricing }: Pick<CompiledRecipient, 'pricing'>): Bid {
  const decision = pricing.evaluate({ vars: run.vars, ctx: run.ctx, offered: undefined });
  assert(decision.kind === 'priced', 'only flows and sources name pricing services');
  const { amount } = decision.verdict;
  if (amount > 0) return { ...noBid(''), from: 'standing', amount, fault: null };
  return { ...noBid('has neither a "bid" nor a price'), from: 'standing' };
}
