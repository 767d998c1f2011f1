import type { CompiledCandidate } from '../../../flow-compiler/compiled-flow.ts';
import type { DistributionMethodName } from '../../../model/flow.ts';
import type { AgreedSale } from '../recipient/step-run.ts';
import type { DistributionRound } from './round.ts';

/** How a distribution chooses who is offered the lead next: one row, and one file, a method. */
export interface DistributionMethod {
  name: DistributionMethodName;
  /** For the reference. */
  what: string;
  /** Called for each group of candidates that are offered the lead together: those of a tier, exclusive ones apart. */
  start(round: DistributionRound): Picker;
}

export interface Picker {
  /**
   * Who is offered the lead next, of those that were not yet; may ask the world first. `none`: none of these. What it
   * finds against a candidate it notes with `listEligible`, which takes the candidate out of the next call.
   */
  pick(open: readonly CompiledCandidate[]): Promise<Picked>;
  /** How the offer ended. Absent: the method does not ask. */
  ended?(offer: { candidate: CompiledCandidate; end: OfferEnd }): Promise<void> | undefined;
}

export type Picked =
  | { kind: 'candidate'; candidate: CompiledCandidate; byTurn: boolean; sale?: AgreedSale }
  | { kind: 'none' }
  /** Something the lead was shown has changed: it decides again. */
  | { kind: 'again' }
  | { kind: 'unavailable'; reason: string };

export type OfferEnd = 'accepted' | 'unknown' | 'refused' | 'failed' | 'skipped';
