import { describe, expect, it } from 'vitest';
import { ATTEMPTS_MAX, findNextAttempt } from './next-attempt.ts';

const MINUTE = 60_000;

describe('findNextAttempt', () => {
  it.each([
    [1, 0.5],
    [2, 1],
    [5, 8],
    [9, 128],
    [10, 240],
    [ATTEMPTS_MAX - 1, 240],
  ])('after attempt %i waits %d minutes', (attempt, minutes) => {
    expect(findNextAttempt(attempt, 1_000)).toBe(1_000 + minutes * MINUTE);
  });

  it('gives up after the last one, a day after the first', () => {
    expect(findNextAttempt(ATTEMPTS_MAX, 0)).toBeNull();
    const pauses = Array.from({ length: ATTEMPTS_MAX - 1 }, (_, index) => findNextAttempt(index + 1, 0) ?? 0);
    const hours = pauses.reduce((total, pause) => total + pause, 0) / 3_600_000;
    expect([hours > 18, hours < 30]).toEqual([true, true]);
  });
});
