import type { NamedEntity } from '../entities/entity.ts';
import { isId } from '../lib/ids.ts';
import type { Problem } from '../model/problem.ts';
import { isJsonObject, type JsonObject } from './flow-json.ts';

const NAME_CHARACTERS_MAX = 200;

/** A source or a step of a flow, and its reference to an entity. */
interface Reference {
  path: string;
  isSource: boolean;
  entity: JsonObject;
  moduleId: unknown;
}

function* referencesIn(document: JsonObject): Generator<Reference> {
  for (const list of ['sources', 'steps'] as const) {
    const parts = document[list];
    for (const [index, part] of (Array.isArray(parts) ? parts : []).entries()) {
      if (!isJsonObject(part)) continue;
      const path = `${list}.${index}`;
      yield* referenceIn(part, { path, isSource: list === 'sources' });
      const { recipients } = part;
      if (list !== 'steps' || !Array.isArray(recipients)) continue;
      for (const [place, recipient] of recipients.entries())
        if (isJsonObject(recipient))
          yield* referenceIn(recipient, { path: `${path}.recipients.${place}`, isSource: false });
    }
  }
}

function* referenceIn(part: JsonObject, { path, isSource }: { path: string; isSource: boolean }): Generator<Reference> {
  const { entity, integration } = part;
  if (!isJsonObject(entity)) return;
  const moduleId = isJsonObject(integration) ? integration['module_id'] : undefined;
  yield { path: `${path}.entity`, isSource, entity, moduleId };
}

/** The entities that flows name by id and name, each once, in the order of their ids. The first name counts. */
export function listNamedEntities(documents: readonly JsonObject[]): NamedEntity[] {
  const named = new Map<string, NamedEntity>();
  for (const document of documents) {
    for (const { entity, isSource, moduleId } of referencesIn(document)) {
      const { id, name } = entity;
      if (typeof id !== 'string' || !isId(id) || !isName(name)) continue;
      const key = id.toLowerCase();
      const known = named.get(key);
      const before = known ?? { id: key, name: name.slice(0, NAME_CHARACTERS_MAX), moduleIds: [] };
      const moduleIds = new Set([...before.moduleIds, ...(isName(moduleId) ? [moduleId] : [])]);
      named.set(key, {
        ...before,
        moduleIds: [...moduleIds],
        isSource: isSource || known?.isSource === true,
        isRecipient: !isSource || known?.isRecipient === true,
      });
    }
  }
  return [...named.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/**
 * References to an entity that does not exist and that no save can make, because they give no name.
 * `entities`: those of the account; undefined: they are not known, and nothing is found.
 */
export function findUnknownEntities(
  document: JsonObject,
  entities: ReadonlyMap<string, string> | undefined,
): Problem[] {
  if (entities === undefined) return [];
  return [...referencesIn(document)].flatMap(({ path, entity }) => {
    const { id, name } = entity;
    if (typeof id !== 'string' || isName(name) || entities.has(id.toLowerCase())) return [];
    return [{ path, message: UNKNOWN }];
  });
}

const UNKNOWN =
  'There is no entity with this id, and without a name none can be made: give its name, or make it with POST /entities.';

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
