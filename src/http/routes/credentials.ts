import { type TSchema, Type } from 'typebox';
import { CREDENTIAL_TYPE_ROWS, type CredentialAttribute } from '../../credentials/credential-types.ts';
import { CREDENTIAL_TYPES } from '../../model/credential.ts';
import {
  createCredential,
  listCredentials,
  listCredentialTypes,
  listCredentialUses,
  readCredentialById,
  removeCredential,
  replaceCredential,
  testCredential,
} from '../handlers/credentials.ts';
import { idInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, NAMED, nullable, READ_ONLY, TIME } from '../schemas.ts';

const NAME_CHARACTERS_MAX = 200;
/** A private key of 16,384 bits has about 13,000. */
const VALUE_CHARACTERS_MAX = 16_384;
const URL_CHARACTERS_MAX = 2_000;

/** Every attribute of the types, once each; which of them a type has is checked by the handler. */
const ATTRIBUTES: readonly CredentialAttribute[] = [
  ...new Map(
    Object.values(CREDENTIAL_TYPE_ROWS).flatMap(({ attributes }) =>
      attributes.map((each) => [each.name, each] as const),
    ),
  ).values(),
];

const VALUE_SAYS = `Must be a text of at most ${VALUE_CHARACTERS_MAX} characters.`;

const GIVEN_VALUES: Record<string, TSchema> = Object.fromEntries(
  ATTRIBUTES.map((attribute) => [attribute.name, Type.Optional(givenValue(attribute))]),
);

function givenValue({ name, does, isSecret, isPort }: CredentialAttribute): TSchema {
  const kept = isSecret ? ' null or nothing keeps what is stored.' : '';
  const description = `${does} Of ${typesWith(name)}.${kept}`;
  return isPort
    ? nullable(Type.Integer(), { description })
    : nullable(Type.String({ maxLength: VALUE_CHARACTERS_MAX, says: VALUE_SAYS }), { description });
}

function typesWith(name: string): string {
  return CREDENTIAL_TYPES.filter((type) =>
    CREDENTIAL_TYPE_ROWS[type].attributes.some((attribute) => attribute.name === name),
  )
    .map((type) => `\`${type}\``)
    .join(', ');
}

const GIVEN_CREDENTIAL = Type.Object(
  {
    id: READ_ONLY,
    name: Type.String({
      pattern: '\\S',
      maxLength: NAME_CHARACTERS_MAX,
      says: `Must be a text of 1 to ${NAME_CHARACTERS_MAX} characters.`,
    }),
    type: Type.Enum([...CREDENTIAL_TYPES], { description: 'What it consists of; it cannot be changed.' }),
    package: Type.Optional(
      nullable(Type.String({ maxLength: NAME_CHARACTERS_MAX }), {
        description: 'The integration package it is meant for; null: any.',
      }),
    ),
    ...GIVEN_VALUES,
    created_at: READ_ONLY,
    updated_at: READ_ONLY,
    last_used_at: READ_ONLY,
    expires_at: READ_ONLY,
  },
  { ...CLOSED, $id: 'GivenCredential' },
);

const SHOWN_VALUES: Record<string, TSchema> = Object.fromEntries(
  ATTRIBUTES.map(({ name, isSecret, isPort }) => [
    name,
    Type.Optional(
      isSecret
        ? Type.Null({ description: 'Never shown.' })
        : isPort
          ? nullable(Type.Integer())
          : nullable(Type.String()),
    ),
  ]),
);

export const CREDENTIAL = Type.Object(
  {
    id: Type.String({ description: 'What steps name it by, in `credential_id`.' }),
    name: Type.String(),
    type: Type.Enum([...CREDENTIAL_TYPES]),
    package: nullable(Type.String()),
    ...SHOWN_VALUES,
    created_at: TIME,
    updated_at: TIME,
    last_used_at: nullable(TIME, { description: 'To the minute; null: never.' }),
    expires_at: nullable(TIME, { description: 'When the token that was fetched with it ends; null: there is none.' }),
  },
  { ...CLOSED, $id: 'Credential' },
);

