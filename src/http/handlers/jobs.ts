import type { Principal } from '../../access/principal.ts';
import type { JobState, JobStore } from '../../jobs/job.ts';
import { QUEUE_ROWS } from '../../jobs/jobs.ts';
import type { Clock } from '../../lib/clock.ts';
import { type ApiResult, answer } from '../api.ts';
import { apiError } from '../errors.ts';
import { jobJson } from '../jobs/job-json.ts';

export interface JobDeps {
  jobs: JobStore;
  clock: Pick<Clock, 'now'>;
}

interface JobRequest {
  principal: Principal;
  params: { id: string };
}

const PAGE_DEFAULT = 25;
export const UNKNOWN_JOB = apiError(
  'not_found',
  'There is no job with this id; jobs are deleted 30 days after they end.',
);
const NOT_RUNNING = apiError('conflict', 'The job waits to be confirmed, or has ended: it cannot be paused.');
const NOT_PAUSED = apiError(
  'conflict',
  'The job is not paused; one that runs pauses only when its pieces under way have ended.',
);
const HAS_ENDED = apiError('conflict', 'The job has already ended and cannot be cancelled.');

/** `GET /jobs`: newest first. */
export async function listJobs(
  { jobs }: JobDeps,
  {
    principal,
    query,
  }: {
    principal: Principal;
    query: {
      state: string[] | undefined;
      kind: string | undefined;
      before_id: string | undefined;
      limit: number | undefined;
    };
  },
): Promise<ApiResult> {
  const page = await jobs.page({
    accountId: principal.accountId,
    // The row of the route lets only states through.
    states: query.state as JobState[] | undefined,
    kind: query.kind,
    before: query.before_id,
    limit: query.limit ?? PAGE_DEFAULT,
  });
  return answer(200, page.map(jobJson));
}

/** `GET /jobs/{id}` */
export async function readJob({ jobs }: JobDeps, { principal, params }: JobRequest): Promise<ApiResult> {
  const job = await jobs.find({ accountId: principal.accountId, id: params.id });
  return job ? answer(200, jobJson(job)) : UNKNOWN_JOB;
}

/** `POST /jobs/{id}/pause`: a queued job is paused when this answers, a running one soon (202). */
export async function pauseJob({ jobs, clock }: JobDeps, { principal, params }: JobRequest): Promise<ApiResult> {
  const key = { accountId: principal.accountId, id: params.id };
  const paused = await jobs.pause({ ...key, now: clock.now() });
  if (paused === 'missing') return UNKNOWN_JOB;
  if (paused === 'not-now') return NOT_RUNNING;
  const job = await jobs.find(key);
  return job ? answer(paused === 'asked' ? 202 : 200, jobJson(job)) : UNKNOWN_JOB;
}

/** `POST /jobs/{id}/resume`: it goes on from where it paused. */
export async function resumeJob({ jobs, clock }: JobDeps, { principal, params }: JobRequest): Promise<ApiResult> {
  const key = { accountId: principal.accountId, id: params.id };
  const job = await jobs.find(key);
  const attemptsMax = QUEUE_ROWS.find(({ name }) => name === job?.kind)?.attemptsMax;
  if (!job || attemptsMax === undefined) return UNKNOWN_JOB;
  const resumed = await jobs.goOn({ ...key, from: ['paused'], attemptsMax, now: clock.now() });
  if (resumed !== 'queued') return NOT_PAUSED;
  return answer(200, jobJson((await jobs.find(key)) ?? job));
}

/** `POST /jobs/{id}/cancel`: a queued job has ended when this answers, a running one stops soon (202). */
export async function cancelJob({ jobs, clock }: JobDeps, { principal, params }: JobRequest): Promise<ApiResult> {
  const key = { accountId: principal.accountId, id: params.id };
  const cancelled = await jobs.cancel({ ...key, now: clock.now() });
  if (cancelled === 'missing') return UNKNOWN_JOB;
  if (cancelled === 'ended') return HAS_ENDED;
  const job = await jobs.find(key);
  return job ? answer(cancelled === 'asked' ? 202 : 200, jobJson(job)) : UNKNOWN_JOB;
}
