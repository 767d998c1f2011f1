/** The bars from one place to another, in order and within the plot. */
export function chooseBars(
  places: readonly [number, number],
  { width, count }: { width: number; count: number },
): [number, number] {
  const barAt = (x: number) => Math.min(count - 1, Math.max(0, Math.floor((x / Math.max(1, width)) * count)));
  const [one, other] = places;
  return [barAt(Math.min(one, other)), barAt(Math.max(one, other))];
}
