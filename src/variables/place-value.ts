import { PARAMETERS_MAX } from './bounds.ts';

type Container = Record<string, unknown> | unknown[];

/**
 * Puts a value at the place a dotted name means, making the objects and lists on the way: `['a', '0', 'b']` gives
 * `{a: [{b: value}]}`. The rules are those measured for form bodies (spec modules b; fixture inbound.jsonl):
 *
 * - a segment of digits below the bound of a list, or a blank one (which is 0), makes a list; holes become null;
 * - where a scalar stands in the way, the scalar wins and the value is dropped; a scalar replaces what is nested;
 * - a name inside a list is dropped, a number inside an object is an ordinary key;
 * - a name with a segment `__proto__` is dropped. Every other name is an own property, whatever a prototype says.
 */
export function placeValue(target: Record<string, unknown>, segments: readonly string[], value: unknown): void {
  if (segments.includes('__proto__')) return;
  let container: Container = target;
  for (let at = 0; at < segments.length - 1; at += 1) {
    const next = containerAt(container, segments[at] ?? '', segments[at + 1] ?? '');
    if (next === undefined) return;
    container = next;
  }
  put(container, segments[segments.length - 1] ?? '', value);
}

/** The place in a list that a segment of a dotted name stands for, `007` being 7; undefined: the segment is a name. */
export function listIndex(segment: string): number | undefined {
  if (segment === '') return 0;
  const first = segment.charCodeAt(0);
  if (first < DIGIT_0 || first > DIGIT_9 || !DIGITS_ONLY.test(segment)) return undefined;
  const index = Number(segment);
  // Past the bound it is a key: a list of that length could not be submitted either.
  return index < PARAMETERS_MAX ? index : undefined;
}

const DIGIT_0 = 48;
const DIGIT_9 = 57;
const DIGITS_ONLY = /^\d+$/;

function containerAt(container: Container, segment: string, nextSegment: string): Container | undefined {
  const present = read(container, segment);
  if (present !== undefined && present !== null) return isContainer(present) ? present : undefined;
  const made = listIndex(nextSegment) === undefined ? {} : [];
  return put(container, segment, made) ? made : undefined;
}

function read(container: Container, segment: string): unknown {
  if (Array.isArray(container)) {
    const index = listIndex(segment);
    return index === undefined ? undefined : container[index];
  }
  const key = keyOf(segment);
  return Object.hasOwn(container, key) ? container[key] : undefined;
}

/** Answers whether the container has a place of that name. */
function put(container: Container, segment: string, value: unknown): boolean {
  if (!Array.isArray(container)) {
    container[keyOf(segment)] = value;
    return true;
  }
  const index = listIndex(segment);
  if (index === undefined) return false;
  while (container.length < index) container.push(null);
  container[index] = value;
  return true;
}

function keyOf(segment: string): string {
  const index = listIndex(segment);
  return index === undefined ? segment : String(index);
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object';
}
