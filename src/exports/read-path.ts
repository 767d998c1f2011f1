import { isPlainObject } from '../variables/rich-value.ts';

/** As deep as values are written, see `field-types/normalize-value.ts`. */
const DEPTH_MAX = 64;

/** What stands at a path with dots, by own properties and places of lists; undefined: nothing does. */
export function readPath(value: unknown, path: string): unknown {
  let found = value;
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = Reflect.get(found, name);
  }
  return found;
}

/** A stored value as one cell shows it: `{normal, raw, …}` is its normal value, or what was submitted. */
export function plainOf(value: unknown, depth = 0): unknown {
  if (depth > DEPTH_MAX) return undefined;
  if (Array.isArray(value)) return value.map((member) => plainOf(member, depth + 1));
  if (!isPlainObject(value) || !Object.hasOwn(value, 'normal')) return value;
  return value['normal'] ?? value['raw'];
}
