import type { DistributionMethod } from './method.ts';
import { takeTurns } from './take-turns.ts';

/** Turns are offers: a recipient that refuses has used its turn, one that was skipped has not. */
export const roundRobin: DistributionMethod = {
  name: 'round_robin',
  what: 'Each recipient in turn: all get the same number of offers.',
  start: (round) => takeTurns(round, { returns: ['skipped'] }),
};
