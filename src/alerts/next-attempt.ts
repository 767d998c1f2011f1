/** Attempts in a little more than a day; then the alert is given up. */
export const ATTEMPTS_MAX = 14;
const FIRST_PAUSE_MS = 30_000;
const PAUSE_MS_MAX = 4 * 3_600_000;

/** When an alert is due again after this attempt (from 1) failed at `now`; null: never. */
export function findNextAttempt(attempt: number, now: number): number | null {
  if (attempt >= ATTEMPTS_MAX) return null;
  return now + Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), PAUSE_MS_MAX);
}
