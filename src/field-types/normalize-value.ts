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
  return normalize(value, { depth, places: 'closed' });
}

/** The same with every member of a list in its place, for a lead that is kept and read again. */
export function normalizeKeepingPlaces(value: unknown): unknown {
  return normalize(value, { depth: 0, places: 'kept' });
}

interface At {
  depth: number;
  places: 'closed' | 'kept';
}

function normalize(value: unknown, at: At): unknown {
  if (typeof value === 'function' || at.depth > DEPTH_MAX) return undefined;
  if (typeof value !== 'object' || value === null) return value;
  const below = { ...at, depth: at.depth + 1 };
  if (Array.isArray(value)) {
    const members = value.map((member) => normalize(member, below));
    return at.places === 'kept' ? members.map((member) => member ?? null) : members.filter(Boolean);
  }
  if (!isRichValue(value)) return normalizeProperties(value, { names: Object.keys(value), below, into: {} });
  const names = propertyNames(value);
  const normal = normalOf(value);
  return names.length === 0 ? normal : normalizeProperties(value, { names, below, into: { normal } });
}

function normalizeProperties(from: object, how: { names: string[]; below: At; into: Properties }): Properties {
  const properties = from as Properties; // the names are those of its own properties
  for (const name of how.names) {
    const property = properties[name];
    if (typeof property === 'function') continue;
    const value = normalize(property, how.below);
    if (name === '__proto__') Object.defineProperty(how.into, name, { value, enumerable: true });
    else how.into[name] = value;
  }
  return how.into;
}
