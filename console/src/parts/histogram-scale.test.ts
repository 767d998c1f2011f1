import { expect, it } from 'vitest';
import { chooseBars, niceCeiling, spreadLabels } from './histogram-scale.ts';

it.each([
  [0, 1],
  [1, 1],
  [3, 5],
  [5, 5],
  [11, 20],
  [501, 1000],
  [1_000_001, 2_000_000],
])('an axis for %d ends at %d', (value, end) => {
  expect(niceCeiling(value)).toBe(end);
});

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

it.each([
  ['that are far apart stay', [10, 60, 170], [10, 60, 170]],
  ['that are near are moved down, in their order', [50, 52, 48], [60, 72, 48]],
  ['at the end are moved up', [178, 179], [168, 180]],
  ['below the plot come into it', [200], [180]],
])('names of lines %s', (_name, wanted, places) => {
  expect(spreadLabels(wanted, { apart: 12, height: 180 })).toEqual(places);
});
