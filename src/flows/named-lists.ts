import { findField } from '../fields/find-field.ts';
import type { FlowSurroundings } from '../flow-compiler/flow-compiler.ts';
import type { Ids } from '../lib/ids.ts';
import { listAllValues } from '../lists/list-check-values.ts';
import { listUrlName } from '../lists/list-url-name.ts';
import type { LookedUpList } from '../lists/looked-up-list.ts';
import type { ListType } from '../lists/normalise-list-value.ts';
import { findValueType, joinTypes } from '../lists/value-type.ts';
import type { FlowDocument } from '../model/flow.ts';
import type { NamedList } from './flow-store.ts';

/**
 * The lists that a flow's list checks name, to be made at deploy where they are missing. The type of a list is that of the
 * values that the flow looks up in it.
 */
export function namedLists(document: FlowDocument, context: { surroundings: FlowSurroundings; ids: Ids }): NamedList[] {
  const lists = new Map<string, { name: string; types: Set<ListType> }>();
  for (const { template, listName } of listAllValues(document)) {
    if (listName === null) continue;
    const urlName = listUrlName(listName);
    const list = lists.get(urlName) ?? { name: listName, types: new Set() };
    const fieldOf = (id: string) => findField(id, context.surroundings.customFields);
    lists.set(urlName, { ...list, types: list.types.add(findValueType(template, fieldOf) ?? 'text') });
  }
  return [...lists].map(([urlName, { name, types }]) => ({
    id: context.ids.next(),
    name,
    urlName,
    type: joinTypes([...types]),
  }));
}

/** As those who look values up know it right after a deploy has made it. */
export function asNewList({ id, type }: NamedList): LookedUpList {
  return { id, contentsId: id, form: type, ttlSeconds: null };
}
