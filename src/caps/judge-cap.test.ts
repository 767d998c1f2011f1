import { describe, expect, it } from 'vitest';
import { type CapCounter, judgeCap } from './judge-cap.ts';

const counter = (count: number, held: number, generation = 0): CapCounter => ({ count, held, generation });

describe('judgeCap', () => {
  it.each([
    { name: 'a cap without a row starts at nothing', row: undefined, maximum: 1, full: null },
    { name: 'there is room below the maximum', row: counter(1, 0), maximum: 2, full: null },
    { name: 'a held place is as full as a used one', row: counter(1, 1), maximum: 2, full: { count: 1, held: 1 } },
    { name: 'a maximum of 0 has no room', row: undefined, maximum: 0, full: { count: 0, held: 0 } },
    { name: 'a lowered maximum has no room either', row: counter(5, 0), maximum: 3, full: { count: 5, held: 0 } },
  ])('$name', ({ row, maximum, full }) => {
    expect(judgeCap(row, { maximum, generation: 0 }).full).toEqual(full && { ...full, maximum });
  });

  it('a newer generation starts the counter again', () => {
    expect(judgeCap(counter(5, 3, 1), { maximum: 5, generation: 2 })).toEqual({ full: null, generation: 2 });
  });

  it('an older generation uses the row as it is, and its place is one of the row’s generation', () => {
    expect(judgeCap(counter(4, 0, 2), { maximum: 5, generation: 1 })).toEqual({ full: null, generation: 2 });
    expect(judgeCap(counter(5, 0, 2), { maximum: 5, generation: 1 }).full).toEqual({ count: 5, held: 0, maximum: 5 });
  });
});
