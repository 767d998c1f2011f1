import type { CompiledRecipient } from '../../../flow-compiler/compiled-flow.ts';
import { assert } from '../../../lib/assert.ts';
import { dollars, type Money, NO_MONEY } from '../../../model/money.ts';
import type { RunPart } from '../../lead-run.ts';

/**
 * The most that a delivery is sold for, which the step's revenue caps hold: by rules its price, with `override` the maximum
 * price, which the flow must have. 0: the step has no revenue cap.
 */
export function findPriceHeld(
  { vars, ctx }: RunPart<'vars' | 'ctx'>,
  { caps, pricing }: Pick<CompiledRecipient, 'caps' | 'pricing'>,
): Money {
  if (!caps.hasMoney) return NO_MONEY;
  const { maximumPrice } = pricing;
  const offered = maximumPrice === null ? undefined : dollars(maximumPrice);
  const decision = pricing.evaluate({ vars, ctx, offered });
  assert(decision.kind === 'priced', 'only flows and sources name pricing services');
  return decision.verdict.amount;
}
