import { Type } from 'typebox';
import {
  DATE_FORMATS,
  EXPORT_DAYS_KEPT,
  EXPORT_EMAILS_MAX,
  EXPORT_FIELDS_MAX,
  EXPORT_FORMATS,
  EXPORT_ROWS,
  EXPORT_STATUSES,
  EXPORTS_OPEN_MAX,
} from '../../exports/export.ts';
import { createExport, listExports, readExport, removeExport } from '../handlers/exports.ts';
import { about, id, integer } from '../parameters.ts';
import { idInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, ID, nullable, TIME } from '../schemas.ts';

const ACTOR = Type.Object({ kind: Type.String(), id: Type.String(), name: Type.String() }, CLOSED);
const VALUES_MAX = 100;
const texts = (description: string) =>
  Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { minItems: 1, maxItems: VALUES_MAX, description }));
const idTexts = (description: string) =>
  Type.Optional(Type.Array(ID, { minItems: 1, maxItems: VALUES_MAX, description }));

const NEW_EXPORT = Type.Object(
  {
    start: Type.String({ description: 'The first instant; a date or time, UTC unless it has a zone.' }),
    end: Type.Optional(
      Type.String({ description: 'The first instant behind the range; a date is its beginning. Now unless given.' }),
    ),
    rows: Type.Optional(Type.Enum([...EXPORT_ROWS], { description: '`events` unless given.' })),
    format: Type.Optional(Type.Enum([...EXPORT_FORMATS], { description: '`csv` unless given; compressed with gzip.' })),
    fields: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
        ...{ minItems: 1, maxItems: EXPORT_FIELDS_MAX },
        description: 'The columns in their order, such as `id`, `outcome`, `lead.email`.',
      }),
    ),
    filter_rules: Type.Optional(
      Type.Array(Type.Unknown(), { description: 'Rules that events must pass, as in `GET /events`.' }),
    ),
    type: texts('Only events of these types.'),
    outcome: texts('Only rows with these outcomes.'),
    flow_id: idTexts('Only rows of these flows.'),
    source_id: idTexts('Only rows of these sources, by the ids of their entities.'),
    recipient_id: idTexts('Only events of these recipients.'),
    date_format: Type.Optional(
      Type.Enum([...DATE_FORMATS], {
        description:
          '`standard` unless given: `yyyy-mm-dd hh:mm:ss` in `time_zone`, which headings name. `legacy`: ISO 8601.',
      }),
    ),
    time_zone: Type.Optional(Type.String({ description: 'Of times in the file; that of the account unless given.' })),
    email_to: Type.Optional(
      Type.Array(Type.String({ maxLength: 254 }), {
        maxItems: EXPORT_EMAILS_MAX,
        description: 'Users of the account that get a message with a link when it has ended.',
      }),
    ),
  },
  { ...CLOSED, $id: 'NewExport' },
);

const MAYBE_TIME = nullable(TIME);
const MAYBE_TEXTS = nullable(Type.Array(Type.String()));

const EXPORT = Type.Object(
  {
    id: Type.String({ description: 'Also of its job.' }),
    created_at: TIME,
    status: Type.Enum([...EXPORT_STATUSES], {
      description: '`truncated`: complete, but retention had cut the range; `error`: failed or cancelled.',
    }),
    start: TIME,
    end: TIME,
    filter_rules: Type.Array(Type.Unknown()),
    fields: Type.Array(Type.String()),
    email_to: Type.Array(Type.String()),
    date_format: Type.Enum([...DATE_FORMATS]),
    user: nullable(
      Type.Object(
        {
          ...{ id: Type.String(), first_name: Type.String(), last_name: Type.String(), email: Type.String() },
          sso_id: Type.String({ description: 'The same as `id`.' }),
        },
        CLOSED,
      ),
      { description: 'Who asked; null: an API key did, see `asked_by`.' },
    ),
    expires_at: nullable(TIME, { description: `${EXPORT_DAYS_KEPT} days after it has ended; null until then.` }),
    reason: nullable(Type.Object({ message: Type.String() }, CLOSED), { description: 'Why it is truncated.' }),
    error: nullable(Type.String(), { description: 'Why it failed.' }),
    exported_docs: Type.Integer({ description: 'Rows that are written so far.' }),
    file_name: nullable(Type.String(), { description: 'null until the file is whole.' }),
    downloads: Type.Array(Type.Object({ at: TIME, by: ACTOR, ip: nullable(Type.String()) }, CLOSED), {
      description: 'The last 100.',
    }),
    format: Type.Enum([...EXPORT_FORMATS]),
    rows: Type.Enum([...EXPORT_ROWS]),
    time_zone: Type.String(),
    hides_values: Type.Boolean({
      description: 'Values of leads are `(hidden)`: who asked has no permission `personal_data.read`.',
    }),
    filters: Type.Object(
      {
        ...{ type: MAYBE_TEXTS, outcome: MAYBE_TEXTS, flow_id: MAYBE_TEXTS, source_id: MAYBE_TEXTS },
        recipient_id: MAYBE_TEXTS,
      },
      CLOSED,
    ),
    asked_by: ACTOR,
    size: Type.Integer({ description: 'Bytes that are written so far.' }),
    mailed_at: MAYBE_TIME,
    mail_fault: nullable(Type.String(), {
      description: 'Why the last attempt to mail failed, or who does not have it.',
    }),
    url: nullable(Type.String(), { description: 'Where the file is downloaded; null: there is none.' }),
  },
  { ...CLOSED, $id: 'Export' },
);

