import type { CompiledFlow } from '../flow-compiler/compiled-flow.ts';
import type { Vars } from '../model/vars.ts';

/** What the variables of a lead begin with (spec behaviour 4.1). */
export interface VarsHead {
  /** When and whence it came. */
  submission: unknown;
  flow: Pick<CompiledFlow, 'account' | 'id' | 'name'>;
  source: { entityId: string; name: string | undefined };
  /** Its values. */
  lead: unknown;
  /** Drawn once, 1 to 100; undefined: it is no longer known. */
  random: unknown;
}

/**
 * Made here alone: while the lead runs, when a delivery of it is tried again, and when its events are read. The values in
 * it differ: parsed, parsed again from what was stored, or as stored.
 */
export function buildVarsHead({ submission, flow, source, lead, random }: VarsHead): Vars {
  const { account } = flow;
  return {
    submission,
    account: { id: account.id, sso_id: account.id, name: account.name },
    flow: { id: flow.id, name: flow.name },
    source: { id: source.entityId, name: source.name },
    lead,
    random,
  };
}

/** What the lead costs, in dollars, under both of its names; undefined: it is not known. */
export function buildPriceVars(price: number | undefined): {
  price: number | undefined;
  purchase_price: number | undefined;
} {
  return { price, purchase_price: price };
}
