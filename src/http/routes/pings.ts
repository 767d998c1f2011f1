import { Type } from 'typebox';
import { PING_OUTCOMES } from '../../events/ping-store.ts';
import { listPings, readPing, readPingStats } from '../handlers/pings.ts';
import { PING_PARAMETERS, PING_STATS_PARAMETERS } from '../ping-question.ts';
import { idInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, ID, NAMED, nullable, TIME } from '../schemas.ts';

const FACTS = {
  id: ID,
  flow: NAMED,
  source: NAMED,
  revision: Type.Integer({ description: 'Of the flow, when it was pinged.' }),
  outcome: Type.Enum([...PING_OUTCOMES]),
  reason: nullable(Type.String()),
  price: Type.Number({ description: 'Dollars.' }),
  state: Type.Enum(['open', 'redeeming', 'redeemed', 'expired', 'refused'], {
    description: 'What became of the price; `redeeming`: a lead is being processed with it.',
  }),
  ping_limit_reached: Type.Boolean(),
  submitted_at: TIME,
  expires_at: TIME,
  redeemed_at: nullable(TIME, { description: 'When the lead came in that has its price.' }),
};

const RULE = Type.Object(
  {
    path: Type.String({ description: 'In the Flow document: `acceptance_criteria.rule_set.rules.1`.' }),
    label: Type.Unknown(),
    lhv: Type.Unknown(),
    op: Type.Unknown(),
    rhv: Type.Unknown({ description: 'null: the operator has no right side.' }),
    passed: Type.Boolean(),
  },
  { ...CLOSED, description: 'What the sides came to is not kept of a ping.' },
);

const BIDDER = Type.Object(
  {
    step_id: Type.String(),
    recipient: NAMED,
    verdict: Type.String({
      description:
        '`best`: its bid is the best; else why it is not: no bid, late, minimum, margin or outbid; or why it was not asked: criteria, hours, cap, disabled or not reached.',
    }),
    bid: nullable(
      Type.Object(
        {
          from: Type.Enum(['asked', 'standing']),
          price: nullable(Type.Number({ description: 'Dollars.' })),
          ms: Type.Number(),
          fault: nullable(Type.String({ description: 'Why it did not bid.' })),
          short_by: nullable(Type.Number({ description: 'How much it is below the minimum price or the margin.' })),
          lost_to: nullable(Type.Number({ description: 'The best bid.' })),
          id: nullable(Type.String({ description: 'What the recipient called its bid.' })),
        },
        CLOSED,
      ),
      { description: 'null: it was not asked.' },
    ),
    cap: nullable(Type.Unknown({ description: 'The cap that had no room.' })),
  },
  CLOSED,
);

const AUCTION = Type.Object(
  { step_id: Type.String({ description: 'The distribution.' }), key: Type.String(), recipients: Type.Array(BIDDER) },
  CLOSED,
);

const PHASE = Type.Object(
  {
    phase: Type.String({ description: 'The table of phases in ARCHITECTURE.md has the names.' }),
    verdict: Type.Enum(['passed', 'stopped', 'not reached']),
    rules: Type.Optional(Type.Array(RULE)),
    distributions: Type.Optional(
      Type.Array(AUCTION, { description: 'Of the phase `steps`, where bids price the pings of the flow.' }),
    ),
  },
  { $id: 'ExplainedPingPhase', description: 'What a phase decided; what it found besides depends on the phase.' },
);

const PING_FACTS = Type.Partial(Type.Object(FACTS, CLOSED), { $id: 'PingFacts' });

const PING = Type.Object(
  {
    ...FACTS,
    lead_id: nullable(ID, { description: 'The lead that has its price, or is being processed with it.' }),
    wait_ms: nullable(Type.Number({ description: 'Spent waiting for pricing services and bids.' })),
    warnings: Type.Array(Type.String()),
    explanation: Type.Object(
      {
        phases: Type.Array(PHASE),
        sentences: Type.Array(Type.String(), { description: 'The same in English, the most important first.' }),
      },
      CLOSED,
    ),
  },
  { ...CLOSED, $id: 'Ping' },
);

const STATS = Type.Object(
  {
    flow_id: Type.String(),
    source_id: Type.String({ description: 'Of the source’s entity.' }),
    started_at: TIME,
    submitted: Type.Integer(),
    success: Type.Integer({ description: 'Answered with a price.' }),
    limited: Type.Integer({ description: 'Refused by a ping limit.' }),
    redeemed: Type.Integer({ description: 'Have led to a lead with their price.' }),
    success_rate: nullable(Type.Number({ description: '`success` of `submitted`, 0 to 1.' })),
    win_rate: nullable(Type.Number({ description: '`redeemed` of `success`, 0 to 1; null: no ping had a price.' })),
  },
  { ...CLOSED, $id: 'PingStats' },
);

const EXAMPLE = {
  id: '67c599c00000000000000001',
  flow: { id: '5fd0c0de00000000000000ab', name: 'Leads with pings' },
  source: { id: '5fd0c0de00000000000000bb', name: 'Exchange' },
  revision: 1,
  outcome: 'success',
  reason: null,
  price: 5,
  state: 'redeemed',
  ping_limit_reached: false,
  submitted_at: '2025-03-03T12:00:00.000Z',
  expires_at: '2025-03-03T12:05:00.000Z',
  redeemed_at: '2025-03-03T12:00:02.000Z',
};

/** Pings that were answered, and what became of them (decision page 0074). */
export const PING_ROUTES = [
  route({
    name: 'listPings',
    method: 'GET',
    path: '/pings',
    permission: 'leads.read',
    query: PING_PARAMETERS,
    takesTurns: true,
    answers: { 200: Type.Array(PING_FACTS), 400: 'malformed_query' },
    doc: { summary: 'A page of pings, newest first; they are kept for 35 days.', example: { answer: [EXAMPLE] } },
    handler: listPings,
  }),
  route({
    name: 'readPingStats',
    method: 'GET',
    path: '/pings/stats',
    permission: 'reports.read',
    query: PING_STATS_PARAMETERS,
    takesTurns: true,
    answers: { 200: Type.Array(STATS), 400: 'malformed_query' },
    doc: {
      summary: 'Counts of pings by source and hour or day, newest first, with how many led to a lead.',
      example: {
        answer: [
          {
            flow_id: '5fd0c0de00000000000000ab',
            source_id: '5fd0c0de00000000000000bb',
            started_at: '2025-03-03T05:00:00.000Z',
            submitted: 40,
            success: 20,
            limited: 0,
            redeemed: 5,
            success_rate: 0.5,
            win_rate: 0.25,
          },
        ],
      },
    },
    handler: readPingStats,
  }),
  route({
    name: 'readPing',
    method: 'GET',
    path: '/pings/:id',
    permission: 'leads.read',
    params: { id: idInPath('The id of the ping.') },
    answers: { 200: PING, 404: 'not_found' },
    doc: { summary: 'One ping: why it ended so, and the lead that has its price.' },
    handler: readPing,
  }),
] as const;
