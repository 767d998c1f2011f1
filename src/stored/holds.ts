import { assertKnownVersion } from './version.ts';

/** A place a run holds, as its run row keeps it. */
export interface CapHold {
  capId: string;
  startsAt: number;
  generation: number;
  /** The step the cap belongs to; null: the flow's or a source's. */
  stepId: string | null;
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
export const HOLDS_VERSION = 1;

/** As stored: `{version, caps: [[cap, window start, generation, step]], lists: [[list, value in hex]]}`. */
interface StoredHolds {
  caps: [string, number, number, string | null][];
  lists: [string, string][];
}

/** JSON text; two texts are equal if and only if the holds are. */
export function writeHolds(holds: Holds): string {
  return JSON.stringify({
    version: HOLDS_VERSION,
    caps: holds.caps.map((hold) => [hold.capId, hold.startsAt, hold.generation, hold.stepId]),
    lists: holds.lists.map((hold) => [hold.listId, hold.value.toString('hex')]),
  });
}

/** The inverse of `writeHolds` from parsed JSON; null or absent: nothing was held. Throws on an unknown version. */
export function parseHolds(json: unknown): Holds {
  if (json === null || json === undefined) return { caps: [], lists: [] };
  assertKnownVersion(json, { what: 'A row of places held', newest: HOLDS_VERSION });
  const stored = json as StoredHolds; // written by writeHolds alone; version 0 has the same members
  return {
    caps: stored.caps.map(([capId, startsAt, generation, stepId]) => ({ capId, startsAt, generation, stepId })),
    lists: stored.lists.map(([listId, value]) => ({ listId, value: Buffer.from(value, 'hex') })),
  };
}
