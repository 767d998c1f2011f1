import { Type } from 'typebox';
import { CAP_MAXIMUM_MAX } from '../../caps/cap-units.ts';
import { CLOSED_WINDOWS_MAX } from '../../caps/forecast-cap.ts';
import { CAP_DURATION_UNITS, CAP_TYPES } from '../../model/cap.ts';
import {
  COUNTED,
  changeCapCount,
  changeCapWindow,
  changePingLimitCount,
  changePingLimitWindow,
  listCaps,
  listCapWindows,
  listPingLimits,
  readCap,
  readPingLimit,
} from '../handlers/caps.ts';
import { about, id, oneOf } from '../parameters.ts';
import { idInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, nullable, open, TIME } from '../schemas.ts';

const FORECAST = Type.Object(
  {
    basis: nullable(Type.Enum(['closed_windows', 'this_window']), {
      description:
        'The mean rate of the last closed windows, or the rate of this window so far; null: nothing can be said.',
    }),
    windows: Type.Integer({ description: 'Closed windows it is made of, those without leads included.' }),
    expected_count: nullable(Type.Number(), {
      description: 'Places wanted by the end of the window; the cap gives at most `maximum` of them.',
    }),
    expected_low: nullable(Type.Number(), {
      description: 'The same if the rest of the window is as the slowest of those windows.',
    }),
    expected_high: nullable(Type.Number(), { description: 'As the busiest of them.' }),
    fills_at: nullable(Type.String({ format: 'date-time' }), {
      description: 'null: it is not expected to fill in this window, or nothing can be said.',
    }),
    reason: nullable(Type.String(), { description: 'Why nothing is said; null: something is.' }),
  },
  { ...CLOSED, $id: 'CapForecast', description: 'When the cap fills, as if leads came evenly within the window.' },
);

const CAP_COUNTER = Type.Object(
  {
    id: Type.String({ description: 'Of the cap.' }),
    type: Type.Enum([...CAP_TYPES], { description: '`volume` counts leads or deliveries, `revenue` dollars.' }),
    counts: Type.Enum([...COUNTED], {
      description:
        'What `maximum`, `count` and `held` are of: leads of a flow or source, deliveries of a step, or dollars: what leads of a flow or source cost, what deliveries of a step are sold for.',
    }),
    name: nullable(Type.String()),
    flow_id: Type.String(),
    source_id: nullable(Type.String(), { description: 'Of the source’s entity; null: it is no cap of a source.' }),
    step_id: nullable(Type.String(), { description: 'null: it is no cap of a step.' }),
    maximum: Type.Number({ description: 'That holds in this window.' }),
    deployed_maximum: Type.Number({
      description: 'Of the flow: another one than `maximum` where this window has its own.',
    }),
    duration: Type.Integer(),
    duration_units: Type.Enum([...CAP_DURATION_UNITS]),
    time_zone: Type.String({ description: 'Its own, else the account’s.' }),
    rule_set: open('Which leads count: a RuleSet of the flow document; null: all.'),
    reason: Type.String({ description: 'The template of the reason when the cap is full.' }),
    cap_ids: Type.Array(Type.String(), { description: 'Of the caps directly in it, each with a counter of its own.' }),
    caps: Type.Array(open('A Cap of the flow document.'), { description: 'The same caps as deployed.' }),
    count: Type.Number({ description: 'Used in this window: places, or dollars.' }),
    held: Type.Number({
      description: 'Held by leads that have not ended; with `count` never more than `maximum`.',
    }),
    failed_count: Type.Integer({ description: 'Leads and deliveries the cap refused in this window.' }),
    started_at: Type.String({ format: 'date-time', description: 'When the window began.' }),
    expires_at: Type.String({ format: 'date-time', description: 'When the next one begins, at 0.' }),
    updated_at: nullable(TIME, { description: 'null: no lead asked for a place in this window yet.' }),
    forecast: FORECAST,
  },
  { ...CLOSED, $id: 'CapCounter' },
);

const PING_LIMIT_COUNTER = Type.Object(
  {
    id: Type.String({ description: 'Of the ping limit.' }),
    name: nullable(Type.String()),
    flow_id: Type.String(),
    source_id: nullable(Type.String(), { description: 'Of the source’s entity; null: it is the flow’s.' }),
    maximum: Type.Integer({ description: 'That holds in this window.' }),
    deployed_maximum: Type.Integer({
      description: 'Of the flow: another one than `maximum` where this window has its own.',
    }),
    duration: Type.Integer(),
    duration_units: Type.Enum([...CAP_DURATION_UNITS]),
    time_zone: Type.String({ description: 'Its own, else the account’s.' }),
    count: Type.Integer({ description: 'Pings that were accepted in this window.' }),
    failed_count: Type.Integer({ description: 'Pings the limit refused in this window.' }),
    started_at: Type.String({ format: 'date-time', description: 'When the window began.' }),
    expires_at: Type.String({ format: 'date-time', description: 'When the next one begins, at 0.' }),
    updated_at: nullable(TIME, { description: 'null: no ping asked for a place in this window yet.' }),
    created_at: nullable(Type.String(), { description: 'When the limit was first saved.' }),
  },
  { ...CLOSED, $id: 'PingLimitCounter' },
);

