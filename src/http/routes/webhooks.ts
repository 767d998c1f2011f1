import { Type } from 'typebox';
import { ALERT_ANSWER_CHARACTERS_MAX } from '../../alerts/send-alert.ts';
import { EVENT_OUTCOMES, EVENT_TYPES } from '../../model/event.ts';
import { CHANNEL_FAULT_KINDS } from '../../outbox/channel.ts';
import { WEBHOOK_FLOWS_MAX, WEBHOOKS_MAX } from '../../webhooks/webhook.ts';
import {
  createWebhook,
  listWebhooks,
  readWebhook,
  readWebhookState,
  recoverWebhook,
  removeWebhook,
  replaceWebhook,
  rotateWebhookSecret,
  testWebhook,
} from '../handlers/webhooks.ts';
import { idInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, ID, nullable, READ_ONLY, TIME } from '../schemas.ts';
import { channelState } from './channel-state.ts';

const NAME_CHARACTERS_MAX = 200;
const URL_CHARACTERS_MAX = 2_000;

const TYPE = Type.Enum([...EVENT_TYPES]);
const OUTCOME = Type.Enum([...EVENT_OUTCOMES]);

const GIVEN = Type.Object(
  {
    id: READ_ONLY,
    name: Type.String({
      pattern: '\\S',
      maxLength: NAME_CHARACTERS_MAX,
      says: `Must be a text of 1 to ${NAME_CHARACTERS_MAX} characters.`,
    }),
    url: Type.String({
      maxLength: URL_CHARACTERS_MAX,
      says: `Must be a URL of at most ${URL_CHARACTERS_MAX} characters.`,
      description: 'Where events are posted to; a public address.',
    }),
    enabled: Type.Optional(
      Type.Boolean({
        description:
          'true if nothing is said. false: no further event is added, and what waits is still sent. true starts one again that a receiver has ended.',
      }),
    ),
    flow_ids: Type.Optional(
      Type.Array(ID, {
        maxItems: WEBHOOK_FLOWS_MAX,
        says: `Must be a list of at most ${WEBHOOK_FLOWS_MAX} ids.`,
        description: 'Only events of these flows; empty: of all flows of the account.',
      }),
    ),
    types: Type.Optional(Type.Array(TYPE, { description: 'Only events of these types; empty: of all.' })),
    outcomes: Type.Optional(Type.Array(OUTCOME, { description: 'Only events with these outcomes; empty: with all.' })),
    disabled_reason: READ_ONLY,
    disabled_at: READ_ONLY,
    created_at: READ_ONLY,
    updated_at: READ_ONLY,
    secret: READ_ONLY,
  },
  { ...CLOSED, $id: 'GivenWebhook' },
);

const DISABLED = {
  disabled_reason: nullable(Type.String(), {
    description: 'Why the receiver ended it, by an answer with status 410; null: it did not.',
  }),
  disabled_at: nullable(TIME),
};

const PROPERTIES = {
  id: Type.String(),
  name: Type.String(),
  url: Type.String(),
  enabled: Type.Boolean(),
  flow_ids: Type.Array(Type.String()),
  types: Type.Array(TYPE),
  outcomes: Type.Array(OUTCOME),
  ...DISABLED,
  created_at: TIME,
  updated_at: TIME,
};
const WEBHOOK = Type.Object(PROPERTIES, { ...CLOSED, $id: 'WebhookOfAccount' });
const WITH_SECRET = Type.Object(
  {
    ...PROPERTIES,
    secret: Type.String({ description: 'The key events are signed with. Only this answer has it.' }),
  },
  { ...CLOSED, $id: 'WebhookWithSecret' },
);

const TEST = Type.Object(
  {
    type: Type.Optional(
      Type.Enum([...EVENT_TYPES], { description: 'Unless said, the first type that the webhook takes, or `source`.' }),
    ),
    from: Type.Optional(
      Type.Enum(['newest', 'example'], {
        description:
          '`newest`: the last event of the type that the webhook takes, with the values of its lead; needs leads.read and personal_data.read, and the activity log has it. `example`, unless said: of a made-up lead.',
      }),
    ),
    event_id: Type.Optional({ ...ID, description: 'This event instead, such as the one of a preview.' }),
    preview: Type.Optional(Type.Boolean({ description: 'Nothing is sent; the answer has what would be.' })),
  },
  { ...CLOSED, $id: 'WebhookTest' },
);

