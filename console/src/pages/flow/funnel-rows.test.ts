import { expect, it } from 'vitest';
import { listPhases, listSteps } from './funnel-rows.ts';

const NO_TIME = { p50_ms: null, p95_ms: null };

it('shows the first phase, the last, and those that leads left in', () => {
  const phases = [
    { phase: 'intake', reached: 10, left: 0 },
    { phase: 'source_criteria', reached: 10, left: 4 },
    { phase: 'hours', reached: 6, left: 0 },
    { phase: 'finish', reached: 6, left: 0 },
  ];
  expect(listPhases(phases).map(({ phase, left }) => [phase, left])).toEqual([
    ['Intake', 0],
    ['Source criteria', 4],
    ['Finish', 0],
  ]);
});

it('names steps, says their outcomes, and knows former ones by their ids', () => {
  const steps = [
    {
      step_id: 'a',
      type: 'filter' as const,
      reached: 1_200,
      left: 200,
      outcomes: { continue: 1_000, stop: 200, error: 0 },
    },
    { step_id: 'b', type: 'recipient' as const, reached: 0, left: 0, outcomes: { success: 0 } },
  ];
  expect(
    listSteps(
      steps.map((step) => ({ ...step, ...NO_TIME })),
      new Map([['a', 'Duplicates']]),
    ).map(({ name, outcomes }) => [name, outcomes]),
  ).toEqual([
    ['Duplicates', '1,000 passed, 200 stopped'],
    ['A former step (b)', '–'],
  ]);
});
