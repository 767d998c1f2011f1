import type { CompiledCandidate, CompiledDistribution } from '../../../flow-compiler/compiled-flow.ts';
import type { Bid, CandidateResult, CandidateVerdict, RecipientResult } from '../../lead-run.ts';
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
