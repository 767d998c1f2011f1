import type { LeadRow } from '../../imports/lead-row.ts';
import type { RowEnd } from '../import-leads-deps.ts';
import type { JobContext } from '../job-context.ts';
import { ATTEMPT_MS_MAX } from '../job-row.ts';
import { buildRowParts, type EndedRow } from './build-row-parts.ts';
import type { ImportLeadsCheckpoint } from './import-leads-input.ts';
import { type LeadFile, readLeadRows } from './read-lead-rows.ts';
import { computeLeadId, findClaim } from './row-ids.ts';

/** How often the progress is written, with the ids of the rows that begin next; on a busy machine two seconds may pass. */
const WRITE_EVERY_MS = 500;
/** How many seconds of rows are claimed ahead. */
const AHEAD_SECONDS = 1.5;
/** How often it looks whether a row may begin. */
const BEAT_MS = 25;
/** Rows under way at once: each has a place among the leads. */
const AT_ONCE_MAX = 32;
/** Rows between the first that has not ended and the last that was claimed: the checkpoint names those that have ended. */
const WINDOW_ROWS_MAX = 3_000;
/** When nothing is admitted, or the database is away. */
const HELD_UP_MS = 500;
/** Looks at a lead that is under way nowhere, before it is begun again under its id. */
const LOOKS_MAX = 30;
/** The job begins anew before its attempt would be ended; the rest is for rows under way. */
const TURN_MS_MAX = ATTEMPT_MS_MAX - 30 * 60_000;

interface ReadyRow {
  row: LeadRow;
  leadId: string;
  looks: number;
}

interface State {
  checkpoint: ImportLeadsCheckpoint;
  counters: Record<string, number>;
  /** Numbers of rows behind `checkpoint.next` that are counted. */
  ended: Set<number>;
  /** Ended and not counted yet. */
  pending: EndedRow[];
  /** Claimed and not begun. */
  ready: ReadyRow[];
  /** Their end is looked for. */
  open: ReadyRow[];
  underWay: Set<Promise<void>>;
  /** The number of the row that was read last. */
  readTo: number;
  isRead: boolean;
  /** Monotonic ms: nothing begins before. */
  heldUntil: number;
  /** Why nothing more begins; null: it goes on. */
  stop: string | null;
}

interface Running extends LeadFile {
  job: JobContext;
  state: State;
  rows: AsyncGenerator<LeadRow, undefined>;
}

/**
 * Submits the rows that have not ended. A row is claimed, in one write with the progress, before it begins: its lead’s id is
 * known from then on, and an attempt that finds a claim asks how the lead ended instead of beginning another one. Rows under
 * way end before the attempt does. Returns whether the job goes on in another attempt.
 */
export async function runRows(job: JobContext, file: LeadFile, checkpoint: ImportLeadsCheckpoint): Promise<boolean> {
  const rows = readLeadRows(job, { ...file, skipped: checkpoint.next });
  const running: Running = { ...file, job, rows, state: openState(job, checkpoint) };
  const { state } = running;
  let isTurnOver = false;
  try {
    isTurnOver = await walkRows(running);
  } finally {
    await Promise.all(state.underWay);
    await rows.return(undefined);
  }
  if (job.signal.reason !== 'lost') await write(running);
  if (state.stop !== null) job.leave({ state: 'paused', reason: state.stop });
  else if (isTurnOver) job.leave({ state: 'queued', reason: null });
  return state.stop !== null || isTurnOver;
}

function openState(job: JobContext, checkpoint: ImportLeadsCheckpoint): State {
  return {
    checkpoint,
    counters: { ...job.counters },
    ended: new Set(checkpoint.ended),
    ...{ pending: [], ready: [], open: [], underWay: new Set(), readTo: checkpoint.next, isRead: false },
    ...{ heldUntil: 0, stop: null },
  };
}

/** Returns whether its time is over. */
async function walkRows(running: Running): Promise<boolean> {
  const { job, state, deps, input } = running;
  const startedAt = deps.monotonic();
  const perMs = input.ratePerSecond / 1000;
  const atOnce = Math.max(1, perMs * BEAT_MS * 2);
  let allowance = 1;
  let lookedAt = startedAt;
  let writtenAt = Number.NEGATIVE_INFINITY;
  while (!job.signal.aborted && state.stop === null) {
    const now = deps.monotonic();
    if (now - startedAt >= TURN_MS_MAX) return true;
    if (now - writtenAt >= WRITE_EVERY_MS || isIdle(state)) {
      await resolve(running, state.open.splice(0));
      const claimed = await claimRows(running);
      await write(running);
      state.ready.push(...claimed);
      writtenAt = now;
      if (isIdle(state) && state.pending.length === 0) return false;
    }
    allowance = Math.min(atOnce, allowance + (now - lookedAt) * perMs);
    lookedAt = now;
    while (allowance >= 1 && mayBegin(state, now)) {
      allowance -= 1;
      begin(running);
    }
    await job.pause(BEAT_MS);
  }
  return false;
}

/** There is nothing left to do but to count. */
function isIdle({ isRead, ready, open, underWay }: State): boolean {
  return isRead && ready.length === 0 && open.length === 0 && underWay.size === 0;
}

