/** Where an axis begins and ends, and the marks on it, from the lowest. */
export interface NiceScale {
  bottom: number;
  top: number;
  ticks: readonly number[];
}

/** Tops of an axis as multiples of a power of ten, each with the distance of its marks. */
const TOPS = [
  { top: 1, mark: 0.5 },
  { top: 2, mark: 1 },
  { top: 2.5, mark: 0.5 },
  { top: 4, mark: 2 },
  { top: 5, mark: 1 },
  { top: 10, mark: 5 },
] as const;

/**
 * An axis for values from `lowest` to `highest`, both beside 0: its top is the least of 1, 2, 2.5, 4, 5 × 10ⁿ that is no smaller, and
 * it has a mark between 0 and its end. Between 0 and 1 are no whole numbers: where `highest` is 1 or nothing, there is none.
 */
export function niceScale(highest: number, lowest = 0): NiceScale {
  const mark = Math.max(markOf(highest), markOf(-lowest)) || 1;
  const last = Math.ceil(tidy(Math.max(0, highest) / mark));
  const first = -Math.ceil(tidy(Math.max(0, -lowest) / mark));
  // Of nothing at all the axis still has a length.
  const count = Math.max(1, last - first);
  const ticks = Array.from({ length: count + 1 }, (_, place) => tidy((first + place) * mark));
  return { bottom: ticks[0] ?? 0, top: ticks.at(-1) ?? 1, ticks };
}

/** The least of 1, 2, 2.5, 4, 5 × 10ⁿ that is no smaller: where the axis of counts ends; at least 1. */
export function niceCeiling(value: number): number {
  return niceScale(Math.max(1, value)).top;
}

/** 0: there is nothing. */
function markOf(value: number): number {
  if (value <= 0) return 0;
  if (value === 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const { mark } = TOPS.find(({ top }) => tidy(top * power) >= value) ?? { mark: 5 };
  return tidy(mark * power);
}

/** Without what products of binary fractions leave behind. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
