import { describe, expect, it } from 'vitest';
import { middleOf, slotOf } from './latency-slots.ts';

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
