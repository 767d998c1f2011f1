import type { EventType, RecordedRequest } from '../model/event.ts';
import { type KnownOfLead, parseLeadDocument } from './lead-document.ts';
import { storableJson } from './storable.ts';
import { assertKnownVersion } from './version.ts';

/** Written in `runs.state`. */
export const INTENT_STATE_VERSION = 1;

/**
 * What an intent leaves in the run row for a recovery after a crash: all that was decided so far, and the one request
 * that may have left. Version 0 has the same members without `version`.
 */
export interface IntentState {
  document: KnownOfLead;
  events: EventRow[];
  /** Earlier deliveries that are to be tried again, and those that may have arrived. */
  failed: FailedDelivery[];
  lost: LostDelivery[];
  intent: Intent;
}

/** The request that may have left. */
export interface Intent {
  eventId: string;
  seq: number;
  stepId: string;
  recipientId: string;
  key: string;
  moduleId: string;
  /** Epoch ms. */
  at: number;
  request: RecordedRequest;
  /** Whether the recipient may be asked again although it may have received the request. */
  retry: RetryPlan;
}

/** Is a delivery tried again? `masked`: it would be, but it carries values that are not kept (decision 31). */
export type RetryPlan = 'none' | 'queued' | 'masked';

/** One row of `events` to be written. */
export interface EventRow {
  id: string;
  seq: number;
  type: EventType;
  outcome: string;
  reason: string | null;
  stepId: string | null;
  recipientId: string | null;
  /** JSON text of the facts that have no column, made by `event-facts.ts`. */
  facts: string;
}

/** A delivery that is to be tried again. */
export interface FailedDelivery {
  eventId: string;
  stepId: string;
  recipientId: string;
  outcome: string;
  reason: string | null;
}

/** A delivery that may have arrived. */
export interface LostDelivery {
  eventId: string;
  stepId: string;
  recipientId: string;
  reason: string | null;
  /** Epoch ms. */
  happenedAt: number;
}

/** JSON text; `document` is the lead's document as text already. */
export function writeIntentState(state: Omit<IntentState, 'document'> & { document: string }): string {
  const { document, events, failed, lost, intent } = state;
  const rest = storableJson(JSON.stringify({ events, failed, lost, intent }));
  return `{"version":${INTENT_STATE_VERSION},"document":${document},${rest.slice(1)}`;
}

/** Of parsed JSON; null: nothing had been sent. Throws on an unknown version, also of the document in it. */
export function parseIntentState(json: unknown): IntentState | null {
  if (json === null || json === undefined) return null;
  assertKnownVersion(json, { what: 'The state of a run', newest: INTENT_STATE_VERSION });
  const state = json as IntentState; // written by writeIntentState alone
  return { ...state, document: parseLeadDocument(state.document) };
}
