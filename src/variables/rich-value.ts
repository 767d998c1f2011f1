/**
 * What the leaves of the variables mean: primitives, and rich values, which are boxed String, Number, Boolean or
 * Date objects with own properties such as `raw` and `valid` (spec modules a7 and d).
 */
export type RichValue = object & { raw?: unknown; valid?: unknown };

/** Arrays inside arrays are written as text this deep; what lies deeper has no text. */
const ARRAY_DEPTH_MAX = 8;

/** Is this a boxed primitive or a date, which is one value although it has properties? */
export function isRichValue(value: unknown): value is RichValue {
  return value instanceof String || value instanceof Number || value instanceof Boolean || value instanceof Date;
}

/** Is this a container of named values: an object literal, parsed JSON, or an object without a prototype? */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The value to compare and to send: a primitive for a boxed one, the text for a date, else the value itself. */
export function normalOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  // The prototype's own methods, because a lead may carry a property named `valueOf`.
  if (value instanceof String) return unbox(String.prototype.valueOf, value);
  if (value instanceof Number) return unbox(Number.prototype.valueOf, value);
  if (value instanceof Boolean) return unbox(Boolean.prototype.valueOf, value);
  if (value instanceof Date) return textOfDate(value);
  return value;
}

/**
 * The value as it reads inside a longer text. Missing values, plain objects and functions have none (`''`); array
 * members that are there are joined with commas; a number that could not be read is what was submitted, never `NaN`.
 */
export function textOf(value: unknown, depth = 0): string {
  if (typeof value === 'string') return value;
  const normal = normalOf(value);
  switch (typeof normal) {
    case 'string':
      return normal;
    case 'number':
      return Number.isNaN(normal) ? rawText(value) : String(normal);
    case 'boolean':
    case 'bigint':
      return String(normal);
    default:
      return Array.isArray(normal) && depth < ARRAY_DEPTH_MAX
        ? normal.flatMap((member) => (isMissing(member) ? [] : [textOf(member, depth + 1)])).join(',')
        : '';
  }
}

/** A place of a list that was left blank. */
function isMissing(member: unknown): boolean {
  return member === null || member === undefined;
}

/** Handlebars' truthiness (an empty array is false) of the normal value: a boxed 0 or false is false. */
export function isTruthy(value: unknown): boolean {
  if (value instanceof Date) return !Number.isNaN(epochMsOf(value));
  const normal = normalOf(value);
  return Array.isArray(normal) ? normal.length > 0 : Boolean(normal);
}

/** Epoch ms of a date, NaN for an invalid one or an object that only claims to be a date. */
export function epochMsOf(date: Date): number {
  const epochMs = unbox(Date.prototype.valueOf, date);
  return typeof epochMs === 'number' ? epochMs : Number.NaN;
}

/** undefined for an object that has the prototype but not the value, such as `Object.create(String.prototype)`. */
function unbox<T extends object>(method: (this: T) => unknown, value: T): unknown {
  try {
    return method.call(value);
  } catch {
    return undefined;
  }
}

/** Typed dates bring their own `toString` (`2017-06-02`); JavaScript's is for people in the machine's zone. */
function textOfDate(date: Date): string {
  if (typeof date.toString === 'function' && date.toString !== Date.prototype.toString) {
    const text: unknown = date.toString();
    return typeof text === 'string' ? text : '';
  }
  const epochMs = epochMsOf(date);
  return Number.isNaN(epochMs) ? rawText(date) : new Date(epochMs).toISOString();
}

function rawText(value: unknown): string {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'raw')) return '';
  const { raw } = value as RichValue; // a rich value's `raw` is unknown until looked at
  return typeof raw === 'string' ? raw : '';
}
