import type { DistributionMethod } from './method.ts';
import { takeBids } from './take-bids.ts';

/** An auction: all are asked at once, and the lead goes to the best bid it can be sold at. */
export const highestBid: DistributionMethod = {
  name: 'highest_bid',
  what: 'Every recipient is asked for its `bid` at once; the highest one gets the lead at its bid, then the next.',
  start: takeBids,
};
