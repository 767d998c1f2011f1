import type { Retry } from '../../../retries/retry.ts';
import { apiError } from '../../errors.ts';

export const UNKNOWN_RETRY = apiError('not_found', 'There is no retry with this id.');

/** Every property of a retry on the wire. */
export const RETRY_PROPERTIES = [
  'id',
  'status',
  'attempts',
  'next_attempt_at',
  'last_outcome',
  'last_reason',
  'lead_id',
  'event_id',
  'flow_id',
  'source_id',
  'step_id',
  'recipient_id',
  'created_at',
  'updated_at',
] as const;

/** A retry as the API answers it. */
export function retryAnswer(retry: Retry): Record<(typeof RETRY_PROPERTIES)[number], unknown> {
  return {
    id: retry.id,
    status: retry.status,
    attempts: retry.attempts,
    next_attempt_at: timeOf(retry.nextAttemptAt),
    last_outcome: retry.lastOutcome,
    last_reason: retry.lastReason,
    lead_id: retry.leadId,
    event_id: retry.eventId,
    flow_id: retry.flowId,
    source_id: retry.sourceId,
    step_id: retry.stepId,
    recipient_id: retry.recipientId,
    created_at: timeOf(retry.createdAt),
    updated_at: timeOf(retry.updatedAt),
  };
}

export function timeOf(epochMs: number | null): string | null {
  return epochMs === null ? null : new Date(epochMs).toISOString();
}
