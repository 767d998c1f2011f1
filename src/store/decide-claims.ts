import { unitsOf } from '../caps/cap-units.ts';
import { type CapCounter, type CapVerdict, judgeCap, type PlaceRequest, startCounter } from '../caps/judge-cap.ts';
import { judgeListValue, type ListRow, type ListVerdict } from '../lists/judge-list-value.ts';

/** Rows of list items and cap windows under their locks, by key. */
export interface LockedRows {
  lists: ReadonlyMap<string, ListRow>;
  caps: ReadonlyMap<string, CapCounter>;
}

/** An end of a run in the group: what becomes of the places it held. */
export interface EndInGroup {
  runId: string;
  /** Epoch ms: from when a value counts that it used. */
  submittedAt: number;
  /** Keys of its values; `isKept`: they are entered into their lists, else they are free again. */
  lists: { keys: readonly string[]; isKept: boolean } | null;
  /** In the unit of each counter: what was held, and how much of it is used. The rest is free again. */
  caps: readonly { key: string; generation: number; held: number; used: number }[];
}

/** A claim in the group; it takes all of it, or nothing. */
export interface ClaimInGroup {
  runId: string;
  lists: readonly { key: string; cutoff: number | null; hold: boolean }[];
  caps: readonly ({ key: string } & PlaceRequest)[];
}

export type ClaimVerdict =
  /** `generations`: of each place in a cap, in the order asked. */
  { granted: true; generations: number[] } | { granted: false; lists: ListVerdict[]; caps: CapVerdict[] };

/**
 * Decides a group of claims in the order of arrival, after the ends of the same group have been applied: a place that one
 * lead of the group gives back can be taken by another. Answers a verdict for each claim. A claim that is not granted
 * changes nothing, and learns what stands of everything it asked for.
 */
export function decideClaims(
  rows: LockedRows,
  { ends, claims }: { ends: readonly EndInGroup[]; claims: readonly ClaimInGroup[] },
): ClaimVerdict[] {
  const lists = new Map(rows.lists);
  const caps = new Map(rows.caps);
  for (const end of ends) applyEnd(end, { lists, caps });
  return claims.map((claim) => decideClaim(claim, { lists, caps }));
}

interface Standing {
  lists: Map<string, ListRow>;
  caps: Map<string, CapCounter>;
}

function applyEnd({ runId, submittedAt, lists: own, caps: places }: EndInGroup, { lists, caps }: Standing): void {
  for (const key of own?.keys ?? []) {
    const row = lists.get(key);
    if (row?.holder !== runId) continue;
    if (own?.isKept) lists.set(key, { addedAt: submittedAt, holder: null });
    else if (row.addedAt === null) lists.delete(key);
    else lists.set(key, { addedAt: row.addedAt, holder: null });
  }
  for (const { key, generation, held, used } of places) {
    const counter = caps.get(key);
    if (counter?.generation !== generation) continue;
    caps.set(key, { ...counter, count: counter.count + used, held: counter.held - held });
  }
}

function decideClaim({ runId, lists: values, caps: places }: ClaimInGroup, { lists, caps }: Standing): ClaimVerdict {
  const found = values.map(({ key, cutoff }) => judgeListValue(lists.get(key), { leadId: runId, cutoff }));
  const verdicts = places.map((place) => judgeCap(caps.get(place.key), place));
  if (found.some((verdict) => verdict.found) || verdicts.some(({ full }) => full !== null)) {
    return { granted: false, lists: found, caps: verdicts };
  }
  for (const { key, hold } of values) {
    if (hold) lists.set(key, { addedAt: lists.get(key)?.addedAt ?? null, holder: runId });
  }
  // A cap named twice by one lead is one place.
  for (const place of new Map(places.map((each) => [each.key, each])).values()) {
    const counter = startCounter(caps.get(place.key), place.generation);
    caps.set(place.key, { ...counter, held: counter.held + unitsOf(place) });
  }
  return { granted: true, generations: verdicts.map(({ generation }) => generation) };
}
