import { decideReturn } from './decide-return.ts';
import type { FeedbackDeps } from './feedback-deps.ts';
import { relayFeedback } from './go-on.ts';
import { RELAY_LEASE_MS } from './relay-feedback.ts';

/** Of a run: one that is down takes 10 s of each exchange, so a run ends within its minutes. */
const RELAYS_MAX = 40;
const RELAYS_AT_ONCE = 8;
const DECISIONS_MAX = 500;

/** Asks sources again that have not answered, and decides returns whose deadline has passed. */
export async function settleDueFeedback(deps: FeedbackDeps): Promise<{ relayed: number; decided: number }> {
  return { decided: await decideOverdue(deps), relayed: await relayDue(deps) };
}

async function decideOverdue(deps: FeedbackDeps): Promise<number> {
  let decided = 0;
  for (const feedback of await deps.feedback.listOverdue({ now: deps.clock.now(), limit: DECISIONS_MAX })) {
    const decision = feedback.defaultDecision ?? 'decline';
    const { kind } = await decideReturn(deps, { feedback, decision, by: 'deadline', note: null });
    if (kind === 'decided') decided += 1;
  }
  return decided;
}

async function relayDue(deps: FeedbackDeps): Promise<number> {
  const due = (await deps.feedback.listDueRelays({ now: deps.clock.now(), limit: RELAYS_MAX })).values();
  let relayed = 0;
  const relayNext = async () => {
    for (const feedback of due) {
      const nextAttemptAt = deps.clock.now() + RELAY_LEASE_MS;
      const after = { ...feedback, attempts: feedback.attempts + 1, nextAttemptAt };
      // Of several processes that see it one makes the attempt.
      if (!(await deps.feedback.change({ before: feedback, after, events: [], entries: [] }))) continue;
      await relayFeedback(deps, after);
      relayed += 1;
    }
  };
  await Promise.all(Array.from({ length: RELAYS_AT_ONCE }, relayNext));
  return relayed;
}
