import type { CompiledCandidate } from '../../../flow-compiler/compiled-flow.ts';
import { type LeadRun, routeOf } from '../../lead-run.ts';
import type { PhaseDeps } from '../../phase.ts';
import type { TakeTurns, TurnAnswer, TurnsKey, TurnTaken } from '../../turns.ts';
import { listEligible } from './eligible.ts';
import type { OfferEnd, Picked, Picker } from './method.ts';
import type { DistributionRound } from './round.ts';
import { chooseNext } from './share-turns.ts';

/**
 * Offers the lead to whose turn it is. The turn is taken before the offer, in a commit of its own (claim rule 15), so that
 * leads that come at once get different ones. `returns`: after which ends of an offer the turn goes back.
 */
export function takeTurns(round: DistributionRound, { returns }: { returns: readonly OfferEnd[] }): Picker {
  return {
    pick: async (open) => pick(round, await listEligible(round, open)),
    async ended({ candidate, end }) {
      const { run, deps } = round;
      const turn = findTurn(round, candidate);
      run.turns = run.turns.filter((each) => each !== turn);
      if (turn && returns.includes(end)) giveTurnsBack([turn], { deps, leadId: run.leadId });
    },
  };
}

async function pick(round: DistributionRound, eligible: readonly CompiledCandidate[]): Promise<Picked> {
  const [first] = eligible;
  if (!first) return { kind: 'none' };
  const { run, deps } = round;
  // A lead that decides again has its turn already.
  const kept = eligible.find((candidate) => findTurn(round, candidate) !== undefined);
  if (kept) return { kind: 'candidate', candidate: kept, byTurn: true };
  const { turns } = first.candidacy;
  const stale = run.turns.filter(({ key }) => key.stepId === round.distribution.id && key.turns === turns);
  const key = keyOf(round, turns);
  const sharers = eligible.map(({ id, candidacy }) => ({ id, weight: candidacy.weight }));
  const answer = await (deps.takeTurn ?? chooseAlone)({ key, sharers, returned: stale.map(({ changes }) => changes) });
  if (answer.kind !== 'taken') return answer.kind === 'unavailable' ? answer : { kind: 'none' };
  run.turns = [...run.turns.filter((turn) => !stale.includes(turn)), { ...answer.choice, key }];
  const candidate = eligible.find(({ id }) => id === answer.choice.chosen);
  return candidate ? { kind: 'candidate', candidate, byTurn: true } : { kind: 'none' };
}

/** Where no turns are kept, as in a simulation: each lead is the first one. */
const chooseAlone: TakeTurns = async ({ sharers }): Promise<TurnAnswer> => {
  const choice = chooseNext({}, sharers);
  return choice ? { kind: 'taken', choice } : { kind: 'returned' };
};

function findTurn({ run, distribution }: DistributionRound, candidate: CompiledCandidate): TurnTaken | undefined {
  const { turns } = candidate.candidacy;
  return run.turns.find(
    ({ key, chosen }) => key.stepId === distribution.id && key.turns === turns && chosen === candidate.id,
  );
}

function keyOf({ run, distribution }: DistributionRound, turns: string): TurnsKey {
  const { flow } = routeOf(run);
  return { accountId: flow.account.id, flowId: flow.id, stepId: distribution.id, turns };
}

/**
 * Gives turns back that no offer came of. The lead does not wait for it; a process that ends meanwhile loses them, so that
 * their shares are off by these turns.
 */
export function giveTurnsBack(
  turns: readonly TurnTaken[],
  { deps, leadId }: { deps: Pick<PhaseDeps, 'takeTurn' | 'report'>; leadId: LeadRun['leadId'] },
): void {
  const { takeTurn } = deps;
  if (!takeTurn) return;
  for (const { key, changes } of turns) {
    takeTurn({ key, sharers: [], returned: [changes] }).catch((error) =>
      deps.report({ leadId, where: 'turns of a distribution', error }),
    );
  }
}
