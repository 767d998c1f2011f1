import type { Principal } from '../../access/principal.ts';
import { type FileGuess, guessFile } from '../../imports/guess-file.ts';
import { type ImportListInput, type ImportMode, importList } from '../../jobs/work/import-list.ts';
import type { Result } from '../../lib/result.ts';
import type { List, ListImportStore } from '../../lists/list-store.ts';
import { contentsOfImport } from '../../lists/looked-up-list.ts';
import { listForm } from '../../lists/normalise-list-value.ts';
import { soughtValues } from '../../lists/sought-values.ts';
import type { ApiResult } from '../api.ts';
import { type JobFileDeps, receiveJobFile } from '../receive-job-file.ts';
import { findList, type ListDeps } from './lists.ts';

export interface ListImportDeps extends ListDeps, JobFileDeps {
  listImports: Pick<ListImportStore, 'begin'>;
}

/** Some twenty million phones, or ten times as many with gzip. */
export const IMPORT_BYTES_MAX = 512 * 1024 * 1024;
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
  return receiveJobFile(deps, {
    ...{ accountId, body: request.body, bytesMax: IMPORT_BYTES_MAX, isPreview: query.preview === 'true' },
    guess: (head) => guessFrom(head, { list, query }),
    describe: fileJson,
    enqueue: (id, guess) => enqueue(deps, { request, list, id, guess }),
  });
}

interface Receiving {
  request: ImportRequest;
  list: List;
  id: string;
}

function guessFrom(
  head: Uint8Array,
  { list, query }: { list: List; query: ImportRequest['query'] },
): Result<FileGuess, string> {
  const said = { column: query.column, header: query.header === undefined ? undefined : query.header === 'true' };
  return guessFile(head, { sought: soughtValues(listForm(list)), said });
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
