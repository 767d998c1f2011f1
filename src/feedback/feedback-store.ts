import type { Sort } from '../events/event-store.ts';
import type { IdRange } from '../events/id-range.ts';
import type { EventType } from '../model/event.ts';
import type { Feedback, MoneyEntry } from './feedback.ts';

/** An event that feedback leaves on its lead. */
export interface FeedbackEvent {
  id: string;
  type: Extract<EventType, 'feedback-received' | 'feedback-sent'>;
  outcome: string;
  reason: string | null;
  /** JSON text, as in `EventRow`. */
  facts: string;
  /** JSON text of a StepDocument. */
  document: string;
}

/** What is written with a feedback, all of it in one transaction. */
export interface FeedbackMarks {
  /** In the order that the lead gets them. */
  events: readonly FeedbackEvent[];
  /** A cost that was taken back before is not taken back again. */
  entries: readonly MoneyEntry[];
  /** All that the recipient has paid for the lead by then is taken back with it; null: nothing is. */
  revenueBack: RevenueBack | null;
}

/** An entry whose amount is known when it is written. */
export type RevenueBack = Omit<MoneyEntry, 'kind' | 'amount'>;

export type ReceivedFeedback =
  | { kind: 'received' }
  /** The recipient has returned the lead before, or has said the same where it is taken once: that one stands. */
  | { kind: 'again'; feedback: Feedback }
  /** The lead has too many. */
  | { kind: 'full' };

/** A step of a feedback; it happens only from the state that its caller saw. */
export interface FeedbackChange extends FeedbackMarks {
  before: Feedback;
  after: Feedback;
}

export interface FeedbackFilter {
  types?: readonly string[] | undefined;
  statuses?: readonly string[] | undefined;
  flowIds?: readonly string[] | undefined;
  sourceIds?: readonly string[] | undefined;
  recipientIds?: readonly string[] | undefined;
  leadIds?: readonly string[] | undefined;
}

export interface FeedbackPage {
  accountId: string;
  range: IdRange;
  filter: FeedbackFilter;
  sort: Sort;
  limit: number;
}

export interface FeedbackStore {
  /** The lead of an event, of any account: feedback has no key. null: there is no such event. */
  findLeadOfEvent(eventId: string): Promise<{ accountId: string; leadId: string } | null>;
  /** `isOnce`: also a conversion is taken once, if the recipient has said the same of the lead with the same reason. */
  receive(feedback: Feedback, marks: FeedbackMarks & { isOnce?: boolean }): Promise<ReceivedFeedback>;
  /** false: it is no longer as its caller saw it, and nothing was written. */
  change(change: FeedbackChange): Promise<boolean>;
  find(key: { accountId: string; id: string }): Promise<Feedback | null>;
  page(page: FeedbackPage): Promise<Feedback[]>;
  /** Of all accounts: those whose source is to be asked again by now, the longest due first. */
  listDueRelays(at: { now: number; limit: number }): Promise<Feedback[]>;
  /** Of all accounts: returns whose deadline has passed. */
  listOverdue(at: { now: number; limit: number }): Promise<Feedback[]>;
}

/** Reads corrections. */
export interface MoneyStore {
  listEntries(key: { accountId: string; leadId: string }): Promise<MoneyEntry[]>;
}
