import type { IdRange } from '../../events/id-range.ts';
import { compressMember } from '../../exports/compress-member.ts';
import type { ExportDefinition, ExportTally } from '../../exports/export.ts';
import { type ExportPlan, planExport } from '../../exports/export-plan.ts';
import { computeExportRange } from '../../exports/export-range.ts';
import { buildFileName } from '../../exports/file-name.ts';
import { createRowText, type RowText } from '../../exports/row-text.ts';
import { type WriteRowsContext, writeRows } from '../../exports/write-rows.ts';
import { assert } from '../../lib/assert.ts';
import type { ExportDeps } from '../export-deps.ts';
import type { JobContext } from '../job-context.ts';
import type { QueueRow } from '../job-row.ts';

interface Checkpoint {
  /** What is left of the range: `after` is the last row that is behind it. */
  range: IdRange;
  tally: ExportTally;
  /** Rows that were looked at. */
  scanned: number;
}

/** A member of the file has about as many bytes before it is compressed. */
const MEMBER_BYTES = 1024 * 1024;
/** More than a table has. */
const PAGES_MAX = 100_000_000;
/** Seconds that leads from before the end of the range may take until they are left out. */
const WAITS_MAX = 60;
const WAIT_MS = 1_000;

export const exportRows: QueueRow = {
  name: 'export',
  does: 'Writes events or leads into a file: `POST /exports`.',
  when: 'queue',
  where: 'one node',
  timeoutMs: 12 * 3_600_000,
  attemptsMax: 25,
  failures: [],
  run: async (job, deps) => runExport(job, deps.export),
};

async function runExport(job: JobContext, deps: ExportDeps): Promise<void> {
  const { accountId, id } = job;
  const found = await deps.exports.findDefinition({ accountId, id });
  if (!found) return job.fail(DELETED);
  const { definition, createdAt } = found;
  const plan = planExport(definition, null);
  if (!plan.ok) return job.fail(`It cannot run: ${plan.error[0]?.message}`);
  const account = await deps.findAccount(accountId);
  assert(account !== null, `the account ${accountId} of an export exists`);
  const checkpoint = (job.checkpoint as Checkpoint | null) ?? begin(job, { definition, createdAt, ...account });
  if (job.checkpoint === null) {
    if (!(await waitForLeads(job, { deps, before: checkpoint.range.before }))) return;
    await job.write({ checkpoint, total: null, done: 0, counters: {} });
  }
  await writeFile(job, {
    ...{ deps, definition, plan: plan.value, checkpoint, text: createRowText(plan.value.columns, definition) },
    names: await deps.exports.readNames(accountId),
    // A rule must say the same of a row in each attempt, so nothing in it is random or now.
    ctx: { now: createdAt, timeZone: account.timeZone, random: () => 0 },
    ...{ findRevision: deps.findRevision, runSliced: deps.runSliced },
  });
}

const DELETED = 'It was deleted';

function begin(
  job: JobContext,
  given: { definition: ExportDefinition; createdAt: number; dataRetentionInDays: number },
): Checkpoint {
  const { range, isTruncated } = computeExportRange(given.definition, { now: job.now(), ...given });
  job.say(isTruncated ? 'Starts where the retention of the account begins' : 'Starts');
  return { range, scanned: 0, tally: { rowCount: 0, byteCount: 0, partCount: 0, isTruncated, fileName: null } };
}

/** A lead that is under way writes its events later under ids of the range. false: the job is to stop. */
async function waitForLeads(job: JobContext, { deps, before }: { deps: ExportDeps; before: string }): Promise<boolean> {
  const { accountId } = job;
  for (let waits = 0; waits < WAITS_MAX; waits += 1) {
    if (!(await deps.exports.hasLeadsUnderWay({ accountId, before }))) return true;
    if (waits === 0) job.say('Waits for leads of the range that are under way');
    await job.pause(WAIT_MS);
    if (job.signal.aborted) return false;
  }
  job.say('Starts without leads of the range that are still under way');
  return true;
}