function mayBegin({ ready, underWay, heldUntil, stop }: State, now: number): boolean {
  return ready.length > 0 && underWay.size < AT_ONCE_MAX && now >= heldUntil && stop === null;
}

/** Reads on, and gives ids to rows that begin once the claim is written. Rows that were claimed before are looked for. */
async function claimRows(running: Running): Promise<ReadyRow[]> {
  const { job, state, input, rows } = running;
  const ahead = Math.ceil(input.ratePerSecond * AHEAD_SECONDS) - state.ready.length;
  const room = WINDOW_ROWS_MAX - (state.readTo - state.checkpoint.next);
  const second = Math.floor(job.now() / 1000);
  const fresh: ReadyRow[] = [];
  const known: ReadyRow[] = [];
  for (let count = 0; count < Math.min(ahead, room, WINDOW_ROWS_MAX) && !state.isRead; count += 1) {
    const read = await rows.next();
    if (job.signal.aborted) break;
    if (read.done) {
      state.isRead = true;
      break;
    }
    const row = read.value;
    state.readTo = row.number;
    if (state.ended.has(row.number)) continue;
    if (row.errors.length > 0) {
      state.pending.push(reject(row, row.errors.join('; ')));
      continue;
    }
    const claim = findClaim(state.checkpoint.claims, row.number);
    const leadId = computeLeadId(job.id, { number: row.number, second: claim?.second ?? second });
    (claim ? known : fresh).push({ row, leadId, looks: LOOKS_MAX });
  }
  await resolve(running, known);
  const [from, to] = [fresh[0]?.row.number, fresh.at(-1)?.row.number];
  if (from !== undefined && to !== undefined) {
    const claims = [...state.checkpoint.claims, { from, to, second }];
    state.checkpoint = { ...state.checkpoint, claims };
  }
  return fresh;
}

/** Asks how leads of claimed rows ended; those that left nothing begin under the ids that they have. */
async function resolve({ job, deps, state }: Running, asked: readonly ReadyRow[]): Promise<void> {
  if (asked.length === 0) return;
  const leadIds = asked.map(({ leadId }) => leadId);
  const ends = await deps.findEnds({ accountId: job.accountId, leadIds });
  for (const each of asked) {
    const end = ends.get(each.leadId);
    if (end !== undefined && end !== 'running') state.pending.push(count(each, end));
    else if (end === 'running') state.open.push({ ...each, looks: 0 });
    else if (each.looks >= LOOKS_MAX) state.ready.push(each);
    else state.open.push({ ...each, looks: each.looks + 1 });
  }
}

function begin({ job, deps, input, state }: Running): void {
  const each = state.ready.shift();
  if (!each) return;
  const { row, leadId } = each;
  const { accountId, id: jobId } = job;
  const { flowId, sourceId } = input;
  const { number, values } = row;
  const submitted = deps.submit({ accountId, flowId, sourceId, jobId, number, leadId, values }).then((end) => {
    switch (end.kind) {
      case 'ended':
        state.pending.push(count(each, end));
        break;
      case 'refused':
        if (STOPS.has(end.status)) {
          state.stop = `The source answered ${end.status}: it takes no leads. Resume the job when it does`;
        } else state.pending.push(reject(row, `The source answered ${end.status}`));
        break;
      case 'open':
        state.open.push({ ...each, looks: 0 });
        break;
      case 'not-now':
        state.ready.unshift(each);
        state.heldUntil = deps.monotonic() + HELD_UP_MS;
    }
  });
  state.underWay.add(submitted);
  void submitted.finally(() => state.underWay.delete(submitted));
}

/** Answers that are of the source and not of the row: every other one would get them, too. */
const STOPS: ReadonlySet<number> = new Set([401, 403, 404]);

function count({ row, leadId }: ReadyRow, { outcome, reason }: RowEnd): EndedRow {
  return { number: row.number, outcome, leadId, reason, cells: null };
}

function reject({ number, cells }: LeadRow, reason: string): EndedRow {
  return { number, outcome: 'rejected', leadId: null, reason, cells };
}

/** Counts what has ended, with its lines of the files and the new claims, in one transaction. */
async function write({ job, input, state }: Running): Promise<void> {
  const rows = state.pending.splice(0);
  for (const { number, outcome } of rows) {
    state.counters[outcome] = (state.counters[outcome] ?? 0) + 1;
    state.ended.add(number);
  }
  let { next } = state.checkpoint;
  while (state.ended.delete(next + 1)) next += 1;
  const { parts, rejectedCharacters } = state.checkpoint;
  const built = buildRowParts(rows, { input, parts, rejectedCharacters, now: job.now() });
  state.checkpoint = {
    ...state.checkpoint,
    next,
    ended: [...state.ended],
    claims: state.checkpoint.claims.filter(({ to }) => to > next),
    ...{ parts: built.parts, rejectedCharacters: built.rejectedCharacters },
  };
  const total = state.checkpoint.check.rows;
  const done = next + state.ended.size;
  await job.write({ checkpoint: state.checkpoint, total, done, counters: { ...state.counters } }, built.added);
}
