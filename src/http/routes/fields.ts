import { Type } from 'typebox';
import { FIELD_TYPE_NAMES } from '../../model/field-type.ts';
import { createField, listFields, readField, removeField, replaceField } from '../handlers/fields.ts';
import { about, id } from '../parameters.ts';
import { nameInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, READ_ONLY } from '../schemas.ts';

const ID_CHARACTERS_MAX = 100;
const NAME_CHARACTERS_MAX = 200;
const DESCRIPTION_CHARACTERS_MAX = 2_000;

/** `first_name`, `mortgage.loan.amount_acme`: names, dotted into groups. */
const FIELD_ID = Type.String({
  pattern: '^[A-Za-z0-9_]+(\\.[A-Za-z0-9_]+)*$',
  maxLength: ID_CHARACTERS_MAX,
  says: `Must be made of letters, digits and underscores, with dots between groups, at most ${ID_CHARACTERS_MAX} characters.`,
});

export const FIELD = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    type: Type.Enum([...FIELD_TYPE_NAMES, 'array']),
    description: Type.Optional(Type.String()),
    standard: Type.Boolean({ description: 'Built in, and the same for every account.' }),
    aggregate: Type.Optional(Type.Boolean()),
    masked: Type.Optional(Type.Boolean({ description: 'Values are masked before anything is stored.' })),
    deprecated: Type.Optional(Type.Boolean()),
    see: Type.Optional(Type.String({ description: 'The field to use instead.' })),
    examples: Type.Optional(Type.Array(Type.Unknown())),
    created_at: Type.Optional(Type.String({ format: 'date-time' })),
    updated_at: Type.Optional(Type.String({ format: 'date-time' })),
  },
  { ...CLOSED, $id: 'Field' },
);

const DEFINITION = {
  name: Type.String({
    pattern: '\\S',
    maxLength: NAME_CHARACTERS_MAX,
    says: `Must be a text of 1 to ${NAME_CHARACTERS_MAX} characters.`,
  }),
  type: Type.Enum([...FIELD_TYPE_NAMES]),
  description: Type.Optional(Type.String({ maxLength: DESCRIPTION_CHARACTERS_MAX })),
  aggregate: Type.Optional(Type.Boolean()),
  masked: Type.Optional(Type.Boolean()),
  standard: READ_ONLY,
  deprecated: READ_ONLY,
  see: READ_ONLY,
  examples: READ_ONLY,
  created_at: READ_ONLY,
  updated_at: READ_ONLY,
};

export const NEW_FIELD = Type.Object({ id: FIELD_ID, ...DEFINITION }, { ...CLOSED, $id: 'NewField' });
export const CHANGED_FIELD = Type.Object(
  { id: Type.Optional(FIELD_ID), ...DEFINITION },
  { ...CLOSED, $id: 'ChangedField' },
);

const params = { id: nameInPath('The id of the field.') };
const example = {
  body: { id: 'shoe_size_acme', name: 'Shoe Size', type: 'number' },
  answer: { id: 'shoe_size_acme', name: 'Shoe Size', type: 'number', aggregate: true, standard: false },
};

/** Fields of leads: built in, and the account's own (spec api 11.1). */
export const FIELD_ROUTES = [
  route({
    name: 'listFields',
    method: 'GET',
    path: '/fields',
    permission: 'flows.read',
    query: { flow_id: about('Only the fields of this flow, in its order.', id()) },
    answers: { 200: Type.Array(FIELD), 404: 'not_found' },
    doc: { summary: 'Standard and own fields; with `flow_id` those of a flow.' },
    handler: listFields,
  }),
  route({
    name: 'createField',
    method: 'POST',
    path: '/fields',
    permission: 'fields.write',
    body: NEW_FIELD,
    answers: { 201: FIELD, 409: 'id_taken', 422: 'invalid_document' },
    doc: { summary: 'Makes a field of your own.', example },
    handler: createField,
  }),
  route({
    name: 'readField',
    method: 'GET',
    path: '/fields/:id',
    permission: 'flows.read',
    params,
    answers: { 200: FIELD, 404: 'not_found' },
    doc: { summary: 'One field.', example: { answer: example.answer } },
    handler: readField,
  }),
  route({
    name: 'replaceField',
    method: 'PUT',
    path: '/fields/:id',
    permission: 'fields.write',
    params,
    body: CHANGED_FIELD,
    answers: { 200: FIELD, 403: 'standard_field', 404: 'not_found', 422: 'invalid_document' },
    doc: {
      summary: 'Changes a field of your own.',
      description: 'The id stays. A masked field stays masked until the body says `"masked": false`.',
      example: { body: { name: 'Shoe Size', type: 'number' }, answer: example.answer },
    },
    handler: replaceField,
  }),
  route({
    name: 'removeField',
    method: 'DELETE',
    path: '/fields/:id',
    permission: 'fields.write',
    params,
    answers: { 200: FIELD, 202: FIELD, 403: 'standard_field', 404: 'not_found' },
    doc: {
      summary: 'Deletes a field of your own; 202 when flows still use it.',
      description:
        'The answer is the field as it was. Flows that use it run on; their `errors` say what their next edit must drop.',
      example: { answer: example.answer },
    },
    handler: removeField,
  }),
] as const;
