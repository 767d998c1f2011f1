import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chooseDaysAndQuarters,
  chooseDaysToMove,
  chooseDaysWithHours,
  chooseGrains,
  HOUR_SETS_MAX,
  type Moved,
  type Placed,
  QUARTERS_OF_DAY,
  QUARTERS_OF_HOUR,
  type Run,
} from './grains.ts';

const DAY = QUARTERS_OF_DAY;

/** Units from one on, so many, that are moved. */
const moved = (from: number, count: number, parts: Pick<Moved, 'counted' | 'own'>): Moved[] =>
  Array.from({ length: count }, (_, index) => ({ unit: from + index, ...parts }));
const placed = (from: number, parts: readonly number[]): Placed[] =>
  parts.map((part, index) => ({ unit: from + index, part }));

describe('chooseGrains', () => {
  it.each<[string, number[], ReturnType<typeof chooseGrains>]>([
    ['whole days are read by the day', [0, 2 * DAY], { days: placed(0, [0, 0]), hours: [], quarters: [] }],
    ['so are days one by one', [0, DAY, 2 * DAY], { days: placed(0, [0, 1]), hours: [], quarters: [] }],
    [
      'days of a western zone read its hours behind UTC',
      [20, DAY + 20, 2 * DAY + 20],
      {
        days: placed(0, [0, 1]),
        hours: [
          ...moved(0, 5, { counted: 0, own: -1 }),
          ...moved(24, 5, { counted: 1, own: 0 }),
          ...moved(48, 5, { counted: 2, own: 1 }),
        ],
        quarters: [],
      },
    ],
    [
      'days of an eastern zone read its hours ahead of UTC, and of half an hour two quarters at each boundary',
      [74, DAY + 74],
      {
        days: placed(1, [0]),
        hours: [...moved(19, 5, { counted: -1, own: 0 }), ...moved(43, 5, { counted: 0, own: 1 })],
        quarters: [...moved(74, 2, { counted: -1, own: 0 }), ...moved(DAY + 74, 2, { counted: 0, own: 1 })],
      },
    ],
    [
      'a part of an hour is read by quarters alone',
      [5, 6],
      {
        days: [],
        hours: [],
        quarters: moved(5, 1, { counted: -1, own: 0 }),
      },
    ],
    ['nothing is read of no time', [7, 7], { days: [], hours: [], quarters: [] }],
  ])('%s', (_, boundaries, grains) => {
    const { days, hours, quarters } = chooseGrains(boundaries);
    expect({ days, hours, quarters }).toEqual(grains);
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
  it('reads no quarter of whole days', () => {
    expect(chooseDaysToMove([0, DAY, 2 * DAY])).toEqual({ days: placed(0, [0, 1]), quarters: [] });
  });

  it('reads the quarters of the distance of a zone from UTC', () => {
    expect(chooseDaysToMove([20, DAY + 20])).toEqual({
      days: placed(0, [0]),
      quarters: [...moved(0, 20, { counted: 0, own: -1 }), ...moved(DAY, 20, { counted: 1, own: 0 })],
    });
  });

  it('adds up to the quarters of each part, whatever the boundaries are', () => {
    fc.assert(
      fc.property(boundariesOf(), (boundaries) => {
        const { days, quarters } = chooseDaysToMove(boundaries);
        const sums = boundaries.slice(1).map(() => 0);
        for (const { unit, part } of days) add(sums, { part, amount: sum(unit * DAY, DAY) });
        move(sums, quarters, worthOf);
        expect(sums).toEqual(expected(boundaries));
      }),
      { numRuns: 500 },
    );
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
  for (const { unit, part } of days) add(sums, { part, amount: sum(unit * DAY, DAY) });
  move(sums, hours, (hour) => sum(hour * QUARTERS_OF_HOUR, QUARTERS_OF_HOUR));
  // The first quarter of an hour has no row.
  expect(quarters.filter(({ unit }) => unit % QUARTERS_OF_HOUR === 0)).toEqual([]);
  move(sums, quarters, worthOf);
  return sums;
}

function move(sums: number[], moved: readonly Moved[], worth: (unit: number) => number): void {
  for (const { unit, own, counted } of moved) {
    add(sums, { part: own, amount: worth(unit) });
    add(sums, { part: counted, amount: -worth(unit) });
  }
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

describe('chooseDaysWithHours', () => {
  it('moves the hours of a zone as one set of days, and two where the clocks change', () => {
    const { days, hours, quarters } = chooseDaysWithHours([20, DAY + 20, 2 * DAY + 16, 3 * DAY + 16]);
    expect(days).toEqual(placed(0, [0, 1, 2]));
    expect(hours).toEqual([
      { hours: [0, 1, 2, 3, 4], moved: [0, 1].map((unit) => ({ unit, counted: unit, own: unit - 1 })) },
      { hours: [0, 1, 2, 3], moved: [2, 3].map((unit) => ({ unit, counted: unit, own: unit - 1 })) },
    ]);
    expect(quarters).toEqual([]);
  });

  it('reads the quarters of half an hour', () => {
    const { hours, quarters } = chooseDaysWithHours([74, DAY + 74]);
    expect(hours.map((set) => set.hours)).toEqual([[19, 20, 21, 22, 23]]);
    expect(quarters.map(({ unit }) => unit)).toEqual([74, 75, DAY + 74, DAY + 75]);
  });

  it('reads quarters where the parts are hours', () => {
    const boundaries = Array.from({ length: 49 }, (_, hour) => hour * QUARTERS_OF_HOUR);
    expect(chooseDaysWithHours(boundaries)).toEqual({ ...chooseDaysToMove(boundaries), hours: [] });
  });

  it('has each quarter in its part, whatever the boundaries are', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 6 * DAY }), { minLength: 2, maxLength: 6 }), (some) => {
        const boundaries = some.toSorted((one, other) => one - other);
        const { days, hours, quarters } = chooseDaysWithHours(boundaries);
        expect(hours.length).toBeLessThanOrEqual(HOUR_SETS_MAX);
        const parts = boundaries.length - 1;
        const sums = Array.from({ length: parts }, () => 0);
        // A different amount in each quarter, so that one in another place shows.
        const amount = (quarter: number) => 3 ** (quarter % 11) + quarter;
        const sum = (from: number, count: number) =>
          Array.from({ length: count }, (_, index) => amount(from + index)).reduce((one, other) => one + other, 0);
        const add = (part: number, value: number) => {
          if (part >= 0 && part < parts) sums[part] = (sums[part] ?? 0) + value;
        };
        const move = ({ counted, own }: Moved, value: number) => {
          add(own, value);
          add(counted, -value);
        };
        for (const { unit, part } of days) add(part, sum(unit * DAY, DAY));
        for (const set of hours)
          for (const each of set.moved)
            for (const hour of set.hours) move(each, sum(each.unit * DAY + hour * QUARTERS_OF_HOUR, QUARTERS_OF_HOUR));
        for (const each of quarters) move(each, amount(each.unit));
        expect(sums).toEqual(
          boundaries.slice(1).map((to, part) => {
            const from = boundaries[part] ?? 0;
            return sum(from, to - from);
          }),
        );
      }),
    );
  });
});
