import type { IdRange } from '../events/id-range.ts';
import type { Money } from '../model/money.ts';
import type { CapRequest, NewRetry, NewUnknown } from '../pipeline/run-store.ts';
import type { CapHold } from '../stored/holds.ts';
import type { Claim, Resolution, Retry, RetryStatus, Unknown } from './retry.ts';

/** The event an attempt or a resolution leaves on its lead; the store gives it its place among the lead's events. */
export interface AfterEvent {
  id: string;
  outcome: string;
  reason: string | null;
  stepId: string;
  recipientId: string;
  /** JSON text, as in `EventRow`. */
  facts: string;
  /** JSON text of a StoredStep; null: nothing was said or sent. */
  document: string | null;
}

/** How an attempt ended; all of it is written in one transaction. */
export interface AttemptEnd {
  claim: Claim;
  /** Are the places it holds used? Else they go back. */
  keepsPlaces: boolean;
  /** What the delivery was sold for: so much of what a revenue cap holds is used. Absent: that is not known. */
  sale?: Money | undefined;
  /** Caps of the step that had no room; each counts it as failed. Absent: none. */
  refusals?: readonly CapRequest[];
  event: AfterEvent;
  status: RetryStatus;
  nextAttemptAt: number | null;
  /** The attempt may have arrived too. */
  unknown: NewUnknown | null;
  /** What it says of the first delivery, when that one may have arrived. */
  resolves: Resolution | null;
}

/** Whose attempt, and which. */
export interface AttemptKey {
  accountId: string;
  retryId: string;
  attemptId: string;
}

export interface UnknownResolution {
  accountId: string;
  eventId: string;
  resolution: Resolution;
  note: string | null;
  /** What it was sold for, if it was delivered; absent: that is not known, and what was held stays used. */
  sale?: Money | undefined;
  event: AfterEvent;
  /** Deliver it again. */
  retry: NewRetry | null;
}

/** Of a cap as deployed now, in the unit of its counter; undefined: no such cap limits that. */
export type MaximumOf = (cap: Pick<CapHold, 'capId' | 'amount'>) => number | undefined;

/** What the lead of an ended retry had given back and another lead has now: its value in a list, or a place in a cap. */
export type TakenBy = 'list' | 'cap';

export type StatusChange = { kind: 'changed'; retry: Retry } | { kind: 'missing' } | { kind: 'refused'; retry: Retry };

export interface RetryFilter {
  statuses?: readonly string[] | undefined;
  flowIds?: readonly string[] | undefined;
  sourceIds?: readonly string[] | undefined;
  recipientIds?: readonly string[] | undefined;
  leadIds?: readonly string[] | undefined;
}

export interface UnknownFilter extends Omit<RetryFilter, 'statuses'> {
  isResolved: boolean;
}

export interface RetryPage<Filter> {
  accountId: string;
  range: IdRange;
  filter: Filter;
  sort: 'asc' | 'desc';
  limit: number;
}

/** Retries and unknown deliveries as they are stored. */
export interface RetryStore {
  /**
   * Makes due retries this process's own, each with the run row of a new attempt: at most `limit`, and of each recipient
   * at most `perRecipient` less what is under way here (`busy`, by the recipient's id).
   */
  claimDue(request: { limit: number; perRecipient: number; busy: ReadonlyMap<string, number> }): Promise<Claim[]>;
  /**
   * Nothing was sent: the places go back, the retry waits again and the attempt does not count. `nextAttemptAt` null: as
   * soon as before. `fenced`: another process has ended this attempt.
   */
  giveBack(attempt: AttemptKey, nextAttemptAt: number | null): Promise<'ended' | 'fenced'>;
  endAttempt(end: AttemptEnd): Promise<'ended' | 'fenced'>;
  /** The claim of an attempt whose process is gone; null: it has ended. */
  findClaim(key: AttemptKey): Promise<Claim | null>;

  pageOfRetries(page: RetryPage<RetryFilter>): Promise<Retry[]>;
  findRetry(key: { accountId: string; id: string }): Promise<Retry | null>;
  /**
   * Due now. Refused while it runs, and for one that succeeded or that somebody has to resolve. One that had ended takes
   * its lead's places again: `taken` when they are no longer free.
   */
  runNow(request: {
    accountId: string;
    id: string;
    maximumOf: MaximumOf;
  }): Promise<StatusChange | { kind: 'taken'; retry: Retry; by: TakenBy }>;
  /** Refused unless it waits. Gives the lead's places back when nothing else of it is open. */
  cancel(key: { accountId: string; id: string }): Promise<StatusChange>;

  pageOfUnknowns(page: RetryPage<UnknownFilter>): Promise<Unknown[]>;
  findUnknown(key: { accountId: string; eventId: string }): Promise<Unknown | null>;
  /** `again`: it has been resolved before. `busy`: it is being delivered again, which may resolve it. */
  resolve(resolution: UnknownResolution): Promise<'resolved' | 'again' | 'busy'>;
}
