import type { Vars } from '../model/vars.ts';
import { PATH_SEGMENTS_MAX } from './property-path.ts';
import { isPlainObject } from './rich-value.ts';

/**
 * Every leaf under its dotted path: `{a: {b: [1]}}` is `{'a.b.0': 1}`. Rich values are leaves, and so are empty
 * objects and arrays, and anything deeper than `PATH_SEGMENTS_MAX`. Dots inside a name are kept as they are.
 */
export function flatten(vars: Vars): Vars {
  const flat: Vars = {};
  for (const key of Object.keys(vars)) addLeaves(flat, { path: key, value: vars[key], depth: 1 });
  return flat;
}

function addLeaves(flat: Vars, branch: { path: string; value: unknown; depth: number }): void {
  const { path, value, depth } = branch;
  const keys = depth < PATH_SEGMENTS_MAX && (Array.isArray(value) || isPlainObject(value)) ? Object.keys(value) : [];
  if (keys.length === 0) {
    // Defined, not assigned: a lead may carry a name such as `__proto__`.
    Object.defineProperty(flat, path, { value, enumerable: true, configurable: true, writable: true });
    return;
  }
  const container = value as Vars; // it has own keys: an object, or an array read by its keys
  for (const key of keys) addLeaves(flat, { path: `${path}.${key}`, value: container[key], depth: depth + 1 });
}
