import type { Ids } from '../lib/ids.ts';
import { isJsonObject, type JsonObject } from './flow-json.ts';

export interface Completion {
  ids: Ids;
  /** Epoch ms. */
  now: number;
  /** The revision this one follows: what it had keeps its id, and caps and ping limits their `created_at`. */
  previous: JsonObject | null;
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
  const { previous } = completion;
  const createdAt = previous ? limitInstants(previous) : new Map<string, string>();
  const completed = completeOwner(document, { ...completion, createdAt, before: previous });
  return Object.fromEntries(Object.entries(completed).filter(([key]) => !READ_ONLY.has(key)));
}

/** Properties of a flow in answers that are no part of its document. */
const READ_ONLY = new Set(['id', 'errors', 'warnings', 'revision', 'deployed_revision', 'created_at', 'updated_at']);

interface Makings extends Completion {
  /** When caps and ping limits of the previous revision were made, by id. */
  createdAt: ReadonlyMap<string, string>;
  /** What the object is in the previous revision; null: it was not there. */
  before: JsonObject | null;
}

type Completer = (value: JsonObject, makings: Makings) => JsonObject;

/** How the object, or each object of the list, under a property is completed; other properties are not entered. */
const COMPLETERS: ReadonlyMap<string, Completer> = new Map<string, Completer>([
  ['sources', withShortId],
  ['steps', withShortId],
  ['entity', withEntityId],
  ['integration', withMappings],
  ['mappings', withShortId],
  ['acceptance_criteria', completeOwner],
  ['feedback', completeOwner],
  ['rule_set', withShortId],
  ['rules', withShortId],
  ['caps', withLimitFacts],
  ['ping_limits', withLimitFacts],
  ['pricing', completeOwner],
  ['prices', withShortId],
]);

function completeOwner(owner: JsonObject, makings: Makings): JsonObject {
  return Object.fromEntries(
    Object.entries(owner).map(([key, value]) => {
      const complete = COMPLETERS.get(key);
      return [key, complete ? completeValue({ value, before: makings.before?.[key] }, makings, complete) : value];
    }),
  );
}

function completeValue(place: { value: unknown; before: unknown }, makings: Makings, complete: Completer): unknown {
  const { value, before } = place;
  const completeMember = (member: unknown, known: unknown) =>
    isJsonObject(member) ? complete(member, { ...makings, before: isJsonObject(known) ? known : null }) : member;
  if (!Array.isArray(value)) return completeMember(value, before);
  const find = counterparts(value, Array.isArray(before) ? before : []);
  return value.map((member, index) => completeMember(member, find(member, index)));
}

/** Finds members of a list in the list of the previous revision: by id, else by name, else the nameless by place. */
function counterparts(
  members: readonly unknown[],
  before: readonly unknown[],
): (member: unknown, index: number) => unknown {
  const claimed = new Set(
    members.flatMap((member) => (isJsonObject(member) && isGiven(member['id']) ? [member['id']] : [])),
  );
  const free = before.map((known) => (isJsonObject(known) && !claimed.has(known['id']) ? known : null));
  const take = (index: number) => {
    const known = free[index] ?? null;
    free[index] = null;
    return known;
  };
  return (member, index) => {
    if (!isJsonObject(member)) return null;
    const { id } = member;
    if (isGiven(id)) return before.find((known) => isJsonObject(known) && known['id'] === id) ?? null;
    if (namesOf(member).length > 0) return take(free.findIndex((known) => known !== null && isSameName(known, member)));
    const known = free[index];
    return known && namesOf(known).length === 0 ? take(index) : null;
  };
}

/** What a person knows a cap, a source or a recipient by: its name, or its entity's id and name. */
function namesOf(member: JsonObject): unknown[] {
  const { name, entity } = member;
  const names = isJsonObject(entity) ? [name, entity['id'], entity['name']] : [name];
  return names.filter(isGiven);
}

function isSameName(one: JsonObject, other: JsonObject): boolean {
  const names = namesOf(one);
  return namesOf(other).some((name) => names.includes(name));
}

function withShortId(owner: JsonObject, makings: Makings): JsonObject {
  const completed = completeOwner(owner, makings);
  return isGiven(owner['id']) ? completed : { ...completed, id: makings.before?.['id'] ?? makings.ids.short() };
}

/** The submit URL of a source carries its entity's id, so there always is one. */
function withEntityId(entity: JsonObject, makings: Makings): JsonObject {
  return isGiven(entity['id']) ? entity : { ...entity, id: makings.before?.['id'] ?? makings.ids.next() };
}

function withMappings(integration: JsonObject, makings: Makings): JsonObject {
  const completed = completeOwner(integration, makings);
  return isGiven(integration['mappings']) ? completed : { ...completed, mappings: [] };
}

function withLimitFacts(limit: JsonObject, makings: Makings): JsonObject {
  const completed = completeOwner(limit, makings);
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
