import { Type } from 'typebox';
import {
  listRevisions,
  REVISION_LIMIT_DEFAULT,
  REVISION_LIMIT_MAX,
  readRevision,
  revertFlow,
} from '../handlers/revisions.ts';
import { about, integer } from '../parameters.ts';
import { idInPath, numberInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, nullable, open, TIME } from '../schemas.ts';
import { ACTOR } from './activity.ts';
import { CHANGES } from './changelogs.ts';
import { FLOW } from './flows.ts';

/** The greatest number of a column of the database. */
const REVISION_MAX = 2 ** 31 - 1;

const PROPERTIES = {
  revision: Type.Integer(),
  saved_at: TIME,
  deployed_at: nullable(TIME, { description: 'When it was last made live; null: it never was.' }),
  is_saved: Type.Boolean({ description: 'It is the last one.' }),
  is_deployed: Type.Boolean({ description: 'Leads run on it.' }),
  user: nullable(ACTOR, { description: 'Who saved it; null: it is not known.' }),
  note: nullable(Type.String(), { description: 'What they said about it when they published it; null: nothing.' }),
};
const SENTENCES = Type.Array(Type.String(), { description: 'What it changed, in words; empty for the first one.' });

const REVISION = Type.Object({ ...PROPERTIES, sentences: SENTENCES }, { ...CLOSED, $id: 'FlowRevision' });
const WHOLE_REVISION = Type.Object(
  {
    ...PROPERTIES,
    since: nullable(Type.Integer(), { description: 'The revision it is compared with; null: with none.' }),
    ...CHANGES,
    document: open('The Flow document as it was saved, without secrets.'),
  },
  { ...CLOSED, $id: 'WholeFlowRevision' },
);

const id = idInPath('The id of the flow.');
const params = { id, revision: numberInPath('The number of the revision.') };

/** Every revision that was ever saved (decision page 0101). */
export const REVISION_ROUTES = [
  route({
    name: 'listRevisions',
    method: 'GET',
    path: '/flows/:id/revisions',
    permission: 'flows.read',
    params: { id },
    query: {
      before: about('Only revisions with a smaller number.', integer({ min: 1, max: REVISION_MAX })),
      limit: about(
        `Revisions of a page; ${REVISION_LIMIT_DEFAULT} unless given.`,
        integer({ min: 1, max: REVISION_LIMIT_MAX }),
      ),
    },
    answers: { 200: Type.Array(REVISION), 400: 'malformed_query', 404: 'not_found' },
    doc: { summary: 'The saved revisions of a flow, newest first, each with what it changed.' },
    handler: listRevisions,
  }),
  route({
    name: 'readRevision',
    method: 'GET',
    path: '/flows/:id/revisions/:revision',
    permission: 'flows.read',
    params,
    query: {
      since: about(
        'The revision it is compared with; the one before it unless given.',
        integer({ min: 1, max: REVISION_MAX }),
      ),
    },
    answers: { 200: WHOLE_REVISION, 400: 'malformed_query', 404: 'not_found' },
    doc: { summary: 'One revision: its document, and what differs from another one.' },
    handler: readRevision,
  }),
  route({
    name: 'revertFlow',
    method: 'POST',
    path: '/flows/:id/revisions/:revision/revert',
    permission: 'flows.write',
    params,
    takesNoBody: true,
    hasRevisions: true,
    answers: { 200: FLOW, 404: 'not_found', 409: 'conflict', 422: 'invalid_document' },
    doc: {
      summary: 'Saves an earlier revision as the next one. Leads run on what is deployed until the next deploy.',
      description: 'Takes `If-Match`.',
    },
    handler: revertFlow,
  }),
] as const;
