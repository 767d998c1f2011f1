import { Type } from 'typebox';
import { REASON_COLUMN } from '../../imports/lead-column-names.ts';
import { LEAD_ROWS_MAX, RATE_DEFAULT, RATE_MAX } from '../../jobs/import-leads/import-leads-input.ts';
import {
  changeLeadImport,
  importLeadFile,
  LEAD_BYTES_MAX,
  readLeadImport,
  startLeadImport,
} from '../handlers/lead-imports.ts';
import { about, id, integer, oneOf, text } from '../parameters.ts';
import { idInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, nullable } from '../schemas.ts';
import { JOB } from './jobs.ts';

const FILE = Type.Object(
  {
    encoding: Type.String({ description: '`ascii`, `utf-8`, `utf-16le`, `utf-16be` or `windows-1252`, as it begins.' }),
    gzip: Type.Boolean(),
    delimiter: nullable(Type.String(), { description: 'null: each line is one value.' }),
    header: Type.Boolean({ description: 'Is the first row one of names?' }),
    columns: Type.Array(
      Type.Object(
        {
          column: Type.Integer({ description: 'From 1.' }),
          name: nullable(Type.String()),
          field: nullable(Type.String(), { description: 'What it is submitted as; null: it is not imported.' }),
          confidence: Type.Number({ description: '0 to 1.' }),
          because: Type.Enum(['id', 'name', 'synonym', 'values', 'nothing', 'caller'], {
            description: 'What the field was guessed from; `caller`: it was said.',
          }),
          fits: Type.Number({ description: 'The share of its first values that the type of the field reads, 0 to 1.' }),
          samples: Type.Optional(
            Type.Array(Type.String(), { description: 'Some values; only in the answer to the file itself.' }),
          ),
        },
        CLOSED,
      ),
    ),
  },
  { ...CLOSED, $id: 'LeadFile' },
);
const FILE_EXAMPLE = {
  ...{ encoding: 'ascii', gzip: false, delimiter: ',', header: true },
  columns: [
    {
      ...{ column: 1, name: 'E-Mail', field: 'email', confidence: 0.95, because: 'name', fits: 1 },
      samples: ['ann@example.com'],
    },
  ],
};

const GROUPS = Type.Array(
  Type.Object(
    {
      message: Type.String(),
      rows: Type.Integer(),
      samples: Type.Array(Type.Integer(), { description: 'Numbers of rows, from 1 and without the header.' }),
    },
    CLOSED,
  ),
);

const IMPORT = Type.Object(
  {
    job: JOB,
    flow_id: Type.String(),
    source_id: Type.String(),
    file: FILE,
    constants: Type.Record(Type.String(), Type.String(), { description: 'Empty once the job has ended.' }),
    invalid: Type.Enum(['reject', 'submit']),
    rate: Type.Integer({ description: 'Rows a second.' }),
    started: Type.Boolean({
      description:
        'false: the rows wait for `start`, however far the check is. true: they are submitted once it is done.',
    }),
    check: nullable(
      Type.Object(
        {
          rows: Type.Integer(),
          rejected: Type.Integer({ description: 'Rows that would not be submitted.' }),
          errors: GROUPS,
          warnings: GROUPS,
          preview: Type.Object(
            {
              rows: Type.Integer(),
              counts: Type.Record(Type.String(), Type.Integer()),
              reasons: Type.Array(
                Type.Object(
                  {
                    outcome: Type.String(),
                    reason: Type.String({ description: 'Values in it are `…`.' }),
                    rows: Type.Integer(),
                    sample: Type.Integer(),
                  },
                  CLOSED,
                ),
              ),
            },
            {
              ...CLOSED,
              description:
                'What would become of the first rows: recipients accept everything, lists are empty and caps have room.',
            },
          ),
        },
        CLOSED,
      ),
      { description: 'null: the file is not checked yet.' },
    ),
  },
  { ...CLOSED, $id: 'LeadImport' },
);

