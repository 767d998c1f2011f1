import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chooseDaysAndQuarters,
  chooseDaysToMove,
  chooseGrains,
  MIDDLE_OF_DAY,
  QUARTERS_OF_DAY,
  QUARTERS_OF_HOUR,
  RUNS_MAX,
  type Run,
} from './grains.ts';

const DAY = QUARTERS_OF_DAY;

describe('chooseGrains', () => {
  it.each<[string, number[], ReturnType<typeof chooseGrains>]>([
    ['whole days are read by the day', [0, 30 * DAY], { days: [{ from: 0, to: 30 }], hours: [], quarters: [] }],
    ['so are days one by one', [0, DAY, 2 * DAY], { days: [{ from: 0, to: 2 }], hours: [], quarters: [] }],
    [
      'days of another zone without an interval are read by the day but for their ends',
      [20, 3 * DAY + 20],
      {
        days: [{ from: 1, to: 3 }],
        hours: [
          { from: 5, to: 24 },
          { from: 72, to: 77 },
        ],
        quarters: [],
      },
    ],
    ['each of them is read by the hour', [20, DAY + 20], { days: [], hours: [{ from: 5, to: 29 }], quarters: [] }],
    [
      'a zone of half hours reads two quarters at each boundary',
      [2, DAY + 2, 2 * DAY + 2],
      { days: [], hours: [{ from: 1, to: 49 }], quarters: [2, 98, 194].map((from) => ({ from, to: from + 2 })) },
    ],
    ['a part of an hour is read by quarters alone', [5, 6], { days: [], hours: [], quarters: [{ from: 5, to: 8 }] }],
    ['nothing is read of no time', [7, 7], { days: [], hours: [], quarters: [] }],
  ])('%s', (_, boundaries, grains) => {
    expect(chooseGrains(boundaries)).toEqual(grains);
  });

  it('reads finer rows where there would be too many runs', () => {
    const weeks = Array.from({ length: RUNS_MAX + 2 }, (_, week) => week * 7 * DAY + 20);
    expect(chooseGrains(weeks)).toMatchObject({ days: [], hours: [{ from: 5 }], quarters: [] });
    const hours = Array.from({ length: RUNS_MAX + 2 }, (_, hour) => hour * 4 + 2);
    expect(chooseGrains(hours).quarters).toEqual([{ from: 2, to: RUNS_MAX * 4 + 8 }]);
  });

  it('adds up to the quarters of each part, whatever the boundaries are', () => {
    fc.assert(
      fc.property(boundariesOf(), (boundaries) => {
        expect(addUp(boundaries)).toEqual(expected(boundaries));
      }),
      { numRuns: 500 },
    );
  });
});

describe('chooseDaysAndQuarters', () => {
  it('covers each quarter once, and no day that a boundary cuts', () => {
    fc.assert(
      fc.property(boundariesOf(), (boundaries) => {
        const { days, quarters } = chooseDaysAndQuarters(boundaries);
        const sums = expected(boundaries).map(() => 0);
        for (const day of each(days)) {
          expect(partOf(boundaries, day * DAY)).toBe(partOf(boundaries, day * DAY + DAY - 1));
          add(sums, { part: partOf(boundaries, day * DAY), amount: sum(day * DAY, DAY) });
        }
        for (const quarter of each(quarters)) {
          add(sums, { part: partOf(boundaries, quarter), amount: worthOf(quarter) });
        }
        expect(sums).toEqual(expected(boundaries));
      }),
      { numRuns: 500 },
    );
  });
});

