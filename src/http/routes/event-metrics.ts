import { type TSchema, Type } from 'typebox';
import { askForMetric, readMetric } from '../handlers/event-metrics.ts';
import { METRIC_PARAMETERS } from '../metric-question.ts';
import { route } from '../route.ts';
import { CLOSED, nullable } from '../schemas.ts';

const { steps, target_property, group_by, interval, max_age, ...FRAME } = METRIC_PARAMETERS;
const COUNTED = { ...FRAME, interval, group_by };
const TARGETED = { ...COUNTED, target_property };
const AGED = { ...TARGETED, max_age };
const FUNNEL = { ...FRAME, steps };

const FORM =
  'A value; with `group_by` a list of `{…, result}`; with `interval` a list of `{timeframe, value}`, each with one of the two. Counted ahead, or from at most 10,000 events: more is 400 with what to ask instead.';

function resultOf(value: TSchema) {
  const grouped = Type.Array(Type.Object({ result: value }, { additionalProperties: nullable(Type.String()) }));
  const either = Type.Union([value, grouped]);
  const timeframe = Type.Object({ start: Type.String(), end: Type.String() }, CLOSED);
  return Type.Object(
    { result: Type.Union([either, Type.Array(Type.Object({ timeframe, value: either }, CLOSED))]) },
    CLOSED,
  );
}

/** The same as JSON values; lists and what has a form of its own as themselves. */
function bodyOf(parameters: Readonly<Record<string, unknown>>) {
  return Type.Object(
    Object.fromEntries(Object.keys(parameters).map((name) => [name, Type.Optional(Type.Unknown())])),
    CLOSED,
  );
}

const WHOLE = Type.Integer();
const STEPS = Type.Object(
  {
    result: Type.Array(WHOLE, { description: 'Who passes each step, of those who passed the ones before it.' }),
    steps: Type.Array(Type.Unknown()),
  },
  CLOSED,
);
const read = { method: 'GET', permission: 'reports.read', takesTurns: true } as const;
const ask = { method: 'POST', permission: 'reports.read', takesTurns: true } as const;

/** Counts of single events in the manner of Keen (decision page 0092). */
export const EVENT_METRIC_ROUTES = [
  route({
    ...{ ...read, name: 'countEvents', path: '/events/event-metrics/count', query: COUNTED },
    answers: { 200: resultOf(WHOLE), 400: 'malformed_query' },
    doc: { summary: 'How many events there are.', description: FORM, example: { answer: { result: 120 } } },
    handler: readMetric('count'),
  }),
  route({
    ...{ ...ask, name: 'askHowManyEvents', path: '/events/event-metrics/count', body: bodyOf(COUNTED) },
    answers: { 200: resultOf(WHOLE), 422: 'invalid_document' },
    doc: {
      summary: 'The same with the question in the body.',
      example: { body: { timeframe: 'this_14_days', interval: 'daily' } },
    },
    handler: askForMetric('count', COUNTED),
  }),
  route({
    ...{ ...read, name: 'countUniqueValues', path: '/events/event-metrics/count_unique', query: TARGETED },
    answers: { 200: resultOf(WHOLE), 400: 'malformed_query' },
    doc: { summary: 'How many different values of `target_property` events have.', description: FORM },
    handler: readMetric('count_unique'),
  }),
  route({
    ...{ ...ask, name: 'askHowManyValues', path: '/events/event-metrics/count_unique', body: bodyOf(TARGETED) },
    answers: { 200: resultOf(WHOLE), 422: 'invalid_document' },
    doc: { summary: 'The same with the question in the body.', example: { body: { target_property: 'vars.lead.id' } } },
    handler: askForMetric('count_unique', TARGETED),
  }),
  route({
    ...{ ...read, name: 'selectUniqueValues', path: '/events/event-metrics/select_unique', query: TARGETED },
    answers: { 200: resultOf(Type.Array(Type.String())), 400: 'malformed_query' },
    doc: { summary: 'The different values of `target_property`, the first 1,000 of them.', description: FORM },
    handler: readMetric('select_unique'),
  }),
  route({
    ...{ ...ask, name: 'askForUniqueValues', path: '/events/event-metrics/select_unique', body: bodyOf(TARGETED) },
    answers: { 200: resultOf(Type.Array(Type.String())), 422: 'invalid_document' },
    doc: { summary: 'The same with the question in the body.', example: { body: { target_property: 'step_id' } } },
    handler: askForMetric('select_unique', TARGETED),
  }),
  route({
    ...{ ...read, name: 'readMedian', path: '/events/event-metrics/median', query: AGED },
    answers: { 200: resultOf(nullable(Type.Number())), 400: 'malformed_query' },
    doc: {
      summary: 'The median of the numbers of `target_property`, such as `total_ms`; null: no event has one.',
      description: FORM,
    },
    handler: readMetric('median'),
  }),
  route({
    ...{ ...ask, name: 'askForMedian', path: '/events/event-metrics/median', body: bodyOf(AGED) },
    answers: { 200: resultOf(nullable(Type.Number())), 422: 'invalid_document' },
    doc: { summary: 'The same with the question in the body.', example: { body: { target_property: 'total_ms' } } },
    handler: askForMetric('median', AGED),
  }),
  route({
    ...{ ...read, name: 'countFunnel', path: '/events/event-metrics/funnel', query: FUNNEL },
    answers: { 200: STEPS, 400: 'malformed_query' },
    doc: {
      summary: 'How many leads have an event of each step, of those that have one of every step before it.',
      description:
        'Each step has `filters` of its own; `actor_property` is `vars.lead.id` unless it says otherwise, and `inverted` passes who has no such event.',
    },
    handler: readMetric('funnel'),
  }),
  route({
    ...{ ...ask, name: 'askForFunnel', path: '/events/event-metrics/funnel', body: bodyOf(FUNNEL) },
    answers: { 200: STEPS, 422: 'invalid_document' },
    doc: {
      summary: 'The same with the question in the body.',
      example: { body: { steps: [{ filters: [{ lhv: 'type', op: 'is equal to', rhv: 'source' }] }] } },
    },
    handler: askForMetric('funnel', FUNNEL),
  }),
] as const;