const USE = Type.Object(
  {
    flow: nullable(NAMED, { description: 'null: a pricing service or a batch names it.' }),
    pricing_service: nullable(NAMED, { description: 'null: a flow or a batch names it.' }),
    batch: nullable(NAMED, { description: 'null: a flow or a pricing service names it.' }),
    path: Type.String({ description: 'Where in it: `steps.0.credential_id`.' }),
    saved: Type.Boolean({ description: 'The flow as it is saved names it there.' }),
    deployed: Type.Boolean({ description: 'The flow as it runs names it there.' }),
  },
  { ...CLOSED, $id: 'CredentialUse' },
);

const TEST = Type.Object(
  {
    url: Type.Optional(
      Type.String({
        maxLength: URL_CHARACTERS_MAX,
        description: 'Asked with GET and the credential; a public address. Not needed for `oauth2`.',
      }),
    ),
  },
  { ...CLOSED, $id: 'CredentialTest' },
);
const TESTED = Type.Object(
  {
    outcome: Type.Enum(['success', 'failure', 'untested'], {
      description:
        '`success`: a token was fetched, and the URL answered a status below 400; or the mail server took the login.',
    }),
    reason: nullable(Type.String(), { description: 'Why it failed, or cannot be tested.' }),
    status: nullable(Type.Integer(), {
      description:
        'Of the URL, or the code that the mail server refused with; null: it was not asked, or did not answer.',
    }),
    expires_at: nullable(TIME, { description: 'Of the token that was fetched.' }),
    ms: Type.Integer(),
  },
  { ...CLOSED, $id: 'TestedCredential' },
);

const TYPE = Type.Object(
  {
    name: Type.Enum([...CREDENTIAL_TYPES]),
    label: Type.String(),
    does: Type.String(),
    test: Type.Enum(['token', 'url', 'mail', 'sftp', 'none'], {
      description: 'What `POST …/test` does: fetches a token, asks a URL, logs in; `none`: it is tested by its use.',
    }),
    attributes: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          does: Type.String(),
          secret: Type.Boolean({ description: 'No answer has it.' }),
          required: Type.Boolean(),
          lines: Type.Boolean({ description: 'A text of many lines.' }),
          port: Type.Boolean({ description: 'A whole number from 1 to 65535.' }),
          choices: nullable(Type.Array(Type.String()), { description: 'The values it may have; null: any text.' }),
          default: nullable(Type.Union([Type.String(), Type.Integer()])),
        },
        CLOSED,
      ),
    ),
  },
  { ...CLOSED, $id: 'CredentialType' },
);
const EXAMPLE_TYPE = {
  ...{ name: 'token', label: 'Token', does: 'A bearer token in the header Authorization.', test: 'url' },
  attributes: [
    {
      ...{ name: 'token', does: 'The token.', secret: true, required: true },
      ...{ lines: false, port: false, choices: null, default: null },
    },
  ],
};

const params = { id: idInPath('The id of the credential.') };
const EXAMPLE_BODY = { name: 'CRM', type: 'user', username: 'acme', password: 'correct horse' } as const;
const EXAMPLE = {
  id: '67c59a40dddddddddddddddd',
  name: 'CRM',
  type: 'user',
  package: null,
  username: 'acme',
  password: null,
  created_at: '2025-03-03T12:00:00.000Z',
  updated_at: '2025-03-03T12:00:00.000Z',
  last_used_at: null,
  expires_at: null,
} as const;
const EXAMPLE_USE = {
  flow: { id: '67c59a40aaaaaaaaaaaaaaaa', name: 'Mortgage' },
  pricing_service: null,
  batch: null,
  path: 'steps.0.credential_id',
  saved: true,
  deployed: true,
};
const EXAMPLE_TESTED = { outcome: 'success', reason: null, status: 200, expires_at: null, ms: 38 } as const;

