import { Type } from 'typebox';
import { DECIDERS, FEEDBACK_STATUSES, REASON_CHARACTERS_MAX } from '../../feedback/feedback.ts';
import { SUPPORTED_TYPES_TEXT } from '../../integrations/formats/refusals.ts';
import { FEEDBACK_TYPES, RETURN_DECISIONS } from '../../model/flow.ts';
import { LEAD_OUTCOMES } from '../../model/outcome.ts';
import { acceptReturn, declineReturn, listReturns, readReturn, sendFeedback } from '../handlers/feedback.ts';
import { SUBMIT_BODY_BYTES_MAX } from '../ingest/read-submission.ts';
import { buildPageParameters } from '../paging.ts';
import { about, idList, listOf } from '../parameters.ts';
import { idInPath } from '../read-path-parameters.ts';
import { type DocumentedRoute, route, type WireError } from '../route.ts';
import { CLOSED, ID, nullable, open, TIME } from '../schemas.ts';
import { EVENT } from './events.ts';

const NOTE_CHARACTERS_MAX = 2_000;

const PROPERTIES = {
  id: ID,
  type: Type.Enum([...FEEDBACK_TYPES]),
  reason: nullable(Type.String({ description: 'In the recipient’s words.' })),
  status: Type.Enum([...FEEDBACK_STATUSES]),
  outcome: nullable(Type.Enum([...LEAD_OUTCOMES]), { description: 'Of the answer; null: it is not final.' }),
  outcome_reason: nullable(Type.String()),
  decided_by: nullable(Type.Enum([...DECIDERS])),
  note: nullable(Type.String()),
  lead_id: ID,
  flow_id: ID,
  source_id: Type.String(),
  step_id: Type.String(),
  recipient_id: Type.String(),
  delivery_event_id: ID,
  event_id: nullable(ID, { description: 'Its feedback-received event; null: its outcome is not final.' }),
  attempts: Type.Integer({ description: 'Times the source was asked.' }),
  next_attempt_at: nullable(TIME, { description: 'When the source is asked again.' }),
  deadline_at: nullable(TIME, { description: 'When `default_decision` decides.' }),
  default_decision: nullable(Type.Enum([...RETURN_DECISIONS])),
  received_at: TIME,
  decided_at: nullable(TIME),
};

const FEEDBACK = Type.Object(PROPERTIES, { ...CLOSED, $id: 'Feedback' });
/** `include` and `exclude` pick. */
const LISTED_RETURN = Type.Partial(Type.Object(PROPERTIES), { ...CLOSED, $id: 'ListedReturn' });
const RETURN = Type.Object(
  {
    ...PROPERTIES,
    evidence: Type.Array(EVENT, {
      description: 'The events of the delivery, with what was sent and answered, and those of the return.',
    }),
  },
  { ...CLOSED, $id: 'Return' },
);

const SAID_OF_LEAD = {
  outcome: Type.Enum([...LEAD_OUTCOMES]),
  lead: Type.Object(
    { id: ID },
    { additionalProperties: true, description: 'With first_name, last_name, email and phone_1 where they are known.' },
  ),
  price: Type.Optional(Type.Number({ description: 'What the lead cost, in dollars, where it is known.' })),
};

const DECISION = Type.Object(
  {
    note: Type.Optional(
      Type.String({
        maxLength: NOTE_CHARACTERS_MAX,
        says: `Must be a text of at most ${NOTE_CHARACTERS_MAX} characters.`,
        description: 'For the account; the recipient does not see it.',
      }),
    ),
  },
  { ...CLOSED, $id: 'ReturnDecision' },
);

const GIVEN = Type.Object(
  {
    type: Type.Enum([...FEEDBACK_TYPES]),
    recipient_id: Type.String({ minLength: 1, maxLength: 64, description: 'Of the recipient that accepted the lead.' }),
    reason: Type.Optional(
      Type.String({
        maxLength: REASON_CHARACTERS_MAX,
        says: `Must be a text of at most ${REASON_CHARACTERS_MAX} characters.`,
      }),
    ),
  },
  { ...CLOSED, $id: 'GivenFeedback' },
);

