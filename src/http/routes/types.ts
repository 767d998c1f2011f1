import { Type } from 'typebox';
import { FIELD_TYPE_NAMES } from '../../model/field-type.ts';
import { OPERATOR_NAMES } from '../../model/operator.ts';
import { listTypes } from '../handlers/types.ts';
import { route } from '../route.ts';
import { CLOSED } from '../schemas.ts';

const NAME = Type.Enum([...FIELD_TYPE_NAMES]);

const FIELD_TYPE = Type.Object(
  {
    name: NAME,
    components: Type.Array(Type.Object({ name: Type.String(), type: NAME, description: Type.String() }, CLOSED), {
      description: 'What rules and templates can read of a value: `lead.phone_1.area`.',
    }),
    operators: Type.Array(Type.Enum([...OPERATOR_NAMES])),
    maskable: Type.Boolean({ description: 'Values are masked before anything is stored.' }),
  },
  { ...CLOSED, $id: 'FieldType' },
);

/** The data types (spec api 11.2). */
export const TYPE_ROUTES = [
  route({
    name: 'listTypes',
    method: 'GET',
    path: '/types',
    permission: 'flows.read',
    answers: { 200: Type.Array(FIELD_TYPE) },
    doc: {
      summary: 'The data types with their components and operators.',
      example: {
        answer: [
          {
            name: 'boolean',
            components: [{ name: 'raw', type: 'string', description: 'The value as it was submitted' }],
            operators: ['is true', 'is not true'],
            maskable: false,
          },
        ],
      },
    },
    handler: listTypes,
  }),
] as const;
