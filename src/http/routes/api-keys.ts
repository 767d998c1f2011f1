import { Type } from 'typebox';
import { ENDED_KEY_DAYS_KEPT } from '../../access/api-key-store.ts';
import { isPermission, PERMISSIONS } from '../../access/permissions.ts';
import { isRole, ROLES } from '../../access/roles.ts';
import { KEY_REQUEST_DAYS_KEPT, KEY_REQUESTS_MAX } from '../../keeping/periods.ts';
import { createKey, listApiKeyRequests, listApiKeys, readApiKey, revokeKey, rotateKey } from '../handlers/api-keys.ts';
import { KEY_REQUEST_PARAMETERS } from '../key-request-parameters.ts';
import { idInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { ACTOR } from './activity.ts';

const CLOSED = { additionalProperties: false };
const NAME_CHARACTERS_MAX = 200;
/** Flows or sources of one key. */
const LIMITS_MAX = 100;
/** A month. */
const GRACE_SECONDS_MAX = 30 * 86_400;

const ROLE = Type.Enum(Object.keys(ROLES).filter(isRole));
const PERMISSION = Type.Enum(Object.keys(PERMISSIONS).filter(isPermission));
const TIME = Type.String({ format: 'date-time', says: 'Must be an ISO 8601 time, such as 2026-03-20T15:06:01Z.' });
const ID = Type.String({ pattern: '^[0-9a-f]{24}$', says: 'Must have 24 hexadecimal characters, in lower case.' });
/** Of an entity, or the six characters of a source itself. */
const SOURCE_ID = Type.String({ minLength: 1, maxLength: 24 });

const orNull = <Schema extends ReturnType<typeof Type.String>>(schema: Schema) => Type.Union([schema, Type.Null()]);

const KEY_FIELDS = {
  id: Type.String(),
  name: Type.String(),
  prefix: Type.Union([Type.String(), Type.Null()], { description: 'The first characters of the key.' }),
  role: Type.Union([ROLE, Type.Null()]),
  permissions: Type.Array(PERMISSION, { description: 'What it may do: its own list, or that of its role.' }),
  flow_ids: Type.Union([Type.Array(Type.String()), Type.Null()]),
  source_ids: Type.Union([Type.Array(Type.String()), Type.Null()]),
  created_at: Type.String({ format: 'date-time' }),
  created_by: Type.Union([ACTOR, Type.Null()]),
  expires_at: orNull(Type.String({ format: 'date-time' })),
  last_used_at: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], { description: 'Exact to a minute.' }),
  revoked_at: orNull(Type.String({ format: 'date-time' })),
  previous_valid_until: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
    description: 'Until when what the key was before its rotation is valid too.',
  }),
};

const API_KEY = Type.Object(KEY_FIELDS, { ...CLOSED, $id: 'ApiKey' });
const SHOWN_API_KEY = Type.Object(
  { ...KEY_FIELDS, key: Type.String({ description: 'The key itself: it is shown in this answer and never again.' }) },
  { ...CLOSED, $id: 'ShownApiKey' },
);

const NEW_API_KEY = Type.Object(
  {
    name: Type.String({
      pattern: '\\S',
      maxLength: NAME_CHARACTERS_MAX,
      says: `Must be a text of 1 to ${NAME_CHARACTERS_MAX} characters.`,
    }),
    role: Type.Optional(ROLE),
    permissions: Type.Optional(Type.Array(PERMISSION, { minItems: 1, description: 'Instead of a role.' })),
    flow_ids: Type.Optional(
      Type.Array(ID, { minItems: 1, maxItems: LIMITS_MAX, description: 'The flows it may submit to. Absent: all.' }),
    ),
    source_ids: Type.Optional(
      Type.Array(SOURCE_ID, {
        minItems: 1,
        maxItems: LIMITS_MAX,
        description: 'The sources it may submit to, as submit URLs name them. Absent: all.',
      }),
    ),
    expires_at: Type.Optional(TIME),
  },
  { ...CLOSED, $id: 'NewApiKey' },
);

const ROTATION = Type.Object(
  {
    grace_seconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: GRACE_SECONDS_MAX,
        description: 'How long the key so far stays valid; a day by default.',
        says: `Must be a whole number from 0 to ${GRACE_SECONDS_MAX}.`,
      }),
    ),
  },
  { ...CLOSED, $id: 'ApiKeyRotation' },
);

