import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Check } from 'typebox/value';
import { isDeeperThan, isJsonObject, type JsonObject } from '../flows/flow-json.ts';
import { problemsOfFaults } from '../flows/shape-sentences.ts';
import { misspeltName } from '../lib/misspelt-name.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import { type ApiError, apiError } from './errors.ts';

/** As deep as a flow document may nest; everything after this check may recurse. */
const LEVELS_MAX = 128;
const DETAILS_MAX = 100;
/** A name is repeated in the answer up to here. */
const NAME_CHARACTERS_MAX = 64;

/**
 * Returns the reader of bodies of one shape. What breaks the schema is one 422 with all its places: wrong types, and in
 * objects that are closed (`additionalProperties: false`) names that the schema does not have. An optional property that
 * is null counts as absent, unless the schema allows null. `says` of a schema replaces our own sentence about a value
 * that is of the right type and still wrong.
 */
export function createBodyReader<Schema extends TSchema>(
  schema: Schema,
): (body: unknown) => Result<Static<Schema>, ApiError> {
  const checker = Compile(schema);
  return (body) => {
    if (isDeeperThan(body, LEVELS_MAX))
      return fail(invalidDocument([{ path: '', message: 'The value is nested too deeply.' }]));
    const unknown: Problem[] = [];
    const given = readByShape(body, { shape: schema, path: [], unknown });
    if (unknown.length === 0 && checker.Check(given)) return ok(given);
    const problems = [
      ...problemsOfFaults(checker.Errors(given).map((fault) => withSentence(fault, schema))),
      ...unknown,
    ];
    return fail(invalidDocument(problems.slice(0, DETAILS_MAX)));
  };
}

/** The 422 for a body that is JSON and not such a document. */
export function invalidDocument(problems: readonly Problem[], message = MALFORMED): ApiError {
  return apiError('invalid_document', message, problems);
}

const MALFORMED = 'The body is malformed; details says where.';

interface Place {
  shape: TSchema;
  path: readonly string[];
  /** Names that the schema does not have are added here. */
  unknown: Problem[];
}

/** A copy without the nulls that mean absence and without unknown names of closed objects, which are collected. */
function readByShape(value: unknown, place: Place): unknown {
  const { items, properties, additionalProperties } = partsOf(withoutNull(place.shape));
  if (Array.isArray(value) && items)
    return value.map((member, index) =>
      readByShape(member, { ...place, shape: items, path: [...place.path, `${index}`] }),
    );
  if (!isJsonObject(value) || !properties) return value;
  const kept: [string, unknown][] = [];
  for (const [name, member] of Object.entries(value)) {
    const path = [...place.path, name];
    const shape = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (shape === undefined) {
      if (additionalProperties === false) place.unknown.push(unknownName(path, Object.keys(properties)));
      else kept.push([name, member]);
    } else if (member !== null || Check(shape, null)) {
      kept.push([name, readByShape(member, { ...place, shape, path })]);
    }
  }
  // fromEntries defines own properties, so a key named __proto__ stays data.
  return Object.fromEntries(kept);
}

/** What a shape is that may be null as well; a choice of several others stays one. */
function withoutNull(shape: TSchema): TSchema {
  const { anyOf } = partsOf(shape);
  const others = anyOf?.filter((branch) => partsOf(branch).type !== 'null') ?? [];
  return others.length === 1 && others[0] ? others[0] : shape;
}

interface Parts {
  type?: unknown;
  anyOf?: readonly TSchema[];
  items?: TSchema;
  properties?: Readonly<Record<string, TSchema>>;
  additionalProperties?: unknown;
}

function partsOf(shape: TSchema): Parts {
  // A schema is a JSON object, whose keywords are these or absent.
  return shape as Parts;
}

function unknownName(path: readonly string[], known: readonly string[]): Problem {
  const name = path.at(-1) ?? '';
  const near = misspeltName(name, known);
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  const allowed = known.length === 0 ? 'this object has none' : `this object has ${known.join(', ')}`;
  const shown = [...path.slice(0, -1), name.slice(0, NAME_CHARACTERS_MAX)].join('.');
  return { path: shown, message: `Unknown property; ${allowed}.${hint}` };
}

type Fault = Parameters<typeof problemsOfFaults>[0][number];

const NOT_ABOUT_THE_VALUE = new Set(['type', 'required', 'additionalProperties']);

/** The fault with the sentence of its schema, where that has one. */
function withSentence(fault: Fault, schema: TSchema): Fault {
  if (NOT_ABOUT_THE_VALUE.has(fault.keyword)) return fault;
  const { says } = schemaAt(schema, fault.schemaPath);
  if (typeof says === 'string') return { ...fault, says };
  return fault.keyword === 'minItems' && isOptional(fault, schema) ? { ...fault, says: EMPTY_LIST } : fault;
}

const EMPTY_LIST = 'Must have at least one entry, or be left out.';

function isOptional({ schemaPath }: Fault, schema: TSchema): boolean {
  const [, owner, name] = /^(.*)\/properties\/([^/]+)$/.exec(schemaPath) ?? [];
  const required = owner === undefined ? undefined : schemaAt(schema, owner)['required'];
  return name !== undefined && !(Array.isArray(required) && required.includes(name));
}

/** `#/properties/id` of a schema. */
function schemaAt(schema: TSchema, pointer: string): JsonObject {
  let found: unknown = schema;
  for (const segment of pointer.split('/').slice(1)) {
    found = isJsonObject(found) || Array.isArray(found) ? Reflect.get(found, segment) : undefined;
  }
  return isJsonObject(found) ? found : {};
}
