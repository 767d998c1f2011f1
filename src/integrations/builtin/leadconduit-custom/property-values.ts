import type { Vars } from '../../../model/vars.ts';
import { flatten } from '../../../variables/flatten.ts';
import { isPlainObject, isRichValue, normalOf } from '../../../variables/rich-value.ts';
import { unflatten } from '../../../variables/unflatten.ts';
import { writeAscii } from './write-ascii.ts';

/**
 * The mapped values of a group (`json_property`, `form_field` …) as they are sent: dotted names nested, rich values as
 * their normal value, or as submitted when they are invalid (spec modules c2). Arrays lose what is empty (null, '', 0,
 * false), as measured, so that unmapped places leave no holes. Mappings that name only places (`json_property.0.a`) make
 * a list of the group: its places are names here. Any other group that is no object has no values.
 */
export function propertyValues(group: unknown, options: { isAscii: boolean }): Vars {
  if (!isPlainObject(group) && !Array.isArray(group)) return {};
  const flat = flatten({ ...group });
  for (const [path, value] of Object.entries(flat)) {
    const sent = sentValue(value);
    // flatten defined each name as an own property, so this never reaches a prototype.
    flat[path] = options.isAscii && typeof sent === 'string' ? writeAscii(sent) : sent;
  }
  const values = unflatten(flat);
  for (const [name, value] of Object.entries(values)) values[name] = compacted(value);
  return values;
}

/** A single rich or plain value as it is sent. */
export function sentValue(value: unknown): unknown {
  if (isRichValue(value) && value.valid === false && typeof value.raw === 'string') return value.raw;
  return normalOf(value);
}

/** The depth is bounded by flatten. */
function compacted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(compacted).filter(Boolean);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, compacted(member)]));
}
