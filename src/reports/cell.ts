import type { Measured } from '../statistics/columns.ts';

/** What was counted in one part of a time frame, by the values of the groupings, outcomes not yet split. */
export interface Cell {
  part: number;
  group: readonly (string | null)[];
  measured: Measured;
}
