import { Type } from 'typebox';
import { BATCH_WEEKDAYS, TIMES_MAX } from '../../batches/schedule.ts';
import { QUESTION_RULES_MAX } from '../../events/compile-event-filter.ts';
import { COMPARISONS } from '../../reports/compare-time-frame.ts';
import { LINKED_ROWS_MAX } from '../../reports/link-rows.ts';
import {
  REPORT_DESCRIPTION_CHARACTERS_MAX,
  REPORT_MAIL_FORMATS,
  REPORT_NAME_CHARACTERS_MAX,
  REPORT_READERS_MAX,
  REPORTS_MAX,
  SHARE_DAYS_DEFAULT,
  SHARE_DAYS_MAX,
} from '../../reports/report.ts';
import { COLUMN_NAMES } from '../../statistics/columns.ts';
import { GROUPINGS, GROUPINGS_MAX } from '../../statistics/groupings.ts';
import { INTERVAL_NAMES } from '../../statistics/intervals.ts';
import {
  copyReport,
  createReport,
  listReports,
  previewReport,
  readSavedReport,
  readSharedReport,
  readSharedReportCsv,
  readSharedReportMarkdown,
  removeReport,
  replaceReport,
  runSavedReport,
  shareReport,
  unshareReport,
} from '../handlers/reports.ts';
import { nameInPath } from '../read-path-parameters.ts';
import { RUN_PARAMETERS, SHARED_PARAMETERS } from '../report-question.ts';
import { route } from '../route.ts';
import { CLOSED, nullable, READ_ONLY, TIME } from '../schemas.ts';
import { ROW_PROPERTIES, ROW_VALUE } from './statistics.ts';

const TIME_CHARACTERS_MAX = 100;
const EMAIL_CHARACTERS_MAX = 254;

const TIME_TEXT = Type.String({ maxLength: TIME_CHARACTERS_MAX });
const INTERVAL = Type.Enum([...INTERVAL_NAMES]);

const GIVEN_SCHEDULE = Type.Object(
  {
    times: Type.Array(Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', says: 'Must be a time such as 08:00.' }), {
      maxItems: TIMES_MAX,
      says: `Must be a list of at most ${TIMES_MAX} times.`,
    }),
    days: Type.Optional(
      nullable(Type.Array(Type.Enum([...BATCH_WEEKDAYS]), { maxItems: BATCH_WEEKDAYS.length }), {
        description: 'null: every day.',
      }),
    ),
    time_zone: Type.Optional(nullable(TIME_TEXT, { description: 'Of the times; null: the account’s.' })),
    email_to: Type.Array(Type.String({ maxLength: EMAIL_CHARACTERS_MAX }), {
      maxItems: REPORT_READERS_MAX,
      says: `Must be a list of 1 to ${REPORT_READERS_MAX} addresses of users.`,
      description: 'Addresses of users of the account who may read the report.',
    }),
    format: Type.Optional(
      Type.Enum([...REPORT_MAIL_FORMATS], { description: '`csv`, unless given: as a file. `html`: as a table.' }),
    ),
  },
  { ...CLOSED, $id: 'GivenReportSchedule' },
);

const GIVEN_PROPERTIES = {
  id: READ_ONLY,
  description: Type.Optional(nullable(Type.String({ maxLength: REPORT_DESCRIPTION_CHARACTERS_MAX }))),
  columns: Type.Optional(
    Type.Array(Type.Unknown({ description: 'An object whose key is the name of a column, or the name itself.' }), {
      maxItems: COLUMN_NAMES.length,
      description: 'As of `GET /events/stats`; the source outcomes unless given.',
    }),
  ),
  rules: Type.Optional(
    Type.Array(Type.Unknown(), {
      maxItems: QUESTION_RULES_MAX,
      description: 'Over the properties of events, which all must hold: `{"lhv", "op", "rhv"}`.',
    }),
  ),
  group_by: Type.Optional(
    Type.Array(Type.String({ maxLength: 200 }), {
      maxItems: GROUPINGS_MAX,
      says: `Must be a list of at most ${GROUPINGS_MAX} properties.`,
      description: `${GROUPINGS.map(({ property }) => `\`${property}\``).join(', ')}, or a value such as \`vars.lead.state\`.`,
    }),
  ),
  by_lead: Type.Optional(Type.Boolean({ description: '`true`, unless given: counts leads. `false`: counts events.' })),
  timeframe: Type.Optional(
    nullable(TIME_TEXT, { description: 'Of a run that names no other, such as `this_14_days`; null: today.' }),
  ),
  interval: Type.Optional(nullable(INTERVAL, { description: 'Splits the time frame; null: it is not split.' })),
  time_zone: Type.Optional(
    nullable(TIME_TEXT, { description: 'A name, or seconds east of UTC; null: the account’s.' }),
  ),
  token: READ_ONLY,
  read_only: READ_ONLY,
  share_expires_at: READ_ONLY,
  next_mail_at: READ_ONLY,
  mailed_at: READ_ONLY,
  mail_fault: READ_ONLY,
  created_at: READ_ONLY,
  updated_at: READ_ONLY,
};

