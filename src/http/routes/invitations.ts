import { Type } from 'typebox';
import { acceptUsersInvitation, readInvitation } from '../handlers/invitations.ts';
import { route } from '../route.ts';
import { CLOSED, TIME } from '../schemas.ts';
import { EXAMPLE_USER, FORM_BYTES_MAX, FORM_TEXT, PERSON_NAME, USER } from './users.ts';

const TOKEN = Type.String({ maxLength: 100, description: 'What follows `#` in the link.' });

const INVITATION = Type.Object(
  {
    account: Type.Object({ name: Type.String() }, CLOSED),
    email: Type.String(),
    first_name: Type.String(),
    last_name: Type.String(),
    role: Type.String(),
    is_new: Type.Boolean({ description: '`false`: the user has a password, which the link replaces.' }),
    expires_at: TIME,
  },
  { ...CLOSED, $id: 'Invitation' },
);

const ACCEPTANCE = Type.Object(
  {
    token: TOKEN,
    password: FORM_TEXT,
    first_name: Type.Optional(PERSON_NAME),
    last_name: Type.Optional(PERSON_NAME),
  },
  { ...CLOSED, $id: 'AcceptedInvitation' },
);

const token = 'aR4nd0mT0ken';

/** What an invitation link opens (decision page 0049). */
export const INVITATION_ROUTES = [
  route({
    name: 'readInvitation',
    method: 'POST',
    path: '/invitations/read',
    permission: 'public',
    bodyBytesMax: FORM_BYTES_MAX,
    body: Type.Object({ token: TOKEN }, { ...CLOSED, $id: 'InvitationToken' }),
    answers: { 200: INVITATION, 404: 'not_found' },
    doc: {
      summary: 'Whom an invitation link is for.',
      example: {
        body: { token },
        answer: {
          account: { name: 'Acme' },
          email: 'ann@example.com',
          first_name: '',
          last_name: '',
          role: 'editor',
          is_new: true,
          expires_at: '2025-03-10T12:00:00.000Z',
        },
      },
    },
    handler: readInvitation,
  }),
  route({
    name: 'acceptInvitation',
    method: 'POST',
    path: '/invitations/accept',
    permission: 'public',
    bodyBytesMax: FORM_BYTES_MAX,
    body: ACCEPTANCE,
    answers: { 200: USER, 404: 'not_found', 422: 'invalid_document' },
    doc: {
      summary: 'Sets the password of the user an invitation link is for, and uses the link up.',
      description: 'Does not sign the user in. Ends the sessions the user had; a second factor stays.',
      example: { body: { token, password: 'purple tractor sings', first_name: 'Ann' }, answer: EXAMPLE_USER },
    },
    handler: acceptUsersInvitation,
  }),
] as const;
