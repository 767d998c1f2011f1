import { Type } from 'typebox';
import {
  COLUMNS_MAX,
  FILE_BYTES_MAX,
  FILE_ENCODINGS,
  FILE_FORMATS,
  FILE_ROWS_MAX,
  FILE_STATES,
} from '../../batches/batch.ts';
import { BATCH_WEEKDAYS, INTERVAL_MINUTES_MAX, INTERVAL_MINUTES_MIN, TIMES_MAX } from '../../batches/schedule.ts';
import {
  createBatch,
  deliverBatch,
  listBatches,
  listBatchFiles,
  readBatch,
  readBatchFile,
  removeBatch,
  replaceBatch,
  resendBatchFile,
} from '../handlers/batches.ts';
import { about, id, integer, oneOf } from '../parameters.ts';
import { idInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, ID, nullable, READ_ONLY, TIME } from '../schemas.ts';

const NAME_CHARACTERS_MAX = 100;
const HEADER_CHARACTERS_MAX = 200;
const TEXT_CHARACTERS_MAX = 2_000;
const ADDRESSES_MAX = 20;
const KEEP_DAYS_MAX = 100;

const TEXT = Type.String({
  maxLength: TEXT_CHARACTERS_MAX,
  says: `Must be a text of at most ${TEXT_CHARACTERS_MAX} characters.`,
});

const COLUMN_NAME = Type.String({
  pattern: '^[A-Za-z][A-Za-z0-9_.]{0,63}$',
  says: 'Must be a name of letters, digits, _ and dots, with up to 64 characters.',
  description: 'What steps map as `row.<name>`.',
});

const GIVEN_TARGET = Type.Object(
  {
    type: Type.Enum(['email', 'sftp', 's3', 'azure']),
    credential_id: Type.String({
      ...ID,
      description: 'The [credential](../guides/credentials.md) of the server: `smtp`, `sftp`, `aws`, `azure`.',
    }),
    from: Type.Optional(Type.String({ ...TEXT, description: 'Of `email`: the address of the sender.' })),
    to: Type.Optional(
      Type.Array(TEXT, {
        maxItems: ADDRESSES_MAX,
        says: `Must be a list of at most ${ADDRESSES_MAX} addresses.`,
        description: 'Of `email`: who gets it.',
      }),
    ),
    subject: Type.Optional(
      Type.String({ ...TEXT, description: 'Of `email`; `{batch}`, `{file}` and `{rows}` are filled in.' }),
    ),
    text: Type.Optional(Type.String({ ...TEXT, description: 'Of `email`: what stands above the file; likewise.' })),
    path: Type.Optional(Type.String({ ...TEXT, description: 'Of `sftp`: the folder.' })),
    bucket: Type.Optional(Type.String({ ...TEXT, description: 'Of `s3`.' })),
    container: Type.Optional(Type.String({ ...TEXT, description: 'Of `azure`.' })),
    prefix: Type.Optional(
      Type.String({ ...TEXT, description: 'Of `s3` and `azure`: what the name of the object begins with.' }),
    ),
  },
  { ...CLOSED, $id: 'GivenBatchTarget' },
);

const GIVEN_SCHEDULE = Type.Object(
  {
    type: Type.Enum(['times', 'interval', 'manual'], { description: '`manual`: it runs when somebody asks.' }),
    times: Type.Optional(
      Type.Array(Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', says: 'Must be a time such as 18:00.' }), {
        maxItems: TIMES_MAX,
        says: `Must be a list of at most ${TIMES_MAX} times.`,
      }),
    ),
    minutes: Type.Optional(
      Type.Integer({
        description: `Of \`interval\`: from ${INTERVAL_MINUTES_MIN} to ${INTERVAL_MINUTES_MAX}, counted from local midnight.`,
      }),
    ),
    days: Type.Optional(
      nullable(Type.Array(Type.Enum([...BATCH_WEEKDAYS]), { maxItems: BATCH_WEEKDAYS.length }), {
        description: 'null: every day.',
      }),
    ),
    time_zone: Type.Optional(nullable(Type.String({ maxLength: 100 }), { description: 'null: the account’s.' })),
  },
  { ...CLOSED, $id: 'GivenBatchSchedule' },
);