const TESTED = Type.Object(
  {
    sent: Type.Boolean({ description: 'false: a preview, or there is no secret to sign with.' }),
    fault: nullable(Type.String(), { description: 'Why the receiver did not take it; null: it did.' }),
    ms: Type.Integer(),
    event_id: nullable(ID, { description: 'The event of a lead that was sent; null: it was made up.' }),
    request: Type.String({ description: 'The body that was posted.' }),
    headers: nullable(Type.Record(Type.String(), Type.String()), {
      description: 'That were sent with it, the signature included; null: nothing was sent.',
    }),
    response: nullable(Type.Object({ status: Type.Integer(), body: Type.String() }, CLOSED), {
      description: `The answer, cut to ${ALERT_ANSWER_CHARACTERS_MAX} characters; null: none came.`,
    }),
  },
  { ...CLOSED, $id: 'TestedWebhook' },
);

const KIND = Type.Enum([...CHANNEL_FAULT_KINDS], {
  description:
    '`unreachable`: nothing was sent; `slow`: no answer in time; `broken`: the connection ended; `auth`: the secret cannot be read; `full`: status 429; `unavailable`: status 5xx or a redirect; `gone`: status 410; `object`: this event alone; `missing`: the webhook was deleted.',
});
const FAULT = Type.Object({ kind: KIND, reason: Type.String() }, { ...CLOSED, $id: 'WebhookFault' });

const STATE = Type.Object(
  {
    id: Type.String(),
    enabled: Type.Boolean(),
    ...DISABLED,
    state: Type.Enum(['idle', 'sending', 'failing', 'disabled']),
    ...channelState({
      ...{ kind: KIND, fault: FAULT, waiting: 'Rows that wait, before the filter' },
      setAside: 'Rows that were refused, or waited when the receiver ended the webhook; POST …/recover sends them.',
    }),
  },
  { ...CLOSED, $id: 'WebhookState' },
);

const RECOVERY = Type.Object(
  {
    since: Type.Optional(
      Type.String({ maxLength: 40, description: 'Only what was set aside from then on, ISO 8601; without it all.' }),
    ),
  },
  { ...CLOSED, $id: 'WebhookRecovery' },
);

const params = { id: idInPath('The id of the webhook.') };

