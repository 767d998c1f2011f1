import type { Field } from '../model/field.ts';
import type { ListType } from './normalise-list-value.ts';

/**
 * The type of list that a value is compared by best, from the field that its template is made of; undefined: the template
 * is more than one field, or a literal, and may be anything.
 */
export function findValueType(template: string, fieldOf: (id: string) => Field | undefined): ListType | undefined {
  const path = LONE_LEAD_VARIABLE.exec(template)?.[1];
  const type = path === undefined ? undefined : fieldOf(path)?.type;
  if (type === undefined) return undefined;
  return type === 'phone' || type === 'email' || type === 'postal_code' ? type : 'text';
}

/** `{{lead.phone_1}}`. */
const LONE_LEAD_VARIABLE = /^\s*\{\{\{?\s*lead\.([A-Za-z0-9_.]+)\s*\}?\}\}\s*$/;

/**
 * The type of a list for values of these types. A list of contacts knows phones and e-mail addresses apart; a postal code
 * of nine digits would look like a phone there, so a list with postal codes and others is one of texts.
 */
export function joinTypes(types: readonly ListType[]): ListType {
  const [only] = types;
  if (only !== undefined && types.length === 1) return only;
  return types.length === 0 || types.includes('postal_code') ? 'text' : 'contact';
}

/** May values of this type be on a list of that type? A list of texts compares all of them, in their normal form. */
export function fitsList(value: ListType, list: ListType): boolean {
  if (value === 'text' || list === 'text' || value === list) return true;
  return list === 'contact' && value !== 'postal_code';
}
