import type { Money } from '../model/money.ts';

/** Deliveries that are tried again after a lead has been answered, and those that may have arrived. */

/** What becomes of a retry (decision 25). */
export const RETRY_STATUSES = [
  'waiting',
  'running',
  'succeeded',
  /** The recipient refused the lead, or there is no way to ask it again. */
  'failed',
  /** As many attempts as there may be, and none was answered. */
  'exhausted',
  'cancelled',
  /** An attempt may have arrived: somebody has to say what became of it. */
  'unknown',
] as const;
export type RetryStatus = (typeof RETRY_STATUSES)[number];

/** One row of `retries`. */
export interface Retry {
  accountId: string;
  id: string;
  leadId: string;
  /** Of the delivery that failed first. */
  eventId: string;
  flowId: string;
  /** The entity's. */
  sourceId: string;
  stepId: string;
  recipientId: string;
  status: RetryStatus;
  /** Made after the first delivery. */
  attempts: number;
  /** Epoch ms; null: none is to come. */
  nextAttemptAt: number | null;
  lastOutcome: string;
  lastReason: string | null;
  createdAt: number;
  updatedAt: number;
}

/** A retry of this process: its attempt is under way. */
export interface Claim {
  retry: Retry;
  /** Also of the attempt's event and of its run row. */
  attemptId: string;
  /** The places of the first delivery, which may have arrived, are kept for this one. */
  hasPlaces: boolean;
  /** Its recipient has returned the lead, and the return was accepted. */
  isReturned: boolean;
}

export const RESOLUTIONS = ['delivered', 'not_delivered'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

/** One row of `unknowns`. */
export interface Unknown {
  accountId: string;
  /** Of the delivery. */
  eventId: string;
  leadId: string;
  flowId: string;
  sourceId: string;
  stepId: string;
  recipientId: string;
  reason: string | null;
  /** What it was sold for if it arrived; null: an older program wrote its event. */
  expectedPrice: Money | null;
  /** What revenue caps hold for it; null: none does. */
  heldPrice: Money | null;
  /** Epoch ms. */
  happenedAt: number;
  /** null: it is not resolved. */
  resolvedAt: number | null;
  resolution: Resolution | null;
  note: string | null;
}
