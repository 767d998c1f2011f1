/*
 * Two people changed the same document: what each of them did to the state they began with, part by part, and the document that
 * comes of choosing for each part. Pure; the documents are as deep as their doors let them be (decision page 0111).
 */

/** Whose state of a part. */
export type Side = 'base' | 'mine' | 'theirs';

/** Three states of a document, or of one part of it; undefined: it is not there. */
export interface States {
  base: unknown;
  mine: unknown;
  theirs: unknown;
}

/** A part that is not the same on both sides. */
export interface MergePart extends States {
  /** Different for each: `sources.s1.caps.c1`, `fields.email`, `steps#order`, with the ids of members in lists. */
  key: string;
  path: readonly string[];
  /** `order`: of the members of a list. */
  kind: 'value' | 'order';
  /** Only one side changed it, so nobody needs to be asked; null: both did, and differently. */
  suggestion: Side | null;
}

export type Choices = Readonly<Record<string, Side>>;

/** The parts that differ between mine and theirs, in the order of the document. None: both are the same. */
export function listMergeParts(states: States): MergePart[] {
  const parts: MergePart[] = [];
  walk(states, [], (part) => {
    parts.push(part);
    return part.mine;
  });
  return parts;
}

/**
 * The document with each part as it was chosen; what nothing was chosen for is as suggested, else as `undecided` has it. With
 * the same side for every part it is the document of that side.
 */
export function buildMerged(states: States, choices: Choices, undecided: Side = 'mine'): unknown {
  return walk(states, [], (part) => part[choices[part.key] ?? part.suggestion ?? undecided]);
}

/** Which parts somebody has to choose for. */
export function listOpenParts(parts: readonly MergePart[], choices: Choices): MergePart[] {
  return parts.filter(({ key, suggestion }) => suggestion === null && choices[key] === undefined);
}

/** Returns the state that the merged document gets. */
type Choose = (part: MergePart) => unknown;

/**
 * What consists of parts that are chosen one by one: the document, its sources, steps and recipients, lists of things with
 * ids, and the fields. Everything else is one part: half of a rule set of one person and half of another’s would be a rule that nobody wrote.
 */
function hasParts(path: readonly string[]): boolean {
  const [top, , list, ...more] = path;
  if (path.length === 0) return true;
  if (top === 'list_checks') return path.length === 1;
  if (top !== 'sources' && top !== 'steps') return false;
  return path.length === 2 || (top === 'steps' && list === 'recipients' && more.length === 1);
}

function walk(states: States, path: readonly string[], choose: Choose): unknown {
  const { base, mine, theirs } = states;
  if (isSame(mine, theirs)) return theirs;
  const lists = readLists(states, path);
  if (lists) return walkList(lists, path, choose);
  if (hasParts(path) && isObject(mine) && isObject(theirs))
    return walkObject({ base: isObject(base) ? base : {}, mine, theirs }, path, choose);
  return choose({ ...states, key: path.join('.') || 'document', path, kind: 'value', suggestion: suggest(states) });
}

/** A side that left it as it was gives way to the one that changed it. */
function suggest({ base, mine, theirs }: States): Side | null {
  if (isSame(base, mine)) return 'theirs';
  return isSame(base, theirs) ? 'mine' : null;
}

type JsonObject = Readonly<Record<string, unknown>>;

function walkObject(
  { base, mine, theirs }: { base: JsonObject; mine: JsonObject; theirs: JsonObject },
  path: readonly string[],
  choose: Choose,
): JsonObject {
  const names = new Set([...Object.keys(theirs), ...Object.keys(mine)]);
  const members = [...names].flatMap((name): [string, unknown][] => {
    const states = { base: own(base, name), mine: own(mine, name), theirs: own(theirs, name) };
    const merged = walk(states, [...path, name], choose);
    return merged === undefined ? [] : [[name, merged]];
  });
  return Object.fromEntries(members);
}