const CAP_WINDOW = Type.Object(
  {
    started_at: Type.String({ format: 'date-time' }),
    ended_at: Type.String({ format: 'date-time', description: 'When the next one began, at 0.' }),
    count: Type.Number({ description: 'Used at its end, places held by leads that had not ended included.' }),
    failed_count: Type.Integer({ description: 'Leads and deliveries the cap refused in it.' }),
    window_maximum: nullable(Type.Number(), {
      description: 'The maximum that it alone had; null: it had the flow’s.',
    }),
  },
  { ...CLOSED, $id: 'CapWindow' },
);

const COUNT = Type.Object(
  {
    set: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: CAP_MAXIMUM_MAX,
        says: `Must be a number from 0 to ${CAP_MAXIMUM_MAX}.`,
        description: 'The new count: whole, or dollars of a revenue cap.',
      }),
    ),
    add: Type.Optional(
      Type.Number({
        minimum: -CAP_MAXIMUM_MAX,
        maximum: CAP_MAXIMUM_MAX,
        says: `Must be a number from -${CAP_MAXIMUM_MAX} to ${CAP_MAXIMUM_MAX}.`,
        description: 'Added to the count, which never falls below 0.',
      }),
    ),
  },
  CLOSED,
);

const WINDOW = Type.Object(
  {
    maximum: nullable(
      Type.Number({
        minimum: 0,
        maximum: CAP_MAXIMUM_MAX,
        says: `Must be a number from 0 to ${CAP_MAXIMUM_MAX}, or null.`,
      }),
      { description: 'Until the window ends: whole, or dollars of a revenue cap. null: the flow’s.' },
    ),
  },
  CLOSED,
);

const params = { id: idInPath('The id of the cap.') };

const EXAMPLE = {
  id: '5fd0c0de00000000000000c1',
  type: 'volume',
  counts: 'leads',
  name: 'Monthly leads',
  flow_id: '5fd0c0de00000000000000a6',
  source_id: null,
  step_id: null,
  maximum: 1200,
  deployed_maximum: 1200,
  duration: 1,
  duration_units: 'month',
  time_zone: 'America/New_York',
  rule_set: null,
  reason: 'Cap reached',
  cap_ids: [],
  caps: [],
  count: 40,
  held: 2,
  failed_count: 0,
  started_at: '2025-03-01T05:00:00.000Z',
  expires_at: '2025-04-01T04:00:00.000Z',
  updated_at: '2025-03-03T12:00:00.000Z',
  forecast: {
    basis: 'closed_windows',
    windows: 3,
    expected_count: 980,
    expected_low: 850,
    expected_high: 1150,
    fills_at: null,
    reason: null,
  },
};

const pingParams = { id: idInPath('The id of the ping limit.') };

const PING_EXAMPLE = {
  id: '5fd0c0de00000000000000d1',
  name: 'A day',
  flow_id: '5fd0c0de00000000000000a6',
  source_id: null,
  maximum: 1000,
  deployed_maximum: 1000,
  duration: 1,
  duration_units: 'day',
  time_zone: 'America/New_York',
  count: 40,
  failed_count: 0,
  started_at: '2025-03-03T05:00:00.000Z',
  expires_at: '2025-03-04T05:00:00.000Z',
  updated_at: '2025-03-03T12:00:00.000Z',
  created_at: '2025-01-01T00:00:00.000Z',
};

