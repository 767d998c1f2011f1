import type { Parameter, Schema, Schemas } from './read-reference.ts';

/** What a value has to be, in words. */
export interface ValueWords {
  /** `string`, `array of Flow.Source or null`, `any JSON`. */
  type: string;
  /** Names the values it may have, as JSON; empty: any of the type. */
  values: readonly string[];
  /** `1 to 1000`, `at most 64 characters`. */
  bounds: readonly string[];
  /** As JSON. */
  examples: readonly string[];
}

/** A property, or one of several shapes that a value may have. */
export interface SchemaRow extends ValueWords {
  /** Unlike that of any other row. */
  key: string;
  /** `id`; of a shape its type. */
  name: string;
  /** `any`: it stands for properties of any name; `shape`: for one of several shapes. */
  kind: 'property' | 'any' | 'shape';
  isRequired: boolean;
  isReadOnly: boolean;
  text: string | undefined;
  /** What the schema leaves to words: `depends` on other properties, or the component is the one it is within. */
  note: 'depends' | 'within itself' | 'too deep' | undefined;
  children: readonly SchemaRow[];
}

/** Deeper than any schema goes that is not within itself; a test reads all of them. */
export const DEPTH_MAX = 12;

const COMPONENT = '#/components/schemas/';

/** Where in a schema it is: the components that it is within, from the outermost. */
interface Place {
  schemas: Schemas;
  within: readonly string[];
  depth: number;
  key: string;
}

/** The properties of a schema, those of its items, and of its shapes, each with its own below it. */
export function listSchemaRows(schema: Schema, schemas: Schemas): SchemaRow[] {
  return listRows(schema, { schemas, within: [], depth: 0, key: '' });
}

/** A row for each parameter, in the order of the document. */
export function listParameterRows(parameters: readonly Parameter[], schemas: Schemas): SchemaRow[] {
  const place = { schemas, within: [], depth: 0, kind: 'property' } as const;
  return parameters.map(({ name, in: where, isRequired, schema }) =>
    buildRow(schema, { ...place, key: where, name, isRequired }),
  );
}

/** The schema behind a reference, with the name of the component. */
export function resolveSchema(schema: Schema, schemas: Schemas): { schema: Schema; component: string | undefined } {
  if (schema.$ref === undefined) return { schema, component: undefined };
  const component = schema.$ref.slice(COMPONENT.length);
  return { schema: schemas[component] ?? {}, component };
}

/** Are the properties that it does not name refused? */
export function isClosed(schema: Schema, schemas: Schemas): boolean {
  return resolveSchema(schema, schemas).schema.additionalProperties === false;
}

/** Does it, or do its items, say that some properties depend on others? */
export function hasConditions(schema: Schema, schemas: Schemas): boolean {
  return listShapes(schema, schemas).shapes.some((shape) => {
    const { schema: own } = resolveSchema(shape, schemas);
    const isSaid = own.allOf !== undefined || own.dependentSchemas !== undefined;
    return isSaid || (own.items !== undefined && hasConditions(own.items, schemas));
  });
}

/** Its type, values and bounds in words; those of items are said of each. */
export function describeValue(schema: Schema, schemas: Schemas): ValueWords {
  const { shapes, isNullable } = listShapes(schema, schemas);
  const types = [...new Set(shapes.map((shape) => nameType(shape, schemas)))];
  const words = isNullable ? [...types, 'null'] : types;
  const values = shapes.flatMap((shape) => listValues(shape, schemas));
  return {
    type: words.join(' or '),
    values: [...new Set(values)],
    bounds: [...new Set(shapes.flatMap((shape) => listBounds(shape, schemas)))],
    examples: (schema.examples ?? shapes.flatMap(({ examples = [] }) => examples)).map((each) => JSON.stringify(each)),
  };
}

/** What a value may be, without null; a schema without alternatives is the one shape. */
function listShapes(schema: Schema, schemas: Schemas): { shapes: Schema[]; isNullable: boolean } {
  const { schema: own, component } = resolveSchema(schema, schemas);
  // The name of a component says less than what a single value has to be.
  if (component !== undefined && isPlain(own)) return listShapes(own, schemas);
  if (schema.anyOf === undefined) {
    const isNull = schema.type === 'null';
    return { shapes: isNull ? [] : [schema], isNullable: isNull };
  }
  const found = schema.anyOf.map((each) => listShapes(each, schemas));
  return { shapes: found.flatMap(({ shapes }) => shapes), isNullable: found.some(({ isNullable }) => isNullable) };
}

/** A text, a number and the like, or one of several. */
function isPlain({ $ref, type, items, anyOf = [], ...schema }: Schema): boolean {
  if ($ref !== undefined || items !== undefined || type === 'object' || hasProperties(schema)) return false;
  return (type !== undefined || schema.enum !== undefined || anyOf.length > 0) && anyOf.every(isPlain);
}

function nameType(shape: Schema, schemas: Schemas): string {
  if (shape.$ref !== undefined) return shape.$ref.slice(COMPONENT.length);
  const { type, format, items, const: only } = shape;
  if (type === 'array') return `array of ${items === undefined ? 'any JSON' : nameItems(items, schemas)}`;
  if (format === 'binary') return 'file';
  if (type !== undefined) return format === undefined ? type : `${type} (${format})`;
  const [sample = only] = shape.enum ?? [];
  return sample === undefined ? 'any JSON' : typeof sample;
}

function nameItems(items: Schema, schemas: Schemas): string {
  const { type } = describeValue(items, schemas);
  return type.includes(' or ') ? `(${type})` : type;
}

