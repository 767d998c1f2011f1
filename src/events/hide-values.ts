import { isRefusalReason } from '../integrations/recipient-limits/circuit.ts';
import { classifyReason } from '../statistics/classify-reason.ts';
import type { LeadEvent } from './build-event.ts';
import { OPEN_PROPERTIES } from './event-properties.ts';

/*
 * Leads and events as callers without the permission `personal_data.read` see them (decision page 0093). What may hold a
 * value of a lead is left out; a reason, which may quote one, becomes its class. What stays is named, so that a new property is
 * hidden until somebody decides that it is open.
 */

type JsonObject = Record<string, unknown>;

/** Of the variables: they tell where a lead went, and nothing of the person. */
const OPEN_VARS = ['account', 'flow', 'source', 'recipient', 'event_id'];

/** An event with its facts and the configuration, without values of the lead. */
export function hideValuesOfEvent(event: LeadEvent): LeadEvent {
  return { ...pick(event, OPEN_PROPERTIES), reason: hideReason(event['reason']), vars: hideVars(event['vars']) };
}

/** An entry of a list, such as a lead of `GET /leads`: all of it but what its reason quotes. */
export function hideReasons(entry: JsonObject, names: readonly string[] = ['reason']): JsonObject {
  const hidden = names.filter((name) => name in entry).map((name) => [name, hideReason(entry[name])] as const);
  return { ...entry, ...Object.fromEntries(hidden) };
}

/** A lead as `buildLead` makes it: of the explanation the verdicts are left, of its rules nothing. */
export function hideValuesOfLead(lead: JsonObject): JsonObject {
  const { explanation, events } = lead as { explanation: Explanation; events: LeadEvent[] }; // of `buildLead`
  return {
    ...hideReasons(lead),
    vars: hideVars(lead['vars']),
    events: events.map(hideValuesOfEvent),
    explanation: {
      phases: explanation.phases.map((phase) => pick(phase, OPEN_OF_PHASE)),
      steps: explanation.steps.map((step) => hideReasons(pick(step, OPEN_OF_STEP))),
    },
  };
}

interface Explanation {
  phases: readonly JsonObject[];
  steps: readonly JsonObject[];
}

const OPEN_OF_PHASE = ['phase', 'verdict'];
const OPEN_OF_STEP = ['path', 'step_id', 'type', 'description', 'recipient', 'event_id', 'verdict', 'reason'];

/** Without what differs from lead to lead: addresses, numbers and quoted texts are `…`, but those of a circuit. */
export function hideReason(reason: unknown): string | null {
  if (typeof reason !== 'string') return null;
  return isRefusalReason(reason) ? reason : classifyReason(reason);
}

function hideVars(vars: unknown): JsonObject {
  const given: JsonObject = Object(vars);
  const lead: JsonObject = Object(given['lead']);
  return { ...pick(given, OPEN_VARS), lead: pick(lead, ['id']) };
}

function pick(whole: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.filter((name) => name in whole).map((name) => [name, whole[name]]));
}
