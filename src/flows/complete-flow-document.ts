import type { Ids } from '../lib/ids.ts';
import { finish, type Sliced } from '../lib/slices.ts';
import { isJsonObject, type JsonObject } from './flow-json.ts';

export interface Completion {
  ids: Ids;
  /** Epoch ms. */
  now: number;
  /** The revision this one follows: what it had keeps its id, and caps and ping limits their `created_at`. */
  previous: JsonObject | null;
  /** The names of the account's entities by id. */
  entityNames?: ReadonlyMap<string, string> | undefined;
}

/**
 * Gives what a Flow document brought leaves out and the server keeps: ids of sources, steps, rule sets, rules, mappings
 * and prices (six characters), of entities, caps and ping limits (24 hex), `created_at` of caps and ping limits, which
 * anchors their windows (decision 8), and the empty `mappings` of an integration. What is given stays as it is. What
 * comes without its id is recognised in the previous revision by its name or place: a flow that is saved again from a
 * file without ids keeps the counts of its caps and its submit URLs.
 * Read-only properties of the flow itself are dropped: they live beside the document.
 */
export function completeFlowDocument(document: JsonObject, completion: Completion): JsonObject {
  return finish(completeInSlices(document, completion));
}

/** The same as work that pauses behind each member of a list. */
export function* completeInSlices(document: JsonObject, completion: Completion): Sliced<JsonObject> {
  const { previous } = completion;
  const createdAt = previous ? limitInstants(previous) : new Map<string, string>();
  const completed = yield* completeOwner(document, { ...completion, createdAt, before: previous });
  return withoutReadOnly(completed);
}

/** The document without what answers have beside it. */
export function withoutReadOnly(document: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(document).filter(([key]) => !READ_ONLY.has(key)));
}

/** Properties of a flow in answers that are no part of its document. */
const READ_ONLY = new Set(['id', 'errors', 'warnings', 'revision', 'deployed_revision', 'created_at', 'updated_at']);

interface Makings extends Completion {
  /** When caps and ping limits of the previous revision were made, by id. */
  createdAt: ReadonlyMap<string, string>;
  /** What the object is in the previous revision; null: it was not there. */
  before: JsonObject | null;
}

type Completer = (value: JsonObject, makings: Makings) => Sliced<JsonObject>;

/** How the object, or each object of the list, under a property is completed; other properties are not entered. */
const COMPLETERS: ReadonlyMap<string, Completer> = new Map<string, Completer>([
  ['sources', withShortId],
  ['steps', withShortId],
  ['recipients', withShortId],
  ['entity', withEntityId],
  ['integration', withMappings],
  ['bid', withMappings],
  ['mappings', withShortId],
  ['acceptance_criteria', completeOwner],
  ['feedback', completeOwner],
  ['returns', completeOwner],
  ['conversions', completeOwner],
  ['rule_set', withShortId],
  ['rules', withShortId],
  ['caps', withLimitFacts],
  ['ping_limits', withLimitFacts],
  ['pricing', completeOwner],
  ['prices', withShortId],
]);

function* completeOwner(owner: JsonObject, makings: Makings): Sliced<JsonObject> {
  const entries: [string, unknown][] = [];
  for (const [key, value] of Object.entries(owner)) {
    const complete = COMPLETERS.get(key);
    const place = { value, before: makings.before?.[key] };
    entries.push([key, complete ? yield* completeValue(place, makings, complete) : value]);
  }
  // fromEntries defines own properties, so a key named __proto__ stays data.
  return Object.fromEntries(entries);
}

function* completeValue(
  place: { value: unknown; before: unknown },
  makings: Makings,
  complete: Completer,
): Sliced<unknown> {
  const { value, before } = place;
  function* completeMember(member: unknown, known: unknown): Sliced<unknown> {
    if (!isJsonObject(member)) return member;
    return yield* complete(member, { ...makings, before: isJsonObject(known) ? known : null });
  }
  if (!Array.isArray(value)) return yield* completeMember(value, before);
  const find = counterparts(value, Array.isArray(before) ? before : []);
  const members: unknown[] = [];
  for (const [index, member] of value.entries()) {
    members.push(yield* completeMember(member, find(member, index)));
    yield;
  }
  return members;
}