const GIVEN_BATCH = Type.Object(
  {
    id: READ_ONLY,
    name: Type.String({
      pattern: '\\S',
      maxLength: NAME_CHARACTERS_MAX,
      says: `Must be a text of 1 to ${NAME_CHARACTERS_MAX} characters.`,
    }),
    enabled: Type.Optional(Type.Boolean({ description: 'Off: it collects rows, and no schedule delivers them.' })),
    columns: Type.Array(
      Type.Object(
        {
          name: COLUMN_NAME,
          header: Type.Optional(
            Type.String({
              maxLength: HEADER_CHARACTERS_MAX,
              says: `Must be a text of at most ${HEADER_CHARACTERS_MAX} characters.`,
              description: 'In the first line of the file; the name unless given.',
            }),
          ),
        },
        CLOSED,
      ),
      { minItems: 1, maxItems: COLUMNS_MAX, says: `Must be a list of 1 to ${COLUMNS_MAX} columns.` },
    ),
    format: Type.Optional(Type.Enum([...FILE_FORMATS], { description: '`csv` unless given.' })),
    encoding: Type.Optional(Type.Enum([...FILE_ENCODINGS], { description: '`utf-8` unless given.' })),
    header: Type.Optional(Type.Boolean({ description: 'A first line with the headers; on unless given.' })),
    escape_formulas: Type.Optional(
      Type.Boolean({
        description: 'A value that a spreadsheet would take for a formula begins with an apostrophe; on unless given.',
      }),
    ),
    zip: Type.Optional(Type.Boolean()),
    file_name: Type.Optional(
      Type.String({
        maxLength: HEADER_CHARACTERS_MAX,
        says: `Must be a text of at most ${HEADER_CHARACTERS_MAX} characters.`,
        description: 'With `{id}`; `{batch}`, `{date}` and `{time}` as you like; the ending is added.',
      }),
    ),
    rows_max: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: FILE_ROWS_MAX,
        says: `Must be from 1 to ${FILE_ROWS_MAX}.`,
        description: 'Rows of one file; more rows are more files. 10,000 unless given.',
      }),
    ),
    bytes_max: Type.Optional(
      Type.Integer({
        minimum: 1_000,
        maximum: FILE_BYTES_MAX,
        says: `Must be from 1000 to ${FILE_BYTES_MAX}.`,
        description: 'Bytes of one file before it is zipped; 5,000,000 unless given, and 7,500,000 at most by `email`.',
      }),
    ),
    send_empty: Type.Optional(
      Type.Boolean({ description: 'A run by the schedule without rows sends a file all the same.' }),
    ),
    keep_days: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: KEEP_DAYS_MAX,
        says: `Must be from 1 to ${KEEP_DAYS_MAX}.`,
        description: 'How long its files and their rows are kept; 30 unless given.',
      }),
    ),
    schedule: Type.Optional(GIVEN_SCHEDULE),
    target: GIVEN_TARGET,
    waiting_rows: READ_ONLY,
    oldest_row_at: READ_ONLY,
    waiting_files: READ_ONLY,
    running: READ_ONLY,
    next_run_at: READ_ONLY,
    last_run_at: READ_ONLY,
    last_error: READ_ONLY,
    created_at: READ_ONLY,
    updated_at: READ_ONLY,
    deleted_at: READ_ONLY,
  },
  { ...CLOSED, $id: 'GivenBatch' },
);

