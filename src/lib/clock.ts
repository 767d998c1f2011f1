/** Time, passed in everywhere so that tests are exact. */
export interface Clock {
  /** Wall time in epoch milliseconds. */
  now(): number;
  /** A clock that never goes back, in milliseconds with fractions; only differences mean something. */
  monotonic(): number;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};
