import { describe, expect, it } from 'vitest';
import { shareQueries } from './share-queries.ts';

describe('shareQueries', () => {
  it('answers each in its place, and runs one query at a time however many ask', async () => {
    const sizes: number[] = [];
    let running = 0;
    const ask = shareQueries(async (values: readonly number[]) => {
      running += 1;
      expect(running).toBe(1);
      sizes.push(values.length);
      await Promise.resolve();
      running -= 1;
      return values.map((value) => value * 2);
    });
    const numbers = Array.from({ length: 1_200 }, (_each, index) => index);
    expect(await Promise.all(numbers.map(ask))).toEqual(numbers.map((value) => value * 2));
    expect(sizes).toEqual([1, 500, 500, 199]);
  });

  it('rejects those of a failed query alone', async () => {
    let count = 0;
    const ask = shareQueries(async (values: readonly string[]) => {
      count += 1;
      if (count === 1) throw new Error('away');
      return values;
    });
    const [first, second] = await Promise.allSettled([ask('a'), ask('b')]);
    expect(first.status).toBe('rejected');
    expect(second).toEqual({ status: 'fulfilled', value: 'b' });
  });
});
