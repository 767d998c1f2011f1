import type { FeedbackType, ReturnDecision } from '../model/flow.ts';
import type { Money } from '../model/money.ts';
import type { LeadOutcome } from '../model/outcome.ts';

/**
 * What a recipient says of a lead later: a return or a conversion (spec behaviour 13, decision page 0077).
 *
 * - `refused`: the flow's rules did not take it.
 * - `pending`: a person has to accept or decline it.
 * - `relaying`: the source is being asked.
 * - `unanswered`: the source has not answered in all attempts; a person has to decide.
 */
export const FEEDBACK_STATUSES = ['pending', 'relaying', 'accepted', 'declined', 'unanswered', 'refused'] as const;
export type FeedbackStatus = (typeof FEEDBACK_STATUSES)[number];

/** Who decided: the rules of the flow at once, a person, the deadline of an approval, or the source. */
export const DECIDERS = ['rules', 'person', 'deadline', 'source'] as const;
export type Decider = (typeof DECIDERS)[number];

/** One row of `feedback`. */
export interface Feedback {
  accountId: string;
  id: string;
  leadId: string;
  flowId: string;
  sourceId: string;
  stepId: string;
  recipientId: string;
  /** The event that it was sent for. */
  deliveryEventId: string;
  type: FeedbackType;
  reason: string | null;
  status: FeedbackStatus;
  /** null while it is pending or relaying. */
  outcome: LeadOutcome | null;
  outcomeReason: string | null;
  decidedBy: Decider | null;
  note: string | null;
  refundsCost: boolean;
  deadlineAt: number | null;
  defaultDecision: ReturnDecision | null;
  attempts: number;
  nextAttemptAt: number | null;
  /** Its feedback-received event; null: its outcome is not final. */
  eventId: string | null;
  receivedAt: number;
  decidedAt: number | null;
}

/** A correction of what a lead cost or earned; one row of `money_entries`. */
export interface MoneyEntry {
  id: string;
  leadId: string;
  kind: 'cost' | 'revenue';
  /** Less than 0 for what is taken back. */
  amount: Money;
  reason: 'return';
  eventId: string;
  flowId: string;
  sourceId: string;
  recipientId: string;
  createdAt: number;
}

/** Of one lead; a further one is not taken. */
export const FEEDBACK_PER_LEAD_MAX = 1_000;
/** Of the recipient's words. */
export const REASON_CHARACTERS_MAX = 2_000;
