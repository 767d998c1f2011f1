import { isRichValue, normalOf } from '../variables/rich-value.ts';
import { type Properties, propertyNames, richText } from './rich-value.ts';

/** Deeper values are left out, so no secret hides there. */
const DEPTH_MAX = 64;

/**
 * Any value as it may be shown when its field is masked: a star for each character of its text, and of its
 * components, members and properties. `valid` is kept, null and functions stay, a `masked` flag turns true.
 */
export function starOut(value: unknown, depth = 0): unknown {
  if (value === null || value === undefined || typeof value === 'function') return value;
  if (typeof value === 'boolean') return '*'; // its length would reveal it
  if (typeof value !== 'object') return '*'.repeat(String(value).length);
  if (depth > DEPTH_MAX) return undefined;
  if (Array.isArray(value)) return value.map((member) => starOut(member, depth + 1));
  const properties = value as Properties; // read by the names of its own properties
  const stars = propertyNames(value).map((name) => [name, starProperty(name, properties[name], depth)] as const);
  const masked = Object.fromEntries(stars);
  if (Object.hasOwn(value, 'masked')) masked['masked'] = true;
  return isRichValue(value) ? richText(String(starOut(normalOf(value), depth + 1)), masked) : masked;
}

function starProperty(name: string, property: unknown, depth: number): unknown {
  return name === 'valid' ? property : starOut(property, depth + 1);
}
