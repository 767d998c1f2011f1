import { Type } from 'typebox';
import {
  beginSecondFactor,
  changeOwnPassword,
  changeOwnUser,
  confirmOwnSecondFactor,
  listOwnSessions,
  readOwnSettings,
  readOwnUser,
  removeOwnSecondFactor,
  removeOwnSession,
  replaceOwnSettings,
} from '../handlers/user.ts';
import { idInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, TIME } from '../schemas.ts';
import { EXAMPLE_SESSION, SESSION } from './session.ts';
import { EXAMPLE_USER, FORM_BYTES_MAX, FORM_TEXT, PERSON_NAME, USER } from './users.ts';

const CODE = Type.String({ maxLength: 40 });

const OWN_USER = Type.Object(
  { first_name: Type.Optional(PERSON_NAME), last_name: Type.Optional(PERSON_NAME) },
  { ...CLOSED, minProperties: 1, says: 'Must have first_name or last_name.', $id: 'ChangedOwnUser' },
);
const PASSWORD_CHANGE = Type.Object(
  { current_password: FORM_TEXT, password: FORM_TEXT },
  { ...CLOSED, $id: 'PasswordChange' },
);
const ENROLMENT = Type.Object(
  {
    secret: Type.String({ description: 'Base 32, to be typed into an authenticator app.' }),
    otpauth_url: Type.String({ description: 'The same as a QR code holds it.' }),
  },
  { ...CLOSED, $id: 'SecondFactorEnrolment' },
);
const CONFIRMED = Type.Object(
  {
    recovery_codes: Type.Array(Type.String(), { description: 'Each works once. They are not shown again.' }),
    csrf_token: Type.String({ description: 'The new one of the session.' }),
  },
  { ...CLOSED, $id: 'SecondFactorConfirmed' },
);

const OWN_SESSION = Type.Object(
  {
    id: Type.String(),
    is_current: Type.Boolean({ description: 'The one that asks.' }),
    ip: Type.String(),
    user_agent: Type.String(),
    created_at: TIME,
    last_seen_at: Type.String({ format: 'date-time', description: 'Up to a minute old.' }),
    expires_at: TIME,
  },
  { ...CLOSED, $id: 'OwnSession' },
);
const EXAMPLE_OWN_SESSION = {
  id: EXAMPLE_SESSION.id,
  is_current: true,
  ip: '203.0.113.7',
  user_agent: 'Mozilla/5.0',
  created_at: '2025-03-03T12:00:00.000Z',
  last_seen_at: '2025-03-03T12:00:00.000Z',
  expires_at: '2025-03-04T00:00:00.000Z',
};

/** The shape is the console's. */
const SETTINGS = Type.Record(Type.String(), Type.Unknown(), { $id: 'UserSettings' });
const settings = { density: 'compact' };
const password = 'purple tractor sings';

