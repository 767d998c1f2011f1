import type { Sliced } from '../lib/slices.ts';

/** A JSON object as it came over the wire or out of the database: nothing about it is known yet. */
export type JsonObject = { [key: string]: unknown };

/** Is it an object with properties, not null and not an array? */
export function isJsonObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/**
 * Does a JSON value nest deeper than `levelsMax`? Walks level by level without recursion, so that a hostile body
 * cannot exhaust the stack here, and everything after this check may recurse.
 */
export function isDeeperThan(value: unknown, levelsMax: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= levelsMax; depth += 1) {
    const next: unknown[] = [];
    for (const member of level) {
      if (member !== null && typeof member === 'object') {
        for (const child of Object.values(member)) next.push(child);
      }
    }
    if (next.length === 0) return false;
    level = next;
  }
  return true;
}

/** Properties of which null says something else than their absence. */
const NULL_IS_A_VALUE = new Set(['value', 'rhv']);

/** A copy without the properties that are null: in a Flow document null and absent mean the same. Pauses in lists. */
export function* withoutNulls(value: unknown): Sliced<unknown> {
  if (Array.isArray(value)) return yield* membersWithoutNulls(value);
  if (!isJsonObject(value)) return value;
  const kept: [string, unknown][] = [];
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined || (member === null && !NULL_IS_A_VALUE.has(key))) continue;
    kept.push([key, typeof member === 'object' && member !== null ? yield* withoutNulls(member) : member]);
  }
  // fromEntries defines own properties, so a key named __proto__ stays data.
  return Object.fromEntries(kept);
}

function* membersWithoutNulls(members: readonly unknown[]): Sliced<unknown[]> {
  const kept: unknown[] = [];
  for (const member of members) {
    kept.push(typeof member === 'object' && member !== null ? yield* withoutNulls(member) : member);
    if (kept.length % MEMBERS_BETWEEN_PAUSES === 0) yield;
  }
  return kept;
}

/** A member takes about as long as a pause. */
const MEMBERS_BETWEEN_PAUSES = 16;

/** The field ids a stored Flow document names, each once, in its order. */
export function listFieldIds(document: JsonObject): string[] {
  const { fields } = document;
  if (!Array.isArray(fields)) return [];
  return [...new Set(fields.filter((id: unknown) => typeof id === 'string'))];
}
