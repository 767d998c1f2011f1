import type { DistributionMethod } from './method.ts';
import { takeTurns } from './take-turns.ts';

/**
 * Turns are sales: an offer that was not accepted goes back as if it had not been made. A recipient that refuses
 * gains nothing by it either, so that no burst follows when it accepts again.
 */
export const percentage: DistributionMethod = {
  name: 'percentage',
  what: 'In turn by `percentage` of the sales: an offer that is refused does not count.',
  start: (round) => takeTurns(round, { returns: ['skipped', 'refused', 'failed'] }),
};
