/** What lies deeper, or comes after so many values, is left out: an answer must not fill the memory of the server. */
const DEPTH_MAX = 64;
const VALUES_MAX = 100_000;
const CHARACTERS_MAX = 4_194_304;

/**
 * What a module answered, as plain data: rich values become their normal value, dates their text, nodes of a parsed
 * document their value or markup; functions, symbols and circles are left out. Throws when there is too much of it.
 */
export function plainValue(value: unknown): unknown {
  return read(value, { valuesLeft: VALUES_MAX, charactersLeft: CHARACTERS_MAX, above: [] });
}

interface Reading {
  valuesLeft: number;
  charactersLeft: number;
  above: object[];
}

function read(value: unknown, reading: Reading): unknown {
  reading.valuesLeft -= 1;
  if (reading.valuesLeft < 0) throw new Error('the module returned too many values');
  switch (typeof value) {
    case 'string':
      return counted(value, reading);
    case 'number':
    case 'boolean':
      return value;
    case 'bigint':
      return String(value);
    case 'object':
      return value === null ? null : readObject(value, reading);
    default:
      return undefined;
  }
}

function counted(text: string, reading: Reading): string {
  reading.charactersLeft -= text.length;
  if (reading.charactersLeft < 0) throw new Error('the module returned too much text');
  return text;
}

function readObject(value: object, reading: Reading): unknown {
  if (value instanceof String) return counted(String.prototype.valueOf.call(value), reading);
  if (value instanceof Number) return Number.prototype.valueOf.call(value);
  if (value instanceof Boolean) return Boolean.prototype.valueOf.call(value);
  if (value instanceof Date) return textOfDate(value);
  if (Buffer.isBuffer(value)) return counted(value.toString('utf8'), reading);
  if (isNode(value)) return counted(typeof value.nodeValue === 'string' ? value.nodeValue : String(value), reading);
  if (reading.above.includes(value) || reading.above.length >= DEPTH_MAX) return undefined;
  reading.above.push(value);
  const plain = Array.isArray(value) ? value.map((member) => read(member, reading)) : readProperties(value, reading);
  reading.above.pop();
  return plain;
}

/** Without a prototype, so that a property named `__proto__` is only a property; the border drops what it cannot carry. */
function readProperties(value: object, reading: Reading): Record<string, unknown> {
  const plain: Record<string, unknown> = Object.create(null);
  for (const [name, property] of Object.entries(value)) {
    if (typeof property === 'function' || typeof property === 'symbol' || name === '__proto__') continue;
    plain[counted(name, reading)] = read(property, reading);
  }
  return plain;
}

function textOfDate(date: Date): string | null {
  if (Object.hasOwn(date, 'toString')) return String(date);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

function isNode(value: object): value is { nodeValue: unknown } {
  return 'nodeType' in value && typeof value.nodeType === 'number' && 'nodeName' in value;
}
