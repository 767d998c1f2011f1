import { Type } from 'typebox';
import { acceptWelcomeLink, readWelcomeLink } from '../handlers/welcome.ts';
import { route } from '../route.ts';
import { CLOSED, TIME } from '../schemas.ts';
import { EXAMPLE_SESSION, SESSION } from './session.ts';
import { FORM_BYTES_MAX, FORM_TEXT, PERSON_NAME } from './users.ts';

const TOKEN = Type.String({ maxLength: 100, description: 'What follows `#` in the link.' });

const WELCOME = Type.Object(
  { account: Type.Object({ name: Type.String(), time_zone: Type.String() }, CLOSED), expires_at: TIME },
  { ...CLOSED, $id: 'Welcome' },
);

const ACCEPTANCE = Type.Object(
  {
    token: TOKEN,
    email: FORM_TEXT,
    password: FORM_TEXT,
    first_name: Type.Optional(PERSON_NAME),
    last_name: Type.Optional(PERSON_NAME),
  },
  { ...CLOSED, $id: 'AcceptedWelcome' },
);

const token = 'aR4nd0mT0ken';

/** What the link opens that a start prints while no user has signed in (decision page 0103). */
export const WELCOME_ROUTES = [
  route({
    name: 'readWelcome',
    method: 'POST',
    path: '/welcome/read',
    permission: 'public',
    bodyBytesMax: FORM_BYTES_MAX,
    body: Type.Object({ token: TOKEN }, { ...CLOSED, $id: 'WelcomeToken' }),
    answers: { 200: WELCOME, 404: 'not_found' },
    doc: {
      summary: 'Which account a welcome link is for.',
      example: {
        body: { token },
        answer: {
          account: { name: 'Sluice', time_zone: 'America/New_York' },
          expires_at: '2025-03-04T12:00:00.000Z',
        },
      },
    },
    handler: readWelcomeLink,
  }),
  route({
    name: 'acceptWelcome',
    method: 'POST',
    path: '/welcome/accept',
    permission: 'public',
    bodyBytesMax: FORM_BYTES_MAX,
    body: ACCEPTANCE,
    answers: { 201: SESSION, 404: 'not_found', 409: 'email_taken', 422: 'invalid_document' },
    doc: {
      summary: 'Adds the first owner of an account and signs that person in; the answer sets the session’s cookie.',
      description: 'Uses the link up, and every other welcome link of the account with it.',
      example: {
        body: { token, email: 'ann@example.com', password: 'purple tractor sings', first_name: 'Ann' },
        answer: EXAMPLE_SESSION,
      },
    },
    handler: acceptWelcomeLink,
  }),
] as const;
