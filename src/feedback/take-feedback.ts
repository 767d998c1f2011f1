import type { EventRecord } from '../events/event-store.ts';
import { FEEDBACK_TYPES, type FeedbackType } from '../model/flow.ts';
import type { LeadOutcome } from '../model/outcome.ts';
import { storableText } from '../stored/storable.ts';
import { type Delivery, findDelivery } from './delivery.ts';
import { type Feedback, REASON_CHARACTERS_MAX } from './feedback.ts';
import type { FeedbackDeps } from './feedback-deps.ts';
import type { FeedbackMarks } from './feedback-store.ts';
import { buildFeedbackVars } from './feedback-vars.ts';
import { type Accepted, acceptFeedback, relayFeedback } from './go-on.ts';
import { type Judgement, judgeFeedback } from './judge-feedback.ts';
import { type FeedbackEnd, settleFeedback } from './settle-feedback.ts';

/** A feedback as it was sent. */
export interface GivenFeedback {
  /** Any text; undefined: none. */
  type: string | undefined;
  reason: string | undefined;
  request?: FeedbackEnd['request'];
  /** Of a row of a file: it is taken once, and so is what says the same of the delivery. Absent: a new one. */
  id?: string;
}

/** Which delivery of which lead. */
export interface MeantDelivery {
  accountId: string;
  leadId: string;
  isMeant: (event: EventRecord) => boolean;
}

export type TakenFeedback =
  | { kind: 'answered'; outcome: LeadOutcome; reason: string | null; delivery: Delivery; feedback: Feedback | null }
  /** There is no such delivery. */
  | { kind: 'missing' }
  /** The lead has as many as it may. */
  | { kind: 'full' }
  /** This process cannot say which flow is deployed. */
  | { kind: 'unavailable' };

/** The words of the measured module make 409 of it (spec modules b). */
const FORBIDDEN = 'Feedback is forbidden';
const TYPES = FEEDBACK_TYPES.map((type) => `"${type}"`).join(' or ');

/**
 * Takes a feedback: finds its delivery, judges it by the flow as deployed now, writes it with its event and what it does
 * to money, and asks the source where the flow says so. A forbidden one, and one without a type, leave nothing.
 */
export async function takeFeedback(
  deps: FeedbackDeps,
  { meant, given }: { meant: MeantDelivery; given: GivenFeedback },
): Promise<TakenFeedback> {
  const found = await deps.events.findDeliveries(meant);
  const delivery = found && findDelivery(found, meant.isMeant);
  if (!delivery) return { kind: 'missing' };
  const type = readType(given.type);
  if (!type) return answered(delivery, { outcome: 'failure', reason: `The type must be ${TYPES}` });
  const live = deps.findFlow(delivery.lead.flowId);
  if (live.kind === 'stale') return { kind: 'unavailable' };
  if (live.kind === 'missing') return answered(delivery, { outcome: 'failure', reason: FORBIDDEN });
  const { flow } = live;
  const feedback = newFeedback(deps, {
    ...{ delivery, type, reason: readReason(given.reason), id: given.id ?? deps.ids.next() },
  });
  const now = feedback.receivedAt;
  const { vars, ctx } = await buildFeedbackVars({ ...deps, now }, { delivery, flow, feedback });
  const { submittedAt } = delivery.lead;
  const judgement = judgeFeedback(flow.feedback, feedback.stepId, { ...feedback, submittedAt, vars, ctx });
  if (judgement.kind === 'forbidden') return answered(delivery, { outcome: 'failure', reason: FORBIDDEN });
  const begun = await begin(deps, { feedback, judgement, delivery, flow, request: given.request });
  return write(deps, { ...begun, delivery, isOnce: given.id !== undefined });
}

function readType(text: string | undefined): FeedbackType | undefined {
  const folded = text?.trim().toLowerCase();
  return FEEDBACK_TYPES.find((known) => known === folded);
}

function readReason(text: string | undefined): string | null {
  const reason = storableText(text ?? '').trim();
  return reason === '' ? null : reason.slice(0, REASON_CHARACTERS_MAX);
}

