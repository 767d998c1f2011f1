import { networkOf, openSupply, type Supply } from '../lib/supply.ts';

/**
 * How often the wrong ids of events may be tried: feedback needs no key, so ids must not be searched (decision page 0077).
 * Per process and in memory. Every address has a supply of misses that fills again with time, and so have all addresses
 * together. An address without a supply is answered before anything is looked up: its hits look like its misses.
 */
export interface MissLimits {
  /** Milliseconds that the address has to wait; 0: it may ask. */
  waitMs(address: string): number;
  /** The id was no delivery's. */
  miss(address: string): void;
  /** The id was right: the limit of all addresses does not apply to this one for a day. */
  hit(address: string): void;
}

/** Of one address at once, and then each second. */
export const ADDRESS_MISSES = { most: 20, perSecond: 1 };
/** Of all together. */
export const ALL_MISSES = { most: 200, perSecond: 50 };
/** Addresses that are remembered; the one that was seen longest ago is forgotten. */
export const ADDRESSES_MAX = 10_000;
/** How long a hit counts. */
const KNOWN_MS = 86_400_000;

export function createMissLimits(clock: { monotonic(): number }): MissLimits {
  const all = openSupply(ALL_MISSES, clock.monotonic());
  const addresses = new Map<string, Address>();

  function find(address: string): Address {
    const name = networkOf(address);
    const known = addresses.get(name) ?? { supply: openSupply(ADDRESS_MISSES, clock.monotonic()), hitAt: -KNOWN_MS };
    // Again, so that it is the last.
    addresses.delete(name);
    addresses.set(name, known);
    const [oldest] = addresses.keys();
    if (addresses.size > ADDRESSES_MAX && oldest !== undefined) addresses.delete(oldest);
    return known;
  }

  return {
    waitMs: (address) => {
      const now = clock.monotonic();
      const { supply, hitAt } = find(address);
      const isKnown = now - hitAt < KNOWN_MS;
      return Math.max(supply.waitMs(now), isKnown ? 0 : all.waitMs(now));
    },
    miss: (address) => {
      const now = clock.monotonic();
      find(address).supply.take(now);
      all.take(now);
    },
    hit: (address) => {
      find(address).hitAt = clock.monotonic();
    },
  };
}

interface Address {
  supply: Supply;
  hitAt: number;
}
