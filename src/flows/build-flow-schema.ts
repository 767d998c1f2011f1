import type { FlowObject, JsonSchema, PropertyRow } from './flow-property.ts';
import { FLOW_OBJECTS } from './flow-schema.ts';

/** Where the schema is served, below the server's address. */
export const FLOW_SCHEMA_PATH = '/schemas/flow.json';

/**
 * What a Flow document must be to be saved, its null properties left out. Unknown names are allowed, because documents
 * people bring are kept whole (decision 49), but for the objects that are closed.
 */
export function buildShapeSchema(): JsonSchema {
  return buildRoot((object) => ({
    type: 'object',
    ...buildRequired(object),
    properties: mapRows(object, ({ type }) => type.schema),
    ...(object.isClosed ? { additionalProperties: false } : {}),
    ...object.keywords,
  }));
}

/**
 * The same for editors (JSON Schema, draft 2020-12): with what each property does, null where it means absent, and no
 * name that is not in the table, so that an editor marks a misspelt one while it is typed.
 */
export function buildEditorSchema(): JsonSchema {
  const root = buildRoot((object) => ({
    type: 'object',
    description: object.what,
    ...buildRequired(object),
    properties: mapRows(object, editorProperty),
    additionalProperties: false,
    ...object.keywords,
  }));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: FLOW_SCHEMA_PATH,
    title: 'Flow',
    ...root,
  };
}

function buildRoot(definition: (object: FlowObject) => JsonSchema): JsonSchema {
  const $defs = Object.fromEntries(Object.entries(FLOW_OBJECTS).map(([name, object]) => [name, definition(object)]));
  return { $ref: '#/$defs/Flow', $defs };
}

function buildRequired({ properties }: FlowObject): JsonSchema {
  const required = Object.entries(properties).flatMap(([name, { isRequired }]) => (isRequired ? [name] : []));
  return required.length === 0 ? {} : { required };
}

function mapRows(object: FlowObject, make: (row: PropertyRow) => JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(object.properties).map(([name, row]) => [name, make(row)]));
}

function editorProperty(row: PropertyRow): JsonSchema {
  const { schema } = row.type;
  const status = row.status === undefined || row.status === 'works' ? '' : ` (${STATUS_NOTES[row.status]})`;
  const fallback = row.default === undefined ? '' : ` Default: ${row.default}.`;
  const pages = {
    description: `${row.does}${fallback}${status}`,
    ...(row.example === undefined ? {} : { examples: [row.example] }),
  };
  if (row.isRequired) return { ...schema, ...pages };
  return { anyOf: [schema, { type: 'null' }], ...pages };
}

const STATUS_NOTES = {
  'not-yet': 'stored, has no effect yet',
  carried: 'stored, has no effect',
  'read-only': 'read-only',
} as const;
