import type { WatchedCap } from './cap-alert.ts';

export interface Reached {
  watched: WatchedCap;
  threshold: number;
}

/**
 * The thresholds that caps have reached and that were not recorded yet, lowest first. Places of leads that have not ended
 * do not count, because they may go back. A cap that takes no lead at all reaches nothing.
 */
export function findReached(caps: readonly WatchedCap[], thresholds: readonly number[]): Reached[] {
  const sorted = [...thresholds].sort((one, other) => one - other);
  return caps.flatMap((watched) =>
    sorted
      .filter((threshold) => isReached(watched, threshold) && !watched.recorded.includes(threshold))
      .map((threshold) => ({ watched, threshold })),
  );
}

/** In whole numbers: a share of a maximum need not be one. */
function isReached({ maximum, count }: WatchedCap, threshold: number): boolean {
  return maximum > 0 && count * 100 >= maximum * threshold;
}
