/** Attempts to deliver again after the first delivery (decision 25). */
export const ATTEMPTS_MAX = 100;

const FIRST_DELAY_MS = 10_000;
const DELAY_MS_MAX = 15 * 60_000;

/**
 * When the next attempt is due, epoch ms: 10 s after the first delivery, then twice as long each time, 15 minutes at
 * most (decision 25). `attempts` counts those made after the first delivery.
 */
export function nextAttemptAt(attempts: number, now: number): number {
  return now + Math.min(DELAY_MS_MAX, FIRST_DELAY_MS * 2 ** Math.min(attempts, 20));
}