const EXAMPLE = {
  id: '67c59a40aaaaaaaaaaaaaaad',
  type: 'return',
  reason: 'Wrong number',
  status: 'pending',
  outcome: null,
  outcome_reason: null,
  decided_by: null,
  note: null,
  lead_id: '67c59a3eaaaaaaaaaaaaaaab',
  flow_id: '5fd0c0de0000000000000001',
  source_id: '5fd0c0de0000000000000011',
  step_id: '1aacd0',
  recipient_id: '5fd0c0de0000000000000021',
  delivery_event_id: '67c59a3fd5a4001d2f83b09c',
  event_id: null,
  attempts: 0,
  next_attempt_at: null,
  deadline_at: '2025-03-10T12:00:00.000Z',
  default_decision: 'accept',
  received_at: '2025-03-03T12:00:00.000Z',
  decided_at: null,
};
const decided = (status: string, parts: object) => ({
  ...EXAMPLE,
  status,
  decided_by: 'person',
  event_id: '67c59a4fd5a4001d2f83b09d',
  decided_at: '2025-03-03T13:00:00.000Z',
  ...parts,
});

const params = { id: idInPath('The id of the return.') };

/** What recipients say of leads later (spec behaviour 13, decision page 0077). */
export const FEEDBACK_ROUTES = [
  route({
    name: 'listReturns',
    method: 'GET',
    path: '/returns',
    permission: 'leads.read',
    query: {
      ...buildPageParameters(Object.keys(PROPERTIES)),
      status: about('Only returns that are this.', listOf(FEEDBACK_STATUSES)),
      recipient_id: about('Only returns of these recipients.', idList()),
      lead_id: about('Only returns of these leads.', idList()),
    },
    answers: { 200: Type.Array(LISTED_RETURN) },
    doc: {
      summary: 'A page of returns; `status=pending`: those that wait for a decision.',
      example: { answer: [EXAMPLE] },
    },
    handler: listReturns,
  }),
  route({
    name: 'readReturn',
    method: 'GET',
    path: '/returns/:id',
    permission: 'leads.read',
    params,
    answers: { 200: RETURN, 404: 'not_found' },
    doc: {
      summary: 'One return with what was delivered and answered.',
      example: { answer: { ...EXAMPLE, evidence: [] } },
    },
    handler: readReturn,
  }),
  route({
    name: 'acceptReturn',
    method: 'POST',
    path: '/returns/:id/accept',
    permission: 'returns.decide',
    params,
    body: DECISION,
    hasOptionalBody: true,
    answers: { 200: FEEDBACK, 404: 'not_found', 409: 'conflict' },
    doc: {
      summary: 'Accepts a return that waits for a decision. Where the flow relays feedback, the source is asked first.',
      example: { body: { note: 'Called twice' }, answer: decided('accepted', { outcome: 'success' }) },
    },
    handler: acceptReturn,
  }),
  route({
    name: 'declineReturn',
    method: 'POST',
    path: '/returns/:id/decline',
    permission: 'returns.decide',
    params,
    body: DECISION,
    hasOptionalBody: true,
    answers: { 200: FEEDBACK, 404: 'not_found', 409: 'conflict' },
    doc: {
      summary: 'Declines a return that waits for a decision.',
      example: {
        body: { note: 'The number works' },
        answer: decided('declined', { outcome: 'failure', outcome_reason: 'The return was declined' }),
      },
    },
    handler: declineReturn,
  }),
  route({
    name: 'sendFeedback',
    method: 'POST',
    path: '/leads/:id/feedback',
    permission: 'feedback.send',
    params: { id: idInPath('The id of the lead.') },
    body: GIVEN,
    answers: {
      201: Type.Object(
        { ...SAID_OF_LEAD, reason: nullable(Type.String()), feedback: FEEDBACK },
        { ...CLOSED, $id: 'FeedbackResult' },
      ),
      404: 'not_found',
      409: 'conflict',
      429: 'too_many_attempts',
    },
    doc: {
      summary: 'Sends feedback by lead and recipient, where the id of the delivery’s event is not known.',
      example: {
        body: { type: 'conversion', recipient_id: EXAMPLE.recipient_id },
      },
    },
    handler: sendFeedback,
  }),
] as const;

