import { describe, expect, it } from 'vitest';
import type { RunningCap } from '../flows/running-caps.ts';
import { findReached } from './find-reached.ts';

const running = (maximum: number): RunningCap => ({
  cap: { id: 'c1', type: 'volume', maximum, duration: 1, duration_units: 'day' },
  flowId: 'f1',
  sourceId: null,
  stepId: null,
  timeZone: 'UTC',
  window: { startsAt: 0, endsAt: 86_400_000 },
  generation: 0,
});

describe('findReached', () => {
  it.each<[name: string, maximum: number, count: number, recorded: number[], thresholds: number[], reached: number[]]>([
    ['one below a threshold', 100, 79, [], [80, 100], []],
    ['exactly a threshold', 100, 80, [], [80, 100], [80]],
    ['beyond it', 100, 99, [], [80, 100], [80]],
    ['full: both, the lower one first', 100, 100, [], [100, 80], [80, 100]],
    ['full after the first was recorded', 100, 100, [80], [80, 100], [100]],
    ['what was recorded', 100, 100, [80, 100], [80, 100], []],
    ['a share that is no whole number', 3, 2, [], [80], []],
    ['reached by the next one', 3, 3, [], [80, 100], [80, 100]],
    ['a cap of one', 1, 1, [], [1, 80, 100], [1, 80, 100]],
    ['a count above the maximum, set by hand or after an edit', 10, 40, [], [80, 100], [80, 100]],
    ['a cap that takes none', 0, 0, [], [80, 100], []],
    ['a large cap', 1_000_000_000, 799_999_999, [], [80], []],
  ])('%s', (_name, maximum, count, recorded, thresholds, reached) => {
    const watched = { cap: running(maximum), count, held: 7, recorded };
    expect(findReached([watched], thresholds).map(({ threshold }) => threshold)).toEqual(reached);
  });
});