/** What a person who is signed in does with their own user (spec api 14; decision page 0049). */
export const OWN_USER_ROUTES = [
  route({
    name: 'readOwnUser',
    method: 'GET',
    path: '/user',
    permission: 'session',
    answers: { 200: USER },
    doc: { summary: 'The user who is signed in.', example: { answer: EXAMPLE_USER } },
    handler: readOwnUser,
  }),
  route({
    name: 'changeOwnUser',
    method: 'PUT',
    path: '/user',
    permission: 'session',
    body: OWN_USER,
    answers: { 200: USER },
    doc: { summary: 'Changes one’s own name.', example: { body: { first_name: 'Ann' }, answer: EXAMPLE_USER } },
    handler: changeOwnUser,
  }),
  route({
    name: 'changeOwnPassword',
    method: 'PUT',
    path: '/user/password',
    permission: 'session',
    body: PASSWORD_CHANGE,
    answers: { 200: SESSION, 422: 'invalid_document', 429: 'too_many_attempts' },
    doc: {
      summary: 'Changes one’s own password.',
      description: 'The session goes on with another cookie and CSRF token; every other session of the user ends.',
      example: { body: { current_password: password, password: 'green lantern hums' }, answer: EXAMPLE_SESSION },
    },
    handler: changeOwnPassword,
  }),
  route({
    name: 'readOwnSettings',
    method: 'GET',
    path: '/user/settings',
    permission: 'session',
    answers: { 200: SETTINGS },
    doc: { summary: 'What the console keeps for the user; an empty object at first.', example: { answer: settings } },
    handler: readOwnSettings,
  }),
  route({
    name: 'replaceOwnSettings',
    method: 'PUT',
    path: '/user/settings',
    permission: 'session',
    bodyBytesMax: FORM_BYTES_MAX,
    body: SETTINGS,
    answers: { 200: SETTINGS },
    doc: {
      summary: 'Replaces what the console keeps for the user.',
      description: 'Any JSON object of at most 16 KiB; the server reads nothing of it.',
      example: { body: settings, answer: settings },
    },
    handler: replaceOwnSettings,
  }),
  route({
    name: 'listOwnSessions',
    method: 'GET',
    path: '/user/sessions',
    permission: 'session',
    answers: { 200: Type.Array(OWN_SESSION) },
    doc: { summary: 'Where one is signed in.', example: { answer: [EXAMPLE_OWN_SESSION] } },
    handler: listOwnSessions,
  }),
  route({
    name: 'removeOwnSession',
    method: 'DELETE',
    path: '/user/sessions/:id',
    permission: 'session',
    params: { id: idInPath('The id of the session.') },
    answers: { 200: Type.Object({}, CLOSED), 404: 'not_found' },
    doc: { summary: 'Signs oneself out in another browser.', example: { answer: {} } },
    handler: removeOwnSession,
  }),
  route({
    name: 'beginSecondFactor',
    method: 'POST',
    path: '/user/second_factor',
    permission: 'session',
    body: Type.Object({ password: FORM_TEXT }, { ...CLOSED, $id: 'SecondFactorBeginning' }),
    answers: { 200: ENROLMENT, 422: 'invalid_document', 429: 'too_many_attempts' },
    doc: {
      summary: 'Begins to set up a second factor (TOTP); nothing changes until it is confirmed.',
      example: {
        body: { password },
        answer: {
          secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
          otpauth_url: 'otpauth://totp/Sluice:ann%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Sluice',
        },
      },
    },
    handler: beginSecondFactor,
  }),
  route({
    name: 'confirmSecondFactor',
    method: 'POST',
    path: '/user/second_factor/confirm',
    permission: 'session',
    body: Type.Object({ code: CODE }, { ...CLOSED, $id: 'SecondFactorCode' }),
    answers: { 200: CONFIRMED, 409: 'conflict', 422: 'invalid_document', 429: 'too_many_attempts' },
    doc: {
      summary: 'Switches the second factor on with a first code; returns the recovery codes.',
      description: 'The session goes on with another cookie; every other session of the user ends.',
      example: {
        body: { code: '287082' },
        answer: { recovery_codes: ['ABCD-EFGH-IJKL-MNOP'], csrf_token: EXAMPLE_SESSION.csrf_token },
      },
    },
    handler: confirmOwnSecondFactor,
  }),
  route({
    name: 'removeSecondFactor',
    method: 'POST',
    path: '/user/second_factor/remove',
    permission: 'session',
    body: Type.Object({ password: FORM_TEXT, code: CODE }, { ...CLOSED, $id: 'SecondFactorRemoval' }),
    answers: { 200: SESSION, 409: 'conflict', 422: 'invalid_document', 429: 'too_many_attempts' },
    doc: {
      summary: 'Switches one’s own second factor off.',
      example: { body: { password, code: '287082' }, answer: EXAMPLE_SESSION },
    },
    handler: removeOwnSecondFactor,
  }),
] as const;
