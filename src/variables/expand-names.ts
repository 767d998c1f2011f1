import { isAssignableKey } from './assign.ts';
import { joinValues } from './branched-value.ts';
import { PATH_SEGMENTS_MAX } from './property-path.ts';

/**
 * Values with the dotted and bracketed names of their top level nested: `a.b`, and `a[b]` unless brackets are literal,
 * into `{a: {b}}` (spec modules b, decisions 38 and 0041). `x[]` is a list named `x`; unbalanced brackets stay. A blank
 * part of a name is the number 0 (measured, fixture inbound.jsonl: `a..b=1` is a list). Without such a name the very
 * same object comes back.
 *
 * Numbers 0, 1 … without a gap make a list, other numbers an object, so that each keeps its value. Nothing is lost where
 * names meet: see `joinValues`; of two values of one path the dotted one wins, because it is the query's beside a nested
 * body. The values are not changed.
 */
export function expandNames(
  values: Record<string, unknown>,
  { brackets }: { brackets: 'nested' | 'literal' } = { brackets: 'nested' },
): Record<string, unknown> {
  const names = Object.keys(values);
  const isNested = brackets === 'nested' ? needsNesting : hasDot;
  if (!names.some(isNested)) return values;
  const root = newBranch();
  const expanded: Record<string, unknown> = {};
  for (const name of names) {
    if (isNested(name)) plant(root, { parts: withinBound(splitName(name, brackets)), value: values[name] });
    else if (isAssignableKey(name)) expanded[name] = values[name];
  }
  for (const [name, branch] of root.members) {
    expanded[name] = joinValues(Object.hasOwn(expanded, name) ? expanded[name] : undefined, branchValue(branch));
  }
  return expanded;
}

/** How many levels a name makes once it is expanded; a bound, not below the true number. */
export function countParts(name: string): number {
  return name.includes('.') || name.includes('[') ? name.split(PART_STARTS).length : 1;
}

const PART_STARTS = /[.[]/;

function hasDot(name: string): boolean {
  return name.includes('.');
}

/** A name, and brackets that are closed and not nested, each followed by another part or the end. */
const BRACKETED = /^[^[\]]+(?:\[[^[\]]*\](?=[.[]|$)[^[\]]*)+$/;
const GROUP = /\[([^[\]]*)\]/g;

function needsNesting(name: string): boolean {
  return name.includes('.') || (name.includes('[') && BRACKETED.test(name));
}

/** In the parts of a name: the next place of a list. */
const NEXT_PLACE = '[]';

/** The parts of a name: `a[b][].c` is `a`, `b`, `[]`, `c`. Where a bracket stays open, each dotted part is read alone. */
export function splitName(name: string, brackets: 'nested' | 'literal'): string[] {
  const isNested = brackets === 'nested' && name.includes('[');
  if (isNested && BRACKETED.test(name)) return dottedParts(name.replace(GROUP, dottedGroup));
  const parts = dottedParts(name);
  if (!isNested) return parts;
  return parts.flatMap((part) => (BRACKETED.test(part) ? dottedParts(part.replace(GROUP, dottedGroup)) : [part]));
}

function dottedGroup(_: string, inner: string): string {
  return `.${inner === '' ? NEXT_PLACE : inner}`;
}

function dottedParts(text: string): string[] {
  return text.split('.').map((part) => (part === '' ? '0' : part));
}

/** The parts past the deepest path stay one name: it is still too deep, and no name makes the call stack overflow. */
function withinBound(parts: string[]): string[] {
  return parts.length <= PATH_SEGMENTS_MAX ? parts : [...parts.slice(0, PATH_SEGMENTS_MAX), REST];
}

/** The name of what lies deeper than any path reaches; the submission is refused for its depth. */
const REST = '…';

interface Branch {
  values: unknown[];
  members: Map<string, Branch>;
}

function newBranch(): Branch {
  return { values: [], members: new Map() };
}

function plant(root: Branch, { parts, value }: { parts: readonly string[]; value: unknown }): void {
  if (!parts.every(isAssignableKey)) return;
  const place = parts.indexOf(NEXT_PLACE);
  if (place === -1) {
    branchAt(root, parts).values.push(value);
    return;
  }
  const list = Array.isArray(value) ? value : [value];
  const [before, behind] = [parts.slice(0, place), parts.slice(place + 1)];
  if (behind.length === 0) {
    branchAt(root, before).values.push(list);
    return;
  }
  list.forEach((member, at) => {
    if (member !== null) plant(root, { parts: [...before, String(at), ...behind], value: member });
  });
}

function branchAt(root: Branch, parts: readonly string[]): Branch {
  let branch = root;
  for (const part of parts) {
    let next = branch.members.get(part);
    if (next === undefined) {
      next = newBranch();
      branch.members.set(part, next);
    }
    branch = next;
  }
  return branch;
}

function branchValue({ values, members }: Branch): unknown {
  // One path spelled in two ways is a repeated name.
  const own = values.length > 1 ? values.flat() : values[0];
  return members.size === 0 ? own : joinValues(own, buildContainer(members));
}

function buildContainer(members: ReadonlyMap<string, Branch>): unknown {
  const isList = Array.from({ length: members.size }, (_, place) => String(place)).every((place) => members.has(place));
  if (isList)
    return Array.from({ length: members.size }, (_, place) => branchValue(members.get(String(place)) ?? newBranch()));
  const object: Record<string, unknown> = {};
  for (const [name, branch] of members) object[name] = branchValue(branch);
  return object;
}
