import { describe, expect, it } from 'vitest';
import { type BatcherOptions, createBatcher, DatabaseGone } from './batcher.ts';

/** A queue of numbers whose commit is scripted; every answer is a text. */
function batcherOf(parts: Partial<BatcherOptions<number, string>>) {
  const groups: number[][] = [];
  const batcher = createBatcher<number, string>({
    groupItemsMax: 100,
    groupBytesMax: 1_000,
    queueItemsMax: 100,
    weigh: () => 1,
    commit: async (group) => {
      groups.push([...group]);
      return group.map((item) => `committed ${item}`);
    },
    whenRefused: (item) => `refused ${item}`,
    whenFailed: (item) => `failed ${item}`,
    whenGone: (item) => `gone ${item}`,
    whenFull: (item) => `full ${item}`,
    pause: () => Promise.resolve(),
    ...parts,
  });
  return { batcher, groups, submitAll: (items: number[]) => Promise.all(items.map((item) => batcher.submit(item))) };
}

describe('a group commit', () => {
  it('takes everything that arrived in one turn of the loop as one group', async () => {
    const { groups, submitAll } = batcherOf({});
    expect(await submitAll([1, 2, 3])).toEqual(['committed 1', 'committed 2', 'committed 3']);
    expect(groups).toEqual([[1, 2, 3]]);
  });

  it('collects what arrives while a group is in flight', async () => {
    const { groups, submitAll, batcher } = batcherOf({ groupItemsMax: 2 });
    await submitAll([1, 2, 3, 4, 5]);
    expect(groups).toEqual([[1, 2], [3, 4], [5]]);
    expect(batcher.size()).toBe(0);
  });

  it('waits for what it is told to wait for, collects meanwhile, and asks again for the next group', async () => {
    let goOn = (): void => undefined;
    const waits = [new Promise<void>((resolve) => (goOn = resolve)), undefined];
    const { batcher, groups } = batcherOf({ waitFor: () => waits.shift() });
    const first = batcher.submit(1);
    await new Promise<void>((resolve) => setImmediate(resolve));
    const second = batcher.submit(2);
    await new Promise<void>((resolve) => setImmediate(resolve));
    expect([groups, batcher.size(), batcher.groupEnd()]).toEqual([[], 2, undefined]);
    goOn();
    expect(await Promise.all([first, second])).toEqual(['committed 1', 'committed 2']);
    expect(await batcher.submit(3)).toBe('committed 3');
    expect(groups).toEqual([[1, 2], [3]]);
  });

  it('bounds a group by bytes, but lets one item that exceeds the bound pass alone', async () => {
    const { groups, submitAll } = batcherOf({ weigh: (item) => item, groupBytesMax: 10 });
    await submitAll([6, 6, 50, 1]);
    expect(groups).toEqual([[6], [6], [50], [1]]);
  });

  it('halves a group until the item to blame stands alone, and commits the others', async () => {
    const { submitAll } = batcherOf({
      commit: async (group) => {
        if (group.includes(3)) throw new Error('bad data');
        return group.map((item) => `committed ${item}`);
      },
    });
    expect(await submitAll([1, 2, 3, 4])).toEqual(['committed 1', 'committed 2', 'refused 3', 'committed 4']);
  });

  it('answers an item that cannot even be refused', async () => {
    const { submitAll } = batcherOf({
      commit: () => Promise.reject(new Error('bad data')),
      whenRefused: () => Promise.reject(new Error('worse')),
    });
    expect(await submitAll([1, 2])).toEqual(['failed 1', 'failed 2']);
  });

  it('answers `full` beyond its bound', async () => {
    const { submitAll } = batcherOf({ queueItemsMax: 2 });
    expect(await submitAll([1, 2, 3])).toEqual(['committed 1', 'committed 2', 'full 3']);
  });
});

describe('while the database is away', () => {
  /** A commit that fails a number of times and notes whether it was sent again. */
  function failing(times: number) {
    const resends: boolean[] = [];
    let left = times;
    const commit = async (group: readonly number[], isResend: boolean): Promise<string[]> => {
      resends.push(isResend);
      left -= 1;
      if (left >= 0) throw new DatabaseGone('gone');
      return group.map((item) => `committed ${item}`);
    };
    return { commit, resends };
  }

  it('sends a group whose end is in doubt again, as it was', async () => {
    const { commit, resends } = failing(3);
    const { submitAll } = batcherOf({ commit, whenGone: () => 'keep' });
    expect(await submitAll([1, 2])).toEqual(['committed 1', 'committed 2']);
    expect(resends).toEqual([false, true, true, true]);
  });

  it('drops what cannot wait at once and keeps the rest', async () => {
    const { commit } = failing(1);
    const { submitAll } = batcherOf({ commit, whenGone: (item) => (item % 2 === 0 ? 'keep' : `gone ${item}`) });
    expect(await submitAll([1, 2])).toEqual(['gone 1', 'committed 2']);
  });

  it('refuses new items until the database answers again, without anybody asking', async () => {
    const { commit } = failing(3);
    let away: Promise<string> | undefined;
    const { batcher } = batcherOf({
      commit,
      pause: async () => {
        away ??= batcher.submit(9);
      },
    });
    expect(await batcher.submit(1)).toBe('gone 1');
    await batcher.drained();
    expect(await away).toBe('gone 9');
    expect(batcher.isAway()).toBe(false);
    expect(await batcher.submit(2)).toBe('committed 2');
  });

  it('asks again about a refusal that the loss of the database cut off', async () => {
    let refusals = 0;
    const { submitAll } = batcherOf({
      commit: () => Promise.reject(new Error('bad data')),
      whenRefused: (item) => {
        refusals += 1;
        if (refusals === 1) throw new DatabaseGone('gone');
        return `refused ${item}`;
      },
    });
    expect(await submitAll([1])).toEqual(['refused 1']);
  });
});
