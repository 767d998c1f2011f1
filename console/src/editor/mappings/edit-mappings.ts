import type { Mapping, MappingValue } from '../../../../src/model/mapping.ts';

/** Mappings with one more of the property, behind the last one that it has. */
export function addMapping(mappings: readonly Mapping[], property: string): Mapping[] {
  const last = mappings.findLastIndex((mapping) => mapping.property === property);
  const added: Mapping = { property, value: '' };
  return last === -1 ? [...mappings, added] : mappings.toSpliced(last + 1, 0, added);
}

export function replaceMapping(mappings: readonly Mapping[], place: number, next: Mapping): Mapping[] {
  return mappings.map((mapping, index) => (index === place ? next : mapping));
}

export function removeMapping(mappings: readonly Mapping[], place: number): Mapping[] {
  return mappings.toSpliced(place, 1);
}

/** A copy has an id of its own, which it gets when it is saved. */
export function duplicateMapping(mappings: readonly Mapping[], place: number): Mapping[] {
  const { id: _id, ...copy } = mappings[place] ?? { property: '', value: '' };
  return mappings.toSpliced(place + 1, 0, copy);
}

/** Before or behind the next one of the same property, since only among these the order counts. undefined: there is none. */
export function moveMapping(
  mappings: readonly Mapping[],
  place: number,
  direction: 'up' | 'down',
): Mapping[] | undefined {
  const moved = mappings[place];
  if (moved === undefined) return undefined;
  const places = mappings.flatMap(({ property }, index) => (property === moved.property ? [index] : []));
  const other = places[places.indexOf(place) + (direction === 'up' ? -1 : 1)];
  const neighbour = other === undefined ? undefined : mappings[other];
  if (other === undefined || neighbour === undefined) return undefined;
  return mappings.map((mapping, index) => (index === place ? neighbour : index === other ? moved : mapping));
}

/** What a person wrote in the place of a value: a number or a truth value stays one while it reads as one. */
export function readValue(text: string, before: MappingValue): MappingValue {
  if (typeof before === 'number' && text.trim() !== '' && String(Number(text)) === text.trim()) return Number(text);
  if (typeof before === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

/** A value as one text; undefined: it is a list or null, which have a look of their own. */
export function writeValue(value: MappingValue): string | undefined {
  return value === null || typeof value === 'object' || value === undefined ? undefined : String(value);
}

/** The templates in a value. */
export function listTemplates(value: MappingValue): string[] {
  const members = Array.isArray(value) ? value : [value];
  return members.filter((member) => typeof member === 'string').filter((text) => text.includes('{{'));
}

/** The secret of a mapping taken out of it: what stays in the mapping, and what goes into the credential. */
export function takeOut(value: string): { value: string; secret: string } {
  // As the server does it: the scheme stays, so that the secret alone is looked for in answers.
  const [, scheme = '', secret = value.trim()] = /^((?:Bearer|Basic|Token)\s+)(\S.*)$/i.exec(value.trim()) ?? [];
  return { value: `${scheme}{{credential.key}}`, secret };
}
