import type { ParseContext } from '../../src/field-types/field-type.ts';
import { findFieldType } from '../../src/field-types/field-types.ts';
import { propertyNames, richBoolean, richDate, richNumber, richText } from '../../src/field-types/rich-value.ts';

/** The instant and zone the vectors were measured at. */
export const VECTOR_CONTEXT: ParseContext = { now: Date.parse('2026-11-20T12:00:00.000Z'), timeZone: 'UTC' };

type Encoded = Record<string, unknown>;

const SPECIAL_VALUES: ReadonlyMap<unknown, unknown> = new Map<unknown, unknown>([
  ['undefined', undefined],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
]);

/**
 * A value of a vector file as the program sees it: `$special` values, `$date`, `$parsed` (read with that type) and
 * rich values (`$kind`) are made; other objects and arrays are copied. A `$special` that JavaScript has no value for
 * (`function`, `xml-node`) stays as it is written.
 */
export function decode(value: unknown, ctx: ParseContext = VECTOR_CONTEXT): unknown {
  if (Array.isArray(value)) return value.map((member) => decode(member, ctx));
  if (!isEncoded(value)) return value;
  if ('$special' in value) return SPECIAL_VALUES.has(value['$special']) ? SPECIAL_VALUES.get(value['$special']) : value;
  if ('$date' in value) return new Date(String(value['$date']));
  if ('$parsed' in value) return decodeParsed(value['$parsed'], ctx);
  if ('$kind' in value) return decodeKind(value, ctx);
  return Object.fromEntries(Object.entries(value).map(([name, property]) => [name, decode(property, ctx)]));
}

/** The inverse, for what the program answered: a value to compare with a file's, or to write into one. */
export function encode(value: unknown): unknown {
  if (value === undefined) return { $special: 'undefined' };
  if (typeof value === 'function') return { $special: 'function' };
  if (typeof value === 'number' && !Number.isFinite(value)) return { $special: String(value) };
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(encode);
  const properties = Object.fromEntries(
    propertyNames(value).map((name) => [name, encode((value as Encoded)[name])]), // its own names
  );
  return { ...kindOf(value), ...properties };
}

/** The same for a whole result, where a primitive is spelled out too: `{$kind: 'string', …}`. */
export function encodeResult(value: unknown): unknown {
  if (value === null || value === undefined) return { $kind: String(value) };
  if (typeof value === 'object') return encode(value);
  return { $kind: typeof value, toString: String(value), $value: encode(value) };
}

function decodeParsed(parsed: unknown, ctx: ParseContext): unknown {
  if (!isEncoded(parsed)) throw new Error('a $parsed value has a type and an input');
  const type = findFieldType(String(parsed['type']));
  if (type === undefined) throw new Error(`no field type is called ${String(parsed['type'])}`);
  return type.parse(decode(parsed['input'], ctx), ctx);
}

function decodeKind(encoded: Encoded, ctx: ParseContext): unknown {
  const { $kind: kind, toString: text, $value: value, $time: time, ...rest } = encoded;
  const properties = Object.fromEntries(Object.entries(rest).map(([name, property]) => [name, decode(property, ctx)]));
  switch (kind) {
    case 'String':
      return richText(String(text), properties);
    case 'Number':
      return richNumber(Number(decode(value, ctx)), properties);
    case 'Boolean':
      return richBoolean(value === true, properties);
    case 'Date':
      return richDate(Date.parse(String(time)), String(text), properties);
    case 'string':
      return String(text);
    case 'null':
      return null;
    case 'undefined':
      return undefined;
    default:
      return decode(value, ctx);
  }
}

function kindOf(value: object): Encoded {
  if (value instanceof String) return { $kind: 'String', toString: value.valueOf() };
  if (value instanceof Number) return { $kind: 'Number', toString: String(value), $value: encode(value.valueOf()) };
  if (value instanceof Boolean) return { $kind: 'Boolean', toString: String(value), $value: value.valueOf() };
  if (value instanceof Date) return { $kind: 'Date', toString: String(value), $time: value.toISOString() };
  return {};
}

function isEncoded(value: unknown): value is Encoded {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
