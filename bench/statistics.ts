/** The value below which a share (0…1) of the values lies; NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** The middle value; the upper one of two middle ones. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}
