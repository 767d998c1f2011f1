import { Type } from 'typebox';
import {
  countFieldUsage,
  createFlow,
  deployFlow,
  listFlowFields,
  listFlows,
  moveSecretToCredential,
  readFlow,
  removeFlow,
  replaceAllFlows,
  replaceFlow,
} from '../handlers/flows.ts';
import { about, list, text } from '../parameters.ts';
import { idInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, FLOW_DOCUMENT, ID, nullable, TIME } from '../schemas.ts';
import { CREDENTIAL } from './credentials.ts';
import { FIELD } from './fields.ts';

export const FLOW_BYTES_MAX = 4 * 1024 * 1024;
const FLOWS_BYTES_MAX = 8 * 1024 * 1024;
const TIME_FRAME_CHARACTERS_MAX = 100;

const WARNING = Type.Object({ path: Type.String(), message: Type.String(), check: Type.String() }, CLOSED);

const FACTS = {
  id: ID,
  name: Type.String(),
  errors: Type.Record(Type.String(), Type.String(), { description: 'What keeps it from running, by path.' }),
  revision: Type.Integer({ description: 'Of what is saved.' }),
  deployed_revision: nullable(Type.Integer({ description: 'Of what runs; null: it was never deployed.' })),
  created_at: TIME,
  updated_at: TIME,
};
export const WARNINGS = Type.Array(WARNING, { description: '[lint.md](lint.md)' });
const OF_A_DOCUMENT = { description: 'The Flow document as saved, with what the server knows of it.' };

export const FLOW = Type.Object({ ...FACTS, warnings: WARNINGS }, { ...OF_A_DOCUMENT, $id: 'SavedFlow' });
/** With `include` and `exclude` any property may be missing. */
const PICKED_FLOW = Type.Partial(FLOW, { ...OF_A_DOCUMENT, $id: 'PickedFlow' });

const NAME_CHARACTERS_MAX = 200;
const PROPERTY_CHARACTERS_MAX = 1_000;

const SECRET_OF_MAPPING = Type.Object(
  {
    step_id: Type.String({
      minLength: 1,
      maxLength: NAME_CHARACTERS_MAX,
      description: 'The id of the recipient step, or of the recipient of a distribution.',
    }),
    property: Type.String({
      minLength: 1,
      maxLength: PROPERTY_CHARACTERS_MAX,
      description: 'Of the mapping, as it is written: `header.X-Api-Key`.',
    }),
    name: Type.String({
      pattern: '\\S',
      maxLength: NAME_CHARACTERS_MAX,
      says: `Must be a text of 1 to ${NAME_CHARACTERS_MAX} characters.`,
      description: 'Of the credential.',
    }),
    revision: Type.Optional(
      nullable(Type.Integer(), {
        description: 'That was read; 409 where it is not the saved one. Absent: the saved one.',
      }),
    ),
  },
  { ...CLOSED, $id: 'SecretOfMapping' },
);
const MOVED_SECRET = Type.Object({ credential: CREDENTIAL, flow: FLOW }, { ...CLOSED, $id: 'MovedSecret' });

const params = { id: idInPath('The id of the flow.') };
const query = {
  include: about('Only these properties.', list()),
  exclude: about('All properties but these.', list()),
};
const timeframe = about(
  '`today`, `yesterday`, `this_N_<units>` or `previous_N_<units>`, with units from minutes to years.',
  text({ charactersMax: TIME_FRAME_CHARACTERS_MAX }),
);
const example = { body: { name: 'Mortgage', enabled: true, fields: ['email', 'state'], sources: [], steps: [] } };