/** Finds members of a list in the list of the previous revision: by id, else by name, else the nameless by place. */
function counterparts(
  members: readonly unknown[],
  before: readonly unknown[],
): (member: unknown, index: number) => unknown {
  const claimed = new Set(
    members.flatMap((member) => (isJsonObject(member) && isGiven(member['id']) ? [member['id']] : [])),
  );
  // Found in maps: a flow has thousands of rules, and a search for each of them would be quadratic.
  const byId = firstById(before);
  const free = before.map((known) => (isJsonObject(known) && !claimed.has(known['id']) ? known : null));
  const byName = placesByName(free);
  const firstFree = (member: JsonObject) => {
    const places = listNames(member).flatMap((name) => {
      const named = byName.get(name) ?? [];
      while (named[0] !== undefined && free[named[0]] === null) named.shift();
      return named[0] ?? [];
    });
    return places.length === 0 ? -1 : Math.min(...places);
  };
  const take = (index: number) => {
    const known = free[index] ?? null;
    free[index] = null;
    return known;
  };
  return (member, index) => {
    if (!isJsonObject(member)) return null;
    const { id } = member;
    if (isGiven(id)) return byId.get(id) ?? null;
    if (listNames(member).length > 0) return take(firstFree(member));
    const known = free[index];
    return known && listNames(known).length === 0 ? take(index) : null;
  };
}

/** What a person knows a cap, a source or a recipient by: its name, or its entity's id and name. */
function listNames(member: JsonObject): unknown[] {
  const { name, entity } = member;
  const names = isJsonObject(entity) ? [name, entity['id'], entity['name']] : [name];
  return names.filter(isGiven);
}

function firstById(before: readonly unknown[]): ReadonlyMap<unknown, unknown> {
  return new Map([...before].reverse().flatMap((known) => (isJsonObject(known) ? [[known['id'], known]] : [])));
}

/** Where the members with each name are, in order. */
function placesByName(members: readonly (JsonObject | null)[]): Map<unknown, number[]> {
  const places = new Map<unknown, number[]>();
  for (const [index, member] of members.entries()) {
    for (const name of member ? listNames(member) : []) {
      const known = places.get(name);
      if (known) known.push(index);
      else places.set(name, [index]);
    }
  }
  return places;
}

function* withShortId(owner: JsonObject, makings: Makings): Sliced<JsonObject> {
  const completed = yield* completeOwner(owner, makings);
  return isGiven(owner['id']) ? completed : { ...completed, id: makings.before?.['id'] ?? makings.ids.short() };
}

/**
 * The submit URL of a source carries its entity's id, so there always is one. A name that is left out is that of the
 * entity, as it is now.
 */
function* withEntityId(entity: JsonObject, makings: Makings): Sliced<JsonObject> {
  yield;
  const { id = null, name = null } = entity;
  if (id === null) return { ...entity, id: makings.before?.['id'] ?? makings.ids.next() };
  const known = name === null && typeof id === 'string' ? makings.entityNames?.get(id.toLowerCase()) : undefined;
  return known === undefined ? entity : { ...entity, name: known };
}

function* withMappings(integration: JsonObject, makings: Makings): Sliced<JsonObject> {
  const completed = yield* completeOwner(integration, makings);
  return isGiven(integration['mappings']) ? completed : { ...completed, mappings: [] };
}

function* withLimitFacts(limit: JsonObject, makings: Makings): Sliced<JsonObject> {
  const completed = yield* completeOwner(limit, makings);
  const id = limit['id'] ?? makings.before?.['id'] ?? makings.ids.next();
  if (isGiven(limit['created_at'])) return { ...completed, id };
  const known = typeof id === 'string' ? makings.createdAt.get(id) : undefined;
  return { ...completed, id, created_at: known ?? new Date(makings.now).toISOString() };
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Every cap and ping limit of a document with its id and `created_at`, wherever it is. */
function limitInstants(document: JsonObject): Map<string, string> {
  const instants = new Map<string, string>();
  const visit = (owner: JsonObject): void => {
    for (const [key, value] of Object.entries(owner)) {
      if (!COMPLETERS.has(key)) continue;
      for (const member of Array.isArray(value) ? value : [value]) {
        if (!isJsonObject(member)) continue;
        const { id, created_at: createdAt } = member;
        if (typeof id === 'string' && typeof createdAt === 'string') instants.set(id, createdAt);
        visit(member);
      }
    }
  };
  visit(document);
  return instants;
}
