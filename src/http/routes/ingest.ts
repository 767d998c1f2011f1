import { Type } from 'typebox';
import { LEAD_OUTCOMES } from '../../model/outcome.ts';
import { SUBMIT_BODY_BYTES_MAX } from '../ingest/read-submission.ts';
import { idInPath, nameInPath } from '../read-path-parameters.ts';
import type { DocumentedRoute } from '../route.ts';
import { CLOSED, ID, open } from '../schemas.ts';

const TAKEN = Type.Object(
  {
    outcome: Type.Enum([...LEAD_OUTCOMES]),
    reason: Type.Optional(Type.String()),
    lead: Type.Object({ id: ID }, CLOSED),
    price: Type.Number({ description: 'Dollars.' }),
  },
  { $id: 'SubmitAnswer', description: 'As JSON, or as XML when `Accept` asks for it.' },
);

const answers: DocumentedRoute['answers'] = {
  200: Type.Array(open('A request and its answer.'), {
    description: 'With an API key and `Prefer: return=representation`.',
  }),
  201: TAKEN,
  303: Type.String({ description: 'The lead came from a web form that asks for a redirect.' }),
  400: ['malformed_id', 'malformed_body', 'malformed_url'],
  401: 'authentication_failed',
  403: 'origin_not_allowed',
  404: 'not_found',
  408: 'request_timeout',
  413: 'body_too_large',
  414: 'url_too_long',
  415: 'unsupported_media_type',
  431: 'headers_too_large',
  503: 'unavailable',
};

const submit = {
  path: '/flows/:flow_id/sources/:source_id/submit',
  permission: 'public',
  params: {
    flow_id: idInPath('The id of the flow.'),
    source_id: nameInPath('The id of the source’s entity (24 characters), or the source’s own (6).'),
  },
  query: {},
  isIngest: true,
  answers,
} as const;

const example = {
  body: { first_name: 'John', state: 'TX', email: 'jdoe@example.com' },
  answer: { outcome: 'failure', reason: 'duplicate', lead: { id: '6b00d7ded87f0cf99714beb0' }, price: 0 },
};
const TAKES = 'Taken is what is on disk, whatever the outcome: `success`, `failure` or `error`.';

/** The URLs of senders. They are documented here; `ingest/` handles them, and the source’s module reads and answers. */
export const INGEST_ROUTES: readonly DocumentedRoute[] = [
  {
    ...submit,
    name: 'submitLead',
    method: 'POST',
    body: open('The values of the lead: a form, JSON or XML, by Content-Type.'),
    bodyTypes: ['application/json', 'application/x-www-form-urlencoded', 'text/xml'],
    bodyBytesMax: SUBMIT_BODY_BYTES_MAX,
    doc: { summary: 'Submits a lead to a source.', description: TAKES, example },
  },
  {
    ...submit,
    name: 'submitLeadByQuery',
    method: 'GET',
    body: undefined,
    doc: {
      summary: 'The same with the values in the query.',
      description: `Any parameter is a value of the lead. ${TAKES}`,
      example: { answer: example.answer },
    },
  },
];
