import { Type } from 'typebox';
import { SUPPORTED_TYPES_TEXT } from '../../integrations/formats/refusals.ts';
import { LEAD_OUTCOMES } from '../../model/outcome.ts';
import { SUBMIT_BODY_BYTES_MAX } from '../ingest/read-submission.ts';
import { idInPath, nameInPath } from '../read-path-parameters.ts';
import type { DocumentedRoute, WireError } from '../route.ts';
import { ID, open } from '../schemas.ts';

const TAKEN = Type.Object(
  {
    outcome: Type.Enum([...LEAD_OUTCOMES]),
    reason: Type.Optional(Type.String()),
    lead: Type.Object(
      { id: ID },
      { additionalProperties: true, description: 'With the other members that the source’s `response_fields` name.' },
    ),
    price: Type.Number({ description: 'Dollars.' }),
  },
  { $id: 'SubmitAnswer', description: 'As JSON, or as XML when `Accept` asks for it.' },
);

const BID = Type.Object(
  {
    outcome: Type.Enum(['success', 'failure']),
    reason: Type.Optional(Type.String()),
    price: Type.Number({ description: 'Dollars; 0 of a failure.' }),
  },
  {
    $id: 'PingAnswer',
    description:
      'As JSON, or as XML when `Accept` asks for it. Of a success the header `X-Ping-Id` has the id that a submission names to have the price.',
  },
);

const RECORDS = Type.Array(open('A request and its answer.'), {
  description: 'With an API key and `Prefer: return=representation`.',
});

const answers: DocumentedRoute['answers'] = {
  200: RECORDS,
  201: TAKEN,
  303: Type.String({ description: 'The lead came from a web form that asks for a redirect.' }),
  400: ['malformed_id', 'malformed_body', 'malformed_url'],
  403: 'origin_not_allowed',
  404: 'not_found',
  414: 'url_too_long',
  415: 'unsupported_media_type',
  431: 'headers_too_large',
  503: 'unavailable',
};

/** Word for word as measured (spec modules b, api 4.4); a parser’s sentence depends on the body. */
const wireErrors: readonly WireError[] = [
  { status: 400, name: 'invalid_redirect', body: 'Invalid redir_url' },
  { status: 401, name: 'unauthorized_source', body: { error: 'Unauthorized source' } },
  { status: 403, name: 'source_disabled', body: { message: 'Source is disabled' } },
  {
    status: 406,
    name: 'not_acceptable',
    body: 'Not capable of generating content according to the Accept header',
  },
];
/** Of a body. */
const wireErrorsOfPost: readonly WireError[] = [
  ...wireErrors,
  {
    status: 400,
    name: 'unparsable_json',
    body: 'Unable to parse JSON -- SyntaxError: Error: "{"a":" is not valid JSON',
  },
  {
    status: 406,
    name: 'content_type_unsupported',
    body: `MIME type in Content-Type header is not supported. Use only ${SUPPORTED_TYPES_TEXT}.`,
  },
  { status: 415, name: 'content_type_required', body: 'Content-Type header is required' },
];

const submit = {
  path: '/flows/:flow_id/sources/:source_id/submit',
  permission: 'public',
  params: {
    flow_id: idInPath('The id of the flow.'),
    source_id: nameInPath('The id of the source’s entity (24 characters), or the source’s own (6).'),
  },
  query: {},
  isIngest: true,
  answerTypes: ['application/json', 'text/xml', 'application/xml'],
  answers,
} as const;

const { 201: _taken, ...pingAnswers } = answers;

const ping = {
  ...submit,
  path: '/flows/:flow_id/sources/:source_id/ping',
  answers: {
    ...pingAnswers,
    200: BID,
    303: Type.String({ description: 'The ping came from a web form that asks for a redirect.' }),
  },
} as const;

const UNROUTED =
  'Of a lead that passes the rules of no route: `failure`, `No route of this router matches the lead`, price 0; nothing is stored.';

const throughRouter = {
  params: { router_id: idInPath('The id of the router.') },
  path: '/routers/:router_id/submit',
  answers: { ...answers, 200: Type.Union([RECORDS, BID], { description: UNROUTED }) },
} as const;

const pingThroughRouter = { params: throughRouter.params, path: '/routers/:router_id/ping' } as const;