const answers: DocumentedRoute['answers'] = {
  201: Type.Object(
    { ...SAID_OF_LEAD, reason: Type.Optional(Type.String()) },
    { $id: 'FeedbackAnswer', description: 'As JSON, or as XML when `Accept` asks for it.' },
  ),
  400: ['malformed_id', 'malformed_body'],
  404: 'not_found',
  414: 'url_too_long',
  415: 'unsupported_media_type',
  429: 'too_many_attempts',
  431: 'headers_too_large',
  503: 'unavailable',
};

/** Word for word as measured (spec modules b, api 7). */
const wireErrors: readonly WireError[] = [
  {
    status: 406,
    name: 'not_acceptable',
    body: 'Not capable of generating content according to the Accept header',
  },
  // With the lead and its price, as a success has them.
  { status: 409, name: 'feedback_forbidden', body: { outcome: 'failure', reason: 'Feedback is forbidden' } },
];
const wireErrorsOfPost: readonly WireError[] = [
  ...wireErrors,
  {
    status: 400,
    name: 'unparsable',
    body: 'Body is not parsable as application/json -- Error: "{"a":" is not valid JSON',
  },
  {
    status: 406,
    name: 'content_type_unsupported',
    body: `MIME type in Content-Type header is not supported. Use only ${SUPPORTED_TYPES_TEXT}.`,
  },
  { status: 415, name: 'content_type_required', body: 'Content-Type header is required' },
];

const given = {
  path: '/feedback',
  permission: 'public',
  params: {},
  query: {},
  isIngest: true,
  answerTypes: ['application/json', 'text/xml', 'application/xml'],
  answers,
} as const;

const DESCRIPTION =
  '`event_id` in the query is the id of the delivery’s event, the variable `event_id` of its mappings. `type` is `return` or `conversion`, `reason` is optional. No key is needed. Where the step does not take the type, the answer is 409 with the reason `Feedback is forbidden`. Unknown ids are slowed down per address.';
const example = {
  body: { type: 'return', reason: 'Wrong number' },
  answer: {
    outcome: 'success',
    lead: { id: '67c59a3eaaaaaaaaaaaaaaab', first_name: 'John', last_name: 'Doe' },
    price: 5,
  },
};

/** The URL of recipients. It is documented here; `ingest/` handles it. */
export const FEEDBACK_INGEST_ROUTES: readonly DocumentedRoute[] = [
  {
    ...given,
    name: 'receiveFeedback',
    method: 'POST',
    answers: { ...answers, 408: 'request_timeout', 413: 'body_too_large' },
    wireErrors: wireErrorsOfPost,
    body: open('`type` and `reason`: a form, JSON or XML, by Content-Type.'),
    bodyTypes: ['application/json', 'application/x-www-form-urlencoded', 'text/xml'],
    bodyBytesMax: SUBMIT_BODY_BYTES_MAX,
    doc: { summary: 'Takes a recipient’s feedback on a lead.', description: DESCRIPTION, example },
  },
  {
    ...given,
    name: 'receiveFeedbackByQuery',
    method: 'GET',
    wireErrors,
    body: undefined,
    doc: {
      summary: 'The same with everything in the query.',
      description: DESCRIPTION,
      example: { answer: example.answer },
    },
  },
];
