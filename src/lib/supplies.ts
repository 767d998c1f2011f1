import { openSupply, type Supply, type SupplyBounds } from './supply.ts';

/** Names that are remembered; the one that asked longest ago is forgotten, and starts with a full supply again. */
export const REMEMBERED_MAX = 10_000;

/** Takes one for a name; returns the ms to wait instead, 0: it may go on. */
export type TakeOne = (name: string) => number;

/** A supply for each name. Per process and in memory. */
export function openSupplies(bounds: SupplyBounds, clock: { monotonic(): number }): TakeOne {
  const known = new Map<string, Supply>();
  return (name) => {
    const now = clock.monotonic();
    const supply = known.get(name) ?? openSupply(bounds, now);
    // Again, so that it is the last.
    known.delete(name);
    known.set(name, supply);
    const [oldest] = known.keys();
    if (known.size > REMEMBERED_MAX && oldest !== undefined) known.delete(oldest);
    const waitMs = supply.waitMs(now);
    if (waitMs === 0) supply.take(now);
    return waitMs;
  };
}
