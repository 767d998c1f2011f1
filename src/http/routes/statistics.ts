import { Type } from 'typebox';
import { readFlowFunnel } from '../handlers/flow-funnel.ts';
import { readLatencies } from '../handlers/latencies.ts';
import { readStatistics } from '../handlers/statistics.ts';
import { idInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, nullable } from '../schemas.ts';
import { LATENCY_PARAMETERS, STATISTICS_PARAMETERS, TIME_PARAMETERS } from '../statistics-question.ts';

const TIMEFRAME = Type.Object({ start: Type.String(), end: Type.String() }, { additionalProperties: false });

/** What every row may have beside its columns and its groups. */
export const ROW_PROPERTIES = {
  timeframe: Type.Optional(TIMEFRAME),
  total: Type.Optional(Type.Literal(true, { description: 'Of all rows.' })),
  compared: Type.Optional(
    Type.Record(
      Type.String(),
      Type.Object(
        {
          value: nullable(Type.Number({ description: 'In the earlier time frame.' })),
          difference: nullable(Type.Number()),
          ratio: nullable(Type.Number({ description: 'How many times the earlier value it is; null: that is 0.' })),
        },
        { additionalProperties: false },
      ),
    ),
  ),
};
/** Columns, groups with their names. */
export const ROW_VALUE = Type.Union([Type.String(), Type.Number(), Type.Null()]);

/** Columns, groups with their names, and what belongs to the time are properties of one row. */
export const STATISTICS_ROW = Type.Object(ROW_PROPERTIES, {
  additionalProperties: ROW_VALUE,
  $id: 'StatisticsRow',
  description: 'The value of each column and of each grouping, by its name.',
});

const { interval: _, ...FRAME } = TIME_PARAMETERS;
const COUNT = Type.Integer();
const OUTCOMES = Type.Record(Type.String(), COUNT);

const LATENCY_OF_STEP =
  'What half of the deliveries of the flow to the recipient of the step took at most, in the hours of the time frame; right to 5 %. null: nothing was delivered.';

const FUNNEL = Type.Object(
  {
    timeframe: TIMEFRAME,
    submitted: COUNT,
    outcomes: OUTCOMES,
    phases: nullable(Type.Array(Type.Object({ phase: Type.String(), reached: COUNT, left: COUNT }, CLOSED)), {
      description: 'In their order; null: there are more than 50,000 leads, ask for less time.',
    }),
    steps: Type.Array(
      Type.Object(
        {
          step_id: Type.String(),
          type: Type.Enum(['filter', 'recipient']),
          reached: Type.Integer({ description: 'Leads with an event of the step.' }),
          left: Type.Integer({ description: 'Leads that a filter stopped.' }),
          outcomes: OUTCOMES,
          p50_ms: nullable(Type.Integer(), { description: LATENCY_OF_STEP }),
          p95_ms: nullable(Type.Integer(), { description: 'The same of 95 in 100.' }),
        },
        CLOSED,
      ),
      {
        description:
          'As the flow is saved, recipients of a distribution behind it; then steps that are not there any more.',
      },
    ),
  },
  { ...CLOSED, $id: 'FlowFunnel' },
);

const MS = nullable(Type.Integer(), { description: 'Right to 5 %.' });
const LATENCIES = Type.Object(
  {
    timeframe: TIMEFRAME,
    latencies: Type.Array(
      Type.Object(
        {
          id: Type.String({ description: 'Of the flow, the source or the recipient.' }),
          name: nullable(Type.String()),
          count: Type.Integer({ description: 'Leads, or deliveries.' }),
          p50_ms: MS,
          p95_ms: MS,
        },
        CLOSED,
      ),
    ),
  },
  { ...CLOSED, $id: 'Latencies' },
);

const ROUTE_TEXT =
  'Each row has the values of its groups (names of flows, sources and recipients beside their ids), its `timeframe` where `interval` splits it, and its columns; money in dollars, null where something would be divided by 0. `Accept: text/csv` returns the rows as CSV. Events before `X-Counted-Until` are counted.';

export const STATISTICS_ROUTES = [
  route({
    name: 'readStatistics',
    method: 'GET',
    path: '/events/stats',
    permission: 'reports.read',
    query: STATISTICS_PARAMETERS,
    takesTurns: true,
    answers: { 200: Type.Array(STATISTICS_ROW), 400: 'malformed_query' },
    answerTypes: ['application/json', 'text/csv'],
    doc: {
      summary: 'Counts of leads or events and money in a time frame, by columns, groups and intervals.',
      description: ROUTE_TEXT,
      example: {
        answer: [
          {
            'vars.source.id': '5fd0c0de00000000000000bb',
            'vars.source.name': 'Search ads',
            'source-success': 120,
            'source-failure': 14,
            'source-error': 0,
          },
        ],
      },
    },
    handler: readStatistics,
  }),
  route({
    name: 'readLatencies',
    method: 'GET',
    path: '/events/latencies',
    permission: 'reports.read',
    query: LATENCY_PARAMETERS,
    takesTurns: true,
    answers: { 200: LATENCIES, 400: 'malformed_query' },
    doc: {
      summary:
        'How long deliveries to recipients took, or leads of flows and sources: the median and the 95th percentile.',
      description:
        'Of whole hours: `timeframe` says which. Attempts to deliver again are not counted. Counts follow leads by seconds.',
      example: {
        answer: {
          timeframe: { start: '2025-03-03T00:00:00.000-06:00', end: '2025-03-03T23:59:59.999-06:00' },
          latencies: [{ id: '5fd0c0de0000000000000021', name: 'Acme CRM', count: 412, p50_ms: 182, p95_ms: 940 }],
        },
      },
    },
    handler: readLatencies,
  }),
  route({
    name: 'readFlowFunnel',
    method: 'GET',
    path: '/flows/:id/funnel',
    permission: 'reports.read',
    params: { id: idInPath('The id of the flow.') },
    query: FRAME,
    takesTurns: true,
    answers: { 200: FUNNEL, 400: 'malformed_query', 404: 'not_found' },
    doc: {
      summary: 'How many leads reached each phase and each step of a flow in a time frame, and how many left there.',
    },
    handler: readFlowFunnel,
  }),
] as const;
