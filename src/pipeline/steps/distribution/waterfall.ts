import type { CompiledCandidate } from '../../../flow-compiler/compiled-flow.ts';
import { findEligible } from './eligible.ts';
import type { DistributionMethod, Picker } from './method.ts';
import type { DistributionRound } from './round.ts';

/** The order of the document. */
export const waterfall: DistributionMethod = {
  name: 'waterfall',
  what: 'The recipients in the order of the list.',
  start: (round) => pickInOrder(round, (open) => open),
};

/** Offers in an order that no other lead has a part in. Each is judged when it is reached: an earlier answer may count. */
export function pickInOrder(
  round: DistributionRound,
  order: (open: readonly CompiledCandidate[]) => readonly CompiledCandidate[],
): Picker {
  return {
    async pick(open) {
      const candidate = await findEligible(round, order(open));
      return candidate ? { kind: 'candidate', candidate, byTurn: false } : { kind: 'none' };
    },
  };
}