/** What recipients ask of their senders (spec api 14, decision page 0081). No answer has a secret. */
export const CREDENTIAL_ROUTES = [
  route({
    name: 'listCredentials',
    method: 'GET',
    path: '/credentials',
    permission: 'flows.read',
    answers: { 200: Type.Array(CREDENTIAL) },
    doc: {
      summary: 'The stored credentials of the account, by name, without their secrets.',
      example: { answer: [EXAMPLE] },
    },
    handler: listCredentials,
  }),
  route({
    name: 'listCredentialTypes',
    method: 'GET',
    path: '/credential_types',
    permission: 'flows.read',
    answers: { 200: Type.Array(TYPE) },
    doc: { summary: 'The types of credentials, and what each consists of.', example: { answer: [EXAMPLE_TYPE] } },
    handler: listCredentialTypes,
  }),
  route({
    name: 'createCredential',
    method: 'POST',
    path: '/credentials',
    permission: 'credentials.manage',
    body: GIVEN_CREDENTIAL,
    answers: { 201: CREDENTIAL, 422: 'invalid_document' },
    doc: {
      summary: 'Stores one; its secrets are encrypted and no answer has them.',
      description: '[What each type consists of](../guides/credentials.md#types).',
      example: { body: EXAMPLE_BODY, answer: EXAMPLE },
    },
    handler: createCredential,
  }),
  route({
    name: 'readCredential',
    method: 'GET',
    path: '/credentials/:id',
    permission: 'flows.read',
    params,
    answers: { 200: CREDENTIAL, 404: 'not_found' },
    doc: { summary: 'One of them.', example: { answer: EXAMPLE } },
    handler: readCredentialById,
  }),
  route({
    name: 'replaceCredential',
    method: 'PUT',
    path: '/credentials/:id',
    permission: 'credentials.manage',
    params,
    body: GIVEN_CREDENTIAL,
    answers: { 200: CREDENTIAL, 404: 'not_found', 422: 'invalid_document' },
    doc: {
      summary: 'Replaces it; secrets that are null or absent stay as they are.',
      description: 'Flows that name it use it at once, without a deploy.',
      example: { body: { ...EXAMPLE_BODY, password: null }, answer: EXAMPLE },
    },
    handler: replaceCredential,
  }),
  route({
    name: 'removeCredential',
    method: 'DELETE',
    path: '/credentials/:id',
    permission: 'credentials.manage',
    params,
    answers: { 200: CREDENTIAL, 404: 'not_found', 409: 'conflict' },
    doc: {
      summary: 'Deletes it, unless a flow or a pricing service names it, as saved or as it runs.',
      example: { answer: EXAMPLE },
    },
    handler: removeCredential,
  }),
  route({
    name: 'listCredentialUses',
    method: 'GET',
    path: '/credentials/:id/uses',
    permission: 'flows.read',
    params,
    answers: { 200: Type.Array(USE), 404: 'not_found' },
    doc: {
      summary: 'Where flows, as saved and as they run, and pricing services name it.',
      example: { answer: [EXAMPLE_USE] },
    },
    handler: listCredentialUses,
  }),
  route({
    name: 'testCredential',
    method: 'POST',
    path: '/credentials/:id/test',
    permission: 'credentials.manage',
    params,
    body: TEST,
    answers: { 200: TESTED, 404: 'not_found', 422: 'invalid_document' },
    doc: {
      summary: 'Fetches a token, asks a URL or logs in to the mail server with it, and says whether that worked.',
      description:
        'No message is sent. The answer has nothing of the token or of what the URL answered but its status.',
      example: { body: { url: 'https://crm.example.com/me' }, answer: EXAMPLE_TESTED },
    },
    handler: testCredential,
  }),
] as const;
