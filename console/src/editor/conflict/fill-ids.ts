import type { States } from './merge-documents.ts';

/** What the server gives when it is not there. */
const GIVEN = ['id', 'created_at'];

/**
 * The three states with the ids and instants that the server gave: who saved has them, who did not save yet lacks them. Nobody
 * chooses them, so they must not look like a change. Where a state has one of its own, it keeps it.
 */
export function fillIds({ base, mine, theirs }: States): States {
  return { base: fillFrom(fillFrom(base, theirs), mine), mine: fillFrom(mine, theirs), theirs: fillFrom(theirs, mine) };
}

function fillFrom(value: unknown, other: unknown): unknown {
  if (Array.isArray(value)) {
    const find = pairMembers(value, Array.isArray(other) ? other : []);
    return value.map((member) => fillMember(member, find(member)));
  }
  if (!isObject(value) || !isObject(other)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const twin = own(other, name);
      return [
        name,
        name === 'entity' && isSameEntity(member, twin) ? fillMember(member, twin) : fillFrom(member, twin),
      ];
    }),
  );
}

function fillMember(member: unknown, twin: unknown): unknown {
  const filled = fillFrom(member, twin);
  if (!isObject(filled) || !isObject(twin)) return filled;
  const given = GIVEN.filter((name) => isAbsent(filled[name]) && !isAbsent(twin[name]));
  return { ...filled, ...Object.fromEntries(given.map((name) => [name, twin[name]])) };
}

/** An entity without an id is another one when it has another name. */
function isSameEntity(one: unknown, other: unknown): boolean {
  return isObject(one) && isObject(other) && one['name'] === other['name'];
}

/** As a save pairs them: by id, else by name, else those without a name by place; each once. */
function pairMembers(members: readonly unknown[], others: readonly unknown[]): (member: unknown) => unknown {
  const ids = new Set<unknown>(members.map(idOf).filter((id) => id !== undefined));
  const free = new Set([...others.keys()].filter((index) => !ids.has(idOf(others[index]))));
  const pairs = new Map<unknown, unknown>();
  for (const [index, member] of members.entries()) {
    if (!isObject(member)) continue;
    const id = idOf(member);
    if (id !== undefined) {
      pairs.set(
        member,
        others.find((other) => idOf(other) === id),
      );
      continue;
    }
    const name = nameOf(member);
    const place = name === undefined ? index : [...free].find((each) => nameOf(others[each]) === name);
    if (place === undefined || !free.has(place) || nameOf(others[place]) !== name) continue;
    free.delete(place);
    pairs.set(member, others[place]);
  }
  return (member) => pairs.get(member);
}

function idOf(member: unknown): unknown {
  return isObject(member) && !isAbsent(member['id']) ? member['id'] : undefined;
}

function nameOf(member: unknown): unknown {
  if (!isObject(member)) return undefined;
  const { name, entity } = member;
  const known = name ?? (isObject(entity) ? (entity['name'] ?? entity['id']) : undefined);
  return isAbsent(known) ? undefined : known;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function own(object: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
