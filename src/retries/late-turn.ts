import type { EventRecord } from '../events/event-store.ts';
import type { CompiledCandidate, CompiledFlow, CompiledRecipient } from '../flow-compiler/compiled-flow.ts';
import { chargeTurn } from '../pipeline/steps/distribution/share-turns.ts';
import type { TurnsKey } from '../pipeline/turns.ts';

/** What a late sale changes of the credits of a distribution. */
export interface LateTurn {
  key: TurnsKey;
  /** By candidate; the sum is 0. */
  changes: Record<string, number>;
}

/**
 * A sale by a later attempt counts in the shares of `percentage`: the failed delivery had given its turn back (decision
 * page 0090). One that may have arrived at first had kept it. null: no turn is to be taken.
 */
export function findLateTurn(
  flow: CompiledFlow,
  { step, firstEvent }: { step: CompiledRecipient; firstEvent: EventRecord },
): LateTurn | null {
  const { candidacy } = step;
  if (candidacy?.distribution.method !== 'percentage') return null;
  if (firstEvent.type !== 'recipient' || firstEvent.facts.unknown) return null;
  const sharers = flow.steps
    .filter((each): each is CompiledCandidate => each.kind === 'recipient' && each.candidacy !== null)
    .filter((each) => each.isEnabled && each.candidacy.turns === candidacy.turns)
    .filter((each) => each.candidacy.distribution === candidacy.distribution)
    .map(({ id, candidacy: { weight } }) => ({ id, weight }));
  const charged = chargeTurn(sharers, step.id);
  if (!charged) return null;
  const stepId = candidacy.distribution.id;
  const key = { accountId: flow.account.id, flowId: flow.id, stepId, turns: candidacy.turns };
  return { key, changes: charged.changes };
}
