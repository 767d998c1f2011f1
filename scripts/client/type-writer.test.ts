import { Type } from 'typebox';
import { expect, it } from 'vitest';
import { buildEditorSchema } from '../../src/flows/build-flow-schema.ts';
import { createTypeWriter, type Schema } from './type-writer.ts';

const CLOSED = { additionalProperties: false };
/** Schemas are JSON Schema, whatever builds them. */
const write = (schema: unknown) => createTypeWriter().write(schema as Schema);

it.each<[unknown, string]>([
  [Type.String({ maxLength: 5 }), 'string'],
  [Type.Integer(), 'number'],
  [Type.Enum(['a', 'b']), '"a" | "b"'],
  [Type.Literal('a'), '"a"'],
  [Type.Union([Type.String(), Type.Null()]), 'string | null'],
  [Type.Union([Type.String(), Type.Unknown()]), 'unknown'],
  [Type.Array(Type.Union([Type.String(), Type.Null()])), '(string | null)[]'],
  [Type.Tuple([Type.String(), Type.Number()]), '[string, number]'],
  [Type.Unknown(), 'unknown'],
  [Type.Record(Type.String(), Type.Number()), 'Record<string, number>'],
  [Type.Object({}, CLOSED), 'Record<string, never>'],
  [Type.Object({}), 'Record<string, unknown>'],
  [Type.Object({ a: Type.String(), 'b-c': Type.Optional(Type.Null()) }, CLOSED), '{\n  a: string;\n  "b-c"?: null;\n}'],
  [Type.Object({ a: Type.String() }), '{\n  a: string;\n  [name: string]: unknown;\n}'],
  [{ type: ['string', 'null'] }, 'string | null'],
  [{ allOf: [Type.String(), Type.Union([Type.String(), Type.Number()])] }, 'string & (string | number)'],
  [
    { type: 'object', properties: { a: Type.String() }, additionalProperties: false, allOf: [{ if: {} }] },
    '{\n  a?: string;\n}',
  ],
  [{ allOf: [{ if: {} }] }, 'unknown'],
])('writes %j as %s', (schema, expected) => {
  expect(write(schema)).toBe(expected);
});

it('declares what has a name once, with what is said of it', () => {
  const types = createTypeWriter();
  const lead = Type.Object({ id: Type.String({ description: 'Of */ the lead.' }) }, { ...CLOSED, $id: 'Lead' });
  const both = Type.Object({ one: lead, more: Type.Array(lead) }, CLOSED);
  expect(types.write(both as Schema)).toBe('{\n  one: Lead;\n  more: Lead[];\n}');
  expect(types.declarations()).toEqual(['export interface Lead {\n  /** Of *\\/ the lead. */\n  id: string;\n}']);
});

it('refuses two schemas of one name', () => {
  const types = createTypeWriter();
  types.write({ $id: 'Lead', type: 'string' });
  expect(() => types.write({ $id: 'Lead', type: 'number' })).toThrow('There are two schemas named Lead.');
});

it('writes definitions that contain themselves, under the title of the whole', () => {
  const types = createTypeWriter();
  expect(types.write(buildEditorSchema() as Schema)).toBe('Flow');
  const cap = types.declarations().find((text) => text.includes('interface FlowCap '));
  expect(cap).toContain('caps?: FlowCap[] | null;');
});