interface FileContext extends WriteRowsContext {
  deps: ExportDeps;
  definition: ExportDefinition;
  plan: ExportPlan;
  text: RowText;
  checkpoint: Checkpoint;
}

/** Page by page; some pages are a member of the file. */
async function writeFile(job: JobContext, file: FileContext): Promise<void> {
  const { definition, text } = file;
  let checkpoint = file.checkpoint;
  if (checkpoint.tally.fileName !== null) return;
  let range = checkpoint.range;
  let { scanned } = checkpoint;
  let member: Buffer[] = checkpoint.tally.partCount === 0 ? [Buffer.from(text.beginning)] : [];
  let bytes = 0;
  let rowCount = 0;
  for (let page = 0; page < PAGES_MAX && !job.signal.aborted; page += 1) {
    const { content, next, looked, written } = await writePage(job, { file, range });
    member.push(content);
    bytes += content.length;
    rowCount += written;
    scanned += looked;
    if (next !== null) range = { ...range, after: next };
    if (next !== null && bytes < MEMBER_BYTES) continue;
    const fileName = next === null ? buildFileName({ definition, id: job.id }) : null;
    const reached = await writeMember(job, { file, checkpoint, range, scanned, rowCount, member, fileName });
    if (reached === null || next === null) return;
    checkpoint = reached;
    [member, bytes, rowCount] = [[], 0, 0];
  }
}

interface PageOfFile {
  content: Buffer;
  /** Where the next page goes on; null: this was the last one. */
  next: string | null;
  /** Rows that were read, and those of them that the rules let through. */
  looked: number;
  written: number;
}

async function writePage(job: JobContext, { file, range }: { file: FileContext; range: IdRange }): Promise<PageOfFile> {
  const { rows: kind, type, outcome, flow_id, source_id, recipient_id } = file.definition;
  const { rows, next } = await file.deps.exports.readPage({
    ...{ accountId: job.accountId, rows: kind, range, needs: file.plan.needs },
    filter: { type, outcome, flow_id, source_id, recipient_id },
  });
  const texts = await writeRows(rows, file);
  // One piece outside the heap: kept as they are, the texts of a member would be many small pieces that live long.
  const page = { content: Buffer.from(texts.join('')), next, looked: rows.length, written: texts.length };
  // Promises that have ended refer to them until the old generation is collected, see `takeRows`.
  rows.length = 0;
  texts.length = 0;
  return page;
}

interface Member {
  file: FileContext;
  checkpoint: Checkpoint;
  range: IdRange;
  scanned: number;
  rowCount: number;
  member: readonly Buffer[];
  fileName: string | null;
}

/** With the checkpoint behind it in one transaction. null: the attempt was given up, or the export deleted. */
async function writeMember(
  job: JobContext,
  { file, checkpoint, range, scanned, rowCount, member, fileName }: Member,
): Promise<Checkpoint | null> {
  const { accountId, id } = job;
  const contents = await compressMember(Buffer.concat(member));
  const before = checkpoint.tally;
  const parts = contents.map((content, index) => ({ part: before.partCount + index, content }));
  const tally: ExportTally = {
    ...{ isTruncated: before.isTruncated, fileName, rowCount: before.rowCount + rowCount },
    byteCount: contents.reduce((sum, { length }) => sum + length, before.byteCount),
    partCount: before.partCount + contents.length,
  };
  const next = { range, scanned, tally };
  const effect = file.deps.exports.writeParts({ accountId, id, parts, tally });
  const isThere = await job.writeWith(effect, () => ({
    progress: { checkpoint: next, total: null, done: tally.rowCount, counters: { rows: tally.rowCount } },
    parts: [],
  }));
  if (isThere === false) job.fail(DELETED);
  return isThere ? next : null;
}