const EXAMPLE_BODY = {
  name: 'Warehouse',
  url: 'https://hooks.example.com/events',
  enabled: true,
  flow_ids: [],
  types: ['source', 'recipient'],
  outcomes: ['failure', 'error'],
};
const EXAMPLE = {
  id: '67c59a40cccccccccccccccc',
  ...EXAMPLE_BODY,
  disabled_reason: null,
  disabled_at: null,
  created_at: '2025-03-03T12:00:00.000Z',
  updated_at: '2025-03-03T12:00:00.000Z',
};
const EXAMPLE_SECRET = { ...EXAMPLE, secret: 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=' };
const EXAMPLE_TESTED = {
  sent: true,
  fault: null,
  ms: 41,
  event_id: null,
  request:
    '{"id":"webhook_test_67c59a40dddddddddddddddd","timestamp":"2025-03-03T12:00:00.000Z","type":"webhook.test"}',
  headers: {
    'Content-Type': 'application/json; charset=utf-8',
    'webhook-id': 'webhook_test_67c59a40dddddddddddddddd',
    'webhook-timestamp': '1741003200',
    'webhook-signature': 'v1,ZKmfEmEGCSRu3TRhXGAb8VlP3SKDVLSFbHIyGiXZNCM=',
  },
  response: { status: 204, body: '' },
};
const EXAMPLE_FAULT = { kind: 'unavailable', reason: 'hooks.example.com has a fault of its own (status 503)' };
const EXAMPLE_STATE = {
  id: EXAMPLE.id,
  enabled: true,
  disabled_reason: null,
  disabled_at: null,
  state: 'failing',
  waiting: 17,
  waiting_more: false,
  waiting_since: '2025-03-03T12:00:00.000Z',
  set_aside: 0,
  set_aside_reason: null,
  delivered: 4_711,
  delivered_at: '2025-03-03T11:59:59.000Z',
  failing_since: '2025-03-03T12:00:01.000Z',
  fault: EXAMPLE_FAULT,
  attempts: 3,
  next_attempt_at: '2025-03-03T12:00:09.000Z',
  faults: [{ ...EXAMPLE_FAULT, began_at: '2025-03-03T12:00:01.000Z', ended_at: null }],
};

/** Events of an account, posted signed to URLs (decision page 0084). */
export const WEBHOOK_ROUTES = [
  route({
    name: 'listWebhooks',
    method: 'GET',
    path: '/webhooks',
    permission: 'flows.read',
    answers: { 200: Type.Array(WEBHOOK) },
    doc: { summary: 'The webhooks of the account, by name.', example: { answer: [EXAMPLE] } },
    handler: listWebhooks,
  }),
  route({
    name: 'createWebhook',
    method: 'POST',
    path: '/webhooks',
    permission: 'account.manage',
    body: GIVEN,
    answers: { 201: WITH_SECRET, 409: 'conflict', 422: 'invalid_document' },
    doc: {
      summary: 'Makes one; only this answer has its `secret`.',
      description: `Every event of leads that end from now on is posted to it, signed as the Standard Webhooks specification says. An account has at most ${WEBHOOKS_MAX}.`,
      example: { body: EXAMPLE_BODY, answer: EXAMPLE_SECRET },
    },
    handler: createWebhook,
  }),
  route({
    name: 'readWebhook',
    method: 'GET',
    path: '/webhooks/:id',
    permission: 'flows.read',
    params,
    answers: { 200: WEBHOOK, 404: 'not_found' },
    doc: { summary: 'One of them.', example: { answer: EXAMPLE } },
    handler: readWebhook,
  }),
  route({
    name: 'replaceWebhook',
    method: 'PUT',
    path: '/webhooks/:id',
    permission: 'account.manage',
    params,
    body: GIVEN,
    answers: { 200: WEBHOOK, 404: 'not_found', 422: 'invalid_document' },
    doc: {
      summary: 'Replaces it; the secret stays, and it is tried at once.',
      description: 'The URL, the types and the outcomes count for what waits, too.',
      example: { body: EXAMPLE_BODY, answer: EXAMPLE },
    },
    handler: replaceWebhook,
  }),
  route({
    name: 'removeWebhook',
    method: 'DELETE',
    path: '/webhooks/:id',
    permission: 'account.manage',
    params,
    answers: { 200: WEBHOOK, 404: 'not_found' },
    doc: { summary: 'Deletes it, with all that waits for it.', example: { answer: EXAMPLE } },
    handler: removeWebhook,
  }),
  route({
    name: 'rotateWebhookSecret',
    method: 'POST',
    path: '/webhooks/:id/secret',
    permission: 'credentials.manage',
    params,
    takesNoBody: true,
    answers: { 200: WITH_SECRET, 404: 'not_found' },
    doc: {
      summary: 'Gives it a new `secret`, which only this answer has.',
      description: 'Events are signed with it from now on, also those that are sent again.',
      example: { answer: EXAMPLE_SECRET },
    },
    handler: rotateWebhookSecret,
  }),
  route({
    name: 'testWebhook',
    method: 'POST',
    path: '/webhooks/:id/test',
    permission: 'account.manage',
    params,
    hasOptionalBody: true,
    body: TEST,
    answers: { 200: TESTED, 403: 'permission_required', 404: 'not_found', 409: 'conflict' },
    doc: {
      summary: 'Sends one event, and says what was sent and what the receiver answered.',
      description:
        'Without a body it is an event of no lead with the `type` `webhook.test`. It is signed as the others are, its `webhook-id` begins with `webhook_test_`, and it is not sent again.',
      example: { body: { type: 'recipient', from: 'example' }, answer: EXAMPLE_TESTED },
    },
    handler: testWebhook,
  }),
  route({
    name: 'readWebhookState',
    method: 'GET',
    path: '/webhooks/:id/state',
    permission: 'flows.read',
    params,
    answers: { 200: STATE, 404: 'not_found' },
    doc: {
      summary: 'What waits for it, what has arrived, and why it takes nothing.',
      example: { answer: EXAMPLE_STATE },
    },
    handler: readWebhookState,
  }),
  route({
    name: 'recoverWebhook',
    method: 'POST',
    path: '/webhooks/:id/recover',
    permission: 'leads.resubmit',
    params,
    body: RECOVERY,
    answers: {
      200: Type.Object({ recovered: Type.Integer({ description: 'Rows.' }) }, { ...CLOSED, $id: 'WebhookRecovered' }),
      404: 'not_found',
      422: 'invalid_document',
    },
    doc: {
      summary: 'Sends again what was set aside, and tries a receiver that fails at once.',
      example: { body: { since: '2025-03-03T00:00:00.000Z' }, answer: { recovered: 12 } },
    },
    handler: recoverWebhook,
  }),
] as const;