const params = { id: idInPath('The id of the export.') };
const KEY = { kind: 'key', id: '6b00d7de2f1d7a3c5e9b0a01', name: 'reporting' };
const EXAMPLE = {
  id: '6b00d7de2f1d7a3c5e9b0a30',
  created_at: '2026-11-27T09:00:00.000Z',
  status: 'complete',
  start: '2026-11-01T00:00:00.000Z',
  end: '2026-11-27T00:00:00.000Z',
  filter_rules: [],
  fields: ['id', 'time', 'outcome', 'lead.email'],
  email_to: ['ann@example.com'],
  date_format: 'standard',
  user: null,
  expires_at: '2026-12-04T09:00:21.000Z',
  reason: null,
  error: null,
  exported_docs: 128_400,
  file_name: 'events-2026-11-01-2026-11-27-9b0a30.csv.gz',
  downloads: [{ at: '2026-11-27T09:02:10.000Z', by: KEY, ip: '192.0.2.7' }],
  format: 'csv',
  rows: 'events',
  time_zone: 'America/Chicago',
  hides_values: false,
  filters: { type: ['recipient'], outcome: null, flow_id: null, source_id: null, recipient_id: null },
  asked_by: KEY,
  size: 3_902_114,
  mailed_at: '2026-11-27T09:00:24.000Z',
  mail_fault: null,
  url: '/exports/6b00d7de2f1d7a3c5e9b0a30/download',
};

/** Events and leads as files (decision page 0095). */
export const EXPORT_ROUTES = [
  route({
    name: 'listExports',
    method: 'GET',
    path: '/exports',
    permission: 'leads.read',
    query: {
      before_id: about('Goes on after this export of the page before.', id()),
      limit: about('Exports of a page; 25 unless given.', integer({ min: 1, max: 100 })),
    },
    answers: { 200: Type.Array(EXPORT) },
    doc: {
      summary: 'Exports of the account that have not expired, newest first.',
      example: { answer: [EXAMPLE] },
    },
    handler: listExports,
  }),
  route({
    name: 'createExport',
    method: 'POST',
    path: '/exports',
    permission: 'leads.read',
    body: NEW_EXPORT,
    answers: { 201: EXPORT, 409: 'conflict', 422: 'invalid_document' },
    doc: {
      summary: 'Writes events or leads of a range into a file, as a job of the same id.',
      description: `At most ${EXPORTS_OPEN_MAX} exports of an account are under way. \`GET /jobs/{id}\` says how far it is and \`POST /jobs/{id}/cancel\` ends it. \`GET /exports/{id}/download\` returns the file, with \`personal_data.read\` unless \`hides_values\`.`,
      example: {
        body: { start: '2026-11-01', fields: ['id', 'time', 'outcome', 'lead.email'], type: ['recipient'] },
        answer: EXAMPLE,
      },
    },
    handler: createExport,
  }),
  route({
    name: 'readExport',
    method: 'GET',
    path: '/exports/:id',
    permission: 'leads.read',
    params,
    answers: { 200: EXPORT, 404: 'not_found' },
    doc: { summary: 'One export: how it stands, and who has downloaded it.', example: { answer: EXAMPLE } },
    handler: readExport,
  }),
  route({
    name: 'removeExport',
    method: 'DELETE',
    path: '/exports/:id',
    permission: 'leads.read',
    params,
    answers: { 200: EXPORT, 404: 'not_found' },
    doc: { summary: 'Deletes an export with its file; its job is cancelled.', example: { answer: EXAMPLE } },
    handler: removeExport,
  }),
] as const;
