import { Type } from 'typebox';
import { IMPORT_MODES } from '../../jobs/work/import-list.ts';
import { IMPORT_BYTES_MAX, importFile } from '../handlers/list-imports.ts';
import { about, oneOf, text } from '../parameters.ts';
import { nameInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, nullable } from '../schemas.ts';
import { JOB } from './jobs.ts';

const FILE = Type.Object(
  {
    encoding: Type.String({ description: '`ascii`, `utf-8`, `utf-16le`, `utf-16be` or `windows-1252`, as it begins.' }),
    gzip: Type.Boolean(),
    delimiter: nullable(Type.String(), { description: 'null: each line is one value.' }),
    header: Type.Boolean({ description: 'Is the first row one of names?' }),
    column: Type.Integer({ description: 'The column that has the values, from 1.' }),
    columns: Type.Array(
      Type.Object(
        {
          name: nullable(Type.String()),
          fits: Type.Number({ description: 'The share of its values that are of the list’s type, 0 to 1.' }),
        },
        CLOSED,
      ),
    ),
  },
  { ...CLOSED, $id: 'ImportedFile' },
);
const FILE_EXAMPLE = {
  encoding: 'utf-8',
  gzip: false,
  delimiter: ',',
  header: true,
  column: 2,
  columns: [
    { name: 'id', fits: 0 },
    { name: 'phone', fits: 0.99 },
  ],
};

const params = { list: nameInPath('The `url_name` of the list, its name or its id.') };

/** Files of values for a list (decision page 0070). */
export const LIST_IMPORT_ROUTES = [
  route({
    name: 'importListFile',
    method: 'POST',
    path: '/lists/:list/imports',
    permission: 'lists.write',
    params,
    query: {
      mode: about(
        '`add`, or `replace`: the values take the place of all others, at once; `add` unless given.',
        oneOf(IMPORT_MODES),
      ),
      column: about(
        'The column that has the values, by its name or number from 1; guessed unless given.',
        text({ charactersMax: 200 }),
      ),
      header: about('Is the first row one of names? Guessed unless given.', oneOf(['true', 'false'])),
      preview: about('Only says how the file would be read; its beginning is enough.', oneOf(['true', 'false'])),
    },
    body: Type.Unsafe<AsyncIterable<Uint8Array>>({ type: 'string', format: 'binary' }),
    fileTypes: ['text/csv', 'text/plain', 'application/gzip', 'application/x-gzip', 'application/octet-stream'],
    bodyBytesMax: IMPORT_BYTES_MAX,
    answers: {
      200: Type.Object({ file: FILE }, CLOSED),
      202: Type.Object({ job: JOB, file: FILE }, CLOSED),
      404: 'not_found',
      413: 'body_too_large',
      422: 'invalid_document',
    },
    doc: {
      summary: 'Enters the values of a CSV or text file, as a job; 200 with `preview=true`.',
      description:
        'The file may be compressed with gzip, and in UTF-8, UTF-16 or Windows-1252. The job counts `added`, `known`, `repeated` and `rejected` rows and leaves the rejected ones as `rejected.csv`.',
      example: { answer: { file: FILE_EXAMPLE } },
    },
    handler: importFile,
  }),
] as const;
