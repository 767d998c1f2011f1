import { buildPriceVars, buildVarsHead } from '../pipeline/vars-head.ts';
import type { StepDocument } from '../stored/lead-document.ts';
import type { EventRecord } from './event-store.ts';
import type { LeadPast } from './lead-past.ts';

/**
 * The variables as they were when a step started (spec behaviour 4.1, 5.5): those of the lead, what the steps before
 * appended, and for a recipient's event the recipient's own. Stored once a lead and put together here.
 */
export function eventVars(past: LeadPast, event: EventRecord): Record<string, unknown> {
  return {
    ...leadVars(past),
    ...distributionsBefore(past, event.seq),
    ...appendedBefore(past, event.seq),
    ...recipientVars(past, event),
    ...feedbackVars(past, event),
  };
}

/** The variables when the steps began. Of a lead whose personal part is gone, those that its facts hold. */
function leadVars({ lead, flow }: LeadPast): Record<string, unknown> {
  const stored = lead.document?.vars;
  const head = buildVarsHead({
    submission: stored?.submission ?? { timestamp: new Date(lead.submittedAt).toISOString() },
    flow,
    source: { entityId: lead.sourceId, name: flow.sources.get(lead.sourceId)?.name },
    lead: stored?.lead ?? { id: lead.id },
    random: stored?.random,
  });
  return {
    ...head,
    suppressionlist: stored?.suppressionlist,
    ...buildPriceVars(lead.document?.price?.offered),
  };
}

/** What the steps before an event's place appended, by key; of two steps with one key the later one's. */
export function appendedBefore({ lead }: LeadPast, seq: number): Record<string, unknown> {
  const steps: Record<string, StepDocument> = lead.document?.steps ?? {};
  return Object.fromEntries(
    Object.entries(steps)
      .filter(([place, step]) => Number(place) < seq && step.appended !== null)
      .map(([, step]) => [step.key, step.appended]),
  );
}

/** What the distributions before an event's place came to. No sender is answered it. */
export function distributionsBefore({ lead }: LeadPast, seq: number): Record<string, unknown> {
  const ended = lead.document?.distributions?.filter((distribution) => distribution.seq <= seq) ?? [];
  return ended.length === 0 ? {} : { distribution: Object.fromEntries(ended.map(({ key, vars }) => [key, vars])) };
}

/** What a recipient said, and the delivery that it said it of. */
function feedbackVars({ lead }: LeadPast, event: EventRecord): Record<string, unknown> {
  if (event.type !== 'feedback-received' && event.type !== 'feedback-sent') return {};
  return { event_id: event.facts.recipient_event_id, feedback: lead.document?.steps?.[event.seq]?.feedback };
}

function recipientVars({ flow, lead }: LeadPast, event: EventRecord): Record<string, unknown> {
  if (event.recipientId === null) return {};
  const step = [...flow.steps, ...flow.destinations].find((each) => each.id === event.stepId);
  const name = step?.kind === 'recipient' ? step.entityName : undefined;
  return {
    ...buildPriceVars(lead.document?.price?.offered),
    recipient: { id: event.recipientId, name },
    event_id: event.id,
  };
}
