import { classifyReason } from '../statistics/classify-reason.ts';
import type { EventFilter } from './event-store.ts';
import type { NewEvent } from './news-store.ts';

/** Does an event have what a filter asks for? The same as the store finds by it. */
export function matchesFilter({ record, flowId, sourceId }: NewEvent, filter: EventFilter): boolean {
  return (
    isOneOf(record.type, filter.types) &&
    isOneOf(record.outcome, filter.outcomes) &&
    isOneOf(record.leadId, filter.leadIds) &&
    isOneOf(flowId, filter.flowIds) &&
    isOneOf(sourceId, filter.sourceIds) &&
    isOneOf(record.recipientId, filter.recipientIds) &&
    isOneOf(record.stepId?.toLowerCase() ?? null, filter.stepIds) &&
    (filter.reason === undefined || filter.reason === record.reason) &&
    (filter.reasonClasses === undefined || filter.reasonClasses.includes(classifyReason(record.reason).toLowerCase()))
  );
}

function isOneOf(value: string | null, allowed: readonly string[] | undefined): boolean {
  return allowed === undefined || (value !== null && allowed.includes(value));
}
