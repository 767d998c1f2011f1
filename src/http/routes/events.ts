import { type TSchema, Type } from 'typebox';
import { EVENT_PROPERTIES } from '../../events/event-properties.ts';
import { EVENT_TYPES } from '../../model/event.ts';
import { EVENT_PARAMETERS, EVENT_SEARCH } from '../event-question.ts';
import { listEvents, readEvent, searchEvents } from '../handlers/events.ts';
import { idInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, ID, nullable, TIME } from '../schemas.ts';
import { EVENT_EXPLANATION } from './explanation-schemas.ts';

/** The properties whose form programs rely on; the others are in `EVENT_PROPERTIES`, of any form. */
const KNOWN: Readonly<Record<string, TSchema>> = {
  id: ID,
  type: Type.Enum([...EVENT_TYPES]),
  outcome: Type.String(),
  reason: nullable(Type.String()),
  vars: Type.Object({}, { description: 'The variables when the step began.' }),
  host: Type.String(),
  handler_version: Type.String(),
  version: Type.String({ description: 'Of this form of an event.' }),
  step_id: nullable(Type.String()),
  start_timestamp: Type.Integer({ description: 'Epoch ms.' }),
  end_timestamp: Type.Integer({ description: 'Epoch ms.' }),
  ms: Type.Number(),
  wait_ms: Type.Number(),
  overhead_ms: Type.Number(),
  lag_ms: Type.Number(),
  total_ms: Type.Number(),
  cap_reached: Type.Boolean({ description: 'Of the flow and the source, or of the step.' }),
  asked_prices: Type.Array(
    Type.Object(
      {
        service_id: Type.String(),
        level: Type.Enum(['flow', 'source']),
        by: Type.Enum(['service', 'fallback'], { description: '`fallback`: it gave no price.' }),
        price: nullable(Type.Number()),
        ms: Type.Integer(),
        fault: nullable(Type.String(), { description: 'Why it gave no price.' }),
      },
      CLOSED,
    ),
    { description: 'The questions to pricing services; only on source events.' },
  ),
  ping_limit_reached: Type.Boolean(),
  expires_at: nullable(TIME, {
    description: 'When the lead and its events are deleted; null: a legal hold keeps them.',
  }),
  transactions: Type.Array(Type.Object({}, { description: 'A request, its response and how long it took.' })),
  warnings: Type.Array(Type.String()),
  explanation: EVENT_EXPLANATION,
};

/** What events of every type have. */
const ALWAYS: readonly string[] = [
  'id',
  'type',
  'outcome',
  'reason',
  'vars',
  'version',
  'overhead_ms',
  'lag_ms',
  'total_ms',
  'cap_reached',
  'ping_limit_reached',
  'expires_at',
];

function describeProperties(required: readonly string[]): Record<string, TSchema> {
  return Object.fromEntries(
    EVENT_PROPERTIES.map((name) => {
      const schema = KNOWN[name] ?? Type.Unknown();
      return [name, required.includes(name) ? schema : Type.Optional(schema)];
    }),
  );
}

export const EVENT = Type.Object(describeProperties(ALWAYS), { ...CLOSED, $id: 'Event' });

/** With `include` and `exclude` any property may be missing. */
export const PICKED_EVENT = Type.Object(describeProperties([]), { ...CLOSED, $id: 'PickedEvent' });
const PAGE = Type.Array(PICKED_EVENT);
const SEARCHED =
  'When a search with rules ends at its bound, `X-Scan-Truncated-At` names the id to go on from with `before_id` or, with `sort=asc`, `after_id`.';

export const EVENT_ROUTES = [
  route({
    name: 'listEvents',
    method: 'GET',
    path: '/events',
    permission: 'leads.read',
    query: EVENT_PARAMETERS,
    takesTurns: true,
    answers: { 200: PAGE, 400: 'malformed_query' },
    doc: {
      summary: 'A page of events, newest first; filtered by query parameters.',
      description: `${SEARCHED} \`GET /events/stream\` sends new events as \`text/event-stream\`, with the same parameters but those of pages.`,
    },
    handler: listEvents,
  }),
  route({
    name: 'searchEvents',
    method: 'POST',
    path: '/events',
    permission: 'leads.read',
    body: EVENT_SEARCH,
    takesTurns: true,
    answers: { 200: PAGE, 422: 'invalid_document' },
    doc: {
      summary: 'The same with the question in the body.',
      description: SEARCHED,
      example: {
        body: { type: ['recipient'], limit: 10, rules: [{ lhv: 'outcome', op: 'is equal to', rhv: 'failure' }] },
      },
    },
    handler: searchEvents,
  }),
  route({
    name: 'readEvent',
    method: 'GET',
    path: '/events/:id',
    permission: 'leads.read',
    params: { id: idInPath('The id of the event.') },
    answers: { 200: EVENT, 404: 'not_found' },
    doc: { summary: 'One event with its variables, request and response.' },
    handler: readEvent,
  }),
] as const;