const example = {
  body: { first_name: 'John', state: 'TX', email: 'jdoe@example.com' },
  answer: { outcome: 'failure', reason: 'duplicate', lead: { id: '6b00d7ded87f0cf99714beb0' }, price: 0 },
};
const TAKES = 'Taken is what is on disk, whatever the outcome: `success`, `failure` or `error`.';

const ASKS =
  'Decided like a submission up to the acceptance criteria; no step runs and no cap is used. A submission within `ping_life_seconds` of the flow that sends the id as `ping_id` or in the header `X-Ping-Id` has this price, once.';
const bid = { outcome: 'success', price: 5 };

/** The URLs of senders. They are documented here; `ingest/` handles them, and the source’s module reads and answers. */
export const INGEST_ROUTES: readonly DocumentedRoute[] = [
  {
    ...submit,
    name: 'submitLead',
    method: 'POST',
    answers: { ...answers, 408: 'request_timeout', 413: 'body_too_large' },
    wireErrors: wireErrorsOfPost,
    body: open('The values of the lead: a form, JSON or XML, by Content-Type.'),
    bodyTypes: ['application/json', 'application/x-www-form-urlencoded', 'text/xml'],
    bodyBytesMax: SUBMIT_BODY_BYTES_MAX,
    doc: { summary: 'Submits a lead to a source.', description: TAKES, example },
  },
  {
    ...submit,
    name: 'submitLeadByQuery',
    method: 'GET',
    wireErrors,
    body: undefined,
    doc: {
      summary: 'The same with the values in the query.',
      description: `Any parameter is a value of the lead. ${TAKES}`,
      example: { answer: example.answer },
    },
  },
  {
    ...ping,
    name: 'pingSource',
    method: 'POST',
    answers: { ...ping.answers, 408: 'request_timeout', 413: 'body_too_large' },
    wireErrors: wireErrorsOfPost,
    body: open('The values of the lead, or those that are known yet: a form, JSON or XML, by Content-Type.'),
    bodyTypes: ['application/json', 'application/x-www-form-urlencoded', 'text/xml'],
    bodyBytesMax: SUBMIT_BODY_BYTES_MAX,
    doc: {
      summary: 'Asks what a lead would be paid, without submitting it.',
      description: ASKS,
      example: { body: { state: 'TX' }, answer: bid },
    },
  },
  {
    ...ping,
    name: 'pingSourceByQuery',
    method: 'GET',
    wireErrors,
    body: undefined,
    doc: { summary: 'The same with the values in the query.', description: ASKS, example: { answer: bid } },
  },
  {
    ...submit,
    ...throughRouter,
    name: 'submitToRouter',
    method: 'POST',
    answers: { ...throughRouter.answers, 408: 'request_timeout', 413: 'body_too_large' },
    wireErrors: wireErrorsOfPost,
    body: open('The values of the lead: a form, JSON or XML, by Content-Type.'),
    bodyTypes: ['application/json', 'application/x-www-form-urlencoded', 'text/xml'],
    bodyBytesMax: SUBMIT_BODY_BYTES_MAX,
    doc: {
      summary: 'Submits a lead to the source that a router chooses.',
      description: `Then all is as if it had been posted there. ${UNROUTED}`,
      example,
    },
  },
  {
    ...submit,
    ...throughRouter,
    name: 'submitToRouterByQuery',
    method: 'GET',
    wireErrors,
    body: undefined,
    doc: {
      summary: 'The same with the values in the query.',
      description: UNROUTED,
      example: { answer: example.answer },
    },
  },
  {
    ...ping,
    ...pingThroughRouter,
    name: 'pingRouter',
    method: 'POST',
    answers: { ...ping.answers, 408: 'request_timeout', 413: 'body_too_large' },
    wireErrors: wireErrorsOfPost,
    body: open('The values of the lead, or those that are known yet: a form, JSON or XML, by Content-Type.'),
    bodyTypes: ['application/json', 'application/x-www-form-urlencoded', 'text/xml'],
    bodyBytesMax: SUBMIT_BODY_BYTES_MAX,
    doc: {
      summary: 'Asks the source that a router chooses what a lead would be paid.',
      description: ASKS,
      example: { body: { state: 'TX' }, answer: bid },
    },
  },
  {
    ...ping,
    ...pingThroughRouter,
    name: 'pingRouterByQuery',
    method: 'GET',
    wireErrors,
    body: undefined,
    doc: { summary: 'The same with the values in the query.', description: ASKS, example: { answer: bid } },
  },
];
