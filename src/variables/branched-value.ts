import { assignPath, isAssignableKey } from './assign.ts';
import { PATH_SEGMENTS_MAX, type PathSegment } from './property-path.ts';
import { isPlainObject, isRichValue, normalOf, textOf } from './rich-value.ts';

/*
 * A name that is both a value and a branch (decision 0041): `company=Acme&company.name=Acme Inc`. The value is boxed, as
 * rich values are, and carries the branch as its own properties: `company` is Acme and `company.name` is Acme Inc.
 */

/** The names JavaScript or a field type gives a meaning on a boxed value; as submitted names they stand in quotes. */
const MEANT_NAMES: ReadonlySet<string> = new Set(['length', 'toString', 'valueOf', 'toJSON', 'raw', 'normal', 'valid']);
const DIGITS = /^\d+$/;
const INDEX = /^(?:0|[1-9]\d{0,8})$/;

/** Is this a text, number or boolean, boxed or not? */
export function isScalar(value: unknown): boolean {
  if (typeof value === 'object') return isRichValue(value) && !(value instanceof Date);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** A scalar with the members of a branch beside it. Always a new value, except that no members change nothing. */
export function withBranch(value: unknown, branch: Readonly<Record<string, unknown>>): unknown {
  const names = Object.keys(branch);
  if (names.length === 0) return value;
  // Boxes a primitive, and boxes the primitive of a boxed value anew.
  const boxed: Record<string, unknown> = Object(normalOf(value));
  if (isRichValue(value)) Object.assign(boxed, findBranch(value, { isQuoted: true }));
  for (const name of names) {
    if (isAssignableKey(name)) boxed[keyOnBoxed(name)] = branch[name];
  }
  return boxed;
}

/** The branch of a boxed value under its submitted names, or with those that need it in quotes. */
function findBranch(value: object, { isQuoted }: { isQuoted: boolean } = { isQuoted: false }): Record<string, unknown> {
  const keys = Object.keys(value);
  const branch: Record<string, unknown> = {};
  // A boxed text owns its characters.
  for (const key of value instanceof String ? keys.slice(value.length) : keys) {
    branch[isQuoted ? key : submittedName(key)] = (value as Record<string, unknown>)[key]; // its own key
  }
  return branch;
}

/** The key a submitted name has on a boxed value. */
export function keyOnBoxed(name: string): string {
  return DIGITS.test(name) || MEANT_NAMES.has(name) ? `'${name}'` : name;
}

function submittedName(key: string): string {
  const name = key.slice(1, -1);
  return key.startsWith("'") && keyOnBoxed(name) === key ? name : key;
}

/** A value over or beside another, so that both can be reached; `above` wins where both have the same path. */
export function joinValues(below: unknown, above: unknown, depth = 0): unknown {
  if (below === undefined || below === null || below === '' || depth > PATH_SEGMENTS_MAX) return above;
  if (above === undefined || above === null || above === '') return below;
  if (isScalar(below)) {
    if (isScalar(above)) return isRichValue(below) ? withBranch(above, joinedBranch(below, above, depth)) : above;
    return withBranch(below, listMembers(above));
  }
  if (isScalar(above)) return withBranch(above, joinMembers(listMembers(below), ownBranch(above), depth));
  if (Array.isArray(below)) return joinToList(below, above, depth);
  return joinMembers(listMembers(below), listMembers(above), depth);
}

function joinedBranch(below: unknown, above: unknown, depth: number): Record<string, unknown> {
  return joinMembers(ownBranch(below), ownBranch(above), depth);
}

function ownBranch(value: unknown): Record<string, unknown> {
  return isRichValue(value) ? findBranch(value) : {};
}

/** A list stays one while all that comes has a place in it or right behind it; texts beside names keep their text. */
function joinToList(below: readonly unknown[], above: unknown, depth: number): unknown {
  const members = listMembers(above);
  const joined = [...below];
  for (const name of Object.keys(members)) {
    if (!INDEX.test(name) || Number(name) > joined.length) {
      const all = joinMembers(listMembers(below), members, depth);
      return below.every(isScalar) ? withBranch(textOf(below), all) : all;
    }
    joined[Number(name)] = joinValues(joined[Number(name)], members[name], depth + 1);
  }
  return joined;
}

function joinMembers(
  below: Readonly<Record<string, unknown>>,
  above: Readonly<Record<string, unknown>>,
  depth: number,
): Record<string, unknown> {
  const joined: Record<string, unknown> = { ...below };
  for (const name of Object.keys(above)) {
    if (!isAssignableKey(name)) continue;
    joined[name] = joinValues(Object.hasOwn(below, name) ? below[name] : undefined, above[name], depth + 1);
  }
  return joined;
}

/** The members of a list or an object by name; anything else has none. */
function listMembers(value: unknown): Record<string, unknown> {
  if (Array.isArray(value)) {
    const present = value.map((member, place): [string, unknown] => [String(place), member]);
    return Object.fromEntries(present.filter(([, member]) => member !== null));
  }
  return isPlainObject(value) ? value : {};
}

/**
 * Writes a value as `assignPath` does, but does not replace a text by what is nested under it: a mapping of
 * `company.name` leaves `company` as it is. Answers false when nothing was written.
 */
export function assignKeepingText(
  target: Record<string, unknown>,
  segments: readonly PathSegment[],
  value: unknown,
): boolean {
  if (!segments.every(isAssignableKey) || !hasScalarAbove(target, segments)) return assignPath(target, segments, value);
  assignBeside(target, segments, value);
  return true;
}

function hasScalarAbove(target: Record<string, unknown>, segments: readonly PathSegment[]): boolean {
  let current: unknown = target;
  for (const segment of segments.slice(0, -1)) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, segment)) return false;
    current = (current as Record<string, unknown>)[segment]; // an own property
    if (isScalar(current)) return true;
  }
  return false;
}

