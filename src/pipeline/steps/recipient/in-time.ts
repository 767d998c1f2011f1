import type { PhaseDeps } from '../../phase.ts';
import { type TimedStep, timeLeftMs } from './time-left.ts';

/** A module that only has to be asked gets this long even when the time is up: it takes less than 1 ms. */
const ASKING_MS_MIN = 50;

/**
 * What a module in another thread answers, but not later than the step's time and the source's deadline allow
 * (decision 23): a package that hangs must not keep the sender waiting. Rejects with an error that has a `reason`.
 */
export function inTime<T>(stepRun: TimedStep, answering: Promise<T>): Promise<T> {
  return answeredWithin(timeLeftMs(stepRun, undefined), { answering, startTimer: stepRun.deps.startTimer });
}

/** The same for a given number of ms. */
export function answeredWithin<T>(
  leftMs: number,
  { answering, startTimer }: { answering: Promise<T>; startTimer: PhaseDeps['startTimer'] },
): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = Object.assign(new Error('a module did not answer in time'), { reason: LATE });
    const callOff = startTimer(Math.max(leftMs, ASKING_MS_MIN), () => reject(late));
    answering.then(resolve, reject).finally(callOff);
  });
}

const LATE = 'The integration did not answer within the time limit';