const NAME = Type.String({
  pattern: '\\S',
  maxLength: REPORT_NAME_CHARACTERS_MAX,
  says: `Must be a text of 1 to ${REPORT_NAME_CHARACTERS_MAX} characters.`,
});

const GIVEN = Type.Object(
  {
    name: NAME,
    ...GIVEN_PROPERTIES,
    schedule: Type.Optional(nullable(GIVEN_SCHEDULE, { description: 'When it is mailed; null: it is not.' })),
  },
  { ...CLOSED, $id: 'GivenReport' },
);

const PREVIEW = Type.Object(
  {
    name: Type.Optional(Type.String({ maxLength: REPORT_NAME_CHARACTERS_MAX })),
    ...GIVEN_PROPERTIES,
    schedule: READ_ONLY,
    start: Type.Optional(TIME_TEXT),
    end: Type.Optional(TIME_TEXT),
    compare: Type.Optional(Type.Enum([...COMPARISONS])),
  },
  { ...CLOSED, $id: 'ReportPreview' },
);

const SCHEDULE = Type.Object(
  {
    times: Type.Array(Type.String()),
    days: nullable(Type.Array(Type.Enum([...BATCH_WEEKDAYS]))),
    time_zone: nullable(Type.String()),
    email_to: Type.Array(Type.String()),
    format: Type.Enum([...REPORT_MAIL_FORMATS]),
  },
  { ...CLOSED, $id: 'ReportSchedule' },
);

const PROPERTIES = {
  id: Type.String(),
  name: Type.String(),
  description: nullable(Type.String()),
  columns: Type.Array(Type.Record(Type.String(), Type.Literal(true))),
  rules: Type.Array(Type.Unknown()),
  group_by: Type.Array(Type.String()),
  by_lead: Type.Boolean(),
  timeframe: nullable(Type.String()),
  interval: nullable(INTERVAL),
  time_zone: nullable(Type.String()),
  schedule: nullable(SCHEDULE),
  read_only: Type.Boolean({ description: 'Every account has it; copy it to change it.' }),
  share_expires_at: nullable(TIME, { description: 'When its link ends; null: it is not shared.' }),
  next_mail_at: nullable(TIME),
  mailed_at: nullable(TIME),
  mail_fault: nullable(Type.String(), {
    description: 'Why the last mail was not sent, or not to everybody; null: everybody has it.',
  }),
  created_at: nullable(TIME),
  updated_at: nullable(TIME),
};
const REPORT = Type.Object(
  { ...PROPERTIES, token: Type.Null({ description: 'Only the answer that shares it has the token.' }) },
  { ...CLOSED, $id: 'Report' },
);
const SHARED = Type.Object(
  { ...PROPERTIES, token: Type.String({ description: 'Behind `/reports/shared/`. Only this answer has it.' }) },
  { ...CLOSED, $id: 'SharedReport' },
);

const ROW = Type.Object(
  {
    ...ROW_PROPERTIES,
    events: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: `By column the path of the events behind it; of answers with at most ${LINKED_ROWS_MAX} rows.`,
      }),
    ),
  },
  {
    additionalProperties: ROW_VALUE,
    $id: 'ReportRow',
    description: 'As a row of `GET /events/stats`; the last one has `total`.',
  },
);
const ROWS = Type.Array(ROW);

const params = { id: nameInPath('The id of the report.') };

