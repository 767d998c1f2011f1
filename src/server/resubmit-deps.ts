import { runAgain } from '../intake/run-again.ts';
import type { Log } from '../observe/log.ts';
import type { ResubmitDeps } from '../resubmission/resubmit-leads.ts';
import { createEventStore } from '../store/postgres/events.ts';
import { createResubmissionStore } from '../store/postgres/resubmissions.ts';
import type { ServerParts } from './server-parts.ts';
import { startTimer } from './start-timer.ts';

/** What leads are sent again with, by a request or by a job. */
export function buildResubmitDeps(parts: ServerParts, log: Log): ResubmitDeps {
  const { pool, phases, admission, running, runStore, clock, findRevision } = parts;
  const intake = {
    phases,
    log,
    metrics: parts.metrics,
    tracing: parts.tracing,
    admission,
    running,
    isStoreAway: runStore.isAway,
    clockProblem: clock.problem,
  };
  return {
    events: createEventStore(pool),
    findRevision,
    resubmissions: createResubmissionStore(pool),
    runSubmission: (submission, accountId) => runAgain({ submission, accountId }, intake),
    startTimer,
    report: phases.report,
    clock: phases.clock,
    ids: phases.ids,
  };
}
