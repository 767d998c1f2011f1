import { createLeadCheck, type LeadCheck } from '../../imports/check-leads.ts';
import type { LeadRow } from '../../imports/lead-row.ts';
import type { JobContext } from '../job-context.ts';
import { LEAD_ROWS_MAX, type LeadPreview } from './import-leads-input.ts';
import { type LeadFile, readLeadRows } from './read-lead-rows.ts';
import { computeLeadId } from './row-ids.ts';

/** Rows that are simulated: a millisecond each. */
const PREVIEW_ROWS = 100;
const REASONS_MAX = 20;
/** How often it says how far it is, as while rows are submitted: on a busy machine a write may take a second or more. */
const WRITE_EVERY_MS = 500;

/** Reads the whole file without submitting anything; null: the job is to end. */
export async function checkFile(
  job: JobContext,
  file: LeadFile,
): Promise<{ check: LeadCheck; preview: LeadPreview } | null> {
  const { deps } = file;
  const found = createLeadCheck();
  const first: LeadRow[] = [];
  let rows = 0;
  let writtenAt = deps.monotonic();
  for await (const row of readLeadRows(job, { ...file, skipped: 0 })) {
    rows += 1;
    if (rows > LEAD_ROWS_MAX) {
      job.fail(`The file has more than ${LEAD_ROWS_MAX} rows: split it.`);
      return null;
    }
    found.add(row);
    if (row.errors.length === 0 && first.length < PREVIEW_ROWS) first.push(row);
    if (deps.monotonic() - writtenAt < WRITE_EVERY_MS) continue;
    await job.write({ checkpoint: null, total: null, done: rows, counters: {} });
    writtenAt = deps.monotonic();
  }
  if (job.signal.aborted) return null;
  return { check: found.end(), preview: await simulateRows(job, { ...file, rows: first }) };
}

async function simulateRows(
  job: JobContext,
  { deps, input, rows }: LeadFile & { rows: LeadRow[] },
): Promise<LeadPreview> {
  const counts: Record<string, number> = {};
  const reasons = new Map<string, LeadPreview['reasons'][number]>();
  const { accountId, id: jobId } = job;
  const { flowId, sourceId } = input;
  const second = Math.floor(job.now() / 1000);
  for (const { number, values } of rows) {
    const leadId = computeLeadId(jobId, { number, second });
    const end = await deps.preview({ accountId, flowId, sourceId, jobId, number, leadId, values });
    const outcome = end?.outcome ?? 'rejected';
    counts[outcome] = (counts[outcome] ?? 0) + 1;
    const text = end?.reason;
    if (!text) continue;
    const reason = hideValues(text, values);
    const known = reasons.get(`${outcome} ${reason}`) ?? { outcome, reason, rows: 0, sample: number };
    reasons.set(`${outcome} ${reason}`, { ...known, rows: known.rows + 1 });
  }
  const frequent = [...reasons.values()].sort((one, other) => other.rows - one.rows).slice(0, REASONS_MAX);
  return { rows: rows.length, counts, reasons: frequent };
}

const REASON_CHARACTERS_MAX = 200;

/** A reason may quote the row; what is stored of it outlives the file. */
function hideValues(reason: string, values: Readonly<Record<string, string>>): string {
  let text = reason.slice(0, REASON_CHARACTERS_MAX);
  for (const value of Object.values(values)) if (value.length > 1) text = text.replaceAll(value, '…');
  return text.replace(/[^\s@]+@[^\s@]+|\+?\d[\d\s().-]{2,}\d/g, '…');
}
