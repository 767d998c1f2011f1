import type { Vars } from '../model/vars.ts';
import { isAssignableKey } from './assign.ts';
import { indexOrKey, PATH_SEGMENTS_MAX } from './property-path.ts';

/**
 * Nested variables from dotted names: `{'a.b': 1, 'a.c': 2}` is `{a: {b: 1, c: 2}}` (spec modules b, form bodies).
 *
 * Where all names of a level are places of an array it is one, with null in the holes; with any other name it is an
 * object. Brackets are literal. A scalar wins over names nested under it, in either order. `__proto__`
 * is ignored anywhere in a name that is nested; a name of more than `PATH_SEGMENTS_MAX` parts is kept whole as a key.
 */
export function unflatten(flat: Vars): Vars {
  const root: Branch = new Map();
  for (const name of Object.keys(flat)) {
    const keys = isTooDeep(name) ? [name] : name.split('.');
    if (keys.every(isAssignableKey)) plant(root, keys, flat[name]);
  }
  return buildObject(root);
}

/** Of more parts than are nested. Such a name may have a hundred thousand of them: they are not cut apart. */
function isTooDeep(name: string): boolean {
  let dot = -1;
  for (let parts = 1; parts <= PATH_SEGMENTS_MAX; parts += 1) {
    dot = name.indexOf('.', dot + 1);
    if (dot === -1) return false;
  }
  return true;
}

type Branch = Map<string, Branch | Leaf>;
interface Leaf {
  value: unknown;
}

function plant(root: Branch, keys: readonly string[], value: unknown): void {
  let branch = root;
  for (const key of keys.slice(0, -1)) {
    let next = branch.get(key);
    if (next === undefined) {
      next = new Map();
      branch.set(key, next);
    }
    if (!(next instanceof Map)) return;
    branch = next;
  }
  branch.set(keys.at(-1) ?? '', { value });
}

function buildObject(branch: Branch): Vars {
  const object: Vars = {};
  for (const [key, child] of branch) object[key] = nestedValue(child);
  return object;
}

function nestedValue(child: Branch | Leaf): unknown {
  if (!(child instanceof Map)) return child.value;
  const places = [...child.keys()].map(indexOrKey).filter((key) => typeof key === 'number');
  if (places.length < child.size) return buildObject(child);
  const array: unknown[] = new Array(Math.max(...places) + 1).fill(null);
  for (const [key, member] of child) array[Number(key)] = nestedValue(member);
  return array;
}
