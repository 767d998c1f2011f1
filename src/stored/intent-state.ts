import type { EventType, RecordedRequest } from '../model/event.ts';
import type { OfferFacts, OuterLeadFacts } from './event-facts.ts';
import { type KnownOfLead, parseLeadDocument, type RuleFinding, type StepDocument } from './lead-document.ts';
import { storableJson } from './storable.ts';
import { assertKnownVersion } from './version.ts';

/** The newest in `intents.state`. Only a claim before bids is written in it: an older program reads the others. */
export const INTENT_STATE_VERSION = 3;
const DELIVERY_VERSION = 2;

/**
 * What a recovery after a crash knows of a run from its intents: all that was decided before the last one, and the one
 * request that may have left.
 */
export interface IntentState {
  document: KnownOfLead;
  events: EventRow[];
  /** Earlier deliveries that are to be tried again, and those that may have arrived. */
  failed: FailedDelivery[];
  lost: LostDelivery[];
  /** null: only bids were asked for, so nothing was delivered. */
  intent: Intent | null;
  /** The delivery that the lead is; absent: it is no inner lead. Only the first intent of a run has it. */
  outer?: OuterLeadFacts;
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
  /** The lead of another flow that it may have made; absent: it went over HTTP. */
  innerLead?: NamedLead;
  /** Which offer of a distribution it is, with its bid; absent: none, or an older program wrote the intent. */
  offer?: OfferFacts | undefined;
  /** What it is sold for if it arrived, in dollars; absent: an older program wrote the intent. */
  expectedPrice?: number | undefined;
}

/** A lead of any account. */
export interface NamedLead {
  accountId: string;
  leadId: string;
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
  /** The lead of another flow that it may have made; absent: it went over HTTP. */
  innerLead?: NamedLead;
}

/** What an intent adds to the intents of its run before it: the steps that have ended since, and its own request. */
export interface IntentAddition extends Omit<IntentState, 'document' | 'outer'> {
  findings: RuleFinding[];
  /** By the position of the step. */
  steps: Record<string, StepDocument>;
}

/** A row of `intents`. Only the first of a run has its document; versions 0 and 1 have one row a run and no additions. */
interface StoredIntent extends Omit<IntentState, 'document'>, Partial<Pick<IntentAddition, 'findings' | 'steps'>> {
  document?: unknown;
}

/** JSON text of the first intent of a run; `document` is the lead's document as text already. */
export function writeFirstIntent(state: Omit<IntentState, 'document'> & { document: string }): string {
  const { document, events, failed, lost, intent, outer } = state;
  const rest = storableJson(JSON.stringify({ events, failed, lost, intent, outer }));
  const version = intent === null ? INTENT_STATE_VERSION : DELIVERY_VERSION;
  return `{"version":${version},"document":${document},${rest.slice(1)}`;
}

/** JSON text of a further one. */
export function writeFurtherIntent(addition: IntentAddition): string {
  return storableJson(`{"version":${DELIVERY_VERSION},${JSON.stringify(addition).slice(1)}`);
}

/**
 * Of the parsed JSON of a run's intents, oldest first; null: it has none, so nothing had been sent. Throws on an unknown
 * version, also of the document in it.
 */
export function parseIntents(rows: readonly unknown[]): IntentState | null {
  const [first, ...further] = rows.map(parseStoredIntent);
  if (!first) return null;
  const state: IntentState = { ...first, document: parseLeadDocument(first.document) };
  return further.reduce(addIntent, state);
}

function parseStoredIntent(json: unknown): StoredIntent {
  assertKnownVersion(json, { what: 'An intent of a run', newest: INTENT_STATE_VERSION });
  return json as StoredIntent; // written by the two functions above alone
}

function addIntent(state: IntentState, row: StoredIntent): IntentState {
  const { document, events, failed, lost } = state;
  return {
    ...state,
    document: {
      ...document,
      findings: [...(document.findings ?? []), ...(row.findings ?? [])],
      steps: { ...document.steps, ...row.steps },
    },
    events: [...events, ...row.events],
    failed: [...failed, ...row.failed],
    lost: [...lost, ...row.lost],
    intent: row.intent,
  };
}
