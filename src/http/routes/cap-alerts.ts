import { Type } from 'typebox';
import { ALERT_EMAILS_MAX, THRESHOLDS_MAX } from '../../alerts/cap-alert.ts';
import { ALERT_ANSWER_CHARACTERS_MAX } from '../../alerts/send-alert.ts';
import {
  readCapAlerts,
  removeCapAlerts,
  replaceCapAlerts,
  rotateCapAlertSecret,
  testCapAlert,
} from '../handlers/cap-alerts.ts';
import { route } from '../route.ts';
import { CLOSED, nullable, READ_ONLY, TIME } from '../schemas.ts';

const URL_CHARACTERS_MAX = 2_000;
const EMAIL_CHARACTERS_MAX = 320;

const GIVEN = Type.Object(
  {
    url: Type.Optional(
      nullable(
        Type.String({
          maxLength: URL_CHARACTERS_MAX,
          says: `Must be a URL of at most ${URL_CHARACTERS_MAX} characters.`,
        }),
        { description: 'Where alerts are posted to; a public address. null: nowhere.' },
      ),
    ),
    emails: Type.Optional(
      Type.Array(Type.String({ maxLength: EMAIL_CHARACTERS_MAX }), {
        maxItems: ALERT_EMAILS_MAX,
        says: `Must be a list of at most ${ALERT_EMAILS_MAX} addresses.`,
        description: 'Who gets them by e-mail, beside or instead of the webhook; none if nothing is said.',
      }),
    ),
    thresholds: Type.Optional(
      Type.Array(Type.Integer({ minimum: 1, maximum: 100, says: 'Must be a whole number from 1 to 100.' }), {
        minItems: 1,
        maxItems: THRESHOLDS_MAX,
        says: `Must be a list of 1 to ${THRESHOLDS_MAX} percentages.`,
        description: 'Percent of the maximum of a cap; 80 and 100 if nothing is said.',
      }),
    ),
    created_at: READ_ONLY,
    updated_at: READ_ONLY,
    secret: READ_ONLY,
    recent: READ_ONLY,
  },
  { ...CLOSED, $id: 'GivenCapAlerts' },
);

const PROPERTIES = {
  url: nullable(Type.String()),
  emails: Type.Array(Type.String()),
  thresholds: Type.Array(Type.Integer()),
  created_at: TIME,
  updated_at: TIME,
};
const SETTINGS = Type.Object(PROPERTIES, { ...CLOSED, $id: 'CapAlerts' });
const WITH_SECRET = Type.Object(
  {
    ...PROPERTIES,
    secret: Type.String({ description: 'The key alerts are signed with. Only this answer has it.' }),
  },
  { ...CLOSED, $id: 'CapAlertsWithSecret' },
);
const RECORDED = Type.Object(
  {
    id: Type.String({ description: 'The `webhook-id` of each attempt.' }),
    cap_id: Type.String(),
    threshold: Type.Integer(),
    started_at: Type.String({ format: 'date-time', description: 'When the window of the cap began.' }),
    recorded_at: TIME,
    state: Type.Enum(['waiting', 'sent', 'given_up']),
    attempts: Type.Integer(),
    reason: nullable(Type.String(), { description: 'Why the last attempt failed.' }),
  },
  { ...CLOSED, $id: 'RecordedCapAlert' },
);
const WITH_RECENT = Type.Object(
  { ...PROPERTIES, recent: Type.Array(RECORDED, { description: 'The last 20 alerts, newest first.' }) },
  { ...CLOSED, $id: 'CapAlertsWithRecent' },
);
const TESTED = Type.Object(
  {
    fault: nullable(Type.String(), {
      description: 'Why the webhook did not receive it; null: it did, or there is none.',
    }),
    mail_fault: nullable(Type.String(), {
      description: 'Why the mail server did not take it; null: it did, or there are no addresses.',
    }),
    ms: Type.Integer(),
    request: Type.String({ description: 'The body that was posted.' }),
    response: nullable(Type.Object({ status: Type.Integer(), body: Type.String() }, CLOSED), {
      description: `The answer, cut to ${ALERT_ANSWER_CHARACTERS_MAX} characters; null: none came.`,
    }),
  },
  { ...CLOSED, $id: 'TestedCapAlert' },
);

