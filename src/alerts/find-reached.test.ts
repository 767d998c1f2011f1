import { describe, expect, it } from 'vitest';
import type { RunningCap } from '../flows/running-caps.ts';
import { buildAlertBody } from './build-alert.ts';
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
    const watched = { cap: running(maximum), maximum, count, held: 7, recorded };
    expect(findReached([watched], thresholds).map(({ threshold }) => threshold)).toEqual(reached);
  });

  it.each([
    ['one ten-thousandth below', 80_199, []],
    ['exactly', 80_200, [80]],
  ])('of 10.025 dollars are reached by the count in ten-thousandths: %s', (_name, count, reached) => {
    const { cap, ...owner } = running(10.025);
    const money = { ...owner, cap: { ...cap, type: 'revenue' as const } };
    const watched = { cap: money, maximum: 100_250, count, held: 0, recorded: [] };
    expect(findReached([watched], [80]).map(({ threshold }) => threshold)).toEqual(reached);
    const [found] = findReached([watched], [80]);
    if (!found) return;
    const body = JSON.parse(buildAlertBody(found, { flow: { id: 'f1', name: 'F' }, now: 0 }));
    expect(body.data).toMatchObject({ count: 8.02, held: 0, cap: { type: 'revenue', maximum: 10.025 } });
  });
});
