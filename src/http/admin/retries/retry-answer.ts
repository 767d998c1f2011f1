import type { Retry } from '../../../retries/retry.ts';
import { apiError } from '../../errors.ts';

export const UNKNOWN_RETRY = apiError('not_found', 'There is no retry with this id.');

/** A retry as the API answers it. */
export function retryAnswer(retry: Retry): Record<string, unknown> {
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
