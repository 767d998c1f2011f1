/**
 * A value on its way to a package's thread. A structured clone keeps neither the own properties of boxed values nor
 * the text of a date (spec modules g), so every object is written out; names are members of lists, never keys, so that
 * a field called `__proto__` is only a name.
 */
export type Written =
  | undefined
  | null
  | string
  | number
  | boolean
  | readonly ['object' | 'array', readonly unknown[]]
  | readonly ['String' | 'Number' | 'Boolean', string | number | boolean, readonly unknown[]]
  | readonly ['Date', number, string | undefined, readonly unknown[]];

/** What lies deeper is left out; no lead is (hygiene bounds submissions at 32 levels). */
const DEPTH_MAX = 64;

/** The value as a message. Functions, symbols and objects of classes have no form and become undefined. */
export function writeValue(value: unknown, depth = 0): Written {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'undefined':
      return value;
    case 'bigint':
      return String(value);
    case 'object':
      return value === null ? null : depth >= DEPTH_MAX ? undefined : writeObject(value, depth + 1);
    default:
      return undefined;
  }
}

function writeObject(value: object, depth: number): Written {
  if (Array.isArray(value)) return ['array', value.map((member) => writeValue(member, depth))];
  if (value instanceof String) return ['String', String.prototype.valueOf.call(value), listProperties(value, depth)];
  if (value instanceof Number) return ['Number', Number.prototype.valueOf.call(value), listProperties(value, depth)];
  if (value instanceof Boolean) return ['Boolean', Boolean.prototype.valueOf.call(value), listProperties(value, depth)];
  if (value instanceof Date)
    return ['Date', Date.prototype.valueOf.call(value), ownText(value), listProperties(value, depth)];
  return ['object', listProperties(value, depth)];
}

/** Name, value, name, value …; without the characters that a boxed text owns too. */
function listProperties(value: object, depth: number): unknown[] {
  const skipped = value instanceof String ? value.length : 0;
  return Object.entries(value)
    .slice(skipped)
    .flatMap(([name, property]) => (typeof property === 'function' ? [] : [name, writeValue(property, depth)]));
}

/** Typed dates bring their own text, as in `2017-06-02`. */
function ownText(date: Date): string | undefined {
  if (!Object.hasOwn(date, 'toString')) return undefined;
  const text: unknown = date.toString();
  return typeof text === 'string' ? text : undefined;
}

/** The value that `writeValue` wrote, made of the objects of this thread. */
export function readValue(written: unknown): unknown {
  if (!Array.isArray(written)) return written;
  const [kind, first, second, third]: unknown[] = written;
  switch (kind) {
    case 'array':
      return readList(first).map(readValue);
    case 'object':
      return withProperties({}, first);
    case 'String':
      return withProperties(new String(first), second);
    case 'Number':
      return withProperties(new Number(first), second);
    case 'Boolean':
      return withProperties(new Boolean(first), second);
    case 'Date':
      return withProperties(readDate(Number(first), second), third);
    default:
      return undefined;
  }
}

function readList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function withProperties(target: object, written: unknown): object {
  const properties = readList(written);
  for (let index = 0; index + 1 < properties.length; index += 2) {
    // Defined, not assigned: `__proto__` is a property like any other.
    Object.defineProperty(target, String(properties[index]), {
      value: readValue(properties[index + 1]),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return target;
}

function readDate(epochMs: number, text: unknown): Date {
  const date = new Date(epochMs);
  if (typeof text !== 'string') return date;
  return Object.defineProperty(date, 'toString', { value: () => text, configurable: true, writable: true });
}
