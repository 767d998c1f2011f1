import type { HttpAnswer } from '../integrations/contract.ts';
import type { LeadOutcome } from '../model/outcome.ts';

/** What a phase decided. */
export type Verdict =
  | { kind: 'proceed' }
  /** Ends the decision: the run goes on with `revenue`, so that the lead gets its event and the sender its answer. */
  | { kind: 'stop'; outcome: LeadOutcome; reason: string | null }
  /** Ends the run at once with this answer; the lead leaves no event. */
  | { kind: 'answer'; answer: HttpAnswer }
  /** Something the lead was shown has changed before it took its places: the decision starts again from `list-checks`. */
  | { kind: 'again' }
  /** The lead cannot be taken now and nothing of it left the house: 503, the sender tries again. */
  | { kind: 'unavailable'; reason: string };

export const PROCEED: Verdict = Object.freeze({ kind: 'proceed' });

export const AGAIN: Verdict = Object.freeze({ kind: 'again' });

export function stop(outcome: LeadOutcome, reason: string | null): Verdict {
  return { kind: 'stop', outcome, reason };
}

export function unavailable(reason: string): Extract<Verdict, { kind: 'unavailable' }> {
  return { kind: 'unavailable', reason };
}
