import type { Actor } from '../access/principal.ts';
import type { ResubmitCall } from '../resubmission/resubmit-leads.ts';
import type { JobStore } from './job.ts';
import { type ResubmitInput, resubmit } from './work/resubmit.ts';

/**
 * Puts leads that are to be sent again into the queue; returns the id of the job. A call with a name that was made
 * before is about the job it made then.
 */
export async function enqueueResubmission(
  jobs: Pick<JobStore, 'create'>,
  { call, jobId, askedBy, now }: { call: ResubmitCall; jobId: string; askedBy: Actor; now: number },
): Promise<string> {
  const { accountId, leadIds, options, target, callId } = call;
  const input: ResubmitInput = {
    leadIds: [...leadIds],
    ...options,
    target,
    // No caller can give this name: a slash is not allowed in one.
    callId: callId ?? `job/${jobId}`,
  };
  const { id } = await jobs.create({
    accountId,
    id: jobId,
    kind: resubmit.name,
    callId,
    askedBy,
    input,
    total: leadIds.length,
    attemptsMax: resubmit.attemptsMax,
    now,
  });
  return id;
}
