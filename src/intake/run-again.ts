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
 * Runs a submission that no sender waits for, for a caller of the account: the stored one of a lead that is sent again, or
 * a row of a file. It has the caller's key, and is admitted like that of a sender, or `isBehind` them. Returns null when it
 * is not admitted at the moment.
 */
export async function runAgain(
  { submission, accountId, isBehind = false }: { submission: Submission; accountId: string; isBehind?: boolean },
  deps: RunAgainDeps,
): Promise<Awaited<ReturnType<typeof runSubmission>> | null> {
  const { admission } = deps;
  const enter = isBehind ? admission.enterBehind : admission.enter;
  const leave = deps.isStoreAway() || deps.clockProblem() ? undefined : enter();
  if (!leave) return null;
  try {
    const phases: PhaseDeps = { ...deps.phases, maySubmit: async (_header, source) => source.accountId === accountId };
    return await runSubmission(submission, { ...deps, phases });
  } finally {
    leave();
  }
}
