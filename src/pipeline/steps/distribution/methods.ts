import type { DistributionMethodName } from '../../../model/flow.ts';
import { highestBid } from './highest-bid.ts';
import type { DistributionMethod } from './method.ts';
import { percentage } from './percentage.ts';
import { priority } from './priority.ts';
import { roundRobin } from './round-robin.ts';
import { sendAll } from './send-all.ts';
import { waterfall } from './waterfall.ts';
import { weighted } from './weighted.ts';

/** Every method of a distribution step. A new one is a file and a row. */
export const METHODS: Readonly<Record<DistributionMethodName, DistributionMethod>> = {
  waterfall,
  priority,
  round_robin: roundRobin,
  weighted,
  percentage,
  send_all: sendAll,
  highest_bid: highestBid,
};
