import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import { ATTEMPTS_MAX, type BatchFile } from './batch.ts';
import type { BatchRun, BatchRunStore } from './batch-run.ts';
import { createFileBuilder } from './build-file.ts';
import { findNextRun } from './schedule.ts';
import { describeTarget, type FileSent, type SendFile } from './send-file.ts';

/** Files of one run; rows beyond them wait for the next one. */
export const FILES_MAX = 100;
/** What one attempt to send a file may take, ms. */
export const SEND_TIMEOUT_MS = 120_000;

const MINUTE_MS = 60_000;
const WAIT_MS_MAX = 60 * MINUTE_MS;
const DAY_MS = 86_400_000;

export interface RunBatchDeps {
  store: BatchRunStore;
  send: SendFile;
  clock: Pick<Clock, 'now'>;
  ids: Pick<Ids, 'next'>;
  /** What a run met that is not of its target: a database that is away, a fault of ours. */
  report(error: unknown): void;
}

export interface RunEnd {
  sent: number;
  failed: number;
}

/**
 * One run: sends the files that wait, oldest first, then makes and sends new ones, until there are no more rows. A file is
 * durable before it is sent, with its rows, and is sent again under its name until it arrives. The first that cannot be
 * delivered ends the run: what follows it waits for the next one, in order.
 */
export async function runBatch(run: BatchRun, deps: RunBatchDeps, signal: AbortSignal): Promise<RunEnd> {
  const { store, clock } = deps;
  const { definition, timeZone } = run;
  let end: Awaited<ReturnType<typeof sendAll>>;
  try {
    end = await sendAll(run, deps, signal);
  } catch (error) {
    deps.report(error);
    // Else it would begin anew at once and each time, and people would see a run that never ends.
    await store.pauseRun(run, { error: FAULT, dueAt: clock.now() + MINUTE_MS });
    return { sent: 0, failed: 1 };
  }
  const scheduledAt = definition.enabled ? findNextRun(definition.schedule, clock.now(), timeZone) : null;
  await store.endRun(run, { now: clock.now(), error: end.error, scheduledAt });
  return { sent: end.sent, failed: end.error === null ? 0 : 1 };
}

async function sendAll(
  run: BatchRun,
  deps: RunBatchDeps,
  signal: AbortSignal,
): Promise<{ sent: number; error: string | null }> {
  const { store, clock } = deps;
  let sent = 0;
  const dueBy = run.makesFiles ? null : clock.now();
  for (const file of await store.listWaiting(run, { dueBy, limit: FILES_MAX })) {
    const error = await sendOne(run, { file, deps, signal });
    if (error !== null) return { sent, error };
    sent += 1;
  }
  let after = '';
  for (let made = 0; run.makesFiles && made < FILES_MAX && !signal.aborted; made += 1) {
    const next = await makeNext(run, { deps, after, isEmptySent: isEmptySent(run, sent) });
    if (next === null) break;
    const error = await sendOne(run, { file: next.file, deps, signal });
    if (error !== null) return { sent, error };
    sent += 1;
    after = next.last;
  }
  return { sent, error: null };
}

/** A file without rows says that there were none; it is for runs by the schedule, and once a run. */
function isEmptySent({ definition, askedAt }: BatchRun, sent: number): boolean {
  return definition.send_empty && askedAt === null && sent === 0;
}

function makeNext(
  run: BatchRun,
  { deps, after, isEmptySent }: { deps: RunBatchDeps; after: string; isEmptySent: boolean },
): ReturnType<BatchRunStore['makeFile']> {
  const now = deps.clock.now();
  const fileId = deps.ids.next();
  const { definition, timeZone } = run;
  return deps.store.makeFile(run, {
    ...{ fileId, now, after, isEmptySent },
    expiresAt: now + definition.keep_days * DAY_MS,
    builder: createFileBuilder(definition, { id: fileId, at: now, zone: timeZone }),
  });
}

/** Why the file was not delivered; null: it was. */
async function sendOne(
  run: BatchRun,
  { file, deps, signal }: { file: BatchFile; deps: RunBatchDeps; signal: AbortSignal },
): Promise<string | null> {
  const { store, clock } = deps;
  if (signal.aborted) return STOPPED;
  const { target } = run.definition;
  const attempt = { fileId: file.id, now: clock.now(), target: describeTarget(target) };
  if (!(await store.beginAttempt(run, attempt))) return STOPPED;
  const ended = await send(run, { file, deps, signal });
  // Stopped by us: the process that takes the run next sends the file again at once.
  if (signal.aborted && ended.kind === 'failed') return STOPPED;
  const now = clock.now();
  const isDelivered = ended.kind === 'delivered';
  const reason = isDelivered ? (ended.note ?? null) : ended.reason;
  const nextAttemptAt = isDelivered ? null : findNextAttempt(file.attempts + 1, now);
  await store.endAttempt(run, { fileId: file.id, now, isDelivered, reason, nextAttemptAt });
  return isDelivered ? null : reason;
}

const STOPPED = 'the server stopped during the run';
const FAULT = 'the run could not go on (a fault of the server; see its log) and is tried again after a minute';

async function send(
  run: BatchRun,
  { file, deps, signal }: { file: BatchFile; deps: RunBatchDeps; signal: AbortSignal },
): Promise<FileSent> {
  const content = await deps.store.readContent(file);
  if (content === null) return { kind: 'failed', reason: 'the content of the file is gone' };
  const { id, name, contentType, rows } = file;
  const { accountId, definition } = run;
  const to = { accountId, batchName: definition.name, target: definition.target, timeoutMs: SEND_TIMEOUT_MS, signal };
  try {
    return await deps.send({ id, name, contentType, rows, content }, to);
  } catch (error) {
    deps.report(error);
    return { kind: 'failed', reason: 'the file could not be sent (a fault of the server; see its log)' };
  }
}

/** A minute, doubling to an hour; the next run by the schedule sends it all the same. null: a person has to look at it. */
export function findNextAttempt(attempts: number, now: number): number | null {
  if (attempts >= ATTEMPTS_MAX) return null;
  return now + Math.min(MINUTE_MS * 2 ** (attempts - 1), WAIT_MS_MAX);
}
