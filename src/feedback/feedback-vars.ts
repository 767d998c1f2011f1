import type { FindRevision } from '../events/revisions.ts';
import { instantValue } from '../field-types/time.ts';
import type { CompiledFlow } from '../flow-compiler/compiled-flow.ts';
import type { EvaluationContext, Vars } from '../model/vars.ts';
import { buildPriceVars } from '../pipeline/vars-head.ts';
import { reviveLead } from '../retries/revive-lead.ts';
import { isPlainObject } from '../variables/rich-value.ts';
import type { Delivery } from './delivery.ts';
import type { Feedback } from './feedback.ts';

/** What rules and mappings of feedback read: the lead as it was for its delivery, and `feedback.*`. */
export async function buildFeedbackVars(
  { findRevision, now }: { findRevision: FindRevision; now: number },
  at: { delivery: Delivery; flow: CompiledFlow; feedback: Pick<Feedback, 'type' | 'reason' | 'receivedAt'> },
): Promise<{ vars: Vars; ctx: EvaluationContext }> {
  const { delivery, flow, feedback } = at;
  const { lead, event } = delivery;
  const past = { lead, flow: await findRevision(lead) };
  const attempt = { retryId: '', eventId: event.id, firstEventId: event.id, at: now, hasPlaces: false };
  const revived = reviveLead(past, { flow, before: event.seq, attempt });
  const step = past.flow.steps.find((each) => each.id === event.stepId);
  const vars: Vars = {
    // Of a lead whose personal part is gone, its id is left.
    ...(revived?.vars ?? { lead: { id: lead.id } }),
    ...buildPriceVars(lead.document?.price?.offered),
    recipient: { id: event.recipientId, name: step?.kind === 'recipient' ? step.entityName : undefined },
    event_id: event.id,
    feedback: {
      timestamp: instantValue(feedback.receivedAt),
      type: feedback.type,
      reason: feedback.reason ?? undefined,
    },
  };
  return { vars, ctx: { now, timeZone: flow.account.timeZone, random: revived?.ctx.random ?? (() => 0) } };
}

/** Of the answer (spec api 7). */
const LEAD_FIELDS = ['first_name', 'last_name', 'email', 'phone_1'];

/** What the answer to a feedback says of the lead and its price; what is not known is left out. */
export function describeLead({ lead }: Delivery): { lead: Record<string, unknown>; price: number | undefined } {
  const stored = lead.document?.vars?.lead ?? {};
  const values = LEAD_FIELDS.flatMap((id): [string, unknown][] => {
    const value = plainOf(stored[id]);
    return value === undefined || value === null || value === '' ? [] : [[id, value]];
  });
  return { lead: { id: lead.id, ...Object.fromEntries(values) }, price: lead.document?.price?.offered };
}

/** A stored rich value is its normal form; what could not be read is what was submitted. */
function plainOf(value: unknown): unknown {
  return isPlainObject(value) ? (value['normal'] ?? value['raw']) : value;
}
