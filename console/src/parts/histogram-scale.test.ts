import { expect, it } from 'vitest';
import { chooseBars } from './histogram-scale.ts';

it.each([
  [
    [0, 99],
    [0, 9],
  ],
  [
    [55, 12],
    [1, 5],
  ],
  [
    [-20, 400],
    [0, 9],
  ],
  [
    [50, 50],
    [5, 5],
  ],
] as const)('%j are bars %j of ten', (places, bars) => {
  expect(chooseBars(places, { width: 100, count: 10 })).toEqual(bars);
});
