import { Type } from 'typebox';
import {
  createDestination,
  listDestinations,
  readDestination,
  removeDestination,
  replaceDestination,
  rotateDestinationSecret,
} from '../handlers/destinations.ts';
import { about, listOf } from '../parameters.ts';
import { idInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, READ_ONLY } from '../schemas.ts';

export const ACTIONS_MAX = 50;
const NAME_CHARACTERS_MAX = 200;
const URL_CHARACTERS_MAX = 2_000;

const NAME = Type.String({
  pattern: '\\S',
  maxLength: NAME_CHARACTERS_MAX,
  says: `Must be a text of 1 to ${NAME_CHARACTERS_MAX} characters.`,
});

const GIVEN_ACTION = Type.Object(
  {
    name: NAME,
    action_id: Type.Optional(
      Type.String({
        // Part of the step id that its events carry.
        pattern: '^[A-Za-z0-9_-]{1,64}$',
        says: 'Must be letters, digits, _ or -.',
        description: 'A new one unless given. Flows name it.',
      }),
    ),
    webhook_url: Type.String({
      maxLength: URL_CHARACTERS_MAX,
      says: `Must be a URL of at most ${URL_CHARACTERS_MAX} characters.`,
      description: 'Where documents are posted to; a public address.',
    }),
  },
  CLOSED,
);

/** What is read-only is taken and left aside, so that an answer can be sent back changed. */
export const GIVEN_DESTINATION = Type.Object(
  {
    instance_id: READ_ONLY,
    name: NAME,
    integration_name: Type.Optional(NAME),
    integration_icon_url: Type.Optional(
      Type.String({
        maxLength: URL_CHARACTERS_MAX,
        says: `Must be a URL of at most ${URL_CHARACTERS_MAX} characters, or left out.`,
      }),
    ),
    actions: Type.Array(GIVEN_ACTION, {
      minItems: 1,
      maxItems: ACTIONS_MAX,
      says: `Must be a list of 1 to ${ACTIONS_MAX} actions.`,
    }),
    flow_usages: READ_ONLY,
    secret: READ_ONLY,
  },
  { ...CLOSED, $id: 'GivenDestination' },
);

const PROPERTIES = {
  instance_id: Type.String({ description: 'What flows name it by.' }),
  name: Type.String(),
  integration_name: Type.String(),
  integration_icon_url: Type.String({ description: 'Empty: there is none.' }),
  actions: Type.Array(
    Type.Object({ name: Type.String(), action_id: Type.String(), webhook_url: Type.String() }, CLOSED),
  ),
};

const DESTINATION = Type.Object(PROPERTIES, { ...CLOSED, $id: 'Destination' });

const USED_DESTINATION = Type.Object(
  {
    ...PROPERTIES,
    flow_usages: Type.Optional(
      Type.Object(
        {
          count: Type.Integer(),
          flows: Type.Array(Type.Object({ id: Type.String(), name: Type.String() }, CLOSED)),
        },
        { ...CLOSED, description: 'The flows that name it, as saved or as deployed; only when it is included.' },
      ),
    ),
  },
  { ...CLOSED, $id: 'UsedDestination' },
);

const SECRET_DESTINATION = Type.Object(
  {
    ...PROPERTIES,
    secret: Type.String({ description: 'The key documents are signed with. Only this answer has it.' }),
  },
  { ...CLOSED, $id: 'DestinationWithSecret' },
);

const params = { id: idInPath('The instance id of the destination.') };
const EXAMPLE = {
  instance_id: '67c59a40aaaaaaaaaaaaaaaa',
  name: 'Warehouse',
  integration_name: 'Webhook',
  integration_icon_url: '',
  actions: [{ name: 'Add lead', action_id: 'add', webhook_url: 'https://hooks.example.com/leads' }],
};
const EXAMPLE_BODY = { name: EXAMPLE.name, actions: EXAMPLE.actions };
const EXAMPLE_SECRET = { ...EXAMPLE, secret: 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=' };

/** Receivers of every lead that a flow has processed (spec api 3.9, decision 35). */
export const DESTINATION_ROUTES = [
  route({
    name: 'listDestinations',
    method: 'GET',
    path: '/destinations',
    permission: 'flows.read',
    query: { include: about('`flow_usages`: the flows that use each.', listOf(['flow_usages'])) },
    answers: { 200: Type.Array(USED_DESTINATION) },
    doc: {
      summary: 'The destinations of the account; `include=flow_usages` says which flows use each.',
      example: { answer: [EXAMPLE] },
    },
    handler: listDestinations,
  }),
  route({
    name: 'createDestination',
    method: 'POST',
    path: '/destinations',
    permission: 'flows.write',
    body: GIVEN_DESTINATION,
    answers: { 201: SECRET_DESTINATION, 422: 'invalid_document' },
    doc: {
      summary: 'Makes one; only this answer has its `secret`.',
      example: { body: EXAMPLE_BODY, answer: EXAMPLE_SECRET },
    },
    handler: createDestination,
  }),
  route({
    name: 'readDestination',
    method: 'GET',
    path: '/destinations/:id',
    permission: 'flows.read',
    params,
    answers: { 200: DESTINATION, 404: 'not_found' },
    doc: { summary: 'One of them, by its instance id.', example: { answer: EXAMPLE } },
    handler: readDestination,
  }),
  route({
    name: 'replaceDestination',
    method: 'PUT',
    path: '/destinations/:id',
    permission: 'flows.write',
    params,
    body: GIVEN_DESTINATION,
    answers: { 200: DESTINATION, 404: 'not_found', 409: 'conflict', 422: 'invalid_document' },
    doc: {
      summary: 'Replaces it, but for actions that a flow names; flows follow at once.',
      description: 'The key stays, and so must every action that a flow names.',
      example: { body: EXAMPLE_BODY, answer: EXAMPLE },
    },
    handler: replaceDestination,
  }),
  route({
    name: 'removeDestination',
    method: 'DELETE',
    path: '/destinations/:id',
    permission: 'flows.write',
    params,
    answers: { 200: DESTINATION, 404: 'not_found', 409: 'conflict' },
    doc: {
      summary: 'Deletes it, unless a flow names it, as saved or as it runs.',
      example: { answer: EXAMPLE },
    },
    handler: removeDestination,
  }),
  route({
    name: 'rotateDestinationSecret',
    method: 'POST',
    path: '/destinations/:id/rotate_secret',
    permission: 'credentials.manage',
    params,
    takesNoBody: true,
    answers: { 200: SECRET_DESTINATION, 404: 'not_found' },
    doc: {
      summary: 'Gives it a new `secret`, which only this answer has.',
      description: 'Documents are signed with it from now on.',
      example: { answer: EXAMPLE_SECRET },
    },
    handler: rotateDestinationSecret,
  }),
] as const;
