import { STANDARD_FIELDS } from '../fields/standard-fields.ts';
import type { FlowSurroundings } from '../flow-compiler/flow-compiler.ts';
import type { Ids } from '../lib/ids.ts';
import { listUrlName } from '../lists/list-url-name.ts';
import type { LookedUpList } from '../lists/looked-up-list.ts';
import type { ListType } from '../lists/normalise-list-value.ts';
import { type FlowDocument, LIST_CHECK_NAMES } from '../model/flow.ts';
import type { NamedList } from './flow-store.ts';

/**
 * The lists that a flow's list checks name, to be made at deploy where they are missing. Values of a list are
 * normalised by the type of the field that the check's template is made of, text when it is anything else.
 */
export function namedLists(document: FlowDocument, context: { surroundings: FlowSurroundings; ids: Ids }): NamedList[] {
  const lists = new Map<string, NamedList>();
  for (const name of LIST_CHECK_NAMES) {
    const check = document.list_checks?.[name];
    if (!check) continue;
    const urlName = listUrlName(check.list_name);
    if (lists.has(urlName)) continue;
    const type = findListType(check.value, context.surroundings);
    lists.set(urlName, { id: context.ids.next(), name: check.list_name, urlName, type });
  }
  return [...lists.values()];
}

/** As those who look values up know it right after a deploy has made it. */
export function asNewList({ id, type }: NamedList): LookedUpList {
  return { id, contentsId: id, form: type, ttlSeconds: null };
}

/** `{{lead.phone_1}}`. */
const LONE_LEAD_VARIABLE = /^\s*\{\{\{?\s*lead\.([A-Za-z0-9_.]+)\s*\}?\}\}\s*$/;

function findListType(template: string, surroundings: FlowSurroundings): ListType {
  const path = LONE_LEAD_VARIABLE.exec(template)?.[1];
  if (path === undefined) return 'text';
  const custom = surroundings.customFields.find((field) => field.id === path);
  const type = (custom ?? STANDARD_FIELDS.get(path))?.type;
  return type === 'phone' || type === 'email' || type === 'postal_code' ? type : 'text';
}
