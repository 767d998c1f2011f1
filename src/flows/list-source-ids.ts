import { isJsonObject, type JsonObject } from './flow-json.ts';

/** What submit URLs may name the sources of a flow by: the ids of their entities and their own, in lower case. */
export function listSourceIds(document: JsonObject): string[] {
  const { sources } = document;
  if (!Array.isArray(sources)) return [];
  return sources.flatMap((source: unknown) => {
    if (!isJsonObject(source)) return [];
    const { id, entity } = source;
    const ids = [isJsonObject(entity) ? entity['id'] : undefined, id];
    return ids.flatMap((each) => (typeof each === 'string' ? [each.toLowerCase()] : []));
  });
}
