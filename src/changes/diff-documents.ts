/*
 * What differs between two states of a document, place by place. Members of a list that have ids are followed by their
 * ids; others by what they have in common. Pure; the documents are as deep as their doors let them be.
 */

export type ChangeAction = 'added' | 'removed' | 'changed' | 'moved';

/** The value that stood at a place, and the place among the members of its list; null: it is no member of one. */
export interface ChangeEnd {
  value: unknown;
  index: number | null;
}

export interface DocumentChange {
  action: ChangeAction;
  /** From the top: names of members, and places in lists of the later state, of the earlier one for what was removed. */
  path: readonly (string | number)[];
  /** null: it was not there. */
  previous: ChangeEnd | null;
  /** null: it is not there any more. */
  current: ChangeEnd | null;
}

/** Changes of one comparison; of what is beyond only the number is told. */
export const CHANGES_MAX = 500;
/** Longer lists without ids are compared place by place: the common parts of two cost the product of their lengths. */
const ALIGNED_MAX = 400;

export interface DocumentChanges {
  changes: DocumentChange[];
  /** Changes beyond the bound. */
  more: number;
}

/** Compares two states; null: there was none, or there is none any more. `ignored`: members of the top that say nothing. */
export function diffDocuments(before: unknown, after: unknown, ignored: readonly string[] = []): DocumentChanges {
  const found: DocumentChanges = { changes: [], more: 0 };
  const left = withoutMembers(before, ignored);
  const right = withoutMembers(after, ignored);
  compare(found, [], { left, right, from: null, to: null });
  return found;
}

function withoutMembers(document: unknown, names: readonly string[]): unknown {
  if (!isObject(document)) return document;
  return Object.fromEntries(Object.entries(document).filter(([name]) => !names.includes(name)));
}

type Path = readonly (string | number)[];

interface Pair {
  left: unknown;
  right: unknown;
  /** Places in their lists. */
  from: number | null;
  to: number | null;
}

function add(found: DocumentChanges, change: DocumentChange): void {
  if (found.changes.length < CHANGES_MAX) found.changes.push(change);
  else found.more += 1;
}

function compare(found: DocumentChanges, path: Path, { left, right, from, to }: Pair): void {
  if (isAbsent(left) && isAbsent(right)) return;
  const previous = { value: left, index: from };
  const current = { value: right, index: to };
  if (isAbsent(left)) add(found, { action: 'added', path, previous: null, current });
  else if (isAbsent(right)) add(found, { action: 'removed', path, previous, current: null });
  else if (Array.isArray(left) && Array.isArray(right)) compareLists(found, path, left, right);
  else if (isObject(left) && isObject(right)) compareObjects(found, path, left, right);
  else if (left !== right) add(found, { action: 'changed', path, previous, current });
}

/** A member of an object that is null says what one says that is missing. */
function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function compareObjects(found: DocumentChanges, path: Path, left: JsonObject, right: JsonObject): void {
  for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const pair = { left: ownMember(left, name), right: ownMember(right, name), from: null, to: null };
    compare(found, [...path, name], pair);
  }
}

function compareLists(found: DocumentChanges, path: Path, left: readonly unknown[], right: readonly unknown[]): void {
  const leftIds = idsOf(left);
  const rightIds = idsOf(right);
  if (leftIds && rightIds && left.length + right.length > 0) {
    compareById(found, path, { left, right, leftIds, rightIds });
    return;
  }
  for (const pair of alignLists(left, right)) compareMembers(found, [...path, pair.to ?? pair.from ?? 0], pair);
}

/** Unlike one of an object, a member of a list that is null is there: with it the list is longer. */
function compareMembers(found: DocumentChanges, path: Path, pair: Pair): void {
  const previous = { value: pair.left, index: pair.from };
  const current = { value: pair.right, index: pair.to };
  if (pair.from === null) add(found, { action: 'added', path, previous: null, current });
  else if (pair.to === null) add(found, { action: 'removed', path, previous, current: null });
  else compare(found, path, pair);
}

/** Different ids of all members; undefined: a member has none. */
function idsOf(list: readonly unknown[]): string[] | undefined {
  const ids = list.flatMap((member) => (isObject(member) && typeof member['id'] === 'string' ? [member['id']] : []));
  return ids.length === list.length && new Set(ids).size === ids.length ? ids : undefined;
}