/** Flows: saved revision by revision, live when deployed (spec api 3). */
export const FLOW_ROUTES = [
  route({
    name: 'listFlows',
    method: 'GET',
    path: '/flows',
    permission: 'flows.read',
    query,
    answers: { 200: Type.Array(PICKED_FLOW), 400: 'malformed_query' },
    doc: { summary: 'All flows as saved. `include` or `exclude` picks properties; `warnings` only by `include`.' },
    handler: listFlows,
  }),
  route({
    name: 'createFlow',
    method: 'POST',
    path: '/flows',
    permission: 'flows.write',
    body: FLOW_DOCUMENT,
    bodyBytesMax: FLOW_BYTES_MAX,
    answers: { 201: FLOW, 409: 'id_taken', 422: 'invalid_document' },
    doc: { summary: 'Saves a new flow; an `id` of your own may be given. Not live before a deploy.', example },
    handler: createFlow,
  }),
  route({
    name: 'replaceAllFlows',
    method: 'PUT',
    path: '/flows',
    permission: 'flows.replace_all',
    body: Type.Unknown({ description: 'A list of Flow documents with their ids.' }),
    bodyBytesMax: FLOWS_BYTES_MAX,
    answers: { 200: Type.Array(FLOW), 409: 'conflict', 422: 'invalid_document' },
    doc: { summary: 'Saves an array of complete flows with ids, all or none.' },
    handler: replaceAllFlows,
  }),
  route({
    name: 'readFlow',
    method: 'GET',
    path: '/flows/:id',
    permission: 'flows.read',
    params,
    query,
    answers: { 200: PICKED_FLOW, 400: 'malformed_query', 404: 'not_found' },
    doc: { summary: 'One flow as saved, with `errors`, [`warnings`](lint.md) and revisions.' },
    handler: readFlow,
  }),
  route({
    name: 'replaceFlow',
    method: 'PUT',
    path: '/flows/:id',
    permission: 'flows.write',
    params,
    body: FLOW_DOCUMENT,
    bodyBytesMax: FLOW_BYTES_MAX,
    hasRevisions: true,
    answers: { 200: FLOW, 404: 'not_found', 409: 'conflict', 422: 'invalid_document' },
    doc: {
      summary: 'Saves the next revision; 409 where the `revision` of the body, or `If-Match`, is not the saved one.',
      example,
    },
    handler: replaceFlow,
  }),
  route({
    name: 'removeFlow',
    method: 'DELETE',
    path: '/flows/:id',
    permission: 'flows.write',
    params,
    hasRevisions: true,
    answers: { 200: FLOW, 404: 'not_found', 409: 'conflict' },
    doc: { summary: 'Deletes a flow and answers it as it was; leads get 404 from then on. Takes `If-Match`.' },
    handler: removeFlow,
  }),
  route({
    name: 'deployFlow',
    method: 'POST',
    path: '/flows/:id/deploy',
    permission: 'flows.deploy',
    params,
    takesNoBody: true,
    hasRevisions: true,
    answers: {
      200: Type.Object({ message: Type.String() }, { ...CLOSED, $id: 'Deployed' }),
      404: 'not_found',
      409: 'conflict',
      422: 'not_deployable',
    },
    doc: {
      summary: 'Makes the last saved revision the one leads run on; takes `If-Match`.',
      example: { answer: { message: 'Your flow was deployed and the most recent changes are now live' } },
    },
    handler: deployFlow,
  }),
  route({
    name: 'moveSecretToCredential',
    method: 'POST',
    path: '/flows/:id/credentials/from_mapping',
    permission: 'credentials.manage',
    params,
    body: SECRET_OF_MAPPING,
    hasRevisions: true,
    answers: {
      201: MOVED_SECRET,
      403: 'permission_required',
      404: 'not_found',
      409: 'conflict',
      422: 'invalid_document',
    },
    doc: {
      summary: 'Stores the secret of a mapping as a credential, and saves the flow with a reference in its place.',
      description:
        'Takes `flows.write` as well, and `If-Match`. The step names the credential in `credential_id`, and the mapping becomes `{{credential.key}}`. Earlier revisions of the flow keep the text: have the secret replaced.',
      example: {
        body: { step_id: 'q3v7bk', property: 'header.X-Api-Key', name: 'CRM' },
      },
    },
    handler: moveSecretToCredential,
  }),
  route({
    name: 'listFlowFields',
    method: 'GET',
    path: '/flows/:id/fields',
    permission: 'flows.read',
    params,
    answers: { 200: Type.Array(FIELD), 404: 'not_found' },
    doc: { summary: 'The flow’s fields in its order.' },
    handler: listFlowFields,
  }),
  route({
    name: 'countFieldUsage',
    method: 'GET',
    path: '/flows/:id/fields/usage',
    permission: 'flows.read',
    params,
    query: { timeframe },
    takesTurns: true,
    answers: {
      200: Type.Record(Type.String(), Type.Integer(), { description: 'By field.' }),
      400: 'malformed_query',
      404: 'not_found',
    },
    doc: {
      summary:
        'Per field, how many leads came with it in `timeframe`: `today`, `yesterday`, `this_N_<units>`, `previous_N_<units>`. Counted at the source event, seconds after it; times that cut a quarter of an hour are read lead by lead.',
      example: { answer: { email: 12, state: 9 } },
    },
    handler: countFieldUsage,
  }),
] as const;
