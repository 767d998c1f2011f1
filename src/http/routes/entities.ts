import { Type } from 'typebox';
import { RECIPIENT_KINDS, SOURCE_KINDS } from '../../entities/entity.ts';
import { createEntity, listEntities, readEntity, removeEntity, replaceEntity } from '../handlers/entities.ts';
import { idInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, ID, nullable, READ_ONLY, TIME } from '../schemas.ts';

const NAME_CHARACTERS_MAX = 200;
const DESCRIPTION_CHARACTERS_MAX = 2_000;
const URL_CHARACTERS_MAX = 2_000;
const MODULES_MAX = 100;

const textOf = (charactersMax: number) =>
  Type.String({
    pattern: '\\S',
    maxLength: charactersMax,
    says: `Must be a text of 1 to ${charactersMax} characters.`,
  });
const NAME = textOf(NAME_CHARACTERS_MAX);
const PAGE = Type.String({
  pattern: '^https?://[^\\s/]',
  maxLength: URL_CHARACTERS_MAX,
  says: `Must be a URL of at most ${URL_CHARACTERS_MAX} characters that begins with http:// or https://.`,
});
const SUFFIX = Type.String({
  pattern: '^[0-9a-zA-Z]{3,5}$',
  says: 'Must have three to five letters or digits.',
});

const SOURCE = Type.Union([Type.Enum([...SOURCE_KINDS]), Type.Null()], {
  says: `Must be one of ${SOURCE_KINDS.join(', ')}, or null.`,
  description: 'What it is as a source; null: it is none.',
});
const RECIPIENT = Type.Union([Type.Enum([...RECIPIENT_KINDS]), Type.Null()], {
  says: `Must be one of ${RECIPIENT_KINDS.join(', ')}, or null.`,
  description: 'What it is as a recipient; null: it is none.',
});

const DEFINITION = {
  name: NAME,
  description: Type.Optional(Type.String({ maxLength: DESCRIPTION_CHARACTERS_MAX })),
  module_ids: Type.Array(NAME, {
    maxItems: MODULES_MAX,
    says: `Must be a list of at most ${MODULES_MAX} ids of modules.`,
  }),
  source: SOURCE,
  recipient: RECIPIENT,
  field_suffix: Type.Optional(SUFFIX),
  logo_url: Type.Optional(PAGE),
  website: Type.Optional(PAGE),
  time_zone: Type.Optional(Type.String({ maxLength: 64 })),
  trustedform_certified_vendor: Type.Optional(Type.Boolean()),
  standard: READ_ONLY,
  account: READ_ONLY,
  pending: READ_ONLY,
  connected: READ_ONLY,
  connected_account_id: READ_ONLY,
  deprecated: READ_ONLY,
  see: READ_ONLY,
  invitation_id: READ_ONLY,
  invitation_expires_at: READ_ONLY,
  expired: READ_ONLY,
  flow_ids: READ_ONLY,
  created_at: READ_ONLY,
  updated_at: READ_ONLY,
};

const NEW_ENTITY = Type.Object({ id: Type.Optional(ID), ...DEFINITION }, { ...CLOSED, $id: 'NewEntity' });
const CHANGED_ENTITY = Type.Object({ id: READ_ONLY, ...DEFINITION }, { ...CLOSED, $id: 'ChangedEntity' });

const ENTITY = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    description: Type.Optional(Type.String()),
    module_ids: Type.Array(Type.String(), { description: 'The modules it sends or receives by.' }),
    source: SOURCE,
    recipient: RECIPIENT,
    standard: Type.Boolean({ description: 'Built in; none is here.' }),
    account: Type.Boolean({ description: 'Is it the account itself?' }),
    pending: Type.Boolean({ description: 'Invited and not yet accepted; nobody is invited here.' }),
    connected: Type.Null({ description: 'How it is connected to another account; none is here.' }),
    deprecated: Type.Boolean(),
    field_suffix: nullable(Type.String()),
    invitation_id: Type.Null(),
    flow_ids: Type.Array(Type.String(), { description: 'The flows that name it, as they are saved or as they run.' }),
    logo_url: nullable(Type.String()),
    time_zone: nullable(Type.String(), { description: 'IANA zone; for people, no window follows it.' }),
    trustedform_certified_vendor: Type.Boolean(),
    website: nullable(Type.String()),
    created_at: TIME,
    updated_at: TIME,
  },
  { ...CLOSED, $id: 'AccountEntity' },
);

const params = { id: idInPath('The id of the entity.') };
const body = {
  name: 'Search Ads',
  module_ids: ['leadconduit-default.inbound'],
  source: 'form',
  recipient: null,
  website: 'https://ads.example.com',
};
const EXAMPLE = {
  id: '5fd4371e940df5a34a3888b2',
  ...body,
  standard: false,
  account: false,
  pending: false,
  connected: null,
  deprecated: false,
  field_suffix: null,
  invitation_id: null,
  flow_ids: [],
  logo_url: null,
  time_zone: null,
  trustedform_certified_vendor: false,
  created_at: '2025-03-03T12:00:00.000Z',
  updated_at: '2025-03-03T12:00:00.000Z',
};

/** Senders and recipients of leads, which flows name (spec api 10, decision page 0057). */
export const ENTITY_ROUTES = [
  route({
    name: 'listEntities',
    method: 'GET',
    path: '/entities',
    permission: 'flows.read',
    answers: { 200: Type.Array(ENTITY) },
    doc: { summary: 'The senders and recipients of the account, by name.', example: { answer: [EXAMPLE] } },
    handler: listEntities,
  }),
  route({
    name: 'createEntity',
    method: 'POST',
    path: '/entities',
    permission: 'flows.write',
    body: NEW_ENTITY,
    answers: { 201: ENTITY, 409: 'id_taken', 422: 'invalid_document' },
    doc: {
      summary: 'Makes one. Saving a flow makes those that it names, too.',
      example: { body, answer: EXAMPLE },
    },
    handler: createEntity,
  }),
  route({
    name: 'readEntity',
    method: 'GET',
    path: '/entities/:id',
    permission: 'flows.read',
    params,
    answers: { 200: ENTITY, 404: 'not_found' },
    doc: { summary: 'One of them.', example: { answer: EXAMPLE } },
    handler: readEntity,
  }),
  route({
    name: 'replaceEntity',
    method: 'PUT',
    path: '/entities/:id',
    permission: 'flows.write',
    params,
    body: CHANGED_ENTITY,
    answers: { 200: ENTITY, 404: 'not_found', 422: 'invalid_document' },
    doc: {
      summary: 'Replaces it; flows keep the name they were saved with.',
      example: { body, answer: EXAMPLE },
    },
    handler: replaceEntity,
  }),
  route({
    name: 'removeEntity',
    method: 'DELETE',
    path: '/entities/:id',
    permission: 'flows.write',
    params,
    answers: { 200: ENTITY, 404: 'not_found', 409: 'conflict' },
    doc: {
      summary: 'Deletes it, unless a flow names it, as saved or as it runs.',
      example: { answer: EXAMPLE },
    },
    handler: removeEntity,
  }),
] as const;
