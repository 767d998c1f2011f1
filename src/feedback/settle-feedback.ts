import { negate } from '../events/lead-money.ts';
import type { Ids } from '../lib/ids.ts';
import type { RecordedRequest, Transaction } from '../model/event.ts';
import { NO_MONEY } from '../model/money.ts';
import type { LeadOutcome } from '../model/outcome.ts';
import { buildFeedbackReceivedFacts, writeEventFacts } from '../stored/event-facts.ts';
import { type StoredFeedback, writeStepDocument } from '../stored/lead-document.ts';
import { storableJson, storableText } from '../stored/storable.ts';
import type { Delivery } from './delivery.ts';
import type { Decider, Feedback, FeedbackStatus } from './feedback.ts';
import type { FeedbackEvent, FeedbackMarks } from './feedback-store.ts';

/** The module that reads feedback, as its events name it. */
const MODULE_ID = 'leadconduit-standard.inbound.feedback';

/** What became of a feedback for good. */
export interface FeedbackEnd {
  status: Extract<FeedbackStatus, 'accepted' | 'declined' | 'unanswered' | 'refused'>;
  outcome: LeadOutcome;
  reason: string | null;
  decidedBy: Decider | null;
  note?: string | null;
  /** Is what the lead cost taken back, too? */
  refundsCost: boolean;
  now: number;
  /** As it came in; absent: it came in earlier. */
  request?: RecordedRequest | undefined;
}

/**
 * A feedback with its end, its feedback-received event and, of a return that was accepted, the entries that take money
 * back. What the lead was answered and what its deliveries are recorded as stays as it is.
 */
export function settleFeedback(
  feedback: Feedback,
  { end, delivery, ids }: { end: FeedbackEnd; delivery: Delivery | undefined; ids: Ids },
): { after: Feedback; marks: FeedbackMarks } {
  const { status, outcome, decidedBy, now, note = feedback.note } = end;
  const reason = end.reason === null ? null : storableText(end.reason);
  const eventId = ids.event();
  const after: Feedback = {
    ...feedback,
    ...{ status, outcome, outcomeReason: reason, decidedBy, note, eventId, nextAttemptAt: null, decidedAt: now },
  };
  const at = { startedAt: feedback.receivedAt, endedAt: Math.max(now, feedback.receivedAt), moduleId: MODULE_ID };
  const event: FeedbackEvent = {
    ...{ id: eventId, type: 'feedback-received', outcome, reason },
    facts: writeEventFacts(buildFeedbackReceivedFacts(after, at)),
    document: writeFeedbackDocument(feedback, end.request ? [received(end.request)] : []),
  };
  const isReturned = status === 'accepted' && feedback.type === 'return' && delivery !== undefined;
  const returned = isReturned ? takeBack(after, { delivery, refundsCost: end.refundsCost, now, ids }) : NOTHING_BACK;
  return { after, marks: { events: [event], ...returned } };
}

type TakenBack = Pick<FeedbackMarks, 'entries' | 'revenueBack'>;

const NOTHING_BACK: TakenBack = { entries: [], revenueBack: null };

/** Characters of a URL and of a body that are kept with the event: a lead may have a thousand of them. */
const REQUEST_CHARACTERS_MAX = 2_000;

function received(request: RecordedRequest): Transaction {
  const body = request.body?.slice(0, REQUEST_CHARACTERS_MAX) ?? null;
  const uri = request.uri.slice(0, REQUEST_CHARACTERS_MAX);
  return { request: { ...request, uri, body }, response: null, ms: 0 };
}

/** What an event of feedback keeps beside its facts. */
export function writeFeedbackDocument(
  { type, reason, receivedAt }: Pick<Feedback, 'type' | 'reason' | 'receivedAt'>,
  transactions: Transaction[],
): string {
  const feedback: StoredFeedback = { timestamp: new Date(receivedAt).toISOString(), type, reason };
  return storableJson(writeStepDocument({ key: '', appended: null, mappings: [], cap: null, transactions, feedback }));
}

/** The revenue, and where the return takes it back the cost, unless the lead cost nothing. */
function takeBack(
  { leadId, flowId, sourceId, recipientId, eventId }: Feedback,
  at: { delivery: Delivery; refundsCost: boolean; now: number; ids: Ids },
): TakenBack {
  const { delivery, refundsCost, now, ids } = at;
  const startEntry = () => ({
    ...{ id: ids.next(), leadId, reason: 'return' as const, eventId: eventId ?? '' },
    ...{ flowId, sourceId, recipientId, createdAt: now },
  });
  const revenueBack = startEntry();
  const { price } = delivery.lead;
  if (!refundsCost || price === NO_MONEY) return { entries: [], revenueBack };
  return { entries: [{ ...startEntry(), kind: 'cost', amount: negate(price) }], revenueBack };
}
