import type { Ids } from '../lib/ids.ts';
import { isJsonObject, type JsonObject } from './flow-json.ts';

export interface Completion {
  ids: Ids;
  /** Epoch ms. */
  now: number;
  /** The revision this one follows: caps and ping limits it had keep their `created_at`. */
  previous: JsonObject | null;
}

/**
 * Gives what a Flow document brought leaves out and the server keeps: ids of sources, steps, rule sets, rules, mappings
 * and prices (six characters), of entities, caps and ping limits (24 hex), `created_at` of caps and ping limits, which
 * anchors their windows (decision 8), and the empty `mappings` of an integration. What is given stays as it is.
 * Read-only properties of the flow itself are dropped: they live beside the document.
 */
export function completeFlowDocument(document: JsonObject, completion: Completion): JsonObject {
  const { previous } = completion;
  const createdAt = previous ? limitInstants(previous) : new Map<string, string>();
  const completed = completeOwner(document, { ...completion, createdAt });
  return Object.fromEntries(Object.entries(completed).filter(([key]) => !READ_ONLY.has(key)));
}

/** Properties of a flow in answers that are no part of its document. */
const READ_ONLY = new Set(['id', 'errors', 'warnings', 'revision', 'deployed_revision', 'created_at', 'updated_at']);

interface Makings extends Completion {
  /** When caps and ping limits of the previous revision were made, by id. */
  createdAt: ReadonlyMap<string, string>;
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
      return [key, complete ? completeValue(value, makings, complete) : value];
    }),
  );
}

function completeValue(value: unknown, makings: Makings, complete: Completer): unknown {
  const completeMember = (member: unknown) => (isJsonObject(member) ? complete(member, makings) : member);
  return Array.isArray(value) ? value.map(completeMember) : completeMember(value);
}

function withShortId(owner: JsonObject, makings: Makings): JsonObject {
  const completed = completeOwner(owner, makings);
  return isGiven(owner['id']) ? completed : { ...completed, id: makings.ids.short() };
}

/** The submit URL of a source carries its entity's id, so there always is one. */
function withEntityId(entity: JsonObject, makings: Makings): JsonObject {
  return isGiven(entity['id']) ? entity : { ...entity, id: makings.ids.next() };
}

function withMappings(integration: JsonObject, makings: Makings): JsonObject {
  const completed = completeOwner(integration, makings);
  return isGiven(integration['mappings']) ? completed : { ...completed, mappings: [] };
}

function withLimitFacts(limit: JsonObject, makings: Makings): JsonObject {
  const completed = completeOwner(limit, makings);
  const id = isGiven(limit['id']) ? limit['id'] : makings.ids.next();
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
