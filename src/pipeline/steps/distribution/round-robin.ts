import type { DistributionMethod } from './method.ts';
import { takeTurns } from './take-turns.ts';

/** Turns are offers: who answers no has had his. Who was skipped has not. */
export const roundRobin: DistributionMethod = {
  name: 'round_robin',
  what: 'Each recipient in turn: all get the same number of offers.',
  start: (round) => takeTurns(round, { returns: ['skipped'] }),
};
