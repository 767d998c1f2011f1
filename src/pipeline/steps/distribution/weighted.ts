import type { DistributionMethod } from './method.ts';
import { takeTurns } from './take-turns.ts';

/** As `round_robin`, with shares by `weight`. */
export const weighted: DistributionMethod = {
  name: 'weighted',
  what: 'In turn by `weight`: of 100 offers to weights 7, 2 and 1 they get 70, 20 and 10.',
  start: (round) => takeTurns(round, { returns: ['skipped'] }),
};
