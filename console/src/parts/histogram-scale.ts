/** The least of 1, 2, 5 × 10ⁿ that is no smaller: where the axis ends. */
export function niceCeiling(value: number): number {
  if (value <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((step) => step * power >= value) ?? 10) * power;
}

/** Places of labels beside their points, each at least `apart` from the next and none beyond the plot, in the order given. */
export function spreadLabels(
  wanted: readonly number[],
  { apart, height }: { apart: number; height: number },
): number[] {
  const order = wanted.map((_, index) => index).sort((one, other) => (wanted[one] ?? 0) - (wanted[other] ?? 0));
  const spread = [...wanted];
  let least = 0;
  for (const index of order) {
    spread[index] = Math.max(least, spread[index] ?? 0);
    least = (spread[index] ?? 0) + apart;
  }
  let most = height;
  for (const index of order.toReversed()) {
    spread[index] = Math.min(most, spread[index] ?? 0);
    most = (spread[index] ?? 0) - apart;
  }
  return spread;
}

/** The bars from one place to another, in order and within the plot. */
export function chooseBars(
  places: readonly [number, number],
  { width, count }: { width: number; count: number },
): [number, number] {
  const barAt = (x: number) => Math.min(count - 1, Math.max(0, Math.floor((x / Math.max(1, width)) * count)));
  const [one, other] = places;
  return [barAt(Math.min(one, other)), barAt(Math.max(one, other))];
}
