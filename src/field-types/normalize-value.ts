import { isRichValue, normalOf } from '../variables/rich-value.ts';
import { type Properties, propertyNames } from './rich-value.ts';

/** Hygiene lets 32 levels through (decision 38); what is deeper, which only an answer could bring, is left out. */
const DEPTH_MAX = 64;

/**
 * The JSON form of any value, for events, exports and answers: a rich value becomes `{normal, raw, valid, …}` with
 * its components, days are `2017-06-02` and times ISO texts. Primitives stay as they are; functions and falsy
 * members of arrays are dropped (spec modules d). Always a copy; never throws.
 */
export function normalizeValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'function' || depth > DEPTH_MAX) return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((member) => normalizeValue(member, depth + 1)).filter(Boolean);
  if (!isRichValue(value)) return normalizeProperties(value, { names: Object.keys(value), depth, into: {} });
  const names = propertyNames(value);
  const normal = normalOf(value);
  return names.length === 0 ? normal : normalizeProperties(value, { names, depth, into: { normal } });
}

function normalizeProperties(from: object, how: { names: string[]; depth: number; into: Properties }): Properties {
  const properties = from as Properties; // the names are those of its own properties
  for (const name of how.names) {
    const property = properties[name];
    if (typeof property === 'function') continue;
    const value = normalizeValue(property, how.depth + 1);
    if (name === '__proto__') Object.defineProperty(how.into, name, { value, enumerable: true });
    else how.into[name] = value;
  }
  return how.into;
}
