import type { Vars } from '../model/vars.ts';
import { ARRAY_INDEX_MAX, PATH_SEGMENTS_MAX, type PathSegment } from './property-path.ts';
import { isPlainObject } from './rich-value.ts';

/**
 * May a value be written under this name? Assigning `__proto__` would set the prototype. `constructor` and `prototype`
 * are ordinary names (rule I1): every reader here looks at own properties only.
 */
export function isAssignableKey(key: PathSegment): boolean {
  return key !== '__proto__';
}

/**
 * Writes a value at a path below `target`, building objects, and arrays where a segment is a number. Answers false,
 * and writes nothing, when the path is empty or has a forbidden name.
 *
 * The later write wins: a scalar or rich value in the way of a longer path gives way to a container, and a shorter
 * path replaces what was nested under it. A name inside an array turns the array into an object with the keys
 * "0", "1" …, so nothing is lost. Places between array members are null.
 */
export function assignPath(target: Vars, segments: readonly PathSegment[], value: unknown): boolean {
  const [first, ...rest] = segments;
  if (first === undefined || !segments.every(isAssignableKey)) return false;
  let parent: Vars | unknown[] = target;
  let key: PathSegment = first;
  for (const next of rest) {
    const child = containerFor(next, read(parent, key));
    write(parent, key, child);
    parent = child;
    key = next;
  }
  write(parent, key, value);
  return true;
}

/**
 * A copy of a value's plain objects and arrays as deep as any path can write, so that assigning below it never
 * changes where it came from. Rich values are values and are not copied.
 */
export function copyContainers(value: unknown, depth = 0): unknown {
  if (depth > PATH_SEGMENTS_MAX) return value;
  if (Array.isArray(value)) return value.map((member) => copyContainers(member, depth + 1));
  if (!isPlainObject(value)) return value;
  const copy: Vars = {};
  for (const key of Object.keys(value)) {
    // Assigning this one name would set the copy's prototype.
    if (key !== '__proto__') copy[key] = copyContainers(value[key], depth + 1);
  }
  return copy;
}

/** The container the next segment needs: what is there when it serves, a new one when it does not. */
function containerFor(next: PathSegment, present: unknown): Vars | unknown[] {
  if (isPlainObject(present)) return present;
  if (!Array.isArray(present)) return isIndex(next) ? [] : {};
  return isIndex(next) ? present : { ...present };
}

function isIndex(key: PathSegment): boolean {
  return typeof key === 'number' && Number.isInteger(key) && key >= 0 && key <= ARRAY_INDEX_MAX;
}

function read(container: Vars | unknown[], key: PathSegment): unknown {
  // Arrays are read by number only: `containerFor` made sure of it.
  if (Array.isArray(container)) return container[Number(key)];
  return Object.hasOwn(container, key) ? container[String(key)] : undefined;
}

function write(container: Vars | unknown[], key: PathSegment, value: unknown): void {
  if (!Array.isArray(container)) {
    container[String(key)] = value;
    return;
  }
  const index = Number(key);
  while (container.length < index) container.push(null);
  container[index] = value;
}
