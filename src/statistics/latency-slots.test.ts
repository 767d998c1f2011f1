import { describe, expect, it } from 'vitest';
import { findPercentile, middleOf, slotOf } from './latency-slots.ts';

describe('slots of latencies', () => {
  it('stand for what is in them, to 5 %', () => {
    for (let ms = 1; ms < 10_000_000; ms = Math.ceil(ms * 1.013)) {
      expect(Math.abs(middleOf(slotOf(ms)) / ms - 1)).toBeLessThan(0.0501);
    }
  });

  it('are bounded, and take what is no latency as none', () => {
    expect([0, 1, -5, Number.NaN].map(slotOf)).toEqual([0, 0, 0, 0]);
    expect(slotOf(Number.MAX_VALUE)).toBe(240);
  });
});

describe('a percentile of slots', () => {
  const tally = (ms: number, count: number) => ({ slot: slotOf(ms), count });

  it.each([
    ['of none is null', [], 0.5, null],
    ['of one is that one', [tally(100, 1)], 0.95, 100],
    ['is the slot that the share ends in, in whatever order slots are', [tally(9_000, 5), tally(100, 95)], 0.95, 100],
    ['is the next slot past it', [tally(9_000, 6), tally(100, 94)], 0.95, 9_000],
    ['skips slots with nothing', [tally(50, 0), tally(100, 2)], 0, 100],
  ] as const)('%s', (_, tallies, share, ms) => {
    const found = findPercentile(tallies, share);
    if (ms === null) expect(found).toBeNull();
    else expect(Math.abs((found ?? 0) / ms - 1)).toBeLessThan(0.06);
  });
});