const RATE = Type.Integer({ minimum: 1, maximum: RATE_MAX, description: 'Rows a second, at most.' });
const CHANGE = Type.Object(
  {
    columns: Type.Optional(
      Type.Record(Type.String(), nullable(Type.String()), {
        description: 'By name or number from 1: the field, or null for a column that is not imported. Others stay.',
      }),
    ),
    constants: Type.Optional(
      Type.Record(Type.String(), Type.String({ maxLength: 1_000 }), {
        maxProperties: 100,
        description: 'By field: the value of rows that have none of their own.',
      }),
    ),
    invalid: Type.Optional(Type.Enum(['reject', 'submit'])),
    rate: Type.Optional(RATE),
  },
  { ...CLOSED, $id: 'LeadImportChange' },
);

const params = { id: idInPath('The id of the import, which is that of its job.') };

/** Files of leads (decision page 0096). */
export const LEAD_IMPORT_ROUTES = [
  route({
    name: 'importLeadFile',
    method: 'POST',
    path: '/leads/imports',
    permission: 'leads.submit',
    query: {
      flow_id: about('The flow that the leads are for.', id()),
      source_id: about('Its source: the id of the entity, or its own.', text({ charactersMax: 24 })),
      header: about('Is the first row one of names? Guessed unless given.', oneOf(['true', 'false'])),
      invalid: about(
        'What becomes of rows with a value that the type of its field does not read: `reject` unless given.',
        oneOf(['reject', 'submit']),
      ),
      rate: about(`Rows a second, at most; ${RATE_DEFAULT} unless given.`, integer({ min: 1, max: RATE_MAX })),
      start: about('Submits the rows once the file is checked, without waiting.', oneOf(['true', 'false'])),
      preview: about('Only says how the file would be read; its beginning is enough.', oneOf(['true', 'false'])),
    },
    body: Type.Unsafe<AsyncIterable<Uint8Array>>({ type: 'string', format: 'binary' }),
    fileTypes: ['text/csv', 'text/plain', 'application/gzip', 'application/x-gzip', 'application/octet-stream'],
    bodyBytesMax: LEAD_BYTES_MAX,
    answers: {
      200: Type.Object({ file: FILE }, CLOSED),
      202: Type.Object({ job: JOB, file: FILE }, CLOSED),
      404: 'not_found',
      409: 'conflict',
      413: 'body_too_large',
      422: 'invalid_document',
    },
    doc: {
      summary: 'Imports the leads of a CSV file, as a job; 200 with `preview=true`.',
      description: `The job checks the whole file, then waits (\`waiting\`) until it is started. The file has at most ${LEAD_ROWS_MAX} rows, may be compressed with gzip, and is in UTF-8, UTF-16 or Windows-1252. Each row is submitted once, as a lead of the source. The job counts \`success\`, \`failure\`, \`error\` and \`rejected\` rows, and leaves \`result.csv\` with what became of each and \`rejected.csv\` with the rejected rows and a column \`${REASON_COLUMN}\`.`,
      example: { answer: { file: FILE_EXAMPLE } },
    },
    handler: importLeadFile,
  }),
  route({
    name: 'readLeadImport',
    method: 'GET',
    path: '/leads/imports/:id',
    permission: 'leads.submit',
    params,
    answers: { 200: IMPORT, 404: 'not_found' },
    doc: { summary: 'An import of leads: how its file is read, what the check found, and how far it is.' },
    handler: readLeadImport,
  }),
  route({
    name: 'changeLeadImport',
    method: 'PUT',
    path: '/leads/imports/:id',
    permission: 'leads.submit',
    params,
    body: CHANGE,
    answers: { 202: IMPORT, 404: 'not_found', 409: 'conflict', 422: 'invalid_document' },
    doc: {
      summary: 'Says what columns of an import that waits are submitted as; its file is checked again.',
      example: { body: { columns: { 'E-Mail': 'email' }, constants: { state: 'TX' }, rate: 50 } },
    },
    handler: changeLeadImport,
  }),
  route({
    name: 'startLeadImport',
    method: 'POST',
    path: '/leads/imports/:id/start',
    permission: 'leads.submit',
    params,
    body: Type.Object({ rate: Type.Optional(RATE) }, { ...CLOSED, $id: 'LeadImportStart' }),
    hasOptionalBody: true,
    answers: { 202: IMPORT, 404: 'not_found', 409: 'conflict' },
    doc: {
      summary:
        'Submits the rows of an import that waits. One that is paused goes on, at another rate where one is said.',
    },
    handler: startLeadImport,
  }),
] as const;
