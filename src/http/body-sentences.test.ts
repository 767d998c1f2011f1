import type { TSchema } from 'typebox';
import { expect, it } from 'vitest';
import { isJsonObject } from '../flows/flow-json.ts';
import { assert } from '../lib/assert.ts';
import { createBodyReader } from './read-body.ts';
import { ROUTES } from './routes.ts';

/** A value with one fault: what a caller may send by mistake. */
interface Wrong {
  /** `writeList body.ttl: maximum`. */
  name: string;
  body: unknown;
  read: ReturnType<typeof createBodyReader>;
  path: string;
  /** What the sentence must name, where the schema has no sentence of its own. */
  bound: number | undefined;
}

/** The handler reads the body as it reads a query. */
const READ_BY_HANDLERS = new Set(['searchEvents']);
/** What is larger is no bound that a person meets. */
const BOUND_MAX = 2_000_000_000;

/** Some of them match each pattern of ids, times and URLs. */
const TEXTS = ['x', '5fd0c0de00000000000000aa', '08:30', '5fd0c0', 'https://example.com/'];

/** Of schemas that contain themselves. */
const LEVELS_MAX = 8;

const WRONG = ROUTES.flatMap(({ name, body, fileTypes }): Wrong[] => {
  if (body === undefined || fileTypes || READ_BY_HANDLERS.has(name)) return [];
  const [whole, read] = [fill(body, 0), createBodyReader(body)];
  return listFaults(body, []).map(({ keyword, path, value, bound }) => ({
    ...{ name: `${name} ${path.join('.')}: ${keyword}`, body: withValue(whole, path, value) },
    ...{ read, path: path.join('.'), bound },
  }));
});

const VAGUE = ['The type is wrong.', 'The format is wrong.', 'Unknown property.'];

it('a wrong value of every body is told in a sentence with its place and its bound', () => {
  expect(WRONG.length).toBeGreaterThan(1_000);
  const poor = WRONG.flatMap(({ name, body, path, bound, ...reader }) => {
    const result = reader.read(body);
    const details = result.ok ? [] : (result.error.details ?? []);
    const said = details.filter((detail) => detail.path === path);
    const sentences = [...new Set((said.length > 0 ? said : details).map(({ message }) => message))];
    const isVague = sentences.length === 0 || sentences.some((sentence) => VAGUE.includes(sentence));
    const lacksBound =
      bound !== undefined &&
      Math.abs(bound) <= BOUND_MAX &&
      !sentences.some((sentence) => namesNumber(sentence, bound));
    return isVague || lacksBound || said.length === 0 ? [`${name}: ${sentences.join(' | ') || 'accepted'}`] : [];
  });
  expect(poor).toEqual([]);
});

function namesNumber(sentence: string, bound: number): boolean {
  if (bound === 1 && /empty|at least one|Must have |Must be /.test(sentence)) return true;
  return sentence.replaceAll(',', '').includes(String(bound));
}

interface Fault {
  keyword: string;
  path: string[];
  value: unknown;
  bound?: number;
}

function listFaults(schema: TSchema, path: string[]): Fault[] {
  if (path.length > LEVELS_MAX) return [];
  const parts = schema as Record<string, unknown> & { anyOf?: TSchema[] }; // a schema is a JSON object
  if (parts.anyOf) {
    const branches = parts.anyOf.filter(({ type }: { type?: unknown }) => type !== 'null');
    return [
      ...wrongKind(path, branches),
      ...branches.flatMap((branch) => listFaults(branch, path).filter(({ keyword }) => keyword !== 'type')),
    ];
  }
  switch (parts['type']) {
    case 'object':
      return [...wrongKind(path, [schema]), ...faultsOfObject(parts, path)];
    case 'array':
      return [...wrongKind(path, [schema]), ...faultsOfList(parts, path)];
    case 'string':
      return [...wrongKind(path, [schema]), ...faultsOfText(parts, path)];
    case 'number':
    case 'integer':
      return [...wrongKind(path, [schema]), ...faultsOfNumber(parts, path)];
    case 'boolean':
      return wrongKind(path, [schema]);
    default:
      return parts['enum'] === undefined && parts['const'] === undefined ? [] : wrongKind(path, [schema]);
  }
}

/** Of a kind that none of the schemas has. */
function wrongKind(path: string[], schemas: readonly TSchema[]): Fault[] {
  const kinds = schemas.flatMap((schema) => (schema as { type?: string }).type ?? []);
  if (!kinds.includes('object')) return [{ keyword: 'type', path, value: { strange: 1 } }];
  return [{ keyword: 'type', path, value: kinds.includes('array') ? true : [] }];
}

