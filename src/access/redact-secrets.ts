import { findSecretSign, isSecretName } from '../lib/secret-signs.ts';

/** What stands in the place of a secret. */
export const REDACTED = '[redacted]';

/**
 * A copy of a JSON document without what looks like a key, token or password: by the name of its property, by the name
 * beside it (`{property, value}` of mappings), or by its own shape. Templates stay: they hold no value. The depth is that
 * of documents, which is bounded where they come in.
 */
export function redactSecrets(document: unknown): unknown {
  return redact(document, '');
}

function redact(value: unknown, name: string): unknown {
  if (typeof value === 'string') return findSecretSign(name, value) === undefined ? value : REDACTED;
  if (typeof value === 'number') return isSecretName(name) ? REDACTED : value;
  if (Array.isArray(value)) return value.map((member) => redact(member, name));
  if (typeof value !== 'object' || value === null) return value;
  const { property } = value as { property?: unknown };
  const members = Object.entries(value).map(([key, member]) => {
    const isNamedBeside = key === 'value' && typeof property === 'string';
    return [key, redact(member, isNamedBeside ? lastWord(property) : key)];
  });
  // fromEntries defines own properties, so a key named __proto__ stays data.
  return Object.fromEntries(members);
}

/** `header.Authorization` is Authorization. */
function lastWord(property: string): string {
  return property.split('.').at(-1) ?? property;
}
