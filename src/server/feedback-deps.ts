import type { FeedbackDeps } from '../feedback/feedback-deps.ts';
import { giveImported } from '../feedback/give-imported.ts';
import { createRelayPlaces } from '../feedback/relay-places.ts';
import type { ImportFeedbackDeps } from '../jobs/import-feedback-deps.ts';
import type { JobFileStore } from '../jobs/job-files.ts';
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
    relays: createRelayPlaces(),
    ...{ findRevision, findFlow, clock, ids, deliver, report, startTimer },
  };
}

/** What files of feedback are given with, row by row. */
export function buildFeedbackImportDeps(parts: ServerParts, files: JobFileStore): ImportFeedbackDeps {
  const deps = buildFeedbackDeps(parts);
  return { files, give: (row) => giveImported(deps, row) };
}
