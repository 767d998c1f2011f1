import { describe, expect, it } from 'vitest';
import { describeWarmUp, warmUp } from './warm-up.ts';

/** Warms up on windows that cost what is listed; the last cost repeats. */
function warmUpOn(costsUs: number[], windowsMax = 6) {
  let index = 0;
  const measure = async () => costsUs[Math.min(index++, costsUs.length - 1)] ?? Number.NaN;
  return warmUp({ title: 'x', windowsMax, measure });
}

describe('a warm-up', () => {
  it.each([
    { name: 'ends when two successive windows agree within 5 %', costs: [900, 500, 400, 381, 100], windows: 4 },
    { name: 'needs a second window', costs: [100, 100], windows: 2 },
    { name: 'takes a rise for no agreement, too', costs: [100, 110, 112], windows: 3 },
    { name: 'compares only windows that follow each other', costs: [100, 200, 100, 200, 199], windows: 5 },
  ])('$name', async ({ costs, windows }) => {
    const report = await warmUpOn(costs);
    expect([report.isReached, report.windowsUs.length]).toEqual([true, windows]);
  });

  it.each([
    { name: 'falls for ever', costs: [900, 800, 700, 600, 500, 400, 300] },
    { name: 'cannot be measured', costs: [Number.NaN] },
  ])('ends after its windows, and says so, when the cost $name', async ({ costs }) => {
    const report = await warmUpOn(costs);
    expect([report.isReached, report.windowsUs.length]).toEqual([false, 6]);
    expect(describeWarmUp(report)).toContain('NOT WARM after 6 windows');
  });
});