function faultsOfObject(parts: Record<string, unknown>, path: string[]): Fault[] {
  const properties = (parts['properties'] ?? {}) as Record<string, TSchema>;
  const required = (parts['required'] ?? []) as string[];
  return [
    ...Object.entries(properties).flatMap(([name, schema]) => listFaults(schema, [...path, name])),
    ...required.map((name) => ({ keyword: 'required', path: [...path, name], value: undefined })),
    ...(parts['additionalProperties'] === false ? [{ keyword: 'unknown', path: [...path, 'strange'], value: 1 }] : []),
  ];
}

function faultsOfList(parts: Record<string, unknown>, path: string[]): Fault[] {
  const items = parts['items'] as TSchema;
  const max = parts['maxItems'] as number | undefined;
  const min = parts['minItems'] as number | undefined;
  return [
    ...listFaults(items, [...path, '0']),
    // Longer lists are made of what counts as a member of any kind.
    ...(max === undefined || max > 20_000
      ? []
      : [{ keyword: 'maxItems', path, value: Array(max + 1).fill(fill(items, path.length)), bound: max }]),
    ...(min === undefined ? [] : [{ keyword: 'minItems', path, value: [], bound: min }]),
  ];
}

function faultsOfText(parts: Record<string, unknown>, path: string[]): Fault[] {
  const max = parts['maxLength'] as number | undefined;
  const min = parts['minLength'] as number | undefined;
  return [
    ...(parts['enum'] || parts['const'] ? [{ keyword: 'enum', path, value: 'strange' }] : []),
    ...(max === undefined ? [] : [{ keyword: 'maxLength', path, value: 'x'.repeat(max + 1), bound: max }]),
    ...(min === undefined ? [] : [{ keyword: 'minLength', path, value: '', bound: min }]),
    ...(parts['pattern'] ? [{ keyword: 'pattern', path, value: breaking(String(parts['pattern'])) }] : []),
    ...(parts['format'] ? [{ keyword: 'format', path, value: 'strange' }] : []),
  ];
}

function matching(parts: Record<string, unknown>): string {
  const pattern = new RegExp(String(parts['pattern'] ?? ''), 'u');
  return TEXTS.find((text) => pattern.test(text)) ?? 'x';
}

function breaking(pattern: string): string {
  const broken = ['?', '', ' \n ', '\0'].find((text) => !new RegExp(pattern, 'u').test(text));
  assert(broken !== undefined, `no text breaks ${pattern}`);
  return broken;
}

function faultsOfNumber(parts: Record<string, unknown>, path: string[]): Fault[] {
  const max = parts['maximum'] as number | undefined;
  const min = (parts['minimum'] ?? parts['exclusiveMinimum']) as number | undefined;
  return [
    ...(max === undefined ? [] : [{ keyword: 'maximum', path, value: max + 1, bound: max }]),
    ...(min === undefined ? [] : [{ keyword: 'minimum', path, value: min - 1, bound: min }]),
    ...(parts['type'] === 'integer' ? [{ keyword: 'integer', path, value: Math.max(min ?? 1, 1) + 0.5 }] : []),
  ];
}

/** A value of the schema, but for what patterns and bounds ask. */
function fill(schema: TSchema, level: number): unknown {
  const parts = schema as Record<string, unknown>; // a schema is a JSON object
  if (level > LEVELS_MAX) return null;
  if (Array.isArray(parts['anyOf'])) return fill(parts['anyOf'][0], level);
  if (parts['const'] !== undefined) return parts['const'];
  if (Array.isArray(parts['enum'])) return parts['enum'][0];
  switch (parts['type']) {
    case 'object': {
      const properties = Object.entries((parts['properties'] ?? {}) as Record<string, TSchema>);
      return Object.fromEntries(properties.map(([name, one]) => [name, fill(one, level + 1)]));
    }
    case 'array':
      return [fill(parts['items'] as TSchema, level + 1)];
    case 'number':
    case 'integer':
      return parts['minimum'] ?? 1;
    case 'boolean':
      return true;
    case 'string':
      return matching(parts);
    default:
      return 'x';
  }
}

function withValue(whole: unknown, path: readonly string[], value: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (Array.isArray(whole))
    return whole.map((one, index) => (String(index) === name ? withValue(one, rest, value) : one));
  // The list of a choice.
  if (/^\d+$/.test(name)) return [withValue(undefined, rest, value)];
  const owner = isJsonObject(whole) ? whole : {};
  const { [name]: before, ...others } = owner;
  const after = withValue(before, rest, value);
  return after === undefined ? others : { ...others, [name]: after };
}
