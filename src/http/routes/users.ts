import { Type } from 'typebox';
import { ROLES, type Role } from '../../access/roles.ts';
import {
  changeUser,
  createInvitedUser,
  inviteUserAgain,
  listUsers,
  readUser,
  removeUser,
  removeUsersSecondFactor,
} from '../handlers/users.ts';
import { idInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, nullable, TIME } from '../schemas.ts';

const NAME_CHARACTERS_MAX = 100;
const INPUT_CHARACTERS_MAX = 1_000;

/** A name a person gives. */
export const PERSON_NAME = Type.String({ maxLength: NAME_CHARACTERS_MAX });
/** Bodies that strangers send: a few short texts. */
export const FORM_BYTES_MAX = 16 * 1024;
/** A text of a form that is judged where it is used; longer ones are never right. */
export const FORM_TEXT = Type.String({ minLength: 1, maxLength: INPUT_CHARACTERS_MAX });

// The keys of ROLES are roles.
const ROLE = Type.Enum(Object.keys(ROLES) as Role[]);

const USER_PROPERTIES = {
  id: Type.String(),
  email: Type.String(),
  first_name: Type.String(),
  last_name: Type.String(),
  role: ROLE,
  status: Type.Enum(['invited', 'active', 'disabled'], {
    description: '`invited`: has not set a password yet. `disabled`: cannot sign in.',
  }),
  has_second_factor: Type.Boolean(),
  created_at: TIME,
  last_login_at: nullable(TIME),
};

export const USER = Type.Object(USER_PROPERTIES, { ...CLOSED, $id: 'User' });

const INVITED_USER = Type.Object(
  {
    ...USER_PROPERTIES,
    invitation: Type.Object(
      {
        url: Type.String({ description: 'Give it to the person. It works once and is not shown again.' }),
        expires_at: TIME,
      },
      CLOSED,
    ),
  },
  { ...CLOSED, $id: 'InvitedUser' },
);

const NEW_USER = Type.Object(
  {
    email: FORM_TEXT,
    role: ROLE,
    first_name: Type.Optional(PERSON_NAME),
    last_name: Type.Optional(PERSON_NAME),
  },
  { ...CLOSED, $id: 'NewUser' },
);

const CHANGED_USER = Type.Object(
  { role: Type.Optional(ROLE), disabled: Type.Optional(Type.Boolean()) },
  { ...CLOSED, minProperties: 1, says: 'Must have role or disabled.', $id: 'ChangedUser' },
);

const params = { id: idInPath('The id of the user.') };
export const EXAMPLE_USER = {
  id: '65f0c0de0123456789abcdef',
  email: 'ann@example.com',
  first_name: 'Ann',
  last_name: 'Miller',
  role: 'editor',
  status: 'active',
  has_second_factor: false,
  created_at: '2025-03-03T12:00:00.000Z',
  last_login_at: '2025-03-03T12:05:00.000Z',
};
const EXAMPLE_INVITED = {
  ...EXAMPLE_USER,
  status: 'invited',
  last_login_at: null,
  invitation: {
    url: 'https://leads.example.com/app/invitation#aR4nd0mT0ken',
    expires_at: '2025-03-10T12:00:00.000Z',
  },
};

/** The people of an account (decision page 0049). */
export const USER_ROUTES = [
  route({
    name: 'listUsers',
    method: 'GET',
    path: '/users',
    permission: 'users.manage',
    answers: { 200: Type.Array(USER) },
    doc: { summary: 'The users of the account.', example: { answer: [EXAMPLE_USER] } },
    handler: listUsers,
  }),
  route({
    name: 'inviteUser',
    method: 'POST',
    path: '/users',
    permission: 'users.manage',
    body: NEW_USER,
    answers: { 201: INVITED_USER, 403: 'permission_required', 409: 'email_taken', 422: 'invalid_document' },
    doc: {
      summary: 'Adds a user; returns the link that lets the person set a password.',
      description: 'No mail is sent: give the link to the person. It works once, within seven days.',
      example: { body: { email: 'ann@example.com', role: 'editor' }, answer: EXAMPLE_INVITED },
    },
    handler: createInvitedUser,
  }),
  route({
    name: 'readUser',
    method: 'GET',
    path: '/users/:id',
    permission: 'users.manage',
    params,
    answers: { 200: USER, 404: 'not_found' },
    doc: { summary: 'One user.', example: { answer: EXAMPLE_USER } },
    handler: readUser,
  }),
  route({
    name: 'changeUser',
    method: 'PUT',
    path: '/users/:id',
    permission: 'users.manage',
    params,
    body: CHANGED_USER,
    answers: { 200: USER, 404: 'not_found', 409: 'last_owner' },
    doc: {
      summary: 'Changes the role of a user, or whether it may sign in.',
      description:
        'Another role and `"disabled": true` end every session of the user at once, and a link that is not used yet. The last owner who can sign in stays. A caller cannot give a role, or change a user, with more permissions than its own.',
      example: { body: { role: 'analyst' }, answer: { ...EXAMPLE_USER, role: 'analyst' } },
    },
    handler: changeUser,
  }),
  route({
    name: 'removeUser',
    method: 'DELETE',
    path: '/users/:id',
    permission: 'users.manage',
    params,
    answers: { 200: USER, 404: 'not_found', 409: 'last_owner' },
    doc: { summary: 'Removes a user; the answer is the user as it was.', example: { answer: EXAMPLE_USER } },
    handler: removeUser,
  }),
  route({
    name: 'inviteUserAgain',
    method: 'POST',
    path: '/users/:id/invite',
    permission: 'users.manage',
    takesNoBody: true,
    params,
    answers: { 200: INVITED_USER, 404: 'not_found', 409: 'conflict' },
    doc: {
      summary: 'A new link for a user who lost the first one, or the password; earlier links end.',
      example: { answer: EXAMPLE_INVITED },
    },
    handler: inviteUserAgain,
  }),
  route({
    name: 'removeUserSecondFactor',
    method: 'DELETE',
    path: '/users/:id/second_factor',
    permission: 'users.manage',
    params,
    answers: { 200: USER, 404: 'not_found' },
    doc: {
      summary: 'Switches off the second factor of a user who lost it; ends the user’s sessions.',
      example: { answer: EXAMPLE_USER },
    },
    handler: removeUsersSecondFactor,
  }),
] as const;
