import type { Principal } from '../../access/principal.ts';
import { type FileGuess, guessFile } from '../../imports/guess-file.ts';
import { FileFault } from '../../imports/read-text.ts';
import type { JobStore } from '../../jobs/job.ts';
import type { JobFileStore } from '../../jobs/job-files.ts';
import { type ImportListInput, type ImportMode, importList } from '../../jobs/work/import-list.ts';
import { fail, type Result } from '../../lib/result.ts';
import type { List, ListImportStore } from '../../lists/list-store.ts';
import { contentsOfImport } from '../../lists/looked-up-list.ts';
import { listForm } from '../../lists/normalise-list-value.ts';
import { soughtValues } from '../../lists/sought-values.ts';
import { type ApiResult, answer } from '../api.ts';
import { type ApiError, apiError } from '../errors.ts';
import { jobJson } from '../jobs/job-json.ts';
import { invalidDocument } from '../read-body.ts';
import { findList, type ListDeps } from './lists.ts';

export interface ListImportDeps extends ListDeps {
  listImports: Pick<ListImportStore, 'begin'>;
  jobFiles: JobFileStore;
  jobs: JobStore;
  /** Files that this process receives now. */
  receiving: Set<string>;
}

/** Each holds up to a part in memory, and a connection to the database now and then. */
const RECEIVED_AT_ONCE_MAX = 8;
const TOO_MANY = apiError('unavailable', 'The server is receiving many files now: try again in a minute.');

/** Some twenty million phones, or ten times as many with gzip. */
export const IMPORT_BYTES_MAX = 512 * 1024 * 1024;
/** What is guessed from; a part is larger, so that nothing is stored of a file that cannot be read. */
const HEAD_BYTES = 256 * 1024;
const PART_BYTES = 1024 * 1024;

interface ImportRequest {
  principal: Principal;
  params: { list: string };
  query: {
    mode: ImportMode | undefined;
    column: string | undefined;
    header: 'true' | 'false' | undefined;
    preview: 'true' | 'false' | undefined;
  };
  body: AsyncIterable<Uint8Array>;
}

/** `POST /lists/{list}/imports`: keeps the file, part by part, and puts the job that reads it into the queue. */
export async function importFile(deps: ListImportDeps, request: ImportRequest): Promise<ApiResult> {
  const { principal, params, query } = request;
  const found = await findList(deps, { principal, params });
  if (!found.ok) return found.error;
  const list = found.value;
  const { accountId } = principal;
  const id = deps.ids.next();
  if (deps.receiving.size >= RECEIVED_AT_ONCE_MAX) return TOO_MANY;
  deps.receiving.add(id);
  try {
    const received = await receive(deps, { request, list, id });
    if (!received.ok) {
      await deps.jobFiles.remove({ accountId, id });
      return received.error;
    }
    const file = fileJson(received.value);
    if (query.preview === 'true') return answer(200, { file });
    await enqueue(deps, { request, list, id, guess: received.value });
    const job = await deps.jobs.find({ accountId, id });
    return {
      ...answer(202, { job: job && jobJson(job), file }),
      headers: { Location: `/jobs/${id}` },
    };
  } catch (error) {
    // The sender broke off, or the database did; what cannot be removed now goes with `list-remains`.
    await deps.jobFiles.remove({ accountId, id }).catch(() => undefined);
    throw error;
  } finally {
    deps.receiving.delete(id);
  }
}

interface Receiving {
  request: ImportRequest;
  list: List;
  id: string;
}

/** Stores the file in parts; of a preview only its beginning is read. */
async function receive(deps: ListImportDeps, { request, list, id }: Receiving): Promise<Result<FileGuess, ApiError>> {
  const { principal, query, body } = request;
  const isPreview = query.preview === 'true';
  let guess: Result<FileGuess, ApiError> | null = null;
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  let bytes = 0;
  let part = 0;
  const flush = async () => {
    if (pendingBytes === 0) return;
    const content = Buffer.concat(pending);
    pending = [];
    pendingBytes = 0;
    await deps.jobFiles.append({ accountId: principal.accountId, id, part, content, now: deps.clock.now() });
    part += 1;
  };
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > IMPORT_BYTES_MAX) return fail(TOO_LARGE);
    pending.push(chunk);
    pendingBytes += chunk.length;
    if (guess === null && pendingBytes >= HEAD_BYTES) {
      guess = guessFrom(Buffer.concat(pending), { list, query });
      if (!guess.ok || isPreview) return guess;
    }
    if (pendingBytes >= PART_BYTES) await flush();
  }
  guess ??= guessFrom(Buffer.concat(pending), { list, query });
  if (guess.ok && !isPreview) await flush();
  return guess;
}

const TOO_LARGE = apiError('body_too_large', `A file has at most ${IMPORT_BYTES_MAX} bytes: compress it, or split it.`);

function guessFrom(
  head: Uint8Array,
  { list, query }: { list: List; query: ImportRequest['query'] },
): Result<FileGuess, ApiError> {
  const said = { column: query.column, header: query.header === undefined ? undefined : query.header === 'true' };
  try {
    const guessed = guessFile(head, { sought: soughtValues(listForm(list)), said });
    return guessed.ok ? guessed : fail(invalidDocument([{ path: '', message: guessed.error }], guessed.error));
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    return fail(invalidDocument([{ path: '', message: error.message }], error.message));
  }
}

async function enqueue(
  deps: ListImportDeps,
  { request, list, id, guess }: Receiving & { guess: FileGuess },
): Promise<void> {
  const { principal, query } = request;
  const { accountId } = principal;
  const now = deps.clock.now();
  const mode = query.mode ?? 'add';
  const contentsId = mode === 'replace' ? contentsOfImport(list.id, id) : null;
  const { delimiter, hasHeader, column } = guess;
  const input: ImportListInput = { listId: list.id, mode, contentsId, delimiter, hasHeader, column, at: now };
  await deps.listImports.begin({ accountId, listId: list.id, contentsId, now });
  await deps.jobs.create({
    ...{ accountId, id, kind: importList.name, callId: null, askedBy: principal.actor, input, total: null },
    ...{ attemptsMax: importList.attemptsMax, now },
  });
}

function fileJson({ encoding, isGzip, delimiter, hasHeader, column, columns }: FileGuess): object {
  return { encoding, gzip: isGzip, delimiter, header: hasHeader, column: column + 1, columns };
}
