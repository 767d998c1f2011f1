import { Type } from 'typebox';
import { createRouter, listRouters, readRouter, replaceRouter } from '../handlers/routers.ts';
import { idInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, nullable, PROBLEM, READ_ONLY, TIME } from '../schemas.ts';

const NAME_CHARACTERS_MAX = 200;
const ROUTES_MAX = 100;

const GIVEN_ROUTE = Type.Object(
  {
    id: Type.Optional(
      Type.String({
        pattern: '^[0-9a-zA-Z]{6}$',
        says: 'Must be six letters or digits, or left out.',
        description: 'A new one unless given.',
      }),
    ),
    flow_id: Type.String({
      pattern: '^[0-9a-fA-F]{24}$',
      says: 'Must be 24 hexadecimal characters.',
      description: 'A flow of the account, as deployed.',
    }),
    source_id: Type.String({
      pattern: '^(?:[0-9a-fA-F]{24}|[0-9a-zA-Z]{6})$',
      says: 'Must be 24 hexadecimal characters, or the six of a source.',
      description: 'A source of that flow: the id of its entity, or its own.',
    }),
    rule_set: Type.Optional(
      nullable(Type.Object({ rules: Type.Array(Type.Unknown()) }, { additionalProperties: true }), {
        description: 'Which leads; every lead unless given. Rules read fields of the lead, as submitted.',
      }),
    ),
  },
  CLOSED,
);

/** What is read-only is taken and left aside, so that an answer can be sent back changed. */
const GIVEN_ROUTER = Type.Object(
  {
    id: READ_ONLY,
    name: Type.Optional(
      nullable(
        Type.String({
          maxLength: NAME_CHARACTERS_MAX,
          says: `Must be a text of at most ${NAME_CHARACTERS_MAX} characters.`,
        }),
      ),
    ),
    module_id: Type.Optional(
      Type.String({
        description: 'The inbound module that reads what is submitted; leadconduit-default.inbound unless given.',
      }),
    ),
    routes: Type.Array(GIVEN_ROUTE, {
      maxItems: ROUTES_MAX,
      says: `Must be a list of at most ${ROUTES_MAX} routes.`,
      description: 'The first whose rules a lead passes decides.',
    }),
    revision: READ_ONLY,
    submit_path: READ_ONLY,
    warnings: READ_ONLY,
    created_at: READ_ONLY,
    updated_at: READ_ONLY,
  },
  { ...CLOSED, $id: 'GivenRouter' },
);

const ROUTER = Type.Object(
  {
    id: Type.String(),
    name: nullable(Type.String()),
    module_id: Type.String(),
    routes: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          flow_id: Type.String(),
          source_id: Type.String(),
          rule_set: nullable(Type.Object({}, { additionalProperties: true })),
        },
        CLOSED,
      ),
    ),
    revision: Type.Integer({ description: 'Each change raises it.' }),
    submit_path: Type.String({ description: 'Where leads are submitted; with /ping at the end they are pinged.' }),
    warnings: Type.Array(PROBLEM, { description: 'What works and is probably not meant, as things are now.' }),
    created_at: TIME,
    updated_at: TIME,
  },
  { ...CLOSED, $id: 'Router' },
);

const params = { id: idInPath('The id of the router.') };
const TEXANS = { op: 'and', rules: [{ lhv: 'lead.state', op: 'is equal to', rhv: 'TX' }] };
const EXAMPLE_ROUTE = { flow_id: '67c59a40eeeeeeeeeeeeeeee', source_id: '67c59a40dddddddddddddddd' };
const EXAMPLE_BODY = {
  name: 'By state',
  routes: [
    { ...EXAMPLE_ROUTE, rule_set: TEXANS },
    { ...EXAMPLE_ROUTE, flow_id: '67c59a40ffffffffffffffff' },
  ],
};
const EXAMPLE = {
  id: '67c59a40bbbbbbbbbbbbbbbb',
  name: 'By state',
  module_id: 'leadconduit-default.inbound',
  routes: [
    { id: 'k3x9q2', ...EXAMPLE_ROUTE, rule_set: TEXANS },
    { id: 'p7m4z1', ...EXAMPLE_ROUTE, flow_id: '67c59a40ffffffffffffffff', rule_set: null },
  ],
  revision: 1,
  submit_path: '/routers/67c59a40bbbbbbbbbbbbbbbb/submit',
  warnings: [],
  created_at: '2025-03-03T12:00:00.000Z',
  updated_at: '2025-03-03T12:00:00.000Z',
};

/** Submit URLs in front of several flows (spec api 16, decision page 0089). */
export const ROUTER_ROUTES = [
  route({
    name: 'listRouters',
    method: 'GET',
    path: '/routers',
    permission: 'flows.read',
    answers: { 200: Type.Array(ROUTER) },
    doc: { summary: 'The routers of the account, oldest first.', example: { answer: [EXAMPLE] } },
    handler: listRouters,
  }),
  route({
    name: 'createRouter',
    method: 'POST',
    path: '/routers',
    permission: 'flows.write',
    body: GIVEN_ROUTER,
    answers: { 201: ROUTER, 422: 'invalid_document' },
    doc: {
      summary: 'Makes one, which takes leads at once.',
      description: 'Flows and sources must be deployed, and rules must compile.',
      example: { body: EXAMPLE_BODY, answer: EXAMPLE },
    },
    handler: createRouter,
  }),
  route({
    name: 'readRouter',
    method: 'GET',
    path: '/routers/:id',
    permission: 'flows.read',
    params,
    answers: { 200: ROUTER, 404: 'not_found' },
    doc: { summary: 'One of them.', example: { answer: EXAMPLE } },
    handler: readRouter,
  }),
  route({
    name: 'replaceRouter',
    method: 'PUT',
    path: '/routers/:id',
    permission: 'flows.write',
    params,
    body: GIVEN_ROUTER,
    answers: { 200: ROUTER, 404: 'not_found', 422: 'invalid_document' },
    doc: {
      summary: 'Replaces it; leads follow at once.',
      description: 'There is no way to delete one. Without routes it refuses every lead.',
      example: { body: EXAMPLE_BODY, answer: { ...EXAMPLE, revision: 2 } },
    },
    handler: replaceRouter,
  }),
] as const;
