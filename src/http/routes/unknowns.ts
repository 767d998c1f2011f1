import { Type } from 'typebox';
import { RESOLUTIONS } from '../../retries/retry.ts';
import { listUnknowns, resolveUnknownDelivery } from '../handlers/unknowns.ts';
import { buildPageParameters } from '../paging.ts';
import { about, idList, oneOf } from '../parameters.ts';
import { idInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, nullable, TIME } from '../schemas.ts';

const NOTE_CHARACTERS_MAX = 1_000;

const PROPERTIES = {
  event_id: Type.String({ description: 'Of the delivery.' }),
  lead_id: Type.String(),
  flow_id: Type.String(),
  source_id: Type.String(),
  step_id: Type.String(),
  recipient_id: Type.String(),
  reason: nullable(Type.String()),
  expected_price: nullable(Type.Number(), {
    description:
      'What it was sold for if it arrived, in dollars: by the price rules, the bid, or with `override` the maximum price. null: unknown.',
  }),
  happened_at: TIME,
  resolved_at: nullable(TIME, { description: 'null: it is unresolved.' }),
  resolution: nullable(Type.Enum([...RESOLUTIONS])),
  note: nullable(Type.String()),
};

const UNKNOWN = Type.Object(PROPERTIES, { ...CLOSED, $id: 'UnknownDelivery' });
/** `include` and `exclude` pick. */
const LISTED_UNKNOWN = Type.Partial(Type.Object(PROPERTIES), { ...CLOSED, $id: 'ListedUnknownDelivery' });

const FINDING = Type.Object(
  {
    resolution: Type.Enum([...RESOLUTIONS]),
    price: Type.Optional(
      Type.Number({
        minimum: 0,
        says: 'Must be a number of dollars, 0 or more.',
        description:
          'What it was sold for, in dollars; only with `delivered`. Without it `expected_price` is booked. At most what revenue caps of the step hold for it.',
      }),
    ),
    note: Type.Optional(
      Type.String({
        maxLength: NOTE_CHARACTERS_MAX,
        says: `Must be a text of at most ${NOTE_CHARACTERS_MAX} characters.`,
      }),
    ),
    retry: Type.Optional(
      Type.Boolean({ description: 'Deliver it again, as a retry that is due at once; only with `not_delivered`.' }),
    ),
  },
  { ...CLOSED, $id: 'Finding' },
);

const EXAMPLE = {
  event_id: '67c59a3faaaaaaaaaaaaaaac',
  lead_id: '67c59a3eaaaaaaaaaaaaaaab',
  flow_id: '5fd0c0de0000000000000001',
  source_id: '5fd0c0de0000000000000011',
  step_id: '1aacd0',
  recipient_id: '5fd0c0de0000000000000021',
  reason: 'Unknown outcome: the server was stopped',
  expected_price: 12.5,
  happened_at: '2025-03-03T12:00:00.000Z',
  resolved_at: null,
  resolution: null,
  note: null,
};

/** Deliveries that may have arrived and were never answered (decision 24). */
export const UNKNOWN_ROUTES = [
  route({
    name: 'listUnknowns',
    method: 'GET',
    path: '/unknowns',
    permission: 'leads.read',
    query: {
      ...buildPageParameters(Object.keys(PROPERTIES)),
      resolved: about('`true`: those somebody has resolved, instead of the others.', oneOf(['true', 'false'])),
      recipient_id: about('Only deliveries to these recipients.', idList()),
      lead_id: about('Only deliveries of these leads.', idList()),
    },
    answers: { 200: Type.Array(LISTED_UNKNOWN) },
    doc: {
      summary:
        'Deliveries that may have arrived and were never answered; `resolved=true`: those that somebody has resolved.',
      example: { answer: [EXAMPLE] },
    },
    handler: listUnknowns,
  }),
  route({
    name: 'resolveUnknownDelivery',
    method: 'POST',
    path: '/unknowns/:event_id/resolve',
    permission: 'leads.resubmit',
    params: { event_id: idInPath('The id of the event of the delivery.') },
    body: FINDING,
    answers: { 200: UNKNOWN, 404: 'not_found', 409: 'conflict', 422: 'invalid_document' },
    doc: {
      summary: 'Says what became of one: `{"resolution": "delivered" | "not_delivered", "price", "note", "retry"}`.',
      example: {
        body: { resolution: 'delivered', price: 12.5, note: 'The buyer confirmed it by phone.' },
        answer: {
          ...EXAMPLE,
          resolved_at: '2025-03-03T13:00:00.000Z',
          resolution: 'delivered',
          note: 'The buyer confirmed it by phone.',
        },
      },
    },
    handler: resolveUnknownDelivery,
  }),
] as const;