function listValues(shape: Schema, schemas: Schemas): string[] {
  const { enum: values = shape.const === undefined ? [] : [shape.const], items } = shape;
  if (values.length > 0) return values.map((each) => JSON.stringify(each));
  return items === undefined ? [] : [...describeValue(items, schemas).values];
}

/** In this order; the shape of an id is said in words. */
function listBounds(shape: Schema, schemas: Schemas): string[] {
  const { minimum, maximum, exclusiveMinimum, pattern, items } = shape;
  const inItems = items === undefined ? [] : describeValue(items, schemas).bounds.map((each) => `each ${each}`);
  return [
    exclusiveMinimum === undefined ? undefined : `above ${exclusiveMinimum}`,
    span(minimum, maximum, ''),
    span(shape.minLength, shape.maxLength, 'character'),
    span(shape.minItems, shape.maxItems, 'entry', 'entries'),
    span(shape.minProperties, shape.maxProperties, 'property', 'properties'),
    pattern === undefined ? undefined : (PATTERNS[pattern] ?? `as ${pattern}`),
    ...inItems,
  ].filter((each) => each !== undefined);
}

const PATTERNS: Readonly<Record<string, string>> = {
  '^[0-9a-fA-F]{24}$': '24 hexadecimal digits',
  '^[0-9a-f]{24}$': '24 hexadecimal digits',
  '^[0-9a-zA-Z]{6}$': '6 letters or digits',
  '\\S': 'not blank',
};

function span(least: number | undefined, most: number | undefined, one: string, many = `${one}s`): string | undefined {
  const unit = (count: number) => (one === '' ? '' : ` ${count === 1 ? one : many}`);
  if (least !== undefined && most !== undefined)
    return least === most ? `exactly ${least}${unit(least)}` : `${least} to ${most}${unit(most)}`;
  if (least !== undefined) return `at least ${least}${unit(least)}`;
  return most === undefined ? undefined : `at most ${most}${unit(most)}`;
}

/** A shape that has properties, or items that have some. */
interface Inner {
  name: string;
  schema: Schema;
  place: Place;
}

function listRows(schema: Schema, place: Place): SchemaRow[] {
  const inner = listInner(schema, place);
  const [only, ...others] = inner;
  if (only === undefined) return [];
  if (others.length === 0) return listProperties(only.schema, only.place);
  return inner.map(({ name, schema: shape, place: { key, ...at } }, index) => {
    const own = `${key}|${index}`;
    return {
      ...{ key: own, name, kind: 'shape', isRequired: false, isReadOnly: false, text: shape.description },
      ...{ type: name, values: [], bounds: [], examples: [] },
      note: hasConditions(shape, at.schemas) ? 'depends' : undefined,
      children: listProperties(shape, { ...at, key: own, depth: at.depth + 1 }),
    };
  });
}

/** Through references, alternatives and items to what has properties. */
function listInner(schema: Schema, place: Place): Inner[] {
  const { schemas, within } = place;
  return listShapes(schema, schemas).shapes.flatMap((shape) => {
    const { schema: own, component } = resolveSchema(shape, schemas);
    if (component !== undefined && within.includes(component)) return [];
    const inside = component === undefined ? place : { ...place, within: [...within, component] };
    if (own.anyOf !== undefined) return listInner(own, inside);
    if (own.items !== undefined) return listInner(own.items, inside);
    return hasProperties(own) ? [{ name: nameType(shape, schemas), schema: own, place: inside }] : [];
  });
}

function hasProperties({ properties, patternProperties, additionalProperties }: Schema): boolean {
  return [properties, patternProperties].some(Boolean) || typeof additionalProperties === 'object';
}

function listProperties(schema: Schema, place: Place): SchemaRow[] {
  const { properties = {}, patternProperties = {}, additionalProperties, required = [] } = schema;
  const named = Object.entries(properties).map(([name, property]) =>
    buildRow(property, { ...place, name, kind: 'property', isRequired: required.includes(name) }),
  );
  const others = [
    ...Object.values(patternProperties),
    ...(typeof additionalProperties === 'object' ? [additionalProperties] : []),
  ];
  const any = others.map((property, index) =>
    buildRow(property, { ...place, name: `*${index === 0 ? '' : index}`, kind: 'any', isRequired: false }),
  );
  return [...named, ...any];
}

interface RowPlace extends Place {
  name: string;
  kind: 'property' | 'any';
  isRequired: boolean;
}

function buildRow(schema: Schema, { name, kind, isRequired, ...place }: RowPlace): SchemaRow {
  const { schemas, within, depth } = place;
  const { schema: own } = resolveSchema(schema, schemas);
  const key = `${place.key}.${name}`;
  const isTooDeep = depth >= DEPTH_MAX;
  const isWithin = namesOf(schema, schemas).some((component) => within.includes(component));
  return {
    ...describeValue(schema, schemas),
    ...{ key, name: kind === 'any' ? 'any name' : name, kind, isRequired },
    isReadOnly: schema.readOnly ?? own.readOnly ?? false,
    text: schema.description ?? own.description,
    note: isTooDeep ? 'too deep' : isWithin ? 'within itself' : hasConditions(schema, schemas) ? 'depends' : undefined,
    children: isTooDeep ? [] : listRows(schema, { schemas, within, key, depth: depth + 1 }),
  };
}

/** The components that a value may be, or its items. */
function namesOf(schema: Schema, schemas: Schemas): string[] {
  return listShapes(schema, schemas).shapes.flatMap(({ $ref, items }) =>
    $ref !== undefined ? [$ref.slice(COMPONENT.length)] : items === undefined ? [] : namesOf(items, schemas),
  );
}
