import { Type } from 'typebox';
import type { FEEDBACK_COLUMNS } from '../../imports/guess-feedback-file.ts';
import { FEEDBACK_ROWS_MAX } from '../../jobs/work/import-feedback.ts';
import { FEEDBACK_TYPES } from '../../model/flow.ts';
import { FEEDBACK_BYTES_MAX, importFeedbackFile, readFeedbackImport } from '../handlers/feedback-imports.ts';
import { about, id, oneOf, text } from '../parameters.ts';
import { idInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, nullable } from '../schemas.ts';
import { JOB } from './jobs.ts';

const COLUMN = nullable(Type.Integer(), { description: 'Its number, from 1; null: the file has none.' });

const FILE = Type.Object(
  {
    encoding: Type.String({ description: '`ascii`, `utf-8`, `utf-16le`, `utf-16be` or `windows-1252`, as it begins.' }),
    gzip: Type.Boolean(),
    delimiter: nullable(Type.String(), { description: 'null: each line is one value.' }),
    header: Type.Boolean({ description: 'Is the first row one of names?' }),
    columns: Type.Object(
      { event_id: COLUMN, lead_id: COLUMN, recipient_id: COLUMN, reason: COLUMN, type: COLUMN },
      CLOSED,
    ),
    ignored: Type.Array(nullable(Type.String()), { description: 'The names of the columns that are not imported.' }),
  },
  { ...CLOSED, $id: 'FeedbackFile' },
);
const FAILURES = Type.Array(
  Type.Object(
    {
      outcome: Type.Enum(['refused', 'not_found', 'invalid']),
      reason: Type.String(),
      rows: Type.Integer(),
      sample: Type.Integer({ description: 'The number of the first row, from 1 and without the header.' }),
    },
    { ...CLOSED, $id: 'FeedbackFailure' },
  ),
  { description: 'The most first; at most 100 reasons.' },
);
const FILE_EXAMPLE = {
  ...{ encoding: 'ascii', gzip: false, delimiter: ',', header: true },
  columns: { event_id: 1, lead_id: null, recipient_id: null, reason: 2, type: null },
  ignored: ['Name'],
};

const columnText = (name: (typeof FEEDBACK_COLUMNS)[number]) =>
  about(
    `The column of \`${name}\`, by its name or number from 1, blank for none; guessed from its name unless given.`,
    text({ charactersMax: 200 }),
  );

/** Files of feedback (decision page 0087). */
export const FEEDBACK_IMPORT_ROUTES = [
  route({
    name: 'importFeedbackFile',
    method: 'POST',
    path: '/feedback/imports',
    permission: 'feedback.send',
    query: {
      type: about('What the whole file has; unless given, the column `type` says it.', oneOf(FEEDBACK_TYPES)),
      recipient_id: about('The recipient of the whole file, where it has the ids of leads.', id()),
      event_id_column: columnText('event_id'),
      lead_id_column: columnText('lead_id'),
      recipient_id_column: columnText('recipient_id'),
      reason_column: columnText('reason'),
      type_column: columnText('type'),
      header: about('Is the first row one of names? Guessed unless given.', oneOf(['true', 'false'])),
      preview: about('Only says how the file would be read; its beginning is enough.', oneOf(['true', 'false'])),
    },
    body: Type.Unsafe<AsyncIterable<Uint8Array>>({ type: 'string', format: 'binary' }),
    fileTypes: ['text/csv', 'text/plain', 'application/gzip', 'application/x-gzip', 'application/octet-stream'],
    bodyBytesMax: FEEDBACK_BYTES_MAX,
    answers: {
      200: Type.Object({ file: FILE }, CLOSED),
      202: Type.Object({ job: JOB, file: FILE }, CLOSED),
      413: 'body_too_large',
      422: ['invalid_document', 'recipient_needed'],
    },
    doc: {
      summary: 'Gives the feedback of a CSV file, as a job; 200 with `preview=true`.',
      description: `Each row is given as if its recipient had sent it, and once: a row that says what was said before is \`already_given\`. The file has at most ${FEEDBACK_ROWS_MAX} rows, may be compressed with gzip, and is in UTF-8, UTF-16 or Windows-1252. The job counts \`given\`, \`already_given\`, \`refused\`, \`not_found\` and \`invalid\` rows and leaves \`result.csv\` with what became of each.`,
      example: { answer: { file: FILE_EXAMPLE } },
    },
    handler: importFeedbackFile,
  }),
  route({
    name: 'readFeedbackImport',
    method: 'GET',
    path: '/feedback/imports/:id',
    permission: 'jobs.read',
    params: { id: idInPath('The id of the job.') },
    answers: {
      200: Type.Object({ job: JOB, failures: FAILURES }, { ...CLOSED, $id: 'FeedbackImport' }),
      404: 'not_found',
    },
    doc: {
      summary: 'An import of feedback: how far it is, and why rows have failed.',
      description:
        'What a flow or a recipient says is without what differs from lead to lead; `result.csv` has the reason of each row as it was.',
    },
    handler: readFeedbackImport,
  }),
] as const;
