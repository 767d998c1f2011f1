import { findFieldType } from './field-types.ts';

/**
 * What reporting keeps of a value (its JSON form, see `normalizeValue`): the parts that say something about many
 * leads and nothing about one person, such as the area code of a phone. undefined: nothing, as for an invalid value,
 * an SSN or a street. The whole value when the type has no rule of its own.
 */
export function aggregateValue(typeName: string, normalized: unknown): unknown {
  if (isInvalid(normalized)) return undefined;
  const type = findFieldType(typeName);
  return type === undefined ? normalized : type.aggregate(normalized);
}

function isInvalid(normalized: unknown): boolean {
  return typeof normalized === 'object' && normalized !== null && 'valid' in normalized && normalized.valid === false;
}
