import { Type } from 'typebox';
import { NOTE_CHARACTERS_MAX } from '../../drafts/flow-draft.ts';
import { discardDraft, listDrafts, publishDraft, readDraft, replaceDraft } from '../handlers/drafts.ts';
import { about, integer } from '../parameters.ts';
import { idInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, FLOW_DOCUMENT, ID, nullable, TIME } from '../schemas.ts';
import { ACTOR } from './activity.ts';
import { CHANGES } from './changelogs.ts';
import { FLOW, FLOW_BYTES_MAX, WARNINGS } from './flows.ts';

/** The greatest number of a column of the database. */
const NUMBER_MAX = 2 ** 31 - 1;
/** Beside the document. */
const DRAFT_BYTES_MAX = FLOW_BYTES_MAX + 4_096;

const NUMBER = Type.Integer({ minimum: 1, maximum: NUMBER_MAX });

const DRAFT = Type.Object(
  {
    flow_id: ID,
    version: Type.Integer({ description: 'Rises with every change; no version of a flow comes twice.' }),
    base_revision: Type.Integer({ description: 'The saved revision that the draft changes.' }),
    saved_revision: Type.Integer(),
    deployed_revision: nullable(Type.Integer(), { description: 'Of what runs; null: it was never deployed.' }),
    document: Type.Unknown({ description: 'The Flow document as it was sent, perhaps unfinished.' }),
    errors: Type.Record(Type.String(), Type.String(), { description: 'What keeps it from being published, by path.' }),
    warnings: WARNINGS,
    since: nullable(Type.Integer(), {
      description: 'The revision that `changes` are against; null: it is not kept any more.',
    }),
    changes: Type.Object(CHANGES, CLOSED),
    updated_at: TIME,
    user: ACTOR,
  },
  { ...CLOSED, $id: 'FlowDraft', description: 'What people change in a flow before they publish it.' },
);

const LISTED_DRAFT = Type.Object(
  {
    flow_id: ID,
    version: Type.Integer(),
    base_revision: Type.Integer({ description: 'The saved revision that the draft changes.' }),
    updated_at: TIME,
    user: ACTOR,
  },
  { ...CLOSED, $id: 'ListedFlowDraft' },
);

const GIVEN_DRAFT = Type.Object(
  {
    document: Type.Optional(FLOW_DOCUMENT),
    revision: Type.Optional(Type.Integer({ ...NUMBER, description: 'Instead of a document: the revision to copy.' })),
    base_revision: Type.Integer({ ...NUMBER, description: 'The saved revision that the draft changes.' }),
    version: Type.Optional(
      nullable(NUMBER, { description: 'Of the draft that was read; null or absent: there was none.' }),
    ),
  },
  { ...CLOSED, $id: 'GivenFlowDraft' },
);

const PUBLISHING = Type.Object(
  {
    version: Type.Integer({ ...NUMBER, description: 'Of the draft that was read.' }),
    note: Type.Optional(
      nullable(
        Type.String({
          maxLength: NOTE_CHARACTERS_MAX,
          says: `Must be a text of at most ${NOTE_CHARACTERS_MAX} characters.`,
        }),
        { description: 'What it changes and why; shown with the revision.' },
      ),
    ),
  },
  { ...CLOSED, $id: 'PublishingOfDraft' },
);

const params = { id: idInPath('The id of the flow.') };

/** Drafts of flows (decision page 0108). */
export const DRAFT_ROUTES = [
  route({
    name: 'listDrafts',
    method: 'GET',
    path: '/drafts',
    permission: 'flows.read',
    answers: { 200: Type.Array(LISTED_DRAFT) },
    doc: { summary: 'Which flows have a draft, who saved it last and when.' },
    handler: listDrafts,
  }),
  route({
    name: 'readDraft',
    method: 'GET',
    path: '/flows/:id/draft',
    permission: 'flows.read',
    params,
    query: {
      since: about(
        'The revision that `changes` are against; the one the draft changes unless given.',
        integer({ min: 1, max: NUMBER_MAX }),
      ),
    },
    answers: { 200: DRAFT, 400: 'malformed_query', 404: 'not_found' },
    doc: { summary: 'The draft of a flow, with what keeps it from being published and what it changes.' },
    handler: readDraft,
  }),
  route({
    name: 'replaceDraft',
    method: 'PUT',
    path: '/flows/:id/draft',
    permission: 'flows.write',
    params,
    body: GIVEN_DRAFT,
    bodyBytesMax: DRAFT_BYTES_MAX,
    answers: { 200: DRAFT, 404: 'not_found', 409: 'conflict', 422: 'invalid_document' },
    doc: {
      summary: 'Keeps a draft; a flow has one, for all who may change it. Leads are not touched.',
      description:
        'A document with faults is kept, and `errors` names them. 409 where the draft has another version than `version`: somebody else saved it. After that somebody saved the flow itself, send the merged document with the new `base_revision`. `[redacted]` is refused as a value.',
      example: {
        body: {
          document: { name: 'Mortgage', enabled: true, fields: ['email', 'state'], sources: [], steps: [] },
          base_revision: 1,
          version: null,
        },
      },
    },
    handler: replaceDraft,
  }),
  route({
    name: 'discardDraft',
    method: 'DELETE',
    path: '/flows/:id/draft',
    permission: 'flows.write',
    params,
    query: {
      version: about(
        'Of the draft that was read; 409 where it has another one. Absent: whatever it has.',
        integer({ min: 1, max: NUMBER_MAX }),
      ),
    },
    answers: { 200: DRAFT, 400: 'malformed_query', 404: 'not_found', 409: 'conflict' },
    doc: { summary: 'Discards the draft and answers it as it was.' },
    handler: discardDraft,
  }),
  route({
    name: 'publishDraft',
    method: 'POST',
    path: '/flows/:id/draft/publish',
    permission: 'flows.deploy',
    params,
    body: PUBLISHING,
    answers: {
      200: FLOW,
      403: 'permission_required',
      404: 'not_found',
      409: 'conflict',
      422: ['invalid_document', 'not_deployable'],
    },
    doc: {
      summary: 'Saves the draft as the next revision and makes leads run on it, both or neither; the draft is gone.',
      description:
        'Takes `flows.write` as well. 409 where the draft has another version, or where its `base_revision` is not the saved one any more.',
      example: { body: { version: 1, note: 'Texas to 80 a day, as agreed with the buyer' } },
    },
    handler: publishDraft,
  }),
] as const;
