import { describe, expect, it } from 'vitest';
import type { Money } from '../model/money.ts';
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

  it.each([
    { name: 'an amount that fits exactly has room', row: counter(60_000, 30_000), amount: 10_000, isFull: false },
    { name: 'one ten-thousandth more has none', row: counter(60_000, 30_000), amount: 10_001, isFull: true },
    { name: 'what is held counts like what is used', row: counter(0, 100_000), amount: 1, isFull: true },
    { name: 'a cheaper one fits where a dearer one does not', row: counter(95_000, 0), amount: 5_000, isFull: false },
    { name: 'an amount above the maximum never fits', row: undefined, amount: 100_001, isFull: true },
  ])('of money: $name', ({ row, amount, isFull }) => {
    const { full } = judgeCap(row, { maximum: 100_000, generation: 0, amount: amount as Money });
    expect(full !== null).toBe(isFull);
  });

  it('a newer generation starts the counter again', () => {
    expect(judgeCap(counter(5, 3, 1), { maximum: 5, generation: 2 })).toEqual({ full: null, generation: 2 });
  });

  it('an older generation uses the row as it is, and its place is one of the row’s generation', () => {
    expect(judgeCap(counter(4, 0, 2), { maximum: 5, generation: 1 })).toEqual({ full: null, generation: 2 });
    expect(judgeCap(counter(5, 0, 2), { maximum: 5, generation: 1 }).full).toEqual({ count: 5, held: 0, maximum: 5 });
  });
});