/** Writes a value below `target` as `assignPath` does, but beside what is there: nothing else is lost. */
export function assignBeside(target: Record<string, unknown>, segments: readonly PathSegment[], value: unknown): void {
  const [first] = segments;
  if (first === undefined || !segments.every(isAssignableKey)) return;
  const nested = segments.slice(1).reduceRight<unknown>((inner, segment) => ({ [String(segment)]: inner }), value);
  const name = String(first);
  target[name] = besideValue(Object.hasOwn(target, name) ? target[name] : undefined, nested);
}

function besideValue(below: unknown, above: unknown): unknown {
  if (below === undefined || below === null) return above;
  if (isPlainObject(below) && isPlainObject(above)) return besideMembers(below, above);
  // The flow's own field wins over a component of the same name.
  if (isRichValue(below) && isPlainObject(above)) return ontoRich(below, above);
  if (isRichValue(above) && isPlainObject(below)) return ontoRich(above, below);
  return joinValues(below, above);
}

/** A date keeps its own way to read as text, so it is not boxed anew. */
function ontoRich(value: object, branch: Record<string, unknown>): unknown {
  if (!(value instanceof Date)) return withBranch(value, branch);
  for (const name of Object.keys(branch)) Object.assign(value, { [keyOnBoxed(name)]: branch[name] });
  return value;
}

function besideMembers(below: Record<string, unknown>, above: Record<string, unknown>): Record<string, unknown> {
  for (const name of Object.keys(above)) {
    below[name] = besideValue(Object.hasOwn(below, name) ? below[name] : undefined, above[name]);
  }
  return below;
}

const BESIDE = Symbol('pairs beside the values');

/** Remembers pairs that the measured form of a submission has no room for; `cleanValues` brings them back. */
export function keepBeside(values: Record<string, unknown>, pairs: Record<string, unknown>): void {
  if (Object.keys(pairs).length > 0) Object.defineProperty(values, BESIDE, { value: pairs });
}

/** The pairs remembered for these values, under their dotted names. */
export function besideOf(values: unknown): Readonly<Record<string, unknown>> {
  const pairs: unknown = isPlainObject(values) ? Reflect.get(values, BESIDE) : undefined;
  return isPlainObject(pairs) ? pairs : {};
}
