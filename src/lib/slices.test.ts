import { describe, expect, it } from 'vitest';
import { createSlicer, finish, SLICE_MS, type Sliced } from './slices.ts';

/** A clock that each piece of work moves by `ms`, and turns of the event loop made by hand. */
function slicer() {
  let now = 0;
  const turns: (() => void)[] = [];
  const steps: string[] = [];
  const run = createSlicer({ now: () => now, schedule: (turn) => turns.push(turn) });
  function* work(name: string, pieces: number, ms: number): Sliced<string> {
    for (let piece = 0; piece < pieces; piece += 1) {
      now += ms;
      steps.push(name);
      yield;
    }
    return name;
  }
  return { run, work, steps, turns };
}

describe('createSlicer', () => {
  it('a slice ends at the first pause after its time is over', async () => {
    const { run, work, steps, turns } = slicer();
    const done = run(work('a', 7, 2));
    expect(steps).toEqual([]);
    const counts: number[] = [];
    for (let turn = turns.shift(); turn; turn = turns.shift()) {
      turn();
      counts.push(steps.length);
    }
    expect(await done).toBe('a');
    expect(counts[0]).toBe(Math.ceil(SLICE_MS / 2));
    expect(counts.at(-1)).toBe(7);
  });

  it('one slice runs a turn however many jobs there are, and they take turns', async () => {
    const { run, work, steps, turns } = slicer();
    const all = Promise.all([run(work('large', 4, SLICE_MS)), run(work('small', 1, SLICE_MS))]);
    while (turns.length > 0) {
      expect(turns).toHaveLength(1);
      turns.shift()?.();
    }
    expect(await all).toEqual(['large', 'small']);
    expect(steps).toEqual(['large', 'small', 'large', 'large', 'large']);
  });

  it('work that throws rejects, and the next goes on', async () => {
    const { run, work, turns } = slicer();
    const broken = run(
      (function* (): Sliced<never> {
        yield;
        throw new Error('broken');
      })(),
    );
    const sound = run(work('sound', 1, 1));
    while (turns.length > 0) turns.shift()?.();
    await expect(broken).rejects.toThrow('broken');
    expect(await sound).toBe('sound');
  });

  it('finish runs to the end at once', () => {
    const { work, steps } = slicer();
    expect(finish(work('a', 3, 100))).toBe('a');
    expect(steps).toHaveLength(3);
  });
});
