import type { Unknown } from '../../../retries/retry.ts';
import { timeOf } from '../retries/retry-answer.ts';

/** Every property of an unknown delivery on the wire. */
export const UNKNOWN_PROPERTIES = [
  'event_id',
  'lead_id',
  'flow_id',
  'source_id',
  'step_id',
  'recipient_id',
  'reason',
  'happened_at',
  'resolved_at',
  'resolution',
  'note',
] as const;

/** An unknown delivery as the API answers it. */
export function unknownAnswer(unknown: Unknown): Record<(typeof UNKNOWN_PROPERTIES)[number], unknown> {
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