const EXAMPLE_BODY = { url: 'https://hooks.example.com/caps', emails: ['ops@example.com'], thresholds: [80, 100] };
const EXAMPLE = {
  ...EXAMPLE_BODY,
  created_at: '2025-03-03T12:00:00.000Z',
  updated_at: '2025-03-03T12:00:00.000Z',
};
const EXAMPLE_SECRET = { ...EXAMPLE, secret: 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=' };
const EXAMPLE_RECENT = {
  ...EXAMPLE,
  recent: [
    {
      id: 'cap_alert_67c59a40cccccccccccccccc',
      cap_id: '5fd0c0de00000000000000c1',
      threshold: 80,
      started_at: '2025-03-01T05:00:00.000Z',
      recorded_at: '2025-03-03T12:00:07.000Z',
      state: 'sent',
      attempts: 1,
      reason: null,
    },
  ],
};
const EXAMPLE_TESTED = {
  fault: null,
  mail_fault: null,
  ms: 41,
  request:
    '{"type":"cap.test","timestamp":"2025-03-03T12:00:00.000Z","data":{"threshold":null,"cap":null,"flow":null,"count":null,"held":null,"started_at":null,"expires_at":null}}',
  response: { status: 204, body: '' },
};

/** A webhook and e-mail addresses that get a message when a cap fills up (decision page 0078). */
export const CAP_ALERT_ROUTES = [
  route({
    name: 'readCapAlerts',
    method: 'GET',
    path: '/account/cap_alerts',
    permission: 'flows.read',
    answers: { 200: WITH_RECENT, 404: 'not_found' },
    doc: {
      summary: 'Where alerts of caps go, from which thresholds on, and what became of the last ones.',
      example: { answer: EXAMPLE_RECENT },
    },
    handler: readCapAlerts,
  }),
  route({
    name: 'replaceCapAlerts',
    method: 'PUT',
    path: '/account/cap_alerts',
    permission: 'account.manage',
    body: GIVEN,
    answers: { 200: SETTINGS, 201: WITH_SECRET, 422: 'invalid_document' },
    doc: {
      summary: 'Sets where alerts of caps go; only the answer that makes it (201) has its `secret`.',
      description:
        'A signed POST, or a message to each address, for each cap of a deployed flow that reaches a threshold, once in a window. A threshold that a cap has reached already is reported soon after.',
      example: { body: EXAMPLE_BODY, answer: EXAMPLE },
    },
    handler: replaceCapAlerts,
  }),
  route({
    name: 'removeCapAlerts',
    method: 'DELETE',
    path: '/account/cap_alerts',
    permission: 'account.manage',
    answers: { 200: SETTINGS, 404: 'not_found' },
    doc: { summary: 'Ends the alerts; those that were not received yet are given up.', example: { answer: EXAMPLE } },
    handler: removeCapAlerts,
  }),
  route({
    name: 'rotateCapAlertSecret',
    method: 'POST',
    path: '/account/cap_alerts/rotate_secret',
    permission: 'credentials.manage',
    takesNoBody: true,
    answers: { 200: WITH_SECRET, 404: 'not_found' },
    doc: {
      summary: 'Gives the alerts a new `secret`, which only this answer has.',
      description: 'Alerts are signed with it from now on, also those that are sent again.',
      example: { answer: EXAMPLE_SECRET },
    },
    handler: rotateCapAlertSecret,
  }),
  route({
    name: 'testCapAlert',
    method: 'POST',
    path: '/account/cap_alerts/test',
    permission: 'account.manage',
    takesNoBody: true,
    answers: { 200: TESTED, 404: 'not_found' },
    doc: {
      summary: 'Sends one alert of no cap, and says what the receiver answered.',
      description: 'It is signed as the others are; its `type` is `cap.test`. It is not sent again.',
      example: { answer: EXAMPLE_TESTED },
    },
    handler: testCapAlert,
  }),
] as const;