const EXAMPLE_BODY = {
  name: 'Sold by source',
  description: 'For the Monday call',
  columns: [{ 'source-success': true }, { cost: true }],
  rules: [{ lhv: 'vars.flow.id', op: 'is equal to', rhv: '5fd0c0de00000000000000aa' }],
  group_by: ['vars.source.id'],
  by_lead: true,
  timeframe: 'previous_7_days',
  interval: null,
  time_zone: null,
  schedule: null,
};
const EXAMPLE = {
  id: '67c59a40eeeeeeeeeeeeeeee',
  ...EXAMPLE_BODY,
  read_only: false,
  share_expires_at: null,
  next_mail_at: null,
  mailed_at: null,
  mail_fault: null,
  token: null,
  created_at: '2025-03-03T12:00:00.000Z',
  updated_at: '2025-03-03T12:00:00.000Z',
};
const TIMEFRAME = { start: '2025-02-24T00:00:00.000-06:00', end: '2025-03-02T23:59:59.999-06:00' };
const EXAMPLE_ROWS = [
  {
    timeframe: TIMEFRAME,
    'vars.source.id': '5fd0c0de00000000000000bb',
    'vars.source.name': 'Search ads',
    'source-success': 120,
    cost: 960,
  },
  { timeframe: TIMEFRAME, total: true as const, 'source-success': 120, cost: 960 },
];
const TABLE = ['application/json', 'text/csv'];
const TOKEN = nameInPath('Of the link, as `POST /reports/{id}/share` returned it.');
const OF_LINKS = { 400: 'malformed_query', 404: 'not_found', 429: 'too_many_attempts', 503: 'unavailable' } as const;
const RUN_TEXT =
  'Rows as of `GET /events/stats`, each with its `timeframe`; the last one has `total: true`. `events` has, by column, the path of the events behind the number. `Accept: text/csv` returns the rows as CSV.';

