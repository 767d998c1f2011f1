import { answerReserveMs, deadlineOf } from '../../deadline.ts';
import type { RunPart } from '../../lead-run.ts';
import type { StepPart } from './stage-access.ts';

/** Seconds a recipient may be given at most (decision 23). */
const TIMEOUT_SECONDS_MAX = 360;
/** What the time of a step depends on. */
export type TimedStep = { readonly run: RunPart<'submission' | 'route'> } & StepPart<'deps'> &
  Partial<StepPart<'moduleVars'>>;

/** With less left of the source's deadline nothing is sent: no recipient answers so fast. */
const WORTH_SENDING_MS = 50;

/**
 * ms that one exchange may take: the recipient's own limit (`ownSeconds`, else the mapped `timeout_seconds`, else the
 * setting's), counted from `since` (monotonic ms) where a step has several, but never more than the source's deadline
 * leaves, with a reserve for the commit and the answer (decision 23). 0: nothing may be sent any more.
 */
export function timeLeftMs(stepRun: TimedStep, ownSeconds: number | undefined, since?: number): number {
  const { run, deps, moduleVars } = stepRun;
  const now = deps.clock.monotonic();
  const wholeMs = recipientTimeoutMs(ownSeconds ?? moduleVars?.['timeout_seconds'], deps.timeoutMs);
  const ownMs = wholeMs - (now - (since ?? now));
  const deadlineMs = deadlineOf(run);
  if (deadlineMs === null) return ownMs;
  const leftMs = run.submission.arrivedAt + deadlineMs - answerReserveMs(deadlineMs) - now;
  return leftMs < WORTH_SENDING_MS ? 0 : Math.min(ownMs, leftMs);
}

/** ms that a recipient may take as a whole: the seconds it is given, where they are some, else the setting's. */
export function recipientTimeoutMs(given: unknown, settingMs: number): number {
  const seconds = Number(given);
  return seconds >= 1 ? Math.min(seconds, TIMEOUT_SECONDS_MAX) * 1000 : settingMs;
}