interface Member {
  id: string;
  value: unknown;
}
type Lists = Record<Side, readonly Member[]>;

/** Lists whose members all have ids of their own; undefined: at least one of the three is something else. */
function readLists({ base, mine, theirs }: States, path: readonly string[]): Lists | undefined {
  if (!Array.isArray(mine) || !Array.isArray(theirs) || mine.length + theirs.length === 0) return undefined;
  const isOfFields = path.length === 1 && path[0] === 'fields';
  const lists = [Array.isArray(base) ? base : [], mine, theirs].map((list) =>
    readMembers(list, isOfFields ? idOfField : idOfThing),
  );
  const [first, second, third] = lists;
  return first && second && third ? { base: first, mine: second, theirs: third } : undefined;
}

/** The fields of a flow are their ids. */
const idOfField = (value: unknown): unknown => value;
const idOfThing = (value: unknown): unknown => (isObject(value) ? value['id'] : undefined);

function readMembers(list: readonly unknown[], idOf: (value: unknown) => unknown): Member[] | undefined {
  const members = list.flatMap((value) => {
    const id = idOf(value);
    return typeof id === 'string' && id !== '' ? [{ id, value }] : [];
  });
  const isWhole = members.length === list.length && new Set(members.map(({ id }) => id)).size === list.length;
  return isWhole ? members : undefined;
}

function walkList(lists: Lists, path: readonly string[], choose: Choose): unknown[] {
  const order = chooseOrder(lists, path, choose);
  const find = (side: Side, id: string) => lists[side].find((member) => member.id === id)?.value;
  return order.flatMap((id) => {
    const states = { base: find('base', id), mine: find('mine', id), theirs: find('theirs', id) };
    const merged = walk(states, [...path, id], choose);
    return merged === undefined ? [] : [merged];
  });
}

/** All ids of mine and theirs, in the order that was chosen where both have the same members in another order. */
function chooseOrder(lists: Lists, path: readonly string[], choose: Choose): string[] {
  const ids = { base: idsOf(lists.base), mine: idsOf(lists.mine), theirs: idsOf(lists.theirs) };
  const shared = (side: Side, other: Side) => ids[side].filter((id) => ids[other].includes(id));
  const isOrdered = isSame(shared('mine', 'theirs'), shared('theirs', 'mine'));
  if (isOrdered) return insertOthers(ids.theirs, ids.mine);
  const suggestion = isSame(shared('base', 'mine'), shared('mine', 'base'))
    ? 'theirs'
    : isSame(shared('base', 'theirs'), shared('theirs', 'base'))
      ? 'mine'
      : null;
  const part: MergePart = {
    ...{ base: ids.base, mine: ids.mine, theirs: ids.theirs },
    // No member has this key, also not a field that is called order.
    ...{ key: `${path.join('.')}#order`, path, kind: 'order', suggestion },
  };
  const chosen = choose(part);
  const backbone = (Array.isArray(chosen) ? chosen : []).filter(
    (id) => ids.mine.includes(id) || ids.theirs.includes(id),
  );
  return insertOthers(insertOthers(backbone, ids.theirs), ids.mine);
}

function idsOf(members: readonly Member[]): string[] {
  return members.map(({ id }) => id);
}

/** Those of `others` that are missing come behind the one they follow there. */
function insertOthers(order: readonly string[], others: readonly string[]): string[] {
  const all = [...order];
  for (const [index, id] of others.entries()) {
    if (all.includes(id)) continue;
    const before = others[index - 1];
    all.splice(before === undefined ? 0 : all.indexOf(before) + 1, 0, id);
  }
  return all;
}

/** `null` and nothing say the same. The order of members of an object says nothing. */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other || (isAbsent(one) && isAbsent(other))) return true;
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((member, index) => isSame(member, other[index]));
  if (!isObject(one) || !isObject(other)) return false;
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((name) =>
    isSame(own(one, name), own(other, name)),
  );
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function own(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