function newFeedback(
  { clock }: FeedbackDeps,
  at: { delivery: Delivery; type: FeedbackType; reason: string | null; id: string },
): Feedback {
  const { delivery, type, reason, id } = at;
  const { lead, event } = delivery;
  const { accountId, id: leadId, flowId, sourceId } = lead;
  const { stepId, recipientId, id: deliveryEventId } = event;
  return {
    ...{ accountId, id, leadId, flowId, sourceId, stepId, recipientId, deliveryEventId, type, reason },
    ...{ status: 'pending', outcome: null, outcomeReason: null, decidedBy: null, note: null, refundsCost: false },
    ...{ deadlineAt: null, defaultDecision: null, attempts: 0, nextAttemptAt: null, eventId: null },
    ...{ receivedAt: clock.now(), decidedAt: null },
  };
}

/** What is written of it first. */
async function begin(
  deps: FeedbackDeps,
  at: {
    feedback: Feedback;
    judgement: Exclude<Judgement, { kind: 'forbidden' }>;
    delivery: Delivery;
    flow: Parameters<typeof acceptFeedback>[1]['flow'];
    request: FeedbackEnd['request'];
  },
): Promise<Accepted> {
  const { feedback, judgement, delivery, flow, request } = at;
  const { ids } = deps;
  if (judgement.kind === 'refused') {
    const said = { status: 'refused', outcome: 'failure', reason: judgement.reason, decidedBy: 'rules' } as const;
    const end = { ...said, refundsCost: false, now: feedback.receivedAt, request };
    return settleFeedback(feedback, { end, delivery, ids });
  }
  const { approval, refundsCost } = judgement;
  if (!approval)
    return acceptFeedback(deps, { feedback: { ...feedback, refundsCost }, delivery, flow, by: 'rules', request });
  const deadlineAt = approval.deadlineFrom(feedback.receivedAt);
  return { after: { ...feedback, refundsCost, deadlineAt, defaultDecision: approval.default }, marks: NO_MARKS };
}

const NO_MARKS: FeedbackMarks = { events: [], entries: [], revenueBack: null };

async function write(
  deps: FeedbackDeps,
  { after, marks, delivery, isOnce }: Accepted & { delivery: Delivery; isOnce: boolean },
): Promise<TakenFeedback> {
  if (after.status !== 'relaying') return receive(deps, { after, marks, delivery, isOnce });
  const { sourceId } = after;
  // Too many wait for a source already: the duty asks this one.
  if (!deps.relays.enter(sourceId)) {
    const later: Feedback = { ...after, attempts: 0, nextAttemptAt: deps.clock.now() };
    return receive(deps, { after: later, marks, delivery, isOnce });
  }
  try {
    return await receive(deps, { after, marks, delivery, isOnce });
  } finally {
    deps.relays.leave(sourceId);
  }
}

async function receive(
  deps: FeedbackDeps,
  { after, marks, delivery, isOnce }: Accepted & { delivery: Delivery; isOnce: boolean },
): Promise<TakenFeedback> {
  const received = await deps.feedback.receive(after, { ...marks, isOnce });
  if (received.kind === 'full') return { kind: 'full' };
  if (received.kind === 'again') return answered(delivery, sayState(received.feedback), received.feedback);
  const isAskedNow = after.status === 'relaying' && after.attempts > 0;
  const last = isAskedNow ? await relayFeedback(deps, after) : after;
  return answered(delivery, sayState(last), last);
}

function answered(
  delivery: Delivery,
  said: { outcome: LeadOutcome; reason: string | null },
  feedback: Feedback | null = null,
): TakenFeedback {
  return { kind: 'answered', ...said, delivery, feedback };
}

/** What its sender is answered, also when it is sent again. */
function sayState({ status, outcome, outcomeReason }: Feedback): { outcome: LeadOutcome; reason: string | null } {
  if (status === 'pending') return { outcome: 'success', reason: 'The return waits for a decision' };
  if (status === 'relaying' || outcome === null) return { outcome: 'error', reason: ASKED_AGAIN };
  return { outcome, reason: outcomeReason };
}

const ASKED_AGAIN = 'The source has not answered yet and is asked again; the feedback need not be sent again';

/** The delivery of a lead that its recipient accepted. */
export function isDeliveryTo(recipientId: string): MeantDelivery['isMeant'] {
  return (event) => event.recipientId === recipientId && event.outcome === 'success';
}
