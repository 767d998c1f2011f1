import { createHash } from 'node:crypto';
import { writeCsvRow } from '../../csv/write-csv-row.ts';
import type { FeedbackFileGuess } from '../../imports/guess-feedback-file.ts';
import { readRows } from '../../imports/read-rows.ts';
import { FileFault } from '../../imports/read-text.ts';
import { classifyReason } from '../../statistics/classify-reason.ts';
import type { GivenFeedbackRow, ImportFeedbackDeps, RowToGive } from '../import-feedback-deps.ts';
import type { ArtefactPart } from '../job.ts';
import type { JobContext } from '../job-context.ts';
import { ATTEMPT_MS_MAX, type QueueRow } from '../job-row.ts';

/** What the job is asked, as it is stored. */
export interface ImportFeedbackInput {
  delimiter: string | null;
  hasHeader: boolean;
  columns: FeedbackFileGuess['columns'];
  /** Of the whole file; null: the column says it. */
  type: RowToGive['type'] | null;
  /** Of the whole file; null: the column says it, or events are named. */
  recipientId: string | null;
}

interface Checkpoint {
  /** Rows in all, without the header. */
  total: number;
  /** Rows that are behind it. */
  next: number;
  /** Parts of the artefact that are written. */
  parts: number;
  /** Why rows failed; absent: the job began before they were kept. */
  failures?: readonly FeedbackFailure[];
}

/** Rows that failed for the same reason. */
export interface FeedbackFailure {
  outcome: string;
  /** Without values of leads; the result has it as it was. */
  reason: string;
  rows: number;
  /** The number of the first one, from 1 and without the header. */
  sample: number;
}

/** Rows between two writes of the progress; a process that stops looks at no more of them again. */
const CHUNK_ROWS = 100;
/** Rows given at a time: each waits for its transaction, and for its source where the flow asks one. */
const AT_ONCE_MAX = 4;
/** The result has a row for each, and is read as a whole. */
export const FEEDBACK_ROWS_MAX = 100_000;
const CELL_SHOWN_MAX = 200;
const ARTEFACT_KEPT_MS = 7 * 86_400_000;
export const RESULT_FILE = 'result.csv';
/** More than there are sentences of ours; what a flow says is grouped by what does not differ from lead to lead. */
const FAILURES_MAX = 100;
/** A process that does not know the deployed flows yet; together half a minute, then the queue tries again. */
const PAUSES_MAX = 30;
const PAUSE_MS = 1_000;

const FAILED = ['refused', 'not_found', 'invalid'];

export const importFeedback: QueueRow = {
  name: 'import-feedback',
  does: 'Gives the feedback of a file, row by row, as a recipient would, and each once: `POST /feedback/imports`.',
  when: 'queue',
  where: 'one node',
  timeoutMs: ATTEMPT_MS_MAX,
  attemptsMax: 25,
  failures: FAILED,
  run: async (job, deps) => {
    try {
      await runImport(job, deps.importFeedback);
    } catch (error) {
      if (!(error instanceof FileFault)) throw error;
      // Another attempt would read the same file.
      job.fail(error.message);
    }
    if (job.signal.aborted && job.signal.reason !== 'cancelled') return;
    await deps.importFeedback.files.remove({ accountId: job.accountId, id: job.id });
  },
};

interface Reading {
  deps: ImportFeedbackDeps;
  input: ImportFeedbackInput;
}

async function runImport(job: JobContext, deps: ImportFeedbackDeps): Promise<void> {
  // Written by the request, in the same shape; the checkpoint is its own.
  const input = job.input as ImportFeedbackInput;
  let checkpoint = job.checkpoint as Checkpoint | null;
  const counters = { ...job.counters };
  if (checkpoint === null) {
    const total = await countRows(job, { deps, input });
    if (job.signal.aborted) return;
    if (total > FEEDBACK_ROWS_MAX) return job.fail(`The file has more than ${FEEDBACK_ROWS_MAX} rows: split it.`);
    checkpoint = { total, next: 0, parts: 0 };
    job.say(`The file has ${total} rows`);
    await job.write({ checkpoint, total, done: 0, counters });
  } else {
    job.say(`Goes on after row ${checkpoint.next}`);
  }
  let chunk: ReadRow[] = [];
  const end = async () => {
    const given = await giveChunk(job, { chunk, deps, input });
    if (given === null || checkpoint === null) return false;
    for (const { outcome } of given) counters[outcome] = (counters[outcome] ?? 0) + 1;
    const { total, next, parts, failures } = checkpoint;
    const part = buildPart(chunk, { given, part: parts + 1, now: job.now() });
    checkpoint = {
      total,
      next: next + chunk.length,
      parts: parts + 1,
      failures: addFailures(failures, { chunk, given }),
    };
    await job.write({ checkpoint, total, done: checkpoint.next, counters: { ...counters } }, [part]);
    chunk = [];
    return true;
  };
  for await (const row of readRowsOf(job, { deps, input, skipped: checkpoint.next })) {
    chunk.push(row);
    if (chunk.length === CHUNK_ROWS && !(await end())) return;
  }
  if (job.signal.aborted) return;
  if (chunk.length > 0) await end();
}

interface ReadRow {
  /** From 1, without the header. */
  number: number;
  cells: readonly string[];
  isBroken: boolean;
}

/** Up to one more than there may be. */
async function countRows(job: JobContext, reading: Reading): Promise<number> {
  let rows = 0;
  for await (const _ of readRowsOf(job, { ...reading, skipped: 0 })) {
    rows += 1;
    if (rows > FEEDBACK_ROWS_MAX) break;
  }
  return rows;
}

