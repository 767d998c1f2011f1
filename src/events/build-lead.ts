import type { CompiledFlow, CompiledStep } from '../flow-compiler/compiled-flow.ts';
import { dollars } from '../model/money.ts';
import { buildEvent, type LeadEvent } from './build-event.ts';
import type { EventRecord, LeadFacts, RecordOf } from './event-store.ts';
import {
  type ExplainedPhase,
  explainBid,
  explainOfferCap,
  explainPassedOver,
  explainSource,
  explainStep,
  findOffer,
} from './explain-lead.ts';
import { buildLeadMoney, listMoves } from './lead-money.ts';
import type { LeadPast } from './lead-past.ts';

/** Every property a lead may have in `GET /leads`. */
export const LEAD_PROPERTIES = [
  'id',
  'flow',
  'source',
  'revision',
  'outcome',
  'reason',
  'price',
  'submitted_at',
  'resubmitted_as',
] as const;

/** A lead without its events, as `GET /leads` lists it. */
export function buildLeadFacts({ lead, flow }: { lead: LeadFacts; flow: CompiledFlow }): LeadAnswer {
  return {
    id: lead.id,
    flow: { id: flow.id, name: flow.name },
    source: { id: lead.sourceId, name: flow.sources.get(lead.sourceId)?.name },
    revision: lead.revision,
    outcome: lead.outcome,
    reason: lead.reason,
    price: dollars(lead.price),
    submitted_at: new Date(lead.submittedAt).toISOString(),
    ...(lead.resubmittedAs === null ? {} : { resubmitted_as: lead.resubmittedAs }),
  };
}

type LeadAnswer = Partial<Record<(typeof LEAD_PROPERTIES)[number], unknown>>;

/**
 * A lead with its variables, its events in order, why each phase and step decided as it did, and what it cost and earned
 * with the corrections since.
 */
export function buildLead(
  past: LeadPast,
  events: readonly EventRecord[],
  corrections: Parameters<typeof listMoves>[1] = [],
): Record<string, unknown> {
  const built = events.map((event) => buildEvent(past, event));
  const source = built.find((event) => event['type'] === 'source');
  return {
    ...buildLeadFacts(past),
    vars: source?.['vars'],
    events: built,
    explanation: explainLead(past, events),
    money: buildLeadMoney(listMoves({ lead: past.lead, events }, corrections)),
  };
}

/** What each phase and each step of the flow decided. */
export function explainLead(
  past: LeadPast,
  events: readonly EventRecord[],
): { phases: ExplainedPhase[]; steps: LeadEvent[] } {
  return { ...explainSource(past), steps: explainSteps(past, events) };
}

/** Later attempts of a delivery, and what somebody said became of it; nothing where there is none. */
function explainRetries(events: readonly EventRecord[], step: CompiledStep): { retries?: LeadEvent[] } {
  const retries = laterEvents(events, step.id).map(({ id, outcome, reason, facts }) => ({
    event_id: id,
    verdict: outcome,
    reason,
    attempt: facts.attempt ?? null,
    resolution: facts.resolution ?? null,
    unknown: facts.unknown === true,
    sale_price: facts.sale_price ?? 0,
    at: new Date(Number(facts.end_timestamp)).toISOString(),
  }));
  return retries.length > 0 ? { retries } : {};
}

/** What became of a step’s delivery after the lead had ended, in order. */
export function laterEvents(events: readonly EventRecord[], stepId: string): RecordOf<'retry'>[] {
  return events.filter((event) => event.type === 'retry').filter((event) => event.stepId === stepId);
}

/** What a distribution made of one of its recipients; nothing of another step. */
function explainOffer(past: LeadPast, step: CompiledStep): { distribution?: LeadEvent } {
  const offer = findOffer(past, step);
  if (!offer) return {};
  const { verdict, place = null, by_turn: byTurn = false, cap } = offer;
  const shown = { step_id: offer.of, verdict, place, by_turn: byTurn, cap: explainOfferCap(past, { step, cap }) };
  const bid = explainBid(past, offer);
  return { distribution: bid ? { ...shown, bid } : shown };
}

/** Every step of the flow, those that were passed over or not reached too, and its destinations after them. */
function explainSteps(past: LeadPast, events: readonly EventRecord[]): LeadEvent[] {
  const { steps, destinations } = past.flow;
  return [...steps, ...destinations].map((step) => {
    const event = events.find((each) => each.stepId === step.id);
    return {
      path: step.path,
      step_id: step.id,
      type: step.kind,
      description: step.document.description,
      recipient: step.kind === 'recipient' ? { id: step.entityId, name: step.entityName } : undefined,
      event_id: event?.id ?? null,
      verdict: event?.outcome ?? (step.isEnabled ? 'not reached' : 'disabled'),
      reason: event?.reason ?? null,
      ...explainOffer(past, step),
      ...(event ? explainStep(past, { step, event }) : explainPassedOver(past, step)),
      ...explainRetries(events, step),
    };
  });
}
