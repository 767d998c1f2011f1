import type { Vars } from '../model/vars.ts';
import { splitName } from './expand-names.ts';
import { type PathSegment, parsePath } from './property-path.ts';
import { isRichValue, normalOf } from './rich-value.ts';

/** Finds one value in the variables; undefined when there is none. Never throws. */
export type Lookup = (vars: Vars) => unknown;

/**
 * A lookup for a path, made once at deploy. A path that cannot be parsed finds nothing; code that reports to the
 * author asks `parsePath`.
 *
 * Only own properties are seen, so `lead.constructor` is missing unless it was submitted. `normal` of a value that
 * does not carry one is the value itself (`lead.phone_1.normal`). `lead.random_number` is an alias of `random`
 * (decision 30) while no field has that name.
 */
export function compileLookup(path: string): Lookup {
  const segments = parsePath(path);
  return segments.ok ? compileSegmentsLookup(segments.value) : findNothing;
}

/** The same for a path that is parsed already. */
export function compileSegmentsLookup(segments: readonly PathSegment[]): Lookup {
  const find = compileFind(segments);
  if (segments.length === 2 && segments[0] === 'lead' && segments[1] === 'random_number') {
    return (vars) => find(vars) ?? ownProperty(vars, 'random');
  }
  return find;
}

/** The same below any value: what a path means inside `{{#each}}`. */
export function compileFind(segments: readonly PathSegment[]): (from: unknown) => unknown {
  const steps = segments.map(compileStep);
  const [first, second] = steps;
  // Two names are by far the commonest path; without the loop it takes half the time.
  if (first && second && steps.length === 2) return (from) => second(first(from));
  return (from) => {
    let current = from;
    for (const step of steps) {
      if (current === undefined) return undefined;
      current = step(current);
    }
    return current;
  };
}

type Step = (from: unknown) => unknown;

const findNothing: Lookup = () => undefined;
const DIGITS = /^\d+$/;

function compileStep(segment: PathSegment): Step {
  const key = String(segment);
  if (key === 'normal') return findNormal;
  // Modules quote all-digit keys in appended data, so that they do not become places of an array (spec modules a2), and
  // a boxed value quotes the names that mean something else on it.
  const quoted = `'${key}'`;
  // A boxed text owns its characters and its length, which are no values anybody submitted.
  if (DIGITS.test(key) || key === 'length') {
    return (from) => (from instanceof String ? undefined : ownProperty(from, key)) ?? ownProperty(from, quoted);
  }
  const nested = nestedParts(key);
  if (nested === undefined) {
    return (from) => {
      const found = ownProperty(from, key);
      return found === undefined && isRichValue(from) ? ownProperty(from, quoted) : found;
    };
  }
  // Hygiene has nested bracket names; `form_fields[name]` as a path still means what it says.
  const find = compileFind(nested);
  return (from) => ownProperty(from, key) ?? find(from);
}

/** The parts a submitted name with brackets was nested into; undefined for any other name. */
function nestedParts(key: string): string[] | undefined {
  if (!key.includes('[')) return undefined;
  const parts = splitName(key, 'nested');
  if (parts.length === 1) return undefined;
  const place = parts.indexOf('[]');
  // `x[]` is the list `x`; a path that goes on behind it means the first member.
  return place === parts.length - 1 ? parts.slice(0, -1) : parts.map((part) => (part === '[]' ? '0' : part));
}

function ownProperty(from: unknown, key: string): unknown {
  if (typeof from !== 'object' || from === null || !Object.hasOwn(from, key)) return undefined;
  return (from as Vars)[key]; // an own property of an object: its type is not known
}

function findNormal(from: unknown): unknown {
  return ownProperty(from, 'normal') ?? (isContainer(from) ? undefined : normalOf(from));
}

function isContainer(value: unknown): boolean {
  return typeof value === 'object' && value !== null && normalOf(value) === value;
}
