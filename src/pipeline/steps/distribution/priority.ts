import type { DistributionMethod } from './method.ts';
import { pickInOrder } from './waterfall.ts';

/** Sorting is stable: equal priorities are in the order of the document. */
export const priority: DistributionMethod = {
  name: 'priority',
  what: 'The recipient with the highest `priority` first; equal ones in the order of the list.',
  start: (round) =>
    pickInOrder(round, (open) => open.toSorted((one, other) => other.candidacy.priority - one.candidacy.priority)),
};