/** Saved questions to the statistics (decision page 0100). */
export const REPORT_ROUTES = [
  route({
    name: 'listReports',
    method: 'GET',
    path: '/reports',
    permission: 'reports.read',
    answers: { 200: Type.Array(REPORT) },
    doc: {
      summary: 'The reports that every account has, then its own by name.',
      description: 'Those about pings are listed where pings were answered.',
      example: { answer: [EXAMPLE] },
    },
    handler: listReports,
  }),
  route({
    name: 'createReport',
    method: 'POST',
    path: '/reports',
    permission: 'flows.write',
    body: GIVEN,
    answers: { 201: REPORT, 409: 'conflict', 422: 'invalid_document' },
    doc: {
      summary: 'Saves one.',
      description: `Rules and groups by values of leads need the permission \`personal_data.read\`. An account has at most ${REPORTS_MAX}.`,
      example: { body: EXAMPLE_BODY, answer: EXAMPLE },
    },
    handler: createReport,
  }),
  route({
    name: 'previewReport',
    method: 'POST',
    path: '/reports/preview',
    permission: 'reports.read',
    body: PREVIEW,
    takesTurns: true,
    answers: { 200: ROWS, 422: 'invalid_document' },
    answerTypes: TABLE,
    doc: {
      summary: 'Runs a report that is not saved; `start`, `end` and `compare` may be in it.',
      description: RUN_TEXT,
      example: { body: EXAMPLE_BODY, answer: EXAMPLE_ROWS },
    },
    handler: previewReport,
  }),
  route({
    name: 'readSharedReport',
    method: 'GET',
    path: '/reports/shared/:token',
    permission: 'public',
    params: { token: TOKEN },
    query: SHARED_PARAMETERS,
    takesTurns: true,
    answers: { 200: ROWS, ...OF_LINKS },
    answerTypes: [...TABLE, 'text/html', 'text/markdown'],
    doc: {
      summary: 'The rows of a shared report, for everybody who has the link.',
      description:
        'Viewers choose the time frame and nothing else; rows have no `events`. Who prefers `text/html`, as browsers do, gets a page, also of errors; who prefers `text/markdown`, its Markdown.',
      example: { answer: EXAMPLE_ROWS },
    },
    handler: readSharedReport,
  }),
  route({
    name: 'readSharedReportCsv',
    method: 'GET',
    path: '/reports/shared/:token.csv',
    permission: 'public',
    params: { token: TOKEN },
    query: SHARED_PARAMETERS,
    takesTurns: true,
    answers: { 200: Type.String(), ...OF_LINKS },
    answerTypes: ['text/csv'],
    doc: { summary: 'The same rows as a CSV file.' },
    handler: readSharedReportCsv,
  }),
  route({
    name: 'readSharedReportMarkdown',
    method: 'GET',
    path: '/reports/shared/:token.md',
    permission: 'public',
    params: { token: TOKEN },
    query: SHARED_PARAMETERS,
    takesTurns: true,
    answers: { 200: Type.String(), ...OF_LINKS },
    answerTypes: ['text/markdown'],
    doc: { summary: 'The page of a shared report as Markdown, with at most 500 rows.' },
    handler: readSharedReportMarkdown,
  }),
  route({
    name: 'readReport',
    method: 'GET',
    path: '/reports/:id',
    permission: 'reports.read',
    params,
    answers: { 200: REPORT, 404: 'not_found' },
    doc: { summary: 'One of them.', example: { answer: EXAMPLE } },
    handler: readSavedReport,
  }),
  route({
    name: 'replaceReport',
    method: 'PUT',
    path: '/reports/:id',
    permission: 'flows.write',
    params,
    body: GIVEN,
    answers: { 200: REPORT, 404: 'not_found', 409: 'conflict', 422: 'invalid_document' },
    doc: {
      summary: 'Replaces it; its link ends.',
      example: { body: EXAMPLE_BODY, answer: EXAMPLE },
    },
    handler: replaceReport,
  }),
  route({
    name: 'removeReport',
    method: 'DELETE',
    path: '/reports/:id',
    permission: 'flows.write',
    params,
    answers: { 200: REPORT, 404: 'not_found', 409: 'conflict' },
    doc: { summary: 'Deletes it, with its link and its schedule.', example: { answer: EXAMPLE } },
    handler: removeReport,
  }),
  route({
    name: 'copyReport',
    method: 'POST',
    path: '/reports/:id/copy',
    permission: 'flows.write',
    params,
    body: Type.Object({ name: Type.Optional(NAME) }, { ...CLOSED, $id: 'ReportCopy' }),
    hasOptionalBody: true,
    answers: { 201: REPORT, 404: 'not_found', 409: 'conflict' },
    doc: {
      summary: 'Saves a copy, without link and schedule; also of those that every account has.',
      example: { body: { name: 'Sold by source' }, answer: EXAMPLE },
    },
    handler: copyReport,
  }),
  route({
    name: 'runReport',
    method: 'GET',
    path: '/reports/:id/run',
    permission: 'reports.read',
    params,
    query: RUN_PARAMETERS,
    takesTurns: true,
    answers: { 200: ROWS, 400: 'malformed_query', 404: 'not_found' },
    answerTypes: TABLE,
    doc: {
      summary: 'Runs it, in its own time frame unless the question names one.',
      description: RUN_TEXT,
      example: { answer: EXAMPLE_ROWS },
    },
    handler: runSavedReport,
  }),
  route({
    name: 'shareReport',
    method: 'POST',
    path: '/reports/:id/share',
    permission: 'account.manage',
    params,
    body: Type.Object(
      {
        expires_in_days: Type.Optional(
          Type.Integer({
            minimum: 1,
            maximum: SHARE_DAYS_MAX,
            says: `Must be from 1 to ${SHARE_DAYS_MAX}.`,
            description: `${SHARE_DAYS_DEFAULT} unless given.`,
          }),
        ),
      },
      { ...CLOSED, $id: 'ReportSharing' },
    ),
    hasOptionalBody: true,
    answers: { 200: SHARED, 404: 'not_found', 409: 'conflict' },
    doc: {
      summary: 'Makes a link that needs no login; only this answer has its `token`.',
      description: 'A link from before ends. So does this one when the report is changed or deleted.',
      example: {
        body: { expires_in_days: 30 },
        answer: {
          ...EXAMPLE,
          share_expires_at: '2025-04-02T12:00:00.000Z',
          token: 'Vm9yIGRlbSBIYXVzIHN0ZWh0IGVpbiBCYXVtLiBKYS4',
        },
      },
    },
    handler: shareReport,
  }),
  route({
    name: 'unshareReport',
    method: 'DELETE',
    path: '/reports/:id/share',
    permission: 'account.manage',
    params,
    answers: { 200: REPORT, 404: 'not_found', 409: 'conflict' },
    doc: { summary: 'Ends its link.', example: { answer: EXAMPLE } },
    handler: unshareReport,
  }),
] as const;
