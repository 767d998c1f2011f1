import type { ReturnDecision } from '../model/flow.ts';
import type { Feedback } from './feedback.ts';
import type { FeedbackDeps } from './feedback-deps.ts';
import { acceptFeedback, findPlace, relayFeedback } from './go-on.ts';
import { settleFeedback } from './settle-feedback.ts';

export interface Decision {
  decision: ReturnDecision;
  by: 'person' | 'deadline';
  note: string | null;
}

export type DecidedReturn =
  | { kind: 'decided'; feedback: Feedback }
  /** It does not wait for a decision. */
  | { kind: 'decided before'; feedback: Feedback }
  /** This process cannot say which flow is deployed. */
  | { kind: 'unavailable' };

/**
 * Accepts or declines a return that waits for a decision. Accepted, its source is asked where the flow says so, unless it
 * has been asked and did not answer.
 */
export async function decideReturn(
  deps: FeedbackDeps,
  { feedback, decision, by, note }: Decision & { feedback: Feedback },
): Promise<DecidedReturn> {
  if (feedback.status !== 'pending' && feedback.status !== 'unanswered') return { kind: 'decided before', feedback };
  const { delivery, flow, isStale } = await findPlace(deps, feedback);
  if (isStale) return { kind: 'unavailable' };
  const isFinal = feedback.status === 'unanswered';
  const accepted =
    decision === 'accept'
      ? await acceptFeedback(deps, { feedback, delivery, flow, by, note, isFinal })
      : settleFeedback(feedback, {
          end: { ...DECLINED, decidedBy: by, note, now: deps.clock.now() },
          delivery,
          ids: deps.ids,
        });
  const { marks } = accepted;
  const isAsked = accepted.after.status === 'relaying';
  // No caller waits for a deadline: the duty asks the source with its other relays.
  const isAskedLater = isAsked && by === 'deadline';
  const after = isAskedLater ? { ...accepted.after, attempts: 0, nextAttemptAt: deps.clock.now() } : accepted.after;
  if (!(await deps.feedback.change({ before: feedback, after, ...marks })))
    return { kind: 'decided before', feedback: (await deps.feedback.find(feedback)) ?? feedback };
  return { kind: 'decided', feedback: isAsked && !isAskedLater ? await relayFeedback(deps, after) : after };
}

const DECLINED = {
  status: 'declined',
  outcome: 'failure',
  reason: 'The return was declined',
  refundsCost: false,
} as const;
