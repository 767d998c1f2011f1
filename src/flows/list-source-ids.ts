import { isJsonObject, type JsonObject } from './flow-json.ts';

/** What submit URLs may name the sources of a flow by, in lower case. */
export function listSourceIds({ sources }: JsonObject): string[] {
  if (!Array.isArray(sources)) return [];
  return sources.flatMap((source: unknown) => (isJsonObject(source) ? idsOfSource(source) : []));
}

/** The id of its entity and its own, in lower case. */
export function idsOfSource({ id, entity }: JsonObject): string[] {
  const ids = [isJsonObject(entity) ? entity['id'] : undefined, id];
  return ids.flatMap((each) => (typeof each === 'string' ? [each.toLowerCase()] : []));
}
