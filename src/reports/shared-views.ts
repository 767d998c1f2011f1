import { openSupplies, type TakeOne } from '../lib/supplies.ts';
import { networkOf, type SupplyBounds } from '../lib/supply.ts';

/**
 * Shared reports that one address may open, of all links together: so many at once, and then by the second. Each runs a
 * question to the tables of counts. An office behind one address opens a link within a minute.
 */
export const VIEWS_OF_ADDRESS: SupplyBounds = { most: 60, perSecond: 1 };

/** Takes one view of an address (decision page 0100). Per process and in memory. */
export function createSharedViews(clock: { monotonic(): number }): TakeOne {
  const take = openSupplies(VIEWS_OF_ADDRESS, clock);
  return (address) => take(networkOf(address));
}