const SHOWN_TARGET = Type.Object(
  {
    type: Type.String(),
    credential_id: Type.String(),
    from: Type.Optional(Type.String()),
    to: Type.Optional(Type.Array(Type.String())),
    subject: Type.Optional(Type.String()),
    text: Type.Optional(Type.String()),
    path: Type.Optional(Type.String()),
    bucket: Type.Optional(Type.String()),
    container: Type.Optional(Type.String()),
    prefix: Type.Optional(Type.String()),
  },
  CLOSED,
);

const SHOWN_SCHEDULE = Type.Object(
  {
    type: Type.String(),
    times: Type.Optional(Type.Array(Type.String())),
    minutes: Type.Optional(Type.Integer()),
    days: Type.Optional(nullable(Type.Array(Type.String()))),
    time_zone: Type.Optional(nullable(Type.String())),
  },
  CLOSED,
);

const MAYBE_TIME = nullable(TIME);

const BATCH = Type.Object(
  {
    id: Type.String({ description: 'What steps name it by, in `batch_id`.' }),
    name: Type.String(),
    enabled: Type.Boolean(),
    columns: Type.Array(Type.Object({ name: Type.String(), header: Type.String() }, CLOSED)),
    format: Type.Enum([...FILE_FORMATS]),
    encoding: Type.Enum([...FILE_ENCODINGS]),
    header: Type.Boolean(),
    escape_formulas: Type.Boolean(),
    zip: Type.Boolean(),
    file_name: Type.String(),
    rows_max: Type.Integer(),
    bytes_max: Type.Integer(),
    send_empty: Type.Boolean(),
    keep_days: Type.Integer(),
    schedule: SHOWN_SCHEDULE,
    target: SHOWN_TARGET,
    waiting_rows: Type.Integer({ description: 'Rows that are in no file yet; of leads under way, too.' }),
    oldest_row_at: MAYBE_TIME,
    waiting_files: Type.Integer({ description: 'Files that are not delivered yet.' }),
    running: Type.Boolean(),
    next_run_at: nullable(TIME, { description: 'By its schedule; null: it has none, or is off.' }),
    last_run_at: MAYBE_TIME,
    last_error: nullable(Type.String(), { description: 'Why the last run could not deliver everything.' }),
    created_at: TIME,
    updated_at: TIME,
    deleted_at: nullable(TIME, { description: 'null: it is not deleted.' }),
  },
  { ...CLOSED, $id: 'Batch' },
);

const FILE_PROPERTIES = {
  id: Type.String(),
  batch_id: Type.String(),
  name: Type.String(),
  content_type: Type.String(),
  rows: Type.Integer(),
  bytes: Type.Integer(),
  state: Type.Enum([...FILE_STATES], {
    description: '`waiting`: it goes with the next run. `failed`: it was sent 50 times in vain, and is no longer.',
  }),
  attempts: Type.Integer(),
  reason: nullable(Type.String(), {
    description: 'Why the last attempt failed; of a delivered file what of it went wrong all the same.',
  }),
  target: nullable(Type.String(), { description: 'Where the last attempt went.' }),
  url: Type.String({ description: 'Where it is downloaded, with `personal_data.read`.' }),
  created_at: TIME,
  attempted_at: MAYBE_TIME,
  delivered_at: MAYBE_TIME,
  next_attempt_at: MAYBE_TIME,
  expires_at: TIME,
};
const FILE = Type.Object(FILE_PROPERTIES, { ...CLOSED, $id: 'BatchFile' });
const FILE_WITH_LEADS = Type.Object(
  {
    ...FILE_PROPERTIES,
    leads: Type.Array(
      Type.Object({ position: Type.Integer(), lead_id: Type.String(), event_id: Type.String() }, CLOSED),
      { description: 'Its rows in order; `after` goes on behind a position.' },
    ),
  },
  { ...CLOSED, $id: 'BatchFileWithLeads' },
);

const params = { id: idInPath('The id of the batch.') };
const fileParams = { ...params, file_id: idInPath('The id of the file.') };

