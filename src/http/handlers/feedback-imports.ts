import type { Principal } from '../../access/principal.ts';
import { type FeedbackColumn, type FeedbackFileGuess, guessFeedbackFile } from '../../imports/guess-feedback-file.ts';
import { type ImportFeedbackInput, importFeedback, readFailures } from '../../jobs/work/import-feedback.ts';
import { fail, type Result } from '../../lib/result.ts';
import type { FeedbackType } from '../../model/flow.ts';
import { type ApiResult, answer } from '../api.ts';
import { type ApiError, apiError } from '../errors.ts';
import { jobJson } from '../jobs/job-json.ts';
import { type JobFileDeps, receiveJobFile } from '../receive-job-file.ts';

/** Some 100,000 rows with their columns, which is as many as are read. */
export const FEEDBACK_BYTES_MAX = 64 * 1024 * 1024;

interface ImportRequest {
  principal: Principal;
  query: {
    type: FeedbackType | undefined;
    recipient_id: string | undefined;
    header: 'true' | 'false' | undefined;
    preview: 'true' | 'false' | undefined;
  } & Record<`${FeedbackColumn}_column`, string | undefined>;
  body: AsyncIterable<Uint8Array>;
}

/** `POST /feedback/imports`: keeps the file, and puts the job that reads it into the queue. */
export async function importFeedbackFile(
  deps: JobFileDeps,
  { principal, query, body }: ImportRequest,
): Promise<ApiResult> {
  const { accountId, actor: askedBy } = principal;
  return receiveJobFile(deps, {
    ...{ accountId, body, bytesMax: FEEDBACK_BYTES_MAX, isPreview: query.preview === 'true' },
    guess: (head) => guessFrom(head, query),
    describe: fileJson,
    enqueue: async (id, { delimiter, hasHeader, columns }) => {
      const type = query.type ?? null;
      const recipientId = query.recipient_id ?? null;
      const input: ImportFeedbackInput = { delimiter, hasHeader, columns, type, recipientId };
      await deps.jobs.create({
        ...{ accountId, id, kind: importFeedback.name, callId: null, askedBy, input, total: null },
        ...{ attemptsMax: importFeedback.attemptsMax, now: deps.clock.now() },
      });
    },
  });
}

function guessFrom(head: Uint8Array, query: ImportRequest['query']): Result<FeedbackFileGuess, string | ApiError> {
  const { event_id_column, lead_id_column, recipient_id_column, reason_column, type_column } = query;
  const guessed = guessFeedbackFile(head, {
    header: query.header === undefined ? undefined : query.header === 'true',
    columns: {
      ...{ event_id: event_id_column, lead_id: lead_id_column, recipient_id: recipient_id_column },
      ...{ reason: reason_column, type: type_column },
    },
  });
  if (!guessed.ok) return guessed;
  const { columns } = guessed.value;
  if (query.type === undefined && columns.type === null)
    return fail('Say what the file has with type=return or type=conversion, or name its column with type_column.');
  if (columns.event_id === null && columns.recipient_id === null && query.recipient_id === undefined)
    return fail(RECIPIENT_NEEDED);
  return guessed;
}

const NO_RECIPIENT =
  'Say which recipient the leads were delivered to with recipient_id, or name its column with recipient_id_column.';
const RECIPIENT_NEEDED = apiError('recipient_needed', NO_RECIPIENT, [{ path: 'recipient_id', message: NO_RECIPIENT }]);

const UNKNOWN_IMPORT = apiError('not_found', 'There is no import of feedback with this id.');

/** `GET /feedback/imports/{id}`: how far it is, and why rows have failed. */
export async function readFeedbackImport(
  { jobs }: Pick<JobFileDeps, 'jobs'>,
  { principal: { accountId }, params: { id } }: { principal: Principal; params: { id: string } },
): Promise<ApiResult> {
  const work = await jobs.readWork({ accountId, id, kind: importFeedback.name });
  const job = work && (await jobs.find({ accountId, id }));
  if (!work || !job) return UNKNOWN_IMPORT;
  return answer(200, { job: jobJson(job), failures: readFailures(work.checkpoint) });
}

function fileJson({ encoding, isGzip, delimiter, hasHeader, columns, names }: FeedbackFileGuess): object {
  const numbers = Object.entries(columns).map(([name, column]) => [name, column === null ? null : column + 1]);
  const imported = new Set(Object.values(columns));
  const ignored = names.filter((_, column) => !imported.has(column));
  return {
    ...{ encoding, gzip: isGzip, delimiter, header: hasHeader },
    columns: Object.fromEntries(numbers),
    ignored: ignored.map((name) => name),
  };
}
