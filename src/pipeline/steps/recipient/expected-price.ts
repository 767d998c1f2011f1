import type { CompiledRecipient } from '../../../flow-compiler/compiled-flow.ts';
import { assert } from '../../../lib/assert.ts';
import { dollars, type Money } from '../../../model/money.ts';
import type { RunPart } from '../../lead-run.ts';

/**
 * What is known of the price of a delivery before it is sent: by rules its price, with `override` the maximum price of the
 * step, and 0 without one. Revenue caps hold it, and a delivery that may have arrived is booked at it (decision page 0090).
 */
export function findExpectedPrice(
  { vars, ctx }: RunPart<'vars' | 'ctx'>,
  { pricing }: Pick<CompiledRecipient, 'pricing'>,
): Money {
  const { maximumPrice } = pricing;
  const offered = maximumPrice === null ? undefined : dollars(maximumPrice);
  const decision = pricing.evaluate({ vars, ctx, offered });
  assert(decision.kind === 'priced', 'only flows and sources name pricing services');
  return decision.verdict.amount;
}
