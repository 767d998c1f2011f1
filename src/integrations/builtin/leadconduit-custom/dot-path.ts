import { isPlainObject } from '../../../variables/rich-value.ts';

/** Paths into an answer: `a.b`, `a[0].b`, with wildcards also `errors.*.msg` and `errors[*].msg` (spec modules c3). */
export function dotPathSegments(path: string): string[] {
  return path
    .trim()
    .replace(/\[(?:"([^"]*)"|'([^']*)'|([^\]]*))\]/g, (_group, double, single, bare) => `.${double ?? single ?? bare}`)
    .replace(/^\./, '')
    .split('.');
}

/** One value by a path without wildcards; undefined when there is none. A name with dots goes before nesting. */
export function valueAt(root: unknown, path: string): unknown {
  const whole = member(root, path.trim());
  if (whole !== undefined) return whole;
  let value = root;
  for (const segment of dotPathSegments(path)) value = member(value, segment);
  return value;
}

/** All values by a path in which `*` stands for every member. The size of the answer bounds the work. */
export function valuesAt(root: unknown, path: string): unknown[] {
  let values: unknown[] = [root];
  for (const segment of dotPathSegments(path)) {
    values = segment === '*' ? values.flatMap(members) : values.map((value) => member(value, segment));
    values = values.filter((value) => value !== undefined);
  }
  return values;
}

function member(value: unknown, name: string): unknown {
  if (!(Array.isArray(value) || isPlainObject(value)) || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name]; // its own property: an array's place or an object's member
}

function members(value: unknown): unknown[] {
  return Array.isArray(value) || isPlainObject(value) ? Object.values(value) : [];
}
