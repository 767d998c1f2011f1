import type { CompiledFlow, CompiledRelay } from '../flow-compiler/compiled-flow.ts';
import { type Delivery, findDelivery } from './delivery.ts';
import type { Decider, Feedback } from './feedback.ts';
import type { FeedbackDeps } from './feedback-deps.ts';
import type { FeedbackEvent, FeedbackMarks } from './feedback-store.ts';
import { buildFeedbackVars } from './feedback-vars.ts';
import { buildSentEvent, RELAY_ATTEMPTS_MAX, RELAY_LEASE_MS, relayPauseMs, sendToSource } from './relay-feedback.ts';
import { type FeedbackEnd, settleFeedback } from './settle-feedback.ts';

/** What a feedback belongs to. */
export interface FeedbackPlace {
  delivery: Delivery | undefined;
  /** As deployed now; null: it is gone. */
  flow: CompiledFlow | null;
  /** This process has not the latest configuration. */
  isStale: boolean;
}

/** A feedback that nothing is in the way of: its source is asked, or it is accepted at once. */
export type Accepted = { after: Feedback; marks: FeedbackMarks };

/**
 * What follows once the rules, or a person, have nothing against a feedback: a relay that is on its way to the source, or its
 * end. What must be written before the source is asked is written by the caller.
 */
export async function acceptFeedback(
  deps: FeedbackDeps,
  at: Pick<FeedbackPlace, 'delivery' | 'flow'> & {
    feedback: Feedback;
    by: Decider;
    note?: string | null;
    request?: FeedbackEnd['request'];
    /** The source is not asked, whatever the flow says. */
    isFinal?: boolean;
  },
): Promise<Accepted> {
  const { feedback, delivery, flow, by, note = feedback.note, request, isFinal = false } = at;
  const now = deps.clock.now();
  const relay = isFinal ? undefined : flow?.feedback.relays.get(feedback.sourceId);
  const end = { ...ACCEPTED, decidedBy: by, note, refundsCost: feedback.refundsCost, now, request };
  const accepted = settleFeedback(feedback, { end, delivery, ids: deps.ids });
  if (!relay || !delivery || !flow) return accepted;
  const { vars, ctx } = await buildFeedbackVars({ ...deps, now }, { delivery, flow, feedback });
  const verdict = relay.rules.evaluate(vars, ctx);
  if (verdict.passed) {
    const nextAttemptAt = now + RELAY_LEASE_MS;
    const after: Feedback = { ...feedback, status: 'relaying', decidedBy: by, note, attempts: 1, nextAttemptAt };
    return { after, marks: NOTHING };
  }
  const sent = { outcome: 'skip', reason: verdict.reason, transactions: [] } as const;
  const skipped = buildSentEvent(deps, {
    ...{ feedback, relay, startedAt: now, endedAt: now, isLast: true },
    sent: { ...sent, transactions: [] },
  });
  return { ...accepted, marks: withEvent(accepted.marks, skipped) };
}

const ACCEPTED = { status: 'accepted', outcome: 'success', reason: null } as const;
const NOTHING: FeedbackMarks = { events: [], entries: [], revenueBack: null };

/** A feedback-sent event comes before the feedback-received event that it decides. */
function withEvent(marks: FeedbackMarks, first: FeedbackEvent): FeedbackMarks {
  return { ...marks, events: [first, ...marks.events] };
}

/**
 * Asks the source about a feedback whose attempt is written, and writes what came of it: its answer decides. Without an
 * answer it is asked again later, and after the last attempt a person has to decide. Returns the feedback as it is then.
 */
export async function relayFeedback(deps: FeedbackDeps, feedback: Feedback): Promise<Feedback> {
  const place = await findPlace(deps, feedback);
  const { delivery, flow, isStale } = place;
  // The attempt is made again when its lease has ended, by a process that knows the flow.
  if (isStale) return feedback;
  const relay = flow?.feedback.relays.get(feedback.sourceId);
  if (!relay || !delivery || !flow) {
    const by = feedback.decidedBy ?? 'rules';
    return write(deps, feedback, await acceptFeedback(deps, { ...place, feedback, by, isFinal: true }));
  }
  const startedAt = deps.clock.now();
  const { vars, ctx } = await buildFeedbackVars({ ...deps, now: startedAt }, { delivery, flow, feedback });
  const sent = await sendToSource(deps, { feedback, relay, flow, vars, ctx });
  const isLast = sent.outcome !== 'error' || feedback.attempts >= RELAY_ATTEMPTS_MAX;
  const now = deps.clock.now();
  const event = buildSentEvent(deps, { feedback, relay, sent, startedAt, endedAt: now, isLast });
  return write(deps, feedback, afterRelay(deps, { feedback, delivery, relay, sent, event, isLast, now }));
}

function afterRelay(
  { ids }: Pick<FeedbackDeps, 'ids'>,
  at: {
    feedback: Feedback;
    delivery: Delivery;
    relay: CompiledRelay;
    sent: { outcome: string; reason: string | null };
    event: FeedbackEvent;
    isLast: boolean;
    now: number;
  },
): Accepted {
  const { feedback, delivery, sent, event, isLast, now } = at;
  if (!isLast) {
    const nextAttemptAt = now + relayPauseMs(feedback.attempts);
    return { after: { ...feedback, nextAttemptAt }, marks: { events: [event], entries: [], revenueBack: null } };
  }
  const { after, marks } = settleFeedback(feedback, { end: { ...endAfter(feedback, sent), now }, delivery, ids });
  return { after, marks: withEvent(marks, event) };
}

/** A module that had nothing to send leaves the decision as it was. */
function endAfter(
  { decidedBy, refundsCost }: Feedback,
  { outcome, reason }: { outcome: string; reason: string | null },
): Omit<FeedbackEnd, 'now'> {
  switch (outcome) {
    case 'success':
      return { ...ACCEPTED, decidedBy: 'source', refundsCost: true };
    case 'failure':
      return {
        ...{ status: 'declined', outcome: 'failure', decidedBy: 'source', refundsCost: false },
        reason: reason ?? 'The source declined it',
      };
    case 'skip':
      return { ...ACCEPTED, decidedBy, refundsCost };
    default:
      return UNANSWERED;
  }
}

const UNANSWERED: Omit<FeedbackEnd, 'now'> = {
  ...{ status: 'unanswered', outcome: 'error', decidedBy: null, refundsCost: false },
  reason: 'The source did not answer',
};

/** Leaves a feedback whose attempts are used up to a person. */
export async function giveUpRelay(deps: FeedbackDeps, feedback: Feedback): Promise<void> {
  const end: FeedbackEnd = { ...UNANSWERED, now: deps.clock.now() };
  await write(deps, feedback, settleFeedback(feedback, { end, delivery: undefined, ids: deps.ids }));
}

/** What another process wrote meanwhile stands. */
async function write(deps: FeedbackDeps, before: Feedback, { after, marks }: Accepted): Promise<Feedback> {
  const isWritten = await deps.feedback.change({ before, after, ...marks });
  return isWritten ? after : ((await deps.feedback.find(before)) ?? after);
}

export async function findPlace(
  deps: Pick<FeedbackDeps, 'events' | 'findFlow'>,
  { accountId, leadId, flowId, deliveryEventId }: Feedback,
): Promise<FeedbackPlace> {
  const found = await deps.events.findDeliveries({ accountId, leadId });
  const live = deps.findFlow(flowId);
  return {
    delivery: found ? findDelivery(found, ({ id }) => id === deliveryEventId) : undefined,
    flow: live.kind === 'found' ? live.flow : null,
    isStale: live.kind === 'stale',
  };
}
