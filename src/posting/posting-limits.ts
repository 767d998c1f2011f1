import { openSupplies } from '../lib/supplies.ts';
import { networkOf, type SupplyBounds } from '../lib/supply.ts';

/** Requests of one address for pages and their downloads: so many at once, and then by the second. */
export const PAGE_REQUESTS: SupplyBounds = { most: 120, perSecond: 2 };
/** Dry runs of one address; each runs the phases of a lead. */
export const TRIES_OF_ADDRESS: SupplyBounds = { most: 20, perSecond: 0.5 };
/** Dry runs by one link. */
export const TRIES_OF_LINK: SupplyBounds = { most: 60, perSecond: 2 };
/** Pages that are built at once by a process: strangers may not keep the database from the others. */
export const BUILDS_MAX = 4;
/** Those that wait for their turn; a page takes some milliseconds. */
export const BUILDS_WAITING_MAX = 100;

/** How often strangers may ask by links. Per process and in memory. */
export interface PostingLimits {
  /** Takes a request for a page; returns the ms to wait instead, 0: it may go on. */
  takePage(address: string): number;
  /** The same for a dry run, before its link is looked up. */
  takeTry(address: string): number;
  /** The same for a dry run by a link. */
  takeTryOfLink(linkId: string): number;
  /** Runs what reads the database when it is its turn; null: too many wait already. */
  build<T>(work: () => Promise<T>): Promise<T | null>;
}

export function createPostingLimits(clock: { monotonic(): number }): PostingLimits {
  const pages = openSupplies(PAGE_REQUESTS, clock);
  const triesOfAddresses = openSupplies(TRIES_OF_ADDRESS, clock);
  const triesOfLinks = openSupplies(TRIES_OF_LINK, clock);
  const waiting: (() => void)[] = [];
  let builds = 0;
  return {
    takePage: (address) => pages(networkOf(address)),
    takeTry: (address) => triesOfAddresses(networkOf(address)),
    takeTryOfLink: triesOfLinks,
    build: async (work) => {
      if (waiting.length >= BUILDS_WAITING_MAX) return null;
      if (builds >= BUILDS_MAX) await new Promise<void>((resolve) => waiting.push(resolve));
      else builds += 1;
      try {
        return await work();
      } finally {
        // The turn goes to the next in the queue, so that no other caller gets in between.
        const next = waiting.shift();
        if (next) next();
        else builds -= 1;
      }
    },
  };
}
