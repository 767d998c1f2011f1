import type { CsvRecord } from '../../csv/record-reader.ts';
import type { CompiledFlow } from '../../flow-compiler/compiled-flow.ts';
import { type LeadRow, type LeadRowPlan, readLeadRow } from '../../imports/lead-row.ts';
import { readRows } from '../../imports/read-rows.ts';
import type { Sliced } from '../../lib/slices.ts';
import type { ImportLeadsDeps } from '../import-leads-deps.ts';
import type { JobContext } from '../job-context.ts';
import type { ImportLeadsInput } from './import-leads-input.ts';

/** The file of an import, and the flow that it is for. */
export interface LeadFile {
  deps: ImportLeadsDeps;
  input: ImportLeadsInput;
  flow: CompiledFlow;
}

/** Rows that are read at a time; their values are parsed in slices, so that leads have their turns. */
const CHUNK_ROWS = 200;
/** A row of many phones takes some 100 µs. */
const SLICE_ROWS = 10;

/** The rows of the file behind `skipped`, in order. Ends when the job is to end. */
export async function* readLeadRows(
  job: JobContext,
  { deps, input, flow, skipped }: LeadFile & { skipped: number },
): AsyncGenerator<LeadRow, undefined> {
  const bytes = deps.files.read({ accountId: job.accountId, id: job.id });
  const { delimiter, hasHeader } = input;
  const plan = buildPlan(input, flow);
  const ctx = { now: job.now(), timeZone: flow.account.timeZone };
  let chunk: { record: CsvRecord; number: number }[] = [];
  const parse = function* (): Sliced<LeadRow[]> {
    const rows: LeadRow[] = [];
    for (const { record, number } of chunk) {
      if (rows.length % SLICE_ROWS === 0) yield;
      rows.push(readLeadRow(record, { number, plan, ctx }));
    }
    return rows;
  };
  const records = readRows({ bytes, delimiter, hasHeader, skipped, signal: job.signal }, (record, number) => ({
    ...{ record, number },
  }));
  for await (const record of records) {
    chunk.push(record);
    if (chunk.length < CHUNK_ROWS) continue;
    yield* await deps.runSliced(parse());
    chunk = [];
  }
  yield* await deps.runSliced(parse());
}

function buildPlan({ columns, constants = {}, takesInvalid }: ImportLeadsInput, flow: CompiledFlow): LeadRowPlan {
  return {
    ...{ columns: columns.map(({ field }) => field), constants, takesInvalid },
    types: new Map(flow.fields.map(({ id, type }) => [id, type])),
  };
}
