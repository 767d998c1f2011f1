import type { FeedbackDeps } from '../feedback/feedback-deps.ts';
import { createEventStore } from '../store/postgres/events.ts';
import { createFeedbackStore } from '../store/postgres/feedback.ts';
import type { ServerParts } from './server-parts.ts';
import { startTimer } from './start-timer.ts';

/** What feedback is taken, relayed and decided with, by a request or by a duty. */
export function buildFeedbackDeps({ pool, phases, findRevision }: ServerParts): FeedbackDeps {
  const { clock, ids, deliver, findFlow, report } = phases;
  return {
    feedback: createFeedbackStore(pool),
    events: createEventStore(pool),
    ...{ findRevision, findFlow, clock, ids, deliver, report, startTimer },
  };
}
