/** One place where what came is not what was expected. */
export interface Mismatch {
  /** `output.age` */
  path: string;
  expected: unknown;
  actual: unknown;
}

/**
 * Every place where two values differ; empty when they are equal. The order of keys does not matter, and a property
 * that is undefined is as good as none. Dates are compared by their instant, boxed values by their kind and value, and
 * both by their own properties too. Where an encoded value that JavaScript has no value for is expected (`$special`,
 * `$throws`), the whole of it is one place.
 */
export function mismatches(expected: unknown, actual: unknown, path = 'value'): Mismatch[] {
  if (Object.is(expected, actual) || expected === actual) return [];
  const here = [{ path, expected, actual }];
  if (!isObject(expected) || !isObject(actual) || isEncodedSign(expected)) return isSame(expected, actual) ? [] : here;
  if (kindOf(expected) !== kindOf(actual) || !Object.is(primitiveOf(expected), primitiveOf(actual))) return here;
  const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  return [...names].flatMap((name) => mismatches(own(expected, name), own(actual, name), `${path}.${name}`));
}

/** `output.age: expected 42, got 41` */
export function describeMismatch({ path, expected, actual }: Mismatch): string {
  return `${path}: expected ${textOf(expected)}, got ${textOf(actual)}`;
}

/** The first of them as a sentence; undefined when the values are equal. */
export function difference(expected: unknown, actual: unknown): string | undefined {
  const [first] = mismatches(expected, actual);
  return first && describeMismatch(first);
}

/** Has the object a property that says it stands for something JSON cannot carry? */
function isEncodedSign(value: Record<string, unknown>): boolean {
  return Object.hasOwn(value, '$special') || Object.hasOwn(value, '$throws');
}

/** Encoded signs are flat, so their texts are compared. */
function isSame(expected: unknown, actual: unknown): boolean {
  return isObject(expected) && isObject(actual) && textOf(expected) === textOf(actual);
}

/** `[object Date]`; lists of different lengths differ as wholes. */
function kindOf(value: object): string {
  return Array.isArray(value) ? `list of ${value.length}` : Object.prototype.toString.call(value);
}

function primitiveOf(value: object): unknown {
  if (value instanceof Date) return value.getTime();
  if (value instanceof String || value instanceof Number || value instanceof Boolean) return value.valueOf();
  return undefined;
}

function textOf(value: unknown): string {
  if (isObject(value) && primitiveOf(value) !== undefined) return `${kindOf(value)} ${String(value)}`;
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'undefined');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function own(value: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}
