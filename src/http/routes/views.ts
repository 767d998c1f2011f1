import { Type } from 'typebox';
import { VIEW_SECTIONS, VIEWS_MAX } from '../../views/view.ts';
import { createView, listViews, removeView, replaceView } from '../handlers/views.ts';
import { about, oneOf } from '../parameters.ts';
import { nameInPath } from '../read-path-parameters.ts';
import { GIVEN_VIEW, VIEW_QUERY } from '../read-view.ts';
import { route } from '../route.ts';
import { CLOSED, nullable, TIME } from '../schemas.ts';

const VIEW = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    section: Type.Enum([...VIEW_SECTIONS]),
    query: VIEW_QUERY,
    is_shared: Type.Boolean(),
    owner: nullable(Type.Object({ kind: Type.String(), id: Type.String(), name: Type.String() }, CLOSED), {
      description: 'Who saved it, by the name of that day; null: every account has it.',
    }),
    read_only: Type.Boolean({ description: 'Every account has it as it is.' }),
    created_at: nullable(TIME),
    updated_at: nullable(TIME),
  },
  { ...CLOSED, $id: 'View' },
);

const params = { id: nameInPath('The id of the view.') };
const EXAMPLE_BODY = {
  name: 'Rejected, search ads',
  section: 'leads' as const,
  query: { range: '7d', outcome: 'failure', source_id: '5fd0c0de00000000000000bb' },
  is_shared: false,
};
const EXAMPLE = {
  id: '67c59a40eeeeeeeeeeeeeeee',
  ...EXAMPLE_BODY,
  owner: { kind: 'session', id: '67c59a40dddddddddddddddd', name: 'ann@example.com' },
  read_only: false,
  created_at: '2025-03-03T12:00:00.000Z',
  updated_at: '2025-03-03T12:00:00.000Z',
};
const WHO =
  'A view that is not shared is its owner’s alone. To share one, or to change a shared one of another, needs `flows.write`.';

/** Saved filters of the lists of leads and events (decision page 0107). */
export const VIEW_ROUTES = [
  route({
    name: 'listViews',
    method: 'GET',
    path: '/views',
    permission: 'leads.read',
    query: { section: about('Only views of this list.', oneOf(VIEW_SECTIONS)) },
    answers: { 200: Type.Array(VIEW) },
    doc: {
      summary: 'The views that every account has, then one’s own and those that are shared, by name.',
      example: { answer: [EXAMPLE] },
    },
    handler: listViews,
  }),
  route({
    name: 'createView',
    method: 'POST',
    path: '/views',
    permission: 'leads.read',
    body: GIVEN_VIEW,
    answers: { 201: VIEW, 409: 'conflict', 422: 'invalid_document' },
    doc: {
      summary: 'Saves one.',
      description: `${WHO} A person or key has at most ${VIEWS_MAX}.`,
      example: { body: EXAMPLE_BODY, answer: EXAMPLE },
    },
    handler: createView,
  }),
  route({
    name: 'replaceView',
    method: 'PUT',
    path: '/views/:id',
    permission: 'leads.read',
    params,
    body: GIVEN_VIEW,
    answers: { 200: VIEW, 404: 'not_found', 409: 'conflict', 422: 'invalid_document' },
    doc: { summary: 'Replaces it.', description: WHO, example: { body: EXAMPLE_BODY, answer: EXAMPLE } },
    handler: replaceView,
  }),
  route({
    name: 'removeView',
    method: 'DELETE',
    path: '/views/:id',
    permission: 'leads.read',
    params,
    answers: { 200: VIEW, 404: 'not_found', 409: 'conflict' },
    doc: { summary: 'Deletes it.', description: WHO, example: { answer: EXAMPLE } },
    handler: removeView,
  }),
] as const;
