import { type TSchema, Type } from 'typebox';
import { ACTIVITY_ACTIONS, ACTIVITY_KINDS } from '../../access/activity.ts';
import { CHANGELOG_PARAMETERS } from '../activity-parameters.ts';
import { listChangelogs, readChangelog } from '../handlers/changelogs.ts';
import { idInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, nullable, open, TIME } from '../schemas.ts';
import { ACTOR } from './activity.ts';

const END = nullable(
  Type.Object(
    {
      value: Type.Unknown(),
      index: nullable(Type.Integer({ description: 'Its place in its list, from 0; null: it is in none.' })),
    },
    CLOSED,
  ),
  { description: 'null: it was not there.' },
);

/** What differs between two states of a document. */
export const CHANGES: Readonly<Record<string, TSchema>> = {
  sentences: Type.Array(Type.String(), { description: 'The changes in words.' }),
  changes: Type.Array(
    Type.Object(
      {
        action: Type.Enum(['added', 'removed', 'changed', 'moved']),
        target: Type.String({ description: 'The name of the property, or of the list.' }),
        delta_path: Type.String({ description: '`caps.0.maximum`; of what was removed, the place it had.' }),
        previous: END,
        current: END,
      },
      CLOSED,
    ),
    { description: 'The same place by place, without secrets.' },
  ),
  more_changes: Type.Integer({ description: 'Changes beyond the bound of the list.' }),
};

const PROPERTIES = {
  id: Type.String(),
  action: Type.Enum([...ACTIVITY_ACTIONS]),
  type: Type.Enum([...ACTIVITY_KINDS]),
  created_at: TIME,
  subject: Type.Object({ id: Type.String(), name: nullable(Type.String()) }, CLOSED),
  user: ACTOR,
  ...CHANGES,
};

const CHANGELOG = Type.Object(PROPERTIES, { ...CLOSED, $id: 'Changelog' });
const WHOLE_CHANGELOG = Type.Object(
  {
    ...PROPERTIES,
    current_revision: open('The whole document after the change, without secrets; null: there is none.'),
    delta_from_last_revision: open('By place, the value before and the value after.'),
  },
  { ...CLOSED, $id: 'WholeChangelog' },
);

const EXAMPLE = {
  id: '67c59a40aaaaaaaaaaaaaaaa',
  action: 'update',
  type: 'flow',
  created_at: '2025-03-03T12:00:00.000Z',
  subject: { id: '5fd4371e940df5a34a3888b2', name: 'Mortgage' },
  user: { kind: 'key', id: '67c59a3eaaaaaaaaaaaaaaab', name: 'Administrator' },
  sentences: ['Cap "Texas daily" 50 → 80'],
  changes: [
    {
      action: 'changed',
      target: 'maximum',
      delta_path: 'caps.0.maximum',
      previous: { value: 50, index: null },
      current: { value: 80, index: null },
    },
  ],
  more_changes: 0,
};

/** What changed, in words (spec api 15, decision page 0101). */
export const CHANGELOG_ROUTES = [
  route({
    name: 'listChangelogs',
    method: 'GET',
    path: '/changelogs',
    permission: 'activity.read',
    query: CHANGELOG_PARAMETERS,
    answers: { 200: Type.Array(CHANGELOG), 400: 'malformed_query' },
    doc: {
      summary: 'What changed in the configuration, newest first: in words, and place by place.',
      example: { answer: [EXAMPLE] },
    },
    handler: listChangelogs,
  }),
  route({
    name: 'readChangelog',
    method: 'GET',
    path: '/changelogs/:id',
    permission: 'activity.read',
    params: { id: idInPath('The id of the entry, as in `GET /activity`.') },
    answers: { 200: WHOLE_CHANGELOG, 404: 'not_found' },
    doc: { summary: 'One change, with the whole document after it, without secrets.' },
    handler: readChangelog,
  }),
] as const;
