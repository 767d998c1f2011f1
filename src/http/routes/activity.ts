import { Type } from 'typebox';
import { ACTIVITY_ACTIONS, ACTIVITY_KINDS } from '../../access/activity.ts';
import { ACTIVITY_PARAMETERS } from '../activity-parameters.ts';
import { listActivity, readActivity } from '../handlers/activity.ts';
import { idInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, nullable, open, TIME } from '../schemas.ts';

export const ACTOR = Type.Object(
  {
    kind: Type.Enum(['key', 'user', 'session', 'machine'], {
      description: '`machine`: a command on the server; its id is the command.',
    }),
    id: Type.String(),
    name: Type.String(),
  },
  { ...CLOSED, $id: 'Actor' },
);

const PROPERTIES = {
  id: Type.String(),
  at: TIME,
  kind: Type.Enum([...ACTIVITY_KINDS], { description: 'What changed.' }),
  action: Type.Enum([...ACTIVITY_ACTIONS]),
  subject: Type.Object({ id: Type.String(), name: nullable(Type.String()) }, CLOSED),
  actor: ACTOR,
  ip: nullable(Type.String(), { description: 'Where the request came from; null: from the machine itself.' }),
};

const ACTIVITY = Type.Object(PROPERTIES, { ...CLOSED, $id: 'Activity' });
const DETAILS = Type.Object(
  {
    ...PROPERTIES,
    before: open('The whole document before, without secrets; null: there was none.'),
    after: open('The whole document after, without secrets; null: there is none.'),
  },
  { ...CLOSED, $id: 'ActivityDetails' },
);

const EXAMPLE = {
  id: '67c59a40aaaaaaaaaaaaaaaa',
  at: '2025-03-03T12:00:00.000Z',
  kind: 'field',
  action: 'update',
  subject: { id: 'shoe_size_acme', name: 'Shoe Size' },
  actor: { kind: 'key', id: '67c59a3eaaaaaaaaaaaaaaab', name: 'Administrator' },
  ip: '192.0.2.7',
};
const before = { id: 'shoe_size_acme', name: 'Shoe', type: 'number' };

/** Who changed what (decision 0048). */
export const ACTIVITY_ROUTES = [
  route({
    name: 'listActivity',
    method: 'GET',
    path: '/activity',
    permission: 'activity.read',
    query: ACTIVITY_PARAMETERS,
    answers: { 200: Type.Array(ACTIVITY) },
    doc: {
      summary: 'A page of who changed what, newest first; `kind`, `action`, `actor_id`, `subject_id` and time pick.',
      example: { answer: [EXAMPLE] },
    },
    handler: listActivity,
  }),
  route({
    name: 'readActivity',
    method: 'GET',
    path: '/activity/:id',
    permission: 'activity.read',
    params: { id: idInPath('The id of the entry.') },
    answers: { 200: DETAILS, 404: 'not_found' },
    doc: {
      summary: 'One change, with the whole document before and after, without secrets.',
      example: { answer: { ...EXAMPLE, before, after: { ...before, name: 'Shoe Size' } } },
    },
    handler: readActivity,
  }),
] as const;