const EXAMPLE_BODY = {
  name: 'Evening leads',
  columns: [{ name: 'email', header: 'E-mail' }, { name: 'state' }],
  schedule: { type: 'times', times: ['18:00'], days: ['monday', 'friday'] },
  target: { type: 'sftp', credential_id: '67c59a40dddddddddddddddd', path: '/in' },
};
const EXAMPLE = {
  id: '67c59a40eeeeeeeeeeeeeeee',
  name: 'Evening leads',
  enabled: true,
  columns: [
    { name: 'email', header: 'E-mail' },
    { name: 'state', header: 'state' },
  ],
  format: 'csv',
  encoding: 'utf-8',
  header: true,
  escape_formulas: true,
  zip: false,
  file_name: '{batch} {date} {id}',
  rows_max: 10_000,
  bytes_max: 5_000_000,
  send_empty: false,
  keep_days: 30,
  schedule: { type: 'times', times: ['18:00'], days: ['monday', 'friday'], time_zone: null },
  target: { type: 'sftp', credential_id: '67c59a40dddddddddddddddd', path: '/in' },
  waiting_rows: 12,
  oldest_row_at: '2025-03-03T12:00:00.000Z',
  waiting_files: 0,
  running: false,
  next_run_at: '2025-03-07T23:00:00.000Z',
  last_run_at: null,
  last_error: null,
  created_at: '2025-03-03T11:00:00.000Z',
  updated_at: '2025-03-03T11:00:00.000Z',
  deleted_at: null,
};
const EXAMPLE_FILE = {
  id: '67c59a41eeeeeeeeeeeeeeee',
  batch_id: EXAMPLE.id,
  name: 'Evening leads 2025-03-03 67c59a41eeeeeeeeeeeeeeee.csv',
  content_type: 'text/csv',
  rows: 12,
  bytes: 431,
  state: 'delivered',
  attempts: 1,
  reason: null,
  target: 'SFTP, folder /in',
  url: `/batches/${EXAMPLE.id}/files/67c59a41eeeeeeeeeeeeeeee/download`,
  created_at: '2025-03-03T23:00:00.000Z',
  attempted_at: '2025-03-03T23:00:00.100Z',
  delivered_at: '2025-03-03T23:00:00.900Z',
  next_attempt_at: null,
  expires_at: '2025-04-02T23:00:00.000Z',
};

