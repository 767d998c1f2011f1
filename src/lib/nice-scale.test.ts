import fc from 'fast-check';
import { expect, it } from 'vitest';
import { niceCeiling, niceScale } from './nice-scale.ts';

it.each([
  [0, 1],
  [1, 1],
  [3, 4],
  [5, 5],
  [11, 20],
  [21, 25],
  [325, 400],
  [501, 1000],
  [1_000_001, 2_000_000],
])('an axis of counts to %d ends at %d', (value, end) => {
  expect(niceCeiling(value)).toBe(end);
});

it.each([
  [325, 0, [0, 200, 400]],
  [500, 0, [0, 100, 200, 300, 400, 500]],
  [24, 0, [0, 5, 10, 15, 20, 25]],
  [7, 0, [0, 5, 10]],
  [1, 0, [0, 1]],
  [0, 0, [0, 1]],
  [0.3, 0, [0, 0.2, 0.4]],
  [0.07, 0, [0, 0.05, 0.1]],
  [100, -30, [-50, 0, 50, 100]],
  [0, -325, [-400, -200, 0]],
])('from 0 to %d and %d has the marks %j', (highest, lowest, ticks) => {
  expect(niceScale(highest, lowest).ticks).toEqual(ticks);
});

it('holds every value in few even marks, of which one is 0', () => {
  const values = fc.double({ min: -1e12, max: 1e12, noNaN: true, noDefaultInfinity: true });
  // What is nearer to 0 is 0 in every format.
  const isShown = (value: number) => value === 0 || Math.abs(value) > 1e-6;
  fc.assert(
    fc.property(values.filter(isShown), values.filter(isShown), (one, other) => {
      const [lowest, highest] = [Math.min(0, one, other), Math.max(0, one, other)];
      const { bottom, top, ticks } = niceScale(highest, lowest);
      expect(bottom).toBeLessThanOrEqual(lowest);
      expect(top).toBeGreaterThanOrEqual(highest);
      expect(ticks).toContain(0);
      expect(ticks.length).toBeLessThanOrEqual(12);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
    }),
  );
});
