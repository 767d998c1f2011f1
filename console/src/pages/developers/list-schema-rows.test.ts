import { describe, expect, it } from 'vitest';
import { describeValue, listSchemaRows, type SchemaRow } from './list-schema-rows.ts';
import type { Schema, Schemas } from './read-reference.ts';

const SCHEMAS: Schemas = {
  Rule: {
    type: 'object',
    description: 'One test.',
    required: ['op'],
    properties: {
      op: { enum: ['and', 'or'] },
      rules: { type: 'array', items: { $ref: '#/components/schemas/Rule' } },
    },
    dependentSchemas: {},
  },
  Role: { enum: ['owner', 'vendor'] },
};
const RULE: Schema = { $ref: '#/components/schemas/Rule' };
const ID: Schema = { type: 'string', pattern: '^[0-9a-fA-F]{24}$' };

describe('a schema in words', () => {
  it.each<[schema: Schema, type: string, more?: Partial<ReturnType<typeof describeValue>>]>([
    [{ type: 'string', maxLength: 64 }, 'string', { bounds: ['at most 64 characters'] }],
    [{ type: 'integer', minimum: 1, maximum: 1000 }, 'integer', { bounds: ['1 to 1000'] }],
    [{ type: 'integer', minimum: 0 }, 'integer', { bounds: ['at least 0'] }],
    [{ type: 'number', exclusiveMinimum: 0 }, 'number', { bounds: ['above 0'] }],
    [{ type: 'string', format: 'date-time' }, 'string (date-time)'],
    [{ type: 'string', format: 'binary' }, 'file'],
    [{ enum: ['asc', 'desc'] }, 'string', { values: ['"asc"', '"desc"'] }],
    [{ const: 3 }, 'number', { values: ['3'] }],
    [{ anyOf: [ID, { type: 'null' }] }, 'string or null', { bounds: ['24 hexadecimal digits'] }],
    [
      { type: 'array', items: ID, maxItems: 100 },
      'array of string',
      { bounds: ['at most 100 entries', 'each 24 hexadecimal digits'] },
    ],
    [{ type: 'array', items: { anyOf: [RULE, { type: 'null' }] } }, 'array of (Rule or null)'],
    [{ type: 'array' }, 'array of any JSON'],
    [{ anyOf: [{ anyOf: [{ type: 'string' }, { type: 'number' }] }, { type: 'null' }] }, 'string or number or null'],
    [{ type: 'null' }, 'null'],
    [{ type: 'array', minItems: 1, maxItems: 1 }, 'array of any JSON', { bounds: ['exactly 1 entry'] }],
    [{ type: 'string', pattern: '^a+$', examples: ['aa'] }, 'string', { bounds: ['as ^a+$'], examples: ['"aa"'] }],
    [{}, 'any JSON'],
    [RULE, 'Rule'],
    [{ $ref: '#/components/schemas/Role' }, 'string', { values: ['"owner"', '"vendor"'] }],
  ])('%j is %s', (schema, type, more = {}) => {
    expect(describeValue(schema, SCHEMAS)).toMatchObject({ type, ...more });
  });
});

describe('the rows of a schema', () => {
  const show = ({ name, type, isRequired, note, children }: SchemaRow): unknown => [
    `${name}${isRequired ? '!' : ''}: ${type}${note === undefined ? '' : ` (${note})`}`,
    ...children.map(show),
  ];
  const cases: readonly [what: string, schema: Schema, rows: unknown[]][] = [
    ['of a value without properties are none', { type: 'string' }, []],
    ['of what is within itself end there', RULE, [['op!: string'], ['rules: array of Rule (within itself)']]],
    [
      'of a property are below it, through alternatives and items',
      { type: 'object', properties: { rule: { anyOf: [RULE, { type: 'null' }] } } },
      [['rule: Rule or null (depends)', ['op!: string'], ['rules: array of Rule (within itself)']]],
    ],
    [
      'say that names are free',
      { type: 'object', patternProperties: { '^.*$': { type: 'number' } } },
      [['any name: number']],
    ],
    [
      'of several shapes are apart',
      { anyOf: [RULE, { type: 'object', properties: { id: ID } }] },
      [
        ['Rule: Rule (depends)', ['op!: string'], ['rules: array of Rule (within itself)']],
        ['object: object', ['id: string']],
      ],
    ],
    [
      'of a list are those of its entries',
      { type: 'array', items: { type: 'object', required: ['id'], properties: { id: ID } } },
      [['id!: string']],
    ],
  ];
  it.each(cases)('%s', (_, schema, rows) => {
    expect(listSchemaRows(schema, SCHEMAS).map(show)).toEqual(rows);
  });

  it('have keys of their own', () => {
    const flat = (rows: readonly SchemaRow[]): string[] =>
      rows.flatMap(({ key, children }) => [key, ...flat(children)]);
    for (const [, schema] of cases) {
      const keys = flat(listSchemaRows(schema, SCHEMAS));
      expect(new Set(keys).size).toBe(keys.length);
    }
  });
});
