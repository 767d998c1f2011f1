import type { Submission } from '../pipeline/lead-run.ts';
import type { PhaseDeps } from '../pipeline/phase.ts';
import type { Admission } from './admission.ts';
import { runSubmission, type SubmissionDeps } from './run-submission.ts';

export interface RunAgainDeps extends SubmissionDeps {
  admission: Admission;
  /** Is the database out of reach? */
  isStoreAway(): boolean;
  /** Why this server's time is not to be trusted; undefined: it is. */
  clockProblem(): string | undefined;
}

/**
 * Runs the stored submission of a lead again for a caller with an API key: it is admitted like that of a sender, and has
 * the caller's key. Returns null when no lead is admitted at the moment.
 */
export async function runAgain(
  { submission, accountId }: { submission: Submission; accountId: string },
  deps: RunAgainDeps,
): Promise<Awaited<ReturnType<typeof runSubmission>> | null> {
  const leave = deps.isStoreAway() || deps.clockProblem() ? undefined : deps.admission.enter();
  if (!leave) return null;
  try {
    const phases: PhaseDeps = { ...deps.phases, maySubmit: async (_header, source) => source.accountId === accountId };
    return await runSubmission(submission, { ...deps, phases });
  } finally {
    leave();
  }
}