function readRowsOf(job: JobContext, { deps, input, skipped }: Reading & { skipped: number }): AsyncGenerator<ReadRow> {
  const bytes = deps.files.read({ accountId: job.accountId, id: job.id });
  const { delimiter, hasHeader } = input;
  return readRows({ bytes, delimiter, hasHeader, skipped, signal: job.signal }, ({ fields, isBroken }, number) => ({
    ...{ number, cells: fields, isBroken },
  }));
}

/** null: the attempt was given up; rows that were given are found as such by the next one. */
async function giveChunk(
  job: JobContext,
  { chunk, deps, input }: Reading & { chunk: readonly ReadRow[] },
): Promise<GivenFeedbackRow[] | null> {
  const given: GivenFeedbackRow[] = [];
  for (let at = 0; at < CHUNK_ROWS; at += AT_ONCE_MAX) {
    if (job.signal.aborted) return null;
    const rows = chunk.slice(at, at + AT_ONCE_MAX);
    if (rows.length === 0) break;
    const ends = await Promise.all(rows.map((row) => giveRow(job, { row, deps, input })));
    const known = ends.filter((end) => end !== null);
    if (known.length < ends.length) return null;
    given.push(...known);
  }
  return given;
}

async function giveRow(
  job: JobContext,
  { row, deps, input }: Reading & { row: ReadRow },
): Promise<GivenFeedbackRow | null> {
  const read = readRow(job, { row, input });
  if ('outcome' in read) return read;
  for (let pauses = 0; pauses < PAUSES_MAX; pauses += 1) {
    const given = await deps.give(read);
    if (given !== null) return given;
    await job.pause(PAUSE_MS);
    if (job.signal.aborted) return null;
  }
  throw new Error('this process does not know the deployed flows');
}

function readRow(
  job: JobContext,
  { row, input }: { row: ReadRow; input: ImportFeedbackInput },
): RowToGive | GivenFeedbackRow {
  if (row.isBroken) return invalid('A quote is not closed, or the row is too long');
  const cellOf = (column: keyof ImportFeedbackInput['columns']) => readCell(row, input.columns[column]);
  const type = input.type ?? TYPES[cellOf('type').toLowerCase()];
  const ids = {
    eventId: cellOf('event_id'),
    leadId: cellOf('lead_id'),
    recipientId: input.recipientId ?? cellOf('recipient_id'),
  };
  if (ids.eventId === '' && ids.leadId === '') return invalid('The row has no id');
  if (ids.eventId === '' && ids.recipientId === '') return invalid('The row has no recipient');
  if (type === undefined) return invalid('The type must be "return" or "conversion"');
  const { accountId } = job;
  return { accountId, id: idOfRow(job.id, row.number), type, reason: cellOf('reason'), ...ids };
}

const TYPES: Readonly<Record<string, RowToGive['type']>> = {
  ...{ return: 'return', returns: 'return', conversion: 'conversion', conversions: 'conversion' },
};

function readCell({ cells }: ReadRow, column: number | null): string {
  return column === null ? '' : (cells[column] ?? '').replaceAll('\0', '').trim();
}

function invalid(reason: string): GivenFeedbackRow {
  return { outcome: 'invalid', reason };
}

/** As ids are: the second of the job’s birth, so that it sorts by time, and what no other row has. */
function idOfRow(jobId: string, number: number): string {
  const own = createHash('sha256').update(`${jobId}:${number}`).digest('hex');
  return jobId.slice(0, 8) + own.slice(0, 16);
}

/** With those of more rows. */
function addFailures(
  before: readonly FeedbackFailure[] = [],
  { chunk, given }: { chunk: readonly ReadRow[]; given: readonly GivenFeedbackRow[] },
): FeedbackFailure[] {
  const failures = before.map((each) => ({ ...each }));
  for (const [index, { outcome, reason }] of given.entries()) {
    if (!FAILED.includes(outcome)) continue;
    // Only a flow or a recipient refuses, in words that may quote the lead; the other sentences are ours.
    const said = outcome === 'refused' ? classifyReason(reason) : (reason ?? '');
    const known = failures.find((each) => each.outcome === outcome && each.reason === said);
    if (known) known.rows += 1;
    else if (failures.length < FAILURES_MAX)
      failures.push({ outcome, reason: said, rows: 1, sample: chunk[index]?.number ?? 0 });
  }
  return failures;
}

/** Why rows of an import have failed, the most first, from what it notes of how far it is. */
export function readFailures(checkpoint: unknown): FeedbackFailure[] {
  // Its own, or none yet.
  const { failures = [] } = (checkpoint ?? {}) as Partial<Checkpoint>;
  return [...failures].sort((one, other) => other.rows - one.rows);
}

function buildPart(
  chunk: readonly ReadRow[],
  { given, part, now }: { given: readonly GivenFeedbackRow[]; part: number; now: number },
): ArtefactPart {
  const rows = chunk.map(({ number, cells }, index) => {
    const { outcome = '', reason = null } = given[index] ?? {};
    // As they were sent, so that a file can be repaired beside its result.
    return writeCsvRow([
      ...[String(number), outcome, reason],
      ...cells.map((cell) => cell.replaceAll('\0', '').slice(0, CELL_SHOWN_MAX)),
    ]);
  });
  return {
    name: RESULT_FILE,
    part,
    contentType: 'text/csv; charset=utf-8',
    content: `${part === 1 ? writeCsvRow(['row', 'outcome', 'reason', 'as sent']) : ''}${rows.join('')}`,
    expiresAt: now + ARTEFACT_KEPT_MS,
  };
}
