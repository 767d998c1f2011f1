import type { Money } from '../model/money.ts';
import { assertKnownVersion } from './version.ts';

/** A place a run holds, as its run row keeps it. */
export interface CapHold {
  capId: string;
  startsAt: number;
  generation: number;
  /** The step the cap belongs to; null: the flow's or a source's. */
  stepId: string | null;
  /** Of a revenue cap, the money that is held; undefined: the cap counts leads, and it is one place. */
  amount?: Money | undefined;
}

export interface ListHold {
  listId: string;
  value: Buffer;
}

/** Places and list entries that belong to a lead or an attempt. */
export interface Holds {
  caps: CapHold[];
  lists: ListHold[];
}

/** Written in `runs.holds`, `unknowns.holds` and `lead_holds.holds`. */
export const HOLDS_VERSION = 2;

/**
 * As stored: `{version, caps: [[cap, window start, generation, step, amount]], lists: [[list, value in hex]]}`. The amount
 * is there for revenue caps alone, in ten-thousandths of a dollar; before version 2 there were none.
 */
interface StoredHolds {
  caps: [string, number, number, string | null, Money?][];
  lists: [string, string][];
}

/** JSON text; two texts are equal if and only if the holds are. */
export function writeHolds(holds: Holds): string {
  return JSON.stringify({
    version: HOLDS_VERSION,
    caps: holds.caps.map(({ capId, startsAt, generation, stepId, amount }) =>
      amount === undefined ? [capId, startsAt, generation, stepId] : [capId, startsAt, generation, stepId, amount],
    ),
    lists: holds.lists.map((hold) => [hold.listId, hold.value.toString('hex')]),
  });
}

/** The inverse of `writeHolds` from parsed JSON; null or absent: nothing was held. Throws on an unknown version. */
export function parseHolds(json: unknown): Holds {
  if (json === null || json === undefined) return { caps: [], lists: [] };
  assertKnownVersion(json, { what: 'A row of places held', newest: HOLDS_VERSION });
  const stored = json as StoredHolds; // written by writeHolds alone; versions 0 and 1 have no amounts
  return {
    caps: stored.caps.map(([capId, startsAt, generation, stepId, amount]) => ({
      capId,
      startsAt,
      generation,
      stepId,
      amount,
    })),
    lists: stored.lists.map(([listId, value]) => ({ listId, value: Buffer.from(value, 'hex') })),
  };
}