describe('chooseDaysToMove', () => {
  it.each<[string, number[], ReturnType<typeof chooseDaysToMove>]>([
    ['whole days read no quarter', [0, DAY, 2 * DAY], { days: [{ from: 0, to: 2 }], quarters: [] }],
    [
      'days of a western zone read its hours behind UTC',
      [20, DAY + 20],
      { days: [{ from: 0, to: 1 }], quarters: [0, DAY].map((from) => ({ from, to: from + 20 })) },
    ],
    [
      'days of an eastern zone read its hours ahead of UTC',
      [74, DAY + 74],
      { days: [{ from: 1, to: 2 }], quarters: [74, DAY + 74].map((from) => ({ from, to: from + 22 })) },
    ],
  ])('%s', (_, boundaries, chosen) => {
    expect(chooseDaysToMove(boundaries)).toEqual(chosen);
  });

  it('adds up to the quarters of each part, whatever the boundaries are', () => {
    fc.assert(
      fc.property(boundariesOf(), (boundaries) => {
        const { days, quarters } = chooseDaysToMove(boundaries);
        const sums = boundaries.slice(1).map(() => 0);
        const partOfDay = (day: number) => partOf(boundaries, day * DAY + MIDDLE_OF_DAY);
        for (const day of each(days)) add(sums, { part: partOfDay(day), amount: sum(day * DAY, DAY) });
        for (const quarter of each(quarters)) {
          const [part, moved] = [partOf(boundaries, quarter), partOfDay(Math.floor(quarter / DAY))];
          if (part === moved) continue;
          add(sums, { part, amount: worthOf(quarter) });
          add(sums, { part: moved, amount: -worthOf(quarter) });
        }
        expect(sums).toEqual(expected(boundaries));
      }),
      { numRuns: 500 },
    );
  });

  it('reads few runs of many parts', () => {
    const days = Array.from({ length: RUNS_MAX + 2 }, (_, day) => day * DAY + 20);
    expect(chooseDaysToMove(days).quarters).toEqual([{ from: 0, to: (RUNS_MAX + 1) * DAY + 20 }]);
  });
});

/** Steps of a quarter, of an hour, of a day and of odd lengths. */
function boundariesOf(): fc.Arbitrary<number[]> {
  const step = fc.oneof(fc.nat(9), fc.constantFrom(0, 4, 92, 96, 100, 672), fc.nat(400));
  return fc.tuple(fc.nat(200), fc.array(step, { minLength: 1, maxLength: 12 })).map(([from, steps]) => {
    const boundaries = [from];
    for (const each of steps) boundaries.push((boundaries.at(-1) ?? 0) + each);
    return boundaries;
  });
}

/** Each quarter is worth something of its own. */
function worthOf(quarter: number): number {
  return ((quarter * 7919) % 1009) + 1;
}

function sum(from: number, count: number): number {
  return Array.from({ length: count }, (_, index) => worthOf(from + index)).reduce((all, value) => all + value, 0);
}

/** As the statement does it. */
function addUp(boundaries: readonly number[]): number[] {
  const { days, hours, quarters } = chooseGrains(boundaries);
  const sums = boundaries.slice(1).map(() => 0);
  for (const day of each(days)) add(sums, { part: partOf(boundaries, day * DAY), amount: sum(day * DAY, DAY) });
  for (const hour of each(hours)) {
    const start = hour * QUARTERS_OF_HOUR;
    add(sums, { part: partOf(boundaries, start), amount: sum(start, QUARTERS_OF_HOUR) });
  }
  for (const quarter of each(quarters)) {
    if (quarter % QUARTERS_OF_HOUR === 0) continue;
    const part = partOf(boundaries, quarter);
    const ofHour = partOf(boundaries, quarter - (quarter % QUARTERS_OF_HOUR));
    if (part === ofHour) continue;
    add(sums, { part, amount: worthOf(quarter) });
    add(sums, { part: ofHour, amount: -worthOf(quarter) });
  }
  return sums;
}

function expected(boundaries: readonly number[]): number[] {
  return boundaries.slice(1).map((end, index) => sum(boundaries[index] ?? 0, end - (boundaries[index] ?? 0)));
}

/** As width_bucket places it: −1 before the first, and past the last at the end. */
function partOf(boundaries: readonly number[], quarter: number): number {
  return boundaries.filter((boundary) => boundary <= quarter).length - 1;
}

function add(sums: number[], { part, amount }: { part: number; amount: number }): void {
  if (part in sums) sums[part] = (sums[part] ?? 0) + amount;
}

function each(runs: readonly Run[]): number[] {
  return runs.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, index) => from + index));
}