/** Rows that recipient steps collect and that are delivered as files (spec behaviour 14, decision page 0088). */
export const BATCH_ROUTES = [
  route({
    name: 'listBatches',
    method: 'GET',
    path: '/batches',
    permission: 'flows.read',
    answers: { 200: Type.Array(BATCH) },
    doc: { summary: 'The batches of the account, by name.', example: { answer: [EXAMPLE] } },
    handler: listBatches,
  }),
  route({
    name: 'createBatch',
    method: 'POST',
    path: '/batches',
    permission: 'flows.write',
    body: GIVEN_BATCH,
    answers: { 201: BATCH, 422: 'invalid_document' },
    doc: {
      summary: 'Makes one.',
      description: '[What its settings do](../guides/batches.md).',
      example: { body: EXAMPLE_BODY, answer: EXAMPLE },
    },
    handler: createBatch,
  }),
  route({
    name: 'readBatch',
    method: 'GET',
    path: '/batches/:id',
    permission: 'flows.read',
    params,
    answers: { 200: BATCH, 404: 'not_found' },
    doc: {
      summary: 'One of them, with the rows and files that wait; a deleted one as long as it has files.',
      example: { answer: EXAMPLE },
    },
    handler: readBatch,
  }),
  route({
    name: 'replaceBatch',
    method: 'PUT',
    path: '/batches/:id',
    permission: 'flows.write',
    params,
    body: GIVEN_BATCH,
    answers: { 200: BATCH, 404: 'not_found', 422: 'invalid_document' },
    doc: {
      summary: 'Replaces it; rows that wait become files as it says then.',
      example: { body: EXAMPLE_BODY, answer: EXAMPLE },
    },
    handler: replaceBatch,
  }),
  route({
    name: 'removeBatch',
    method: 'DELETE',
    path: '/batches/:id',
    permission: 'flows.write',
    params,
    query: {
      discard_rows: about('`true`: also with rows that were not delivered, which are lost.', oneOf(['true', 'false'])),
    },
    answers: { 200: BATCH, 404: 'not_found', 409: 'conflict' },
    doc: {
      summary: 'Deletes it, unless a flow names it, as saved or as it runs, or rows of it wait.',
      description: 'Its files can be downloaded until they expire.',
      example: { answer: EXAMPLE },
    },
    handler: removeBatch,
  }),
  route({
    name: 'deliverBatch',
    method: 'POST',
    path: '/batches/:id/deliver',
    permission: 'flows.write',
    params,
    body: Type.Object(
      {
        keep_rows: Type.Optional(Type.Boolean({ description: 'The rows stay, and go with the next run as well.' })),
      },
      { ...CLOSED, $id: 'BatchDelivery' },
    ),
    hasOptionalBody: true,
    answers: { 202: BATCH, 404: 'not_found' },
    doc: {
      summary: 'Delivers what waits now, whatever its schedule and also when it is off.',
      description: 'The run begins within seconds; `last_run_at` and `last_error` say how it ended.',
      example: { body: { keep_rows: true }, answer: EXAMPLE },
    },
    handler: deliverBatch,
  }),
  route({
    name: 'listBatchFiles',
    method: 'GET',
    path: '/batches/:id/files',
    permission: 'leads.read',
    params,
    query: {
      state: about('Only files in this state.', oneOf(FILE_STATES)),
      before_id: about('Goes on after this file of the page before.', id()),
      limit: about('Files of a page; 25 unless given.', integer({ min: 1, max: 100 })),
    },
    answers: { 200: Type.Array(FILE), 404: 'not_found' },
    doc: { summary: 'The files of a batch, newest first.', example: { answer: [EXAMPLE_FILE] } },
    handler: listBatchFiles,
  }),
  route({
    name: 'readBatchFile',
    method: 'GET',
    path: '/batches/:id/files/:file_id',
    permission: 'leads.read',
    params: fileParams,
    query: {
      after: about('Only rows behind this position.', integer({ min: 0, max: FILE_ROWS_MAX })),
      limit: about('Rows of a page; 25 unless given.', integer({ min: 1, max: 1000 })),
    },
    answers: { 200: FILE_WITH_LEADS, 404: 'not_found' },
    doc: {
      summary: 'One file with the leads that are in it.',
      description:
        '`GET /batches/{id}/files/{file_id}/download` returns the file itself, with the permission `personal_data.read`.',
      example: {
        answer: {
          ...EXAMPLE_FILE,
          leads: [{ position: 1, lead_id: '67c59a40aaaaaaaaaaaaaaaa', event_id: '67c59a40bbbbbbbbbbbbbbbb' }],
        },
      },
    },
    handler: readBatchFile,
  }),
  route({
    name: 'resendBatchFile',
    method: 'POST',
    path: '/batches/:id/files/:file_id/resend',
    permission: 'leads.resubmit',
    params: fileParams,
    body: Type.Object(
      {
        rebuild: Type.Optional(
          Type.Boolean({ description: 'Another file of the same rows, with columns and format as they are now.' }),
        ),
      },
      { ...CLOSED, $id: 'BatchFileResending' },
    ),
    hasOptionalBody: true,
    answers: { 202: FILE, 404: 'not_found', 409: 'conflict' },
    doc: {
      summary: 'Sends a file again, to the target that the batch has now.',
      description: 'Its name and its bytes are the same unless `rebuild` makes another one.',
      example: { body: {}, answer: EXAMPLE_FILE },
    },
    handler: resendBatchFile,
  }),
] as const;
