import { writeCsvRow } from '../../csv/write-csv-row.ts';
import { readRows } from '../../imports/read-rows.ts';
import { FileFault } from '../../imports/read-text.ts';
import type { HashListForm } from '../../lists/hash-list-form.ts';
import type { EnteredCounts, ImportTarget } from '../../lists/list-store.ts';
import { type ListForm, listForm, readListValue } from '../../lists/normalise-list-value.ts';
import { reasonOfRejection } from '../../lists/sought-values.ts';
import type { ImportListDeps } from '../import-list-deps.ts';
import type { ArtefactPart } from '../job.ts';
import type { JobContext } from '../job-context.ts';
import { ATTEMPT_MS_MAX, type QueueRow } from '../job-row.ts';

/** What the job is asked, as it is stored. */
export interface ImportListInput {
  listId: string;
  mode: ImportMode;
  /** Of the new entries where all are replaced; null: they are added. */
  contentsId: string | null;
  delimiter: string | null;
  hasHeader: boolean;
  /** From 0. */
  column: number;
  /** When its values were added, epoch ms: when it was asked for. */
  at: number;
}

export const IMPORT_MODES = ['add', 'replace'] as const;
export type ImportMode = (typeof IMPORT_MODES)[number];

interface Checkpoint {
  /** Rows in all, without the header. */
  total: number;
  /** Rows that are behind it. */
  next: number;
  /** Parts of the artefact that are written, and rows in them. */
  parts: number;
  kept: number;
  /** The new entries have replaced the others. */
  isReplaced: boolean;
}

/** Rows of one transaction: its locks last some 20 ms, and a process that stops loses no more work. */
const CHUNK_ROWS = 1_000;
/** Values hashed between two looks at the clock of the slicer; a phone takes some 10 µs. */
const SLICE_ROWS = 100;
/** Rejected rows that the artefact has; more say the same again. */
const REJECTED_MAX = 100_000;
const VALUE_SHOWN_MAX = 1_000;
const ARTEFACT_KEPT_MS = 7 * 86_400_000;
export const REJECTED_FILE = 'rejected.csv';

export const importList: QueueRow = {
  name: 'import-list',
  does: 'Enters the values of a file into a list, or puts them in the place of all its entries at once: `POST /lists/{list}/imports`.',
  when: 'queue',
  where: 'one node',
  timeoutMs: ATTEMPT_MS_MAX,
  attemptsMax: 25,
  failures: ['rejected'],
  run: async (job, deps) => {
    try {
      await runImport(job, deps.importList);
    } catch (error) {
      if (!(error instanceof FileFault)) throw error;
      // Another attempt would read the same file.
      job.fail(error.message);
    }
    if (job.signal.aborted && job.signal.reason !== 'cancelled') return;
    await deps.importList.files.remove({ accountId: job.accountId, id: job.id });
  },
};

async function runImport(job: JobContext, deps: ImportListDeps): Promise<void> {
  // Written by the request, in the same shape; the checkpoint is its own.
  const input = job.input as ImportListInput;
  const key = { accountId: job.accountId, listId: input.listId };
  const list = await deps.lists.find(key);
  if (!list) return job.fail(LIST_GONE);
  const form = listForm(list);
  let checkpoint = job.checkpoint as Checkpoint | null;
  if (checkpoint === null) {
    checkpoint = { total: await countRows(job, { deps, input }), next: 0, parts: 0, kept: 0, isReplaced: false };
    if (job.signal.aborted) return;
    job.say(`The file has ${checkpoint.total} rows; the values are in column ${input.column + 1}`);
    await job.write({ checkpoint, total: checkpoint.total, done: 0, counters: job.counters });
  } else {
    job.say(`Goes on after row ${checkpoint.next}`);
  }
  const state: State = { checkpoint, counters: { ...job.counters } };
  const target: ImportTarget = { ...key, contentsId: input.contentsId };
  const rows = readRowsOf(job, { deps, input, skipped: checkpoint.next });
  for await (const chunk of inChunks(rows)) {
    if (job.signal.aborted) return;
    const isGone = !(await enterChunk(job, { chunk, deps, form, target, input, state }));
    if (job.signal.aborted) return;
    if (isGone) return job.fail(LIST_GONE);
  }
  if (input.contentsId !== null && !state.checkpoint.isReplaced) {
    const { contentsId, at } = input;
    const isReplaced = await job.writeWith(
      deps.lists.replaceAll({ ...key, contentsId, since: at, now: job.now() }),
      () => progressOf(state, { isReplaced: true }),
    );
    if (isReplaced === false) return job.fail(LIST_GONE);
    if (isReplaced) job.say('The new entries have replaced all others');
  }
  await deps.lists.recount({ ...key, now: job.now() });
}

