import { expect, it } from 'vitest';
import { listRuns } from './list-runs.ts';

it('a line has a part between each two gaps', () => {
  expect(listRuns([null, 1, 2, null, null, 0, null])).toEqual([
    [
      [1, 1],
      [2, 2],
    ],
    [[5, 0]],
  ]);
  expect(listRuns([])).toEqual([]);
});