const KEY_REQUEST = Type.Object(
  {
    id: Type.String({ description: 'For `after_id` and `before_id`.' }),
    at: Type.String({ format: 'date-time', description: 'When it was answered.' }),
    operation: Type.String({ description: 'As this document names it.' }),
    method: Type.String(),
    path: Type.String({ description: 'Without the values in it.' }),
    status: Type.Integer(),
    ms: Type.Number({ description: 'From the request to the end of the answer.' }),
    bytes: Type.Union([Type.Integer(), Type.Null()], {
      description: 'Of the answer without its head, as it was sent: compressed, where it was.',
    }),
    trace_id: Type.String({ description: 'Of the `traceparent` that came with it, or made for it; the log names it.' }),
    skipped: Type.Integer({
      description: 'Requests of the key before this one that are missing here, because too many came at once.',
    }),
  },
  { ...CLOSED, $id: 'ApiKeyRequest' },
);
const REQUEST_EXAMPLE = {
  id: '67c59a40aaaaaaaaaaaaaaaa',
  at: '2025-03-03T12:00:00.000Z',
  operation: 'readFlow',
  method: 'GET',
  path: '/flows/{id}',
  status: 404,
  ms: 3.4,
  bytes: 71,
  trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
  skipped: 0,
};

const params = { id: idInPath('The id of the API key.') };
const example = {
  id: '6b00d7de4f1c2a0000000001',
  name: 'Search Ads',
  prefix: 'slk_5f1c09ab',
  role: 'vendor',
  permissions: ['leads.submit'],
  flow_ids: null,
  source_ids: ['6b00d7de4f1c2a0000000007'],
  created_at: '2026-03-20T15:06:01.000Z',
  created_by: { kind: 'key', id: '6b00d7de4f1c2a0000000000', name: 'Administrator' },
  expires_at: null,
  last_used_at: null,
  revoked_at: null,
  previous_valid_until: null,
};
const shown = { ...example, key: 'slk_5f1c09ab…' };

/** API keys: who may do what, and how a key ends (decision 0048). */
export const API_KEY_ROUTES = [
  route({
    name: 'listApiKeys',
    method: 'GET',
    path: '/api_keys',
    permission: 'keys.manage',
    answers: { 200: Type.Array(API_KEY) },
    doc: {
      summary: `The API keys of the account; those that expired or were revoked for ${ENDED_KEY_DAYS_KEPT} days. Never a key itself.`,
    },
    handler: listApiKeys,
  }),
  route({
    name: 'createApiKey',
    method: 'POST',
    path: '/api_keys',
    permission: 'keys.manage',
    body: NEW_API_KEY,
    answers: { 201: SHOWN_API_KEY, 403: 'permission_required', 422: 'invalid_document' },
    doc: {
      summary: 'Makes an API key with a role or with permissions; the answer alone shows it.',
      description: 'It may not do more than the caller. `flow_ids` and `source_ids` go with submitting alone.',
      example: { body: { name: 'Search Ads', role: 'vendor', source_ids: example.source_ids }, answer: shown },
    },
    handler: createKey,
  }),
  route({
    name: 'readApiKey',
    method: 'GET',
    path: '/api_keys/:id',
    permission: 'keys.manage',
    params,
    answers: { 200: API_KEY, 404: 'not_found' },
    doc: { summary: 'One API key.', example: { answer: example } },
    handler: readApiKey,
  }),
  route({
    name: 'listApiKeyRequests',
    method: 'GET',
    path: '/api_keys/:id/requests',
    permission: 'keys.manage',
    params,
    query: KEY_REQUEST_PARAMETERS,
    answers: { 200: Type.Array(KEY_REQUEST), 404: 'not_found' },
    doc: {
      summary: 'What a key asked for lately, newest first; `status`, `operation` and time pick.',
      description: `Of ${KEY_REQUEST_DAYS_KEPT} days, the newest ${KEY_REQUESTS_MAX} at least; a request is here a second or so after its answer. Routes without values of queries and bodies. Not here: leads and feedback, which are events; streams and downloads of files; requests with a key that is not in force.`,
      example: { answer: [REQUEST_EXAMPLE] },
    },
    handler: listApiKeyRequests,
  }),
  route({
    name: 'rotateApiKey',
    method: 'POST',
    path: '/api_keys/:id/rotate',
    permission: 'keys.manage',
    params,
    body: ROTATION,
    answers: { 200: SHOWN_API_KEY, 403: 'permission_required', 404: 'not_found', 409: 'conflict' },
    doc: {
      summary: 'Replaces a key by a new one under the same id; the answer alone shows it.',
      description: 'The key so far stays valid for `grace_seconds`, so that its user has time to change it.',
      example: { body: { grace_seconds: 3_600 }, answer: shown },
    },
    handler: rotateKey,
  }),
  route({
    name: 'revokeApiKey',
    method: 'DELETE',
    path: '/api_keys/:id',
    permission: 'keys.manage',
    params,
    answers: { 200: API_KEY, 404: 'not_found', 409: 'conflict' },
    doc: {
      summary: 'Ends an API key: at once on this server, within five seconds on others.',
      description: 'The last key of an owner is not revoked (409).',
      example: { answer: { ...example, revoked_at: '2026-03-21T09:00:00.000Z' } },
    },
    handler: revokeKey,
  }),
] as const;
