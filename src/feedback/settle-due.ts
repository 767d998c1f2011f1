import { decideReturn } from './decide-return.ts';
import type { Feedback } from './feedback.ts';
import type { FeedbackDeps } from './feedback-deps.ts';
import { giveUpRelay, relayFeedback } from './go-on.ts';
import { RELAY_ATTEMPTS_MAX, RELAY_LEASE_MS } from './relay-feedback.ts';

/** Relays of one run. */
const RELAYS_MAX = 1_000;
/** After this a run begins no exchange, so that it ends within the time limit of its duty. */
const RELAYING_MS_MAX = 40_000;
const RELAYS_AT_ONCE = 8;
const DECISIONS_MAX = 500;

/**
 * Asks sources again that have not answered, and decides returns whose deadline has passed. A feedback that cannot be
 * handled is reported and does not keep the others waiting.
 */
export async function settleDueFeedback(deps: FeedbackDeps): Promise<{ relayed: number; decided: number }> {
  return { decided: await decideOverdue(deps), relayed: await relayDue(deps) };
}

async function decideOverdue(deps: FeedbackDeps): Promise<number> {
  let decided = 0;
  for (const feedback of await deps.feedback.listOverdue({ now: deps.clock.now(), limit: DECISIONS_MAX })) {
    const decision = feedback.defaultDecision ?? 'decline';
    const isDecided = await reportFault(deps, feedback, async () => {
      const { kind } = await decideReturn(deps, { feedback, decision, by: 'deadline', note: null });
      return kind === 'decided';
    });
    if (isDecided) decided += 1;
  }
  return decided;
}

async function relayDue(deps: FeedbackDeps): Promise<number> {
  const due = (await deps.feedback.listDueRelays({ now: deps.clock.now(), limit: RELAYS_MAX })).values();
  const lastBeginAt = deps.clock.now() + RELAYING_MS_MAX;
  let relayed = 0;
  const relayNext = async () => {
    for (const feedback of due) {
      if (deps.clock.now() > lastBeginAt) return;
      if (await reportFault(deps, feedback, () => relayAgain(deps, feedback))) relayed += 1;
    }
  };
  await Promise.all(Array.from({ length: RELAYS_AT_ONCE }, relayNext));
  return relayed;
}

/** Returns whether this process has made the attempt. */
async function relayAgain(deps: FeedbackDeps, feedback: Feedback): Promise<boolean> {
  if (feedback.attempts >= RELAY_ATTEMPTS_MAX) {
    // The result of the last attempt was not written: its process ended, or failed.
    await giveUpRelay(deps, feedback);
    return false;
  }
  const nextAttemptAt = deps.clock.now() + RELAY_LEASE_MS;
  const after = { ...feedback, attempts: feedback.attempts + 1, nextAttemptAt };
  // Of several processes that see it one makes the attempt.
  if (!(await deps.feedback.change({ before: feedback, after, events: [], entries: [], revenueBack: null })))
    return false;
  await relayFeedback(deps, after);
  return true;
}

async function reportFault(deps: FeedbackDeps, { leadId }: Feedback, run: () => Promise<boolean>): Promise<boolean> {
  try {
    return await run();
  } catch (error) {
    deps.report({ leadId, where: 'feedback', error });
    return false;
  }
}
