import type { Holds } from '../../pipeline/run-store.ts';

/** Holds as a run row keeps them: `{caps: [[cap, window start, generation, step]], lists: [[list, value in hex]]}`. */
export function holdsToJson(holds: Holds): string {
  return JSON.stringify({
    caps: holds.caps.map((hold) => [hold.capId, hold.startsAt, hold.generation, hold.stepId]),
    lists: holds.lists.map((hold) => [hold.listId, hold.value.toString('hex')]),
  });
}

/** The inverse of `holdsToJson`; null or absent: nothing was held. */
export function holdsFromJson(json: unknown): Holds {
  if (json === null || json === undefined) return { caps: [], lists: [] };
  // Written by holdsToJson alone.
  const stored = json as { caps: [string, number, number, string | null][]; lists: [string, string][] };
  return {
    caps: stored.caps.map(([capId, startsAt, generation, stepId]) => ({ capId, startsAt, generation, stepId })),
    lists: stored.lists.map(([listId, value]) => ({ listId, value: Buffer.from(value, 'hex') })),
  };
}
