import { routeOf } from '../../lead-run.ts';
import type { StepRun } from './step-run.ts';

/** Seconds a recipient may be given at most (decision 23). */
const TIMEOUT_SECONDS_MAX = 360;

/**
 * ms that one exchange may take: the recipient's own limit (`ownSeconds`, else the mapped `timeout_seconds`, else the
 * setting's), counted from `since` (monotonic ms) where a step has several, but never more than the source's deadline
 * leaves (decision 23).
 */
export function timeLeftMs(stepRun: StepRun, ownSeconds: number | undefined, since?: number): number {
  const { run, deps, moduleVars } = stepRun;
  const now = deps.clock.monotonic();
  const seconds = Number(ownSeconds ?? moduleVars['timeout_seconds']);
  const wholeMs = seconds >= 1 ? Math.min(seconds, TIMEOUT_SECONDS_MAX) * 1000 : deps.timeoutMs;
  const ownMs = wholeMs - (now - (since ?? now));
  const { deadlineMs } = routeOf(run).source;
  if (deadlineMs === null) return ownMs;
  return Math.min(ownMs, run.submission.arrivedAt + deadlineMs - now);
}
