import { auctionKind } from './auction.ts';
import { cappedKind, nestedKind } from './caps.ts';
import { duplicatesKind } from './duplicates.ts';
import type { PartKind } from './part.ts';
import { pingsKind } from './pings.ts';
import { revenueKind } from './revenue.ts';
import { turnsKind } from './turns.ts';

const SMALL_CAP = 100;
const LARGE_CAP = 1_000;

/** Every limit that is tried, a row each. */
export const PART_KINDS: readonly PartKind[] = [
  cappedKind(SMALL_CAP),
  cappedKind(LARGE_CAP),
  nestedKind,
  duplicatesKind,
  revenueKind,
  pingsKind,
  turnsKind({ name: 'a round robin of 5', method: 'round_robin', weights: [1, 1, 1, 1, 1] }),
  turnsKind({ name: 'weights of 70/20/10', method: 'weighted', weights: [70, 20, 10] }),
  auctionKind,
];