interface Identified {
  left: readonly unknown[];
  right: readonly unknown[];
  leftIds: readonly string[];
  rightIds: readonly string[];
}

function compareById(found: DocumentChanges, path: Path, lists: Identified): void {
  const { left, right, leftIds, rightIds } = lists;
  const stayed = listInOrder(
    rightIds.flatMap((id) => {
      const from = leftIds.indexOf(id);
      return from < 0 ? [] : [from];
    }),
  );
  for (const [from, id] of leftIds.entries()) {
    if (!rightIds.includes(id)) compare(found, [...path, from], { left: left[from], right: undefined, from, to: null });
  }
  for (const [to, id] of rightIds.entries()) {
    const at = leftIds.indexOf(id);
    const from = at < 0 ? null : at;
    if (from !== null && !stayed.has(from)) {
      const ends = { previous: { value: left[from], index: from }, current: { value: right[to], index: to } };
      add(found, { action: 'moved', path: [...path, to], ...ends });
    }
    compare(found, [...path, to], { left: from === null ? undefined : left[from], right: right[to], from, to });
  }
}

/** The most places that keep their order; the members at the others have moved. */
function listInOrder(places: readonly number[]): Set<number> {
  const chains = places.map((): { length: number; before: number } => ({ length: 1, before: -1 }));
  let last = -1;
  for (const [index, place] of places.entries()) {
    const chain = chains[index];
    if (!chain) continue;
    for (let earlier = 0; earlier < index; earlier += 1) {
      const candidate = chains[earlier];
      if (candidate && (places[earlier] ?? 0) < place && candidate.length >= chain.length) {
        chain.length = candidate.length + 1;
        chain.before = earlier;
      }
    }
    if (last < 0 || chain.length >= (chains[last]?.length ?? 0)) last = index;
  }
  const kept = new Set<number>();
  for (let index = last; index >= 0; index = chains[index]?.before ?? -1) kept.add(places[index] ?? 0);
  return kept;
}

/** Members that are equal stay; between two of those the others are paired in order, and the rest was added or removed. */
function alignLists(left: readonly unknown[], right: readonly unknown[]): Pair[] {
  const equal = findCommon(
    left.map((member) => JSON.stringify(member)),
    right.map((member) => JSON.stringify(member)),
  );
  const pairs: Pair[] = [];
  let [from, to] = [0, 0];
  for (const [leftEnd, rightEnd] of [...equal, [left.length, right.length] as const]) {
    for (; from < leftEnd && to < rightEnd && isObject(left[from]) && isObject(right[to]); from += 1, to += 1) {
      pairs.push({ left: left[from], right: right[to], from, to });
    }
    for (; from < leftEnd; from += 1) pairs.push({ left: left[from], right: undefined, from, to: null });
    for (; to < rightEnd; to += 1) pairs.push({ left: undefined, right: right[to], from: null, to });
    [from, to] = [leftEnd + 1, rightEnd + 1];
  }
  return pairs;
}

/** Pairs of places with equal texts, in the order of both lists: the longest common part. */
function findCommon(left: readonly string[], right: readonly string[]): [number, number][] {
  if (left.length > ALIGNED_MAX || right.length > ALIGNED_MAX) {
    return left.flatMap((text, place): [number, number][] => (text === right[place] ? [[place, place]] : []));
  }
  const lengths = Array.from({ length: left.length + 1 }, () => new Array<number>(right.length + 1).fill(0));
  const lengthAt = (from: number, to: number) => lengths[from]?.[to] ?? 0;
  for (let from = left.length - 1; from >= 0; from -= 1) {
    const row = lengths[from];
    if (!row) continue;
    for (let to = right.length - 1; to >= 0; to -= 1) {
      row[to] =
        left[from] === right[to]
          ? lengthAt(from + 1, to + 1) + 1
          : Math.max(lengthAt(from + 1, to), lengthAt(from, to + 1));
    }
  }
  const common: [number, number][] = [];
  for (let from = 0, to = 0; from < left.length && to < right.length; ) {
    if (left[from] === right[to]) {
      common.push([from, to]);
      from += 1;
      to += 1;
    } else if (lengthAt(from + 1, to) >= lengthAt(from, to + 1)) from += 1;
    else to += 1;
  }
  return common;
}

type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function ownMember(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