const LIST_GONE = 'The list was deleted.';

interface State {
  checkpoint: Checkpoint;
  counters: Record<string, number>;
}

interface ReadRow {
  /** From 1, without the header. */
  number: number;
  value: string;
  /** It has no such column, or cannot be told where it ends. */
  fault: string | null;
}

interface Reading {
  deps: ImportListDeps;
  input: ImportListInput;
}

async function countRows(job: JobContext, reading: Reading): Promise<number> {
  let rows = 0;
  for await (const _ of readRowsOf(job, { ...reading, skipped: 0 })) rows += 1;
  return rows;
}

function readRowsOf(job: JobContext, { deps, input, skipped }: Reading & { skipped: number }): AsyncGenerator<ReadRow> {
  const bytes = deps.files.read({ accountId: job.accountId, id: job.id });
  const { delimiter, hasHeader, column } = input;
  return readRows({ bytes, delimiter, hasHeader, skipped, signal: job.signal }, ({ fields, isBroken }, number) => {
    const value = fields[isBroken ? 0 : column];
    const fault = isBroken ? 'a quote is not closed, or the row is too long' : value === undefined ? NO_COLUMN : null;
    return { number, value: value ?? '', fault };
  });
}

const NO_COLUMN = 'the row has no such column';

async function* inChunks(rows: AsyncIterable<ReadRow>): AsyncGenerator<ReadRow[]> {
  let chunk: ReadRow[] = [];
  for await (const row of rows) {
    chunk.push(row);
    if (chunk.length < CHUNK_ROWS) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

interface ChunkContext {
  chunk: readonly ReadRow[];
  deps: ImportListDeps;
  form: ListForm;
  target: ImportTarget;
  input: ImportListInput;
  state: State;
}

/** Enters the values with the job's progress, in one transaction: a row is entered and counted, or neither. */
async function enterChunk(
  job: JobContext,
  { chunk, deps, form, target, input, state }: ChunkContext,
): Promise<boolean> {
  const { values, rejected } = await deps.runSliced(hashRows(chunk, { form, hash: deps.hashListValue }));
  const entered = await job.writeWith(deps.lists.enter({ ...target, values, at: input.at }), (counts) => {
    count(state, counts, rejected.length);
    const room = Math.max(0, REJECTED_MAX - state.checkpoint.kept);
    const kept = rejected.slice(0, room);
    const parts = kept.length === 0 ? [] : [buildPart(kept, { part: state.checkpoint.parts + 1, now: job.now() })];
    return progressOf(
      state,
      {
        next: state.checkpoint.next + chunk.length,
        parts: state.checkpoint.parts + parts.length,
        kept: state.checkpoint.kept + kept.length,
      },
      parts,
    );
  });
  return entered !== null;
}

function count({ counters }: State, counts: EnteredCounts | null, rejected: number): void {
  const { added = 0, known = 0, repeated = 0 } = counts ?? {};
  for (const [name, more] of Object.entries({ added, known, repeated, rejected })) {
    if (more > 0) counters[name] = (counters[name] ?? 0) + more;
  }
}

function progressOf(state: State, change: Partial<Checkpoint>, parts: ArtefactPart[] = []) {
  state.checkpoint = { ...state.checkpoint, ...change };
  const { total, next } = state.checkpoint;
  return { progress: { checkpoint: state.checkpoint, total, done: next, counters: { ...state.counters } }, parts };
}

interface Rejected {
  number: number;
  reason: string;
  value: string;
}

function* hashRows(
  chunk: readonly ReadRow[],
  { form, hash }: { form: ListForm; hash: HashListForm },
): Generator<undefined, { values: Buffer[]; rejected: Rejected[] }> {
  const values: Buffer[] = [];
  const rejected: Rejected[] = [];
  for (const [index, { number, value, fault }] of chunk.entries()) {
    if (index % SLICE_ROWS === 0) yield;
    const read = fault === null ? readListValue(value, form) : null;
    if (read !== null) values.push(hash(read));
    else rejected.push({ number, reason: fault ?? reasonOfRejection(value, form), value });
  }
  return { values, rejected };
}

function buildPart(rejected: readonly Rejected[], { part, now }: { part: number; now: number }): ArtefactPart {
  const rows = rejected.map(({ number, reason, value }) =>
    writeCsvRow([String(number), reason, value.replaceAll('\0', '').slice(0, VALUE_SHOWN_MAX)]),
  );
  return {
    name: REJECTED_FILE,
    part,
    contentType: 'text/csv; charset=utf-8',
    content: `${part === 1 ? writeCsvRow(['row', 'reason', 'value']) : ''}${rows.join('')}`,
    expiresAt: now + ARTEFACT_KEPT_MS,
  };
}
