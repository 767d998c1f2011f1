import { PATH_SEGMENTS_MAX } from './property-path.ts';
import { isPlainObject, normalOf } from './rich-value.ts';

/**
 * The raw texts of all submitted parameters whose name is that of a secret field, for `createScrubber`. The names are
 * dotted (`spouse.ssn`); members of a list go by the list's name too. Everything below a secret name is secret.
 * Give it the values as they were parsed, before hygiene, so that it sees what the stored request contains.
 */
export function secretsOf(values: unknown, isSecretField: (fieldId: string) => boolean): string[] {
  const secrets = new Set<string>();
  collect({ secrets, isSecretField }, { name: '', value: values, isSecret: false, depth: 0 });
  return [...secrets];
}

interface Search {
  secrets: Set<string>;
  isSecretField: (fieldId: string) => boolean;
}

interface Place {
  name: string;
  value: unknown;
  isSecret: boolean;
  depth: number;
}

function collect(search: Search, place: Place): void {
  if (place.depth > PATH_SEGMENTS_MAX) return;
  if (Array.isArray(place.value) || isPlainObject(place.value)) {
    for (const [key, value] of Object.entries(place.value)) {
      // `{"ssn": {"219-09-9999": true}}`
      if (place.isSecret && MANY_DIGITS.test(key)) search.secrets.add(key);
      collectMember(search, place, { key, value });
    }
  } else if (place.isSecret) {
    addText(search.secrets, place.value);
  }
}

function collectMember(search: Search, parent: Place, member: { key: string; value: unknown }): void {
  const name = parent.name === '' ? member.key : `${parent.name}.${member.key}`;
  const isSecret = parent.isSecret || isSecretName(search, name);
  collect(search, { name, value: member.value, isSecret, depth: parent.depth + 1 });
}

const MANY_DIGITS = /(?:\d\D*){4}/;
const LIST_PLACE = /\.\d+(?=\.|$)/g;

function isSecretName(search: Search, name: string): boolean {
  if (search.isSecretField(name)) return true;
  const withoutPlaces = name.replace(LIST_PLACE, '');
  return withoutPlaces !== name && search.isSecretField(withoutPlaces);
}

/** A typed value carries what was submitted as `raw`. */
function addText(secrets: Set<string>, value: unknown): void {
  const raw = typeof value === 'object' && value !== null && 'raw' in value ? value.raw : undefined;
  for (const text of [raw, normalOf(value)]) {
    if (typeof text === 'number' || (typeof text === 'string' && text !== '')) secrets.add(String(text));
  }
}
