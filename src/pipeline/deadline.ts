import { type RunPart, routeOf } from './lead-run.ts';

const ANSWER_RESERVE_MS_MAX = 100;

/**
 * What is kept of a source's deadline for the commit of the lead and its answer, ms: recipients get the rest (decision
 * 23). A tenth, at most 100 ms: a commit takes a few, and a busy disk some tens.
 */
export function answerReserveMs(deadlineMs: number): number {
  return Math.min(ANSWER_RESERVE_MS_MAX, deadlineMs / 10);
}

/**
 * How long the whole lead may take from its arrival, ms: the deadline of its source, and of an inner lead no more than
 * the delivery that it is (decision page 0089). null: there is no limit.
 */
export function deadlineOf(run: RunPart<'submission' | 'route'>): number | null {
  const { deadlineMs } = routeOf(run).source;
  const outerMs = run.submission.inner?.timeoutMs;
  if (outerMs === undefined) return deadlineMs;
  return deadlineMs === null ? outerMs : Math.min(outerMs, deadlineMs);
}
