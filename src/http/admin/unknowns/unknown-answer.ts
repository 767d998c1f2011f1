import type { Unknown } from '../../../retries/retry.ts';
import { timeOf } from '../retries/retry-answer.ts';

/** An unknown delivery as the API answers it. */
export function unknownAnswer(unknown: Unknown): Record<string, unknown> {
  return {
    event_id: unknown.eventId,
    lead_id: unknown.leadId,
    flow_id: unknown.flowId,
    source_id: unknown.sourceId,
    step_id: unknown.stepId,
    recipient_id: unknown.recipientId,
    reason: unknown.reason,
    happened_at: timeOf(unknown.happenedAt),
    resolved_at: timeOf(unknown.resolvedAt),
    resolution: unknown.resolution,
    note: unknown.note,
  };
}
