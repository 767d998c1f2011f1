import { normalOf } from '../variables/rich-value.ts';

/** Arrays nested deeper have no text: a lead is never that deep, an appended answer might be. */
const ARRAY_DEPTH_MAX = 8;

/**
 * What was submitted for a value: the `raw` of a rich value (or of an object that carries one), else the value
 * itself. Reading a rich value again starts from here (spec modules d).
 */
export function submitted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'raw')) return value;
  return (value as { raw: unknown }).raw ?? value; // hasOwn says it is there; its type is not known
}

/**
 * Any value as text: what JavaScript's `String` makes of it, save that dates are ISO texts (the zone of the machine
 * must not matter) and that it never throws, whatever `toString` a lead brings along.
 */
export function textOf(value: unknown, depth = 0): string {
  if (typeof value === 'string') return value;
  const normal = normalOf(value);
  if (typeof normal === 'symbol') return '';
  if (typeof normal !== 'object' || normal === null) return String(normal);
  if (!Array.isArray(normal)) return '[object Object]';
  if (depth >= ARRAY_DEPTH_MAX) return '';
  return normal.map((member) => (member === null || member === undefined ? '' : textOf(member, depth + 1))).join(',');
}
