import type { CompiledCandidate, CompiledDistribution } from '../../../flow-compiler/compiled-flow.ts';
import { moneyFrom } from '../../../model/money.ts';
import type { DistributionFacts } from '../../../stored/event-facts.ts';
import type { Bid, RunPart } from '../../lead-run.ts';
import { pricingPing } from '../../named-ping.ts';

/** Bids that were made during a ping. */
interface KeptBids {
  /** By the candidate's id. */
  bids: Map<string, Bid>;
  /** Orders equal bids as the ping did. */
  seed: string;
}

/**
 * The bids that the ping of a lead has of these candidates, which are offered the lead together. null: the lead has not the
 * price of a ping, or the ping reached none of them, as the second tier behind a bid of the first: then they are asked.
 * One that the ping did not ask is not asked now.
 */
export function findKeptBids(
  run: RunPart<'namedPing' | 'offered'>,
  { distribution, open }: { distribution: CompiledDistribution; open: readonly CompiledCandidate[] },
): KeptBids | null {
  const pingId = pricingPing(run);
  const kept = run.namedPing?.seen?.distributions.find((each) => each.step_id === distribution.id);
  if (pingId === null || !kept) return null;
  const reached = new Map(
    kept.recipients.filter(({ verdict }) => verdict !== 'not reached').map((each) => [each.step_id, each]),
  );
  if (!open.some(({ id }) => reached.has(id))) return null;
  return { bids: new Map(open.map(({ id }) => [id, readKept(reached.get(id))])), seed: pingId };
}

function readKept(recipient: DistributionFacts['recipients'][number] | undefined): Bid {
  const isLate = recipient?.verdict === 'late';
  const { from = 'asked', price = null, ms = 0, id = null, fault = NOT_ASKED } = recipient?.bid ?? {};
  const amount = price === null ? null : (moneyFrom(price) ?? null);
  const base = { from: from === 'asked' ? ('ping' as const) : from, reason: null, isLate, ms };
  return amount === null ? { ...base, amount, id: null, fault } : { ...base, amount, id, fault: null };
}

const NOT_ASKED = 'was not asked during the ping';