/** Counters of caps (spec api 9, decision pages 0071 and 0076). */
export const CAP_ROUTES = [
  route({
    name: 'listCaps',
    method: 'GET',
    path: '/caps',
    permission: 'flows.read',
    query: {
      flow_id: about('Only caps of this flow; 404 when there is none.', id()),
      idle: about('`true`: also caps that no lead asked since their window began.', oneOf(['true', 'false'])),
    },
    answers: { 200: Type.Array(CAP_COUNTER), 404: 'not_found' },
    doc: {
      summary: 'The caps of deployed flows that leads asked for a place in the window that runs, with their counters.',
      description:
        'In the order of the flows and of their documents, nested caps behind the cap they are in. A cap that no lead asked since its window began is left out; `idle` and `GET /caps/{id}` show it.',
      example: { answer: [EXAMPLE] },
    },
    handler: listCaps,
  }),
  route({
    name: 'readCap',
    method: 'GET',
    path: '/caps/:id',
    permission: 'flows.read',
    params,
    answers: { 200: CAP_COUNTER, 404: 'not_found' },
    doc: {
      summary: 'One cap of a deployed flow with its counter in the window that runs.',
      example: { answer: EXAMPLE },
    },
    handler: readCap,
  }),
  route({
    name: 'listCapWindows',
    method: 'GET',
    path: '/caps/:id/windows',
    permission: 'flows.read',
    params,
    answers: { 200: Type.Array(CAP_WINDOW), 404: 'not_found' },
    doc: {
      summary: 'How the last windows of a cap ended, the latest first.',
      description: `At most ${CLOSED_WINDOWS_MAX}, of those that had a lead, since its rules, its type or a shorter window last started the count again. Counters are kept for 35 days after their window.`,
      example: {
        answer: [
          {
            started_at: '2025-02-01T05:00:00.000Z',
            ended_at: '2025-03-01T05:00:00.000Z',
            count: 1200,
            failed_count: 34,
            window_maximum: null,
          },
        ],
      },
    },
    handler: listCapWindows,
  }),
  route({
    name: 'changeCapCount',
    method: 'POST',
    path: '/caps/:id/count',
    permission: 'flows.deploy',
    params,
    body: COUNT,
    answers: { 200: CAP_COUNTER, 404: 'not_found', 422: 'invalid_document' },
    doc: {
      summary: 'Sets the count of the window that runs, or adds to it; returns the new state.',
      description:
        'Leads see it at once. A count at or above the maximum closes the cap until the window ends. Places of leads under way (`held`) stay theirs and are counted on top when those leads succeed. The activity log has the count before and after.',
      example: { body: { add: -3 }, answer: { ...EXAMPLE, count: 37 } },
    },
    handler: changeCapCount,
  }),
  route({
    name: 'changeCapWindow',
    method: 'PUT',
    path: '/caps/:id/window',
    permission: 'flows.deploy',
    params,
    body: WINDOW,
    answers: { 200: CAP_COUNTER, 404: 'not_found', 422: 'invalid_document' },
    doc: {
      summary: 'Gives the window that runs a maximum of its own, or takes it away; returns the new state.',
      description:
        'Leads see it at once, and exactly so many are taken. The next window has the maximum of the flow again; a deploy that changes the maximum, the rules or the windows of the cap ends it, too. The activity log has it.',
      example: { body: { maximum: 1500 }, answer: { ...EXAMPLE, maximum: 1500 } },
    },
    handler: changeCapWindow,
  }),
  route({
    name: 'listPingLimits',
    method: 'GET',
    path: '/ping_limits',
    permission: 'flows.read',
    query: {
      flow_id: about('Only ping limits of this flow; 404 when there is none.', id()),
      idle: about('`true`: also limits that no ping asked since their window began.', oneOf(['true', 'false'])),
    },
    answers: { 200: Type.Array(PING_LIMIT_COUNTER), 404: 'not_found' },
    doc: {
      summary: 'The ping limits of deployed flows that pings asked for a place in the window that runs.',
      description:
        'In the order of the flows and of their documents. One that no ping asked since its window began is left out; `idle` and `GET /ping_limits/{id}` show it.',
      example: { answer: [PING_EXAMPLE] },
    },
    handler: listPingLimits,
  }),
  route({
    name: 'readPingLimit',
    method: 'GET',
    path: '/ping_limits/:id',
    permission: 'flows.read',
    params: pingParams,
    answers: { 200: PING_LIMIT_COUNTER, 404: 'not_found' },
    doc: {
      summary: 'One ping limit of a deployed flow with its counter in the window that runs.',
      example: { answer: PING_EXAMPLE },
    },
    handler: readPingLimit,
  }),
  route({
    name: 'changePingLimitCount',
    method: 'POST',
    path: '/ping_limits/:id/count',
    permission: 'flows.deploy',
    params: pingParams,
    body: COUNT,
    answers: { 200: PING_LIMIT_COUNTER, 404: 'not_found', 422: 'invalid_document' },
    doc: {
      summary: 'Sets the count of the window that runs, or adds to it; returns the new state.',
      description:
        'Pings see it at once. The activity log has the count before and after, as of a cap: both have the same counters.',
      example: { body: { add: -3 }, answer: { ...PING_EXAMPLE, count: 37 } },
    },
    handler: changePingLimitCount,
  }),
  route({
    name: 'changePingLimitWindow',
    method: 'PUT',
    path: '/ping_limits/:id/window',
    permission: 'flows.deploy',
    params: pingParams,
    body: WINDOW,
    answers: { 200: PING_LIMIT_COUNTER, 404: 'not_found', 422: 'invalid_document' },
    doc: {
      summary: 'Gives the window that runs a maximum of its own, or takes it away; returns the new state.',
      description: 'As of a cap: pings see it at once, and the next window has the maximum of the flow again.',
      example: { body: { maximum: 1500 }, answer: { ...PING_EXAMPLE, maximum: 1500 } },
    },
    handler: changePingLimitWindow,
  }),
] as const;
