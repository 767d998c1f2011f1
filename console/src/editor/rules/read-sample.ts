/** A lead for a trial, as the API takes variables. */
export type SampleVars = Record<string, unknown> & { lead: Record<string, unknown> };

export type ReadSample = { ok: true; vars: SampleVars } | { ok: false; message: string };

/**
 * A lead that a person wrote or pasted: a JSON object with its values, a whole set of variables with `lead` in it, a form
 * (`state=TX&email=…`), or lines of `name=value` or `name: value`.
 */
export function readSample(text: string): ReadSample {
  const written = text.trim();
  if (written === '') return { ok: true, vars: { lead: {} } };
  if (written.startsWith('{')) return readJson(written);
  const lines = isForm(written) ? written.split('&') : written.split(/\r?\n/).filter((line) => line.trim() !== '');
  const pairs = lines.map((line) => readPair(line, isForm(written)));
  const wrong = pairs.indexOf(undefined);
  if (wrong !== -1) return { ok: false, message: `Line ${wrong + 1} is not name=value.` };
  return { ok: true, vars: { lead: nest(Object.fromEntries(pairs.filter((pair) => pair !== undefined))) } };
}

function readJson(text: string): ReadSample {
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) return { ok: false, message: 'The JSON must be an object with the values of a lead.' };
    const { lead } = value;
    if (isObject(lead)) return { ok: true, vars: { ...value, lead: nest(lead) } };
    return { ok: true, vars: { lead: nest(value) } };
  } catch (error) {
    return { ok: false, message: `This is no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** One line with an `&` between pairs. */
function isForm(text: string): boolean {
  return !text.includes('\n') && /^[^=&\s:]+=[^&]*(?:&[^=&\s]+=[^&]*)+$/.test(text);
}

function readPair(line: string, isEncoded: boolean): [string, string] | undefined {
  const [, name = '', value = ''] = /^\s*([^=:\t]+?)\s*[=:\t]\s*(.*)$/.exec(line) ?? [];
  if (name === '') return undefined;
  return isEncoded ? [decode(name), decode(value)] : [name.replace(/^lead\./, ''), value.trim()];
}

function decode(text: string): string {
  return [...new URLSearchParams(`x=${text}`).values()][0] ?? text;
}

/** Ids of fields have dots of their own: `mortgage.loan.amount` is three objects deep. */
export function nest(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    const parts = name.split('.');
    const last = parts.pop() ?? name;
    let place = root;
    for (const part of parts) {
      const inner = Object.hasOwn(place, part) ? place[part] : undefined;
      const next = isObject(inner) ? inner : {};
      define(place, part, next);
      place = next;
    }
    define(place, last, value);
  }
  return root;
}

/** `__proto__` is a name like any other. */
function define(place: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(place, name, { value, enumerable: true, writable: true, configurable: true });
}

/** Values with parts as they were sent, so that the server reads them by their types again. */
export function plainVars(vars: Readonly<Record<string, unknown>>): SampleVars {
  const plain = Object.fromEntries(Object.entries(vars).map(([name, value]) => [name, plainValue(value, 0)]));
  return { ...plain, lead: isObject(plain['lead']) ? plain['lead'] : {} };
}

const DEPTH_MAX = 32;

function plainValue(value: unknown, depth: number): unknown {
  if (depth > DEPTH_MAX || !isObject(value)) {
    return Array.isArray(value) && depth <= DEPTH_MAX ? value.map((each) => plainValue(each, depth + 1)) : value;
  }
  if ('normal' in value && 'valid' in value) return value['raw'] ?? value['normal'];
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plainValue(each, depth + 1)]));
}

/** As lines that `readSample` reads again. */
export function writeSample(lead: Readonly<Record<string, unknown>>): string {
  return flatten(lead, '')
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
}

function flatten(values: Readonly<Record<string, unknown>>, prefix: string): [string, string][] {
  return Object.entries(values).flatMap(([name, value]): [string, string][] => {
    if (isObject(value)) return flatten(value, `${prefix}${name}.`);
    const text = Array.isArray(value) ? value.join(', ') : String(value ?? '');
    return text === '' ? [] : [[`${prefix}${name}`, text.replaceAll(/\s*[\r\n]+\s*/g, ' ')]];
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
