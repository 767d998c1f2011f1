import { Type } from 'typebox';
import { readStatistics } from '../handlers/statistics.ts';
import { route } from '../route.ts';
import { nullable } from '../schemas.ts';
import { STATISTICS_PARAMETERS } from '../statistics-question.ts';

const TIMEFRAME = Type.Object({ start: Type.String(), end: Type.String() }, { additionalProperties: false });

/** Columns, groups with their names, and what belongs to the time are properties of one row. */
export const STATISTICS_ROW = Type.Object(
  {
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
  },
  {
    additionalProperties: Type.Union([Type.String(), Type.Number(), Type.Null()]),
    $id: 'StatisticsRow',
    description: 'The value of each column and of each grouping, by its name.',
  },
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
] as const;
