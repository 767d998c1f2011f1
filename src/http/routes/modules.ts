import { Type } from 'typebox';
import { listModules, readModule } from '../handlers/modules.ts';
import { about, list, oneOf } from '../parameters.ts';
import { nameInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, nullable } from '../schemas.ts';

const TEXT_OR_NULL = nullable(Type.String());

const VARIABLE = Type.Object(
  {
    name: Type.String(),
    type: Type.String({ description: 'A data type, or `wildcard` for an open-ended group such as `header.*`.' }),
    description: TEXT_OR_NULL,
    required: Type.Boolean(),
    default: Type.Optional(Type.String()),
    deprecated: Type.Optional(Type.Boolean()),
    examples: Type.Optional(Type.Array(Type.Unknown())),
  },
  { ...CLOSED, $id: 'ModuleVariable' },
);

export const MODULE = Type.Object(
  {
    id: Type.String({ description: 'What a flow names it by, as `module_id`.' }),
    type: Type.Enum(['inbound', 'outbound']),
    tag: TEXT_OR_NULL,
    integration_type: TEXT_OR_NULL,
    link: TEXT_OR_NULL,
    description: Type.String(),
    package: Type.String(),
    package_version: Type.String(),
    path: Type.String(),
    name: Type.String(),
    pingable: Type.Boolean(),
    env_variables: Type.Array(Type.String()),
    request_variables: Type.Array(VARIABLE, { description: 'What mappings may fill.' }),
    response_variables: Type.Array(VARIABLE, { description: 'What a step appends.' }),
  },
  { ...CLOSED, $id: 'Module' },
);

export const EXAMPLE_MODULE = {
  id: 'leadconduit-default.inbound',
  type: 'inbound',
  tag: null,
  integration_type: null,
  link: null,
  description: 'Takes leads as a form, JSON or XML.',
  package: 'leadconduit-default',
  package_version: '1.0.0',
  path: 'inbound',
  name: 'Standard submission',
  pingable: false,
  env_variables: [],
  request_variables: [{ name: '*', type: 'wildcard', description: 'Any field', required: false }],
  response_variables: [],
};

/** What flows can take leads with and deliver them with (spec api 17, modules a1). */
export const MODULE_ROUTES = [
  route({
    name: 'listModules',
    method: 'GET',
    path: '/modules',
    permission: 'flows.read',
    query: {
      type: about('Only modules of this direction.', oneOf(['inbound', 'outbound'])),
      package: about('Only modules of these packages, by their ids.', list()),
    },
    answers: { 200: Type.Array(MODULE) },
    doc: {
      summary: 'The modules flows can use, with the variables they take and append; `type` and `package` pick.',
      example: { answer: [EXAMPLE_MODULE] },
    },
    handler: listModules,
  }),
  route({
    name: 'readModule',
    method: 'GET',
    path: '/modules/:id',
    permission: 'flows.read',
    params: { id: nameInPath('The id of the module.') },
    answers: { 200: MODULE, 404: 'not_found' },
    doc: { summary: 'One of them.', example: { answer: EXAMPLE_MODULE } },
    handler: readModule,
  }),
] as const;
