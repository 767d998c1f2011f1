import { cappedKind, nestedKind } from './caps.ts';
import { duplicatesKind } from './duplicates.ts';
import type { PartKind } from './part.ts';
import { pingsKind } from './pings.ts';

const SMALL_CAP = 100;
const LARGE_CAP = 1_000;

/** Every limit that is tried, a row each. */
export const PART_KINDS: readonly PartKind[] = [
  cappedKind(SMALL_CAP),
  cappedKind(LARGE_CAP),
  nestedKind,
  duplicatesKind,
  pingsKind,
];
