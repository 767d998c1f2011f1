import { Type } from 'typebox';
import { createSession, readSession, removeSession } from '../handlers/session.ts';
import { route } from '../route.ts';
import { CLOSED, TIME } from '../schemas.ts';
import { EXAMPLE_USER, FORM_BYTES_MAX, FORM_TEXT, USER } from './users.ts';

export const SESSION = Type.Object(
  {
    id: Type.String(),
    user: USER,
    account: Type.Object({ id: Type.String(), name: Type.String(), time_zone: Type.String() }, CLOSED),
    permissions: Type.Array(Type.String(), { description: 'What the role of the user may do.' }),
    csrf_token: Type.String({ description: 'To be sent as `X-CSRF-Token` with every request that is no GET.' }),
    created_at: TIME,
    expires_at: Type.String({ format: 'date-time', description: 'Unless the session is used before.' }),
  },
  { ...CLOSED, $id: 'Session' },
);

export const EXAMPLE_SESSION = {
  id: '65f0c0de0123456789abcd01',
  user: EXAMPLE_USER,
  account: { id: '65f0c0de0123456789abcd00', name: 'Acme', time_zone: 'America/Chicago' },
  permissions: ['flows.read', 'leads.read'],
  csrf_token: 'pZ0fQ0b0a9Yy0m1n2o3p4q5r6s7t8u9v0w1x2y3z4A5',
  created_at: '2025-03-03T12:00:00.000Z',
  expires_at: '2025-03-04T00:00:00.000Z',
};

const SIGN_IN = Type.Object(
  {
    email: FORM_TEXT,
    password: FORM_TEXT,
    code: Type.Optional(Type.String({ maxLength: 40, description: 'Of the second factor, or a recovery code.' })),
  },
  { ...CLOSED, $id: 'SignIn' },
);

/** Signing in and out (decision page 0049). */
export const SESSION_ROUTES = [
  route({
    name: 'signIn',
    method: 'POST',
    path: '/session',
    permission: 'public',
    bodyBytesMax: FORM_BYTES_MAX,
    body: SIGN_IN,
    answers: {
      201: SESSION,
      401: ['sign_in_failed', 'second_factor_required'],

      429: 'too_many_attempts',
    },
    doc: {
      summary: 'Signs a user in; the answer sets the session’s cookie.',
      description:
        'The same answer for an unknown address, a wrong password, a disabled user and one who is only invited. After five failures for an address, or thirty from one sender, the next attempt must wait, longer each time: `Retry-After`.',
      example: { body: { email: 'ann@example.com', password: 'purple tractor sings' }, answer: EXAMPLE_SESSION },
    },
    handler: createSession,
  }),
  route({
    name: 'readSession',
    method: 'GET',
    path: '/session',
    permission: 'session',
    answers: { 200: SESSION },
    doc: { summary: 'Who is signed in, what they may do, and the CSRF token.', example: { answer: EXAMPLE_SESSION } },
    handler: readSession,
  }),
  route({
    name: 'signOut',
    method: 'DELETE',
    path: '/session',
    permission: 'session',
    answers: { 200: Type.Object({}, CLOSED) },
    doc: { summary: 'Signs out.', example: { answer: {} } },
    handler: removeSession,
  }),
] as const;
