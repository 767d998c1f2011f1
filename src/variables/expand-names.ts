import { isAssignableKey } from './assign.ts';
import { PATH_SEGMENTS_MAX } from './property-path.ts';
import { isPlainObject } from './rich-value.ts';
import { unflatten } from './unflatten.ts';

/**
 * Values with the dotted names of their top level nested (`a.b` into `{a: {b}}`), as forms are read (spec modules b)
 * and, by decision 38, queries too. A blank part of a name is the number 0 (measured, fixture inbound.jsonl: `a..b=1`
 * is a list). Without a dotted name the very same object comes back.
 *
 * Where names meet: a scalar wins over what is nested under its name, in either order; of two scalars the dotted name's
 * wins, because it is the query's beside a nested body; two lists merge place by place; a list and an object under
 * one name keep what was there undotted. Objects inside `values` may be changed.
 */
export function expandNames(values: Record<string, unknown>): Record<string, unknown> {
  const names = Object.keys(values);
  const dottedNames = names.filter((name) => name.includes('.'));
  if (dottedNames.length === 0) return values;
  const dotted: Record<string, unknown> = {};
  for (const name of dottedNames) dotted[name.replace(BLANK_PARTS, '0')] = values[name];
  const expanded: Record<string, unknown> = {};
  for (const name of names) {
    if (!name.includes('.') && isAssignableKey(name)) expanded[name] = values[name];
  }
  layOver(expanded, unflatten(dotted), 0);
  return expanded;
}

const BLANK_PARTS = /(?<=^|\.)(?=\.|$)/g;

function layOver(below: Record<string, unknown>, above: Record<string, unknown>, depth: number): void {
  if (depth > PATH_SEGMENTS_MAX) return;
  for (const name of Object.keys(above)) {
    const present = Object.hasOwn(below, name) ? below[name] : undefined;
    below[name] = joined(present, above[name], depth + 1);
  }
}

function joined(below: unknown, above: unknown, depth: number): unknown {
  if (below === undefined || below === null) return above;
  if (isPlainObject(below) && isPlainObject(above)) {
    layOver(below, above, depth);
    return below;
  }
  if (Array.isArray(below) && Array.isArray(above)) return joinedLists(below, above, depth);
  return isContainer(above) ? below : above;
}

function joinedLists(below: readonly unknown[], above: readonly unknown[], depth: number): unknown[] {
  const length = Math.max(below.length, above.length);
  return Array.from({ length }, (_, at) => joined(below[at], above[at] ?? below[at], depth + 1));
}

function isContainer(value: unknown): boolean {
  return isPlainObject(value) || Array.isArray(value);
}
