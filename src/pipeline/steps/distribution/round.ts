import type { CompiledCandidate, CompiledDistribution } from '../../../flow-compiler/compiled-flow.ts';
import { assert } from '../../../lib/assert.ts';
import type { Bid, CandidateResult, CandidateVerdict, DistributionResult, RecipientResult } from '../../lead-run.ts';
import type { PhaseDeps } from '../../phase.ts';
import type { RunOf } from '../../phase-access.ts';

/** A distribution of one lead under way. */
export interface DistributionRound {
  run: RunOf<'steps'>;
  deps: PhaseDeps;
  distribution: CompiledDistribution;
  /** What is known of each candidate, by its id; one that is not here was not reached. */
  results: Map<string, CandidateResult>;
  /** Of an auction, by the candidate's id. */
  bids: Map<string, Bid>;
  /** Those that have accepted the lead, or may have. */
  sales: Sale[];
  /** Offers made. */
  offers: number;
}

export interface Sale {
  candidate: CompiledCandidate;
  result: RecipientResult;
}

export function startRound(
  run: RunOf<'steps'>,
  { candidates, deps }: { candidates: readonly CompiledCandidate[]; deps: PhaseDeps },
): DistributionRound {
  const [first] = candidates;
  assert(first, 'a distribution has recipients');
  const { distribution } = first.candidacy;
  return { run, deps, distribution, results: new Map(), bids: new Map(), sales: [], offers: 0 };
}

/** Lower tiers first, and in each those that want the lead alone; the order of the document is kept within. */
export function groupCandidates(candidates: readonly CompiledCandidate[]): CompiledCandidate[][] {
  const groups = new Map<number, CompiledCandidate[]>();
  for (const candidate of candidates) {
    const { tier, isExclusive } = candidate.candidacy;
    const rank = 2 * tier + Number(!isExclusive);
    const group = groups.get(rank);
    if (group) group.push(candidate);
    else groups.set(rank, [candidate]);
  }
  return [...groups].sort(([one], [other]) => one - other).map(([, group]) => group);
}

/** The others of a group. */
export function leaveOutDisabled(
  round: DistributionRound,
  group: readonly CompiledCandidate[],
): readonly CompiledCandidate[] {
  for (const candidate of group) if (!candidate.isEnabled) note(round, { candidate, verdict: 'disabled' });
  return group.filter(({ isEnabled }) => isEnabled);
}

interface Noted extends Partial<Pick<CandidateResult, 'place' | 'byTurn' | 'cap' | 'shortBy'>> {
  candidate: CompiledCandidate;
  verdict: CandidateVerdict;
}

/** Notes what became of a candidate. */
export function note({ results, bids }: DistributionRound, noted: Noted): void {
  const { candidate, verdict, place = null, byTurn = false, cap = null, shortBy = null } = noted;
  results.set(candidate.id, {
    ...{ stepId: candidate.id, verdict, place, byTurn, cap, shortBy },
    bid: bids.get(candidate.id) ?? null,
  });
}

/** What became of all candidates. `isDecided`: a better bid than those that were not taken is on record. */
export function buildResult(
  { distribution, results, bids }: DistributionRound,
  { candidates, isDecided }: { candidates: readonly CompiledCandidate[]; isDecided: boolean },
): Omit<DistributionResult, 'sales' | 'vars' | 'seq'> {
  const { id, key, method, maxSales } = distribution;
  return {
    ...{ stepId: id, key, method, maxSales },
    candidates: candidates.map(
      (candidate) =>
        results.get(candidate.id) ?? {
          stepId: candidate.id,
          verdict: bids.has(candidate.id) && isDecided ? 'outbid' : 'not reached',
          place: null,
          byTurn: false,
          cap: null,
          bid: bids.get(candidate.id) ?? null,
          shortBy: null,
        },
    ),
  };
}
