import type { CompiledRecipient, CompiledStep } from '../flow-compiler/compiled-flow.ts';
import type { StoredFacts } from '../stored/event-facts.ts';
import type { StepDocument } from '../stored/lead-document.ts';
import type { EventRecord } from './event-store.ts';
import { appendedBefore, eventVars } from './event-vars.ts';
import { explainSource, explainStep } from './explain-lead.ts';
import type { LeadPast } from './lead-past.ts';

/** An event as the API answers it (spec behaviour 4.1, 4.2): names and shapes of the wire, money in dollars. */
export type LeadEvent = Record<string, unknown>;

/** Raised when a property changes its meaning or goes. */
export const EVENT_SCHEMA_VERSION = '1.0.0';

/**
 * The full event: its facts, the variables when its step started, and the configuration as it was. `explanation` is
 * ours: every rule that was evaluated, with both sides (decision 18).
 */
export function buildEvent(past: LeadPast, event: EventRecord): LeadEvent {
  const { lead, flow } = past;
  const { host, handler_version: handlerVersion } = lead.sourceFacts;
  return {
    id: event.id,
    type: event.type,
    outcome: event.outcome,
    reason: event.reason,
    vars: eventVars(past, event),
    host,
    handler_version: handlerVersion,
    version: EVENT_SCHEMA_VERSION,
    ...event.facts,
    ...derivedTimes(past, event),
    cap_reached: isCapReached(event),
    flow_ping_limits: flow.document.ping_limits,
    source_ping_limits: flow.sources.get(lead.sourceId)?.document.ping_limits,
    ping_limit_reached: false,
    firehose: flow.document.firehose,
    expires_at: lead.expiresAt === null ? null : new Date(lead.expiresAt).toISOString(),
    ...propertiesOfType(past, event),
  };
}

function propertiesOfType(past: LeadPast, event: EventRecord): LeadEvent {
  switch (event.type) {
    case 'source':
      return sourceProperties(past, event);
    case 'filter':
      return filterProperties(past, event);
    case 'retry':
      return retryProperties(past, event);
    case 'feedback-received':
    case 'feedback-sent':
      return feedbackProperties(past, event);
    default:
      return recipientProperties(past, event);
  }
}

/** Times that follow from others. Events are written by the process that runs the lead, so nothing lags. */
function derivedTimes({ lead }: LeadPast, { facts }: EventRecord): LeadEvent {
  const { ms = 0, wait_ms: waitMs = 0, end_timestamp: endedAt = 0 } = facts;
  const { overhead_ms: overheadMs, total_ms: totalMs }: StoredFacts<'source'> = facts;
  return {
    overhead_ms: overheadMs ?? Math.max(0, ms - waitMs),
    lag_ms: 0,
    total_ms: totalMs ?? Math.max(0, endedAt - lead.submittedAt),
  };
}

/** Of the flow and the source, or of the step. */
function isCapReached({ type, facts }: EventRecord): boolean {
  if (type === 'source') return facts.cap_reached ?? false;
  return type === 'recipient' || type === 'retry' ? (facts.caps_reached ?? false) : false;
}

function sourceProperties(past: LeadPast, event: EventRecord): LeadEvent {
  const { lead, flow } = past;
  const source = flow.sources.get(lead.sourceId)?.document;
  return {
    acceptance_criteria: source?.acceptance_criteria,
    flow_acceptance_criteria: flow.document.acceptance_criteria,
    pricing: source?.pricing,
    flow_pricing: flow.document.pricing,
    appended: appendedBefore(past, event.seq),
    request: lead.document?.request,
    response: lead.document?.response,
    explanation: explainSource(past),
  };
}

function filterProperties(past: LeadPast, event: EventRecord): LeadEvent {
  const step = findStep(past, event);
  return {
    step_id: event.stepId,
    rule_set: step?.document.rule_set,
    explanation: step && explainStep(past, { step, event }),
  };
}

function recipientProperties(past: LeadPast, event: EventRecord): LeadEvent {
  const step = findStep(past, event);
  const stored = past.lead.document?.steps?.[event.seq];
  return {
    step_id: event.stepId,
    ...(step?.kind === 'recipient' ? describeConfiguration(step, { stored, event }) : {}),
    transactions: stored?.transactions ?? [],
    explanation: step && explainStep(past, { step, event }),
  };
}

/** As a delivery's; what the rules said is on the first one. */
function retryProperties(past: LeadPast, event: EventRecord): LeadEvent {
  const { explanation: _, ...properties } = recipientProperties(past, event);
  return properties;
}

/** With what came in or what was sent; `feedback` is the configuration of the step. */
function feedbackProperties(past: LeadPast, event: EventRecord): LeadEvent {
  const step = findStep(past, event);
  const transactions = past.lead.document?.steps?.[event.seq]?.transactions ?? [];
  return {
    step_id: event.stepId,
    feedback: step?.kind === 'recipient' ? step.document.feedback : undefined,
    ...(event.type === 'feedback-sent' ? { transactions } : {}),
    request: transactions.at(-1)?.request,
    response: transactions.at(-1)?.response ?? undefined,
  };
}

function describeConfiguration(
  step: CompiledRecipient,
  { stored, event }: { stored: StepDocument | undefined; event: EventRecord },
): LeadEvent {
  const { caps, rule_set: ruleSet, pricing, integration } = step.document;
  const applied = stored?.mappings ?? [];
  const facts: StoredFacts<'recipient'> = event.facts;
  return {
    caps,
    rule_set: ruleSet,
    mappings: applied.flatMap((index) => integration.mappings[index] ?? []),
    credential: facts.credential ?? null,
    credential_updated: facts.credential_updated ?? false,
    pricing,
  };
}

function findStep({ flow }: LeadPast, event: EventRecord): CompiledStep | undefined {
  return [...flow.steps, ...flow.destinations].find((step) => step.id === event.stepId);
}
