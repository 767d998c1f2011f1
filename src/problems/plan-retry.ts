import type { RetryStatus } from '../retries/retry.ts';

/** What becomes of the leads of a problem when they are tried again, as the API counts them. */
export const RETRY_PLANS = [
  /** The delivery alone is made again: it has a retry. */
  'delivered_again',
  /** The whole lead goes through its flow again, as a new lead. */
  'resubmitted',
  /** It was a success without this delivery: another run would sell it twice. */
  'succeeded',
  /** It was sent again before. */
  'sent_again',
  /** The delivery has succeeded since. */
  'delivered_since',
  'under_way',
  /** The delivery may have arrived: somebody has to say what became of it first. */
  'unknown',
] as const;
export type RetryPlan = (typeof RETRY_PLANS)[number];

/** What is known of a lead with a failure of the problem. */
export interface FailedLead {
  leadId: string;
  outcome: string;
  wasSentAgain: boolean;
  /** Of the delivery of the problem; null: it has none. */
  retry: { id: string; status: RetryStatus } | null;
  /** Is the delivery an unknown one that nobody has resolved? */
  isUnknown: boolean;
}

/** `isAgain`: also leads that were a success, or were sent again before. */
export function planRetry({ outcome, wasSentAgain, retry, isUnknown }: FailedLead, isAgain: boolean): RetryPlan {
  if (isUnknown || retry?.status === 'unknown') return 'unknown';
  if (retry?.status === 'running') return 'under_way';
  if (retry?.status === 'succeeded') return 'delivered_since';
  if (wasSentAgain && !isAgain) return 'sent_again';
  if (retry && !wasSentAgain) return 'delivered_again';
  if (outcome === 'success' && !isAgain) return 'succeeded';
  return 'resubmitted';
}
