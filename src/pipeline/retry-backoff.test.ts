import { expect, it } from 'vitest';
import { nextAttemptAt } from './retry-backoff.ts';

it.each([
  [0, 10],
  [1, 20],
  [2, 40],
  [6, 640],
  [7, 900],
  [99, 900],
])('after %i attempts the next comes %i seconds later', (attempts, seconds) => {
  expect(nextAttemptAt(attempts, 1_000)).toBe(1_000 + seconds * 1_000);
});
