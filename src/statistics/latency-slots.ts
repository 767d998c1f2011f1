/** Each slot ends a tenth above the one before it, so a percentile is right to 5 %. */
const GROWTH = 1.1;
const LOG_GROWTH = Math.log(GROWTH);
/** 1.1 ^ 240 ms are more than 100 days. */
const SLOT_MAX = 240;

/** The slot of a latency: 0 for up to a millisecond, then the smallest n with `ms` ≤ 1.1 ^ n. */
export function slotOf(ms: number): number {
  if (!(ms > 1)) return 0;
  return Math.min(SLOT_MAX, Math.ceil(Math.log(ms) / LOG_GROWTH - 1e-9));
}

/** What stands for the latencies of a slot: the middle of it, in ms. */
export function middleOf(slot: number): number {
  return slot <= 0 ? 1 : (GROWTH ** slot + GROWTH ** (slot - 1)) / 2;
}

/** The latency that a share (0 to 1) of them does not exceed, in ms; null: there are none. */
export function findPercentile(tallies: readonly { slot: number; count: number }[], share: number): number | null {
  const sorted = tallies.toSorted((one, other) => one.slot - other.slot);
  const wanted = Math.ceil(sorted.reduce((sum, { count }) => sum + count, 0) * share);
  let passed = 0;
  for (const { slot, count } of sorted) {
    passed += count;
    if (count > 0 && passed >= wanted) return Math.round(middleOf(slot));
  }
  return null;
}
