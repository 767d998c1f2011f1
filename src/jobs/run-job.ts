import type { Clock } from '../lib/clock.ts';
import type { ArtefactPart, AttemptOfJob, JobLeave, JobLine, JobProgress, JobSign, JobStore, TakenJob } from './job.ts';
import type { JobContext } from './job-context.ts';
import type { QueueRow, WorkDeps } from './job-row.ts';
import { judgeJob } from './judge-job.ts';
import type { DutyTools } from './start-duties.ts';

/** Lines of its log that a job keeps, and characters of each. */
const LINES_MAX = 100;
const LINE_CHARACTERS_MAX = 500;
/** How often a running job asks whether it was cancelled. */
const ASK_EVERY_MS = 1_000;

/** Why the signal of a job aborted. */
export type StopReason = 'cancelled' | 'paused' | 'lost' | 'timeout' | 'stopping';

export interface RunJobDeps {
  store: JobStore;
  work: WorkDeps;
  nodeId: string;
  clock: Clock;
  tools: DutyTools;
}

/** What the queue knows of an attempt. */
export interface QueuedAttempt {
  accountId: string;
  id: string;
  isLastAttempt: boolean;
  /** Aborts when this process stops. */
  stopping: AbortSignal;
}

/** Thrown to the queue, which then begins the job again later. */
export class JobPutBack extends Error {
  override readonly name = 'JobPutBack';
}

/**
 * Runs one attempt of a job to its end. Rejects with JobPutBack, or with what the work threw, when it is to be begun
 * again; its row says so then.
 */
export async function runJob(row: QueueRow, queued: QueuedAttempt, deps: RunJobDeps): Promise<void> {
  const { store, nodeId, clock, tools } = deps;
  const { accountId, id } = queued;
  const taken = await store.take({ accountId, id, nodeId, now: clock.now() });
  if (!taken) return;
  const startedAt = clock.monotonic();
  const attempt: AttemptOfJob = { accountId, id, attempt: taken.attempt };
  const running = createRunning(taken, { attempt, deps, timeoutMs: row.timeoutMs, stopping: queued.stopping });
  const log = (fields: Record<string, unknown>) =>
    tools.log.info(
      { job: row.name, job_id: id, ...fields, ms: Math.round(clock.monotonic() - startedAt), ...running.counters() },
      'job',
    );
  try {
    await row.run(running.context, deps.work);
  } catch (error) {
    const reason = `It failed (${tools.kindOf(error)})`;
    running.context.say(reason);
    await running.flush();
    if (queued.isLastAttempt) await store.end(attempt, { state: 'failed', reason, now: clock.now() });
    else await store.putBack(attempt, { reason, now: clock.now() });
    log({ state: queued.isLastAttempt ? 'failed' : 'queued', cause: tools.kindOf(error) });
    throw error;
  } finally {
    running.close();
  }
  const state = await endAttempt(row, { running, attempt, deps, isLastAttempt: queued.isLastAttempt });
  log({ state });
  if (state === 'queued') throw new JobPutBack('returned to the queue: its process stops');
  // A task that returns is deleted by its id, and it may be another process's now; one that rejects is put back only by who has it.
  if (state === 'lost') throw new JobPutBack('another attempt has it');
}

async function endAttempt(
  row: QueueRow,
  {
    running,
    attempt,
    deps,
    isLastAttempt,
  }: { running: Running; attempt: AttemptOfJob; deps: RunJobDeps; isLastAttempt: boolean },
): Promise<string> {
  const { store, clock } = deps;
  await running.flush();
  const now = clock.now();
  const leaving = { kind: row.name, attemptsMax: row.attemptsMax, now };
  const why = running.stopReason();
  switch (why) {
    case 'lost':
      return 'lost';
    case 'cancelled':
      await store.end(attempt, { state: 'cancelled', reason: null, now });
      return 'cancelled';
    case 'paused':
      await store.leave(attempt, { ...leaving, state: 'paused', reason: null });
      return 'paused';
    case 'timeout':
      await store.end(attempt, {
        state: 'failed',
        reason: `It took longer than ${row.timeoutMs / 60_000} minutes`,
        now,
      });
      return 'failed';
    case 'stopping':
      if (isLastAttempt) {
        await store.end(attempt, { state: 'failed', reason: STOPPED_TOO_OFTEN, now });
        return 'failed';
      }
      await store.putBack(attempt, { reason: 'Its server process stopped', now });
      return 'queued';
    case undefined: {
      const failure = running.failure();
      if (failure !== undefined) {
        await store.end(attempt, { state: 'failed', reason: failure, now });
        return 'failed';
      }
      const left = running.left();
      if (left !== undefined) {
        await store.leave(attempt, { ...leaving, ...left });
        return left.state === 'queued' ? 'again' : left.state;
      }
      const { state, failed, all } = judgeJob(running.counters(), (outcome) => row.failures.includes(outcome));
      const reason = failed === 0 ? null : `${failed} of ${all} failed`;
      await store.end(attempt, { state, reason, now });
      return state;
    }
  }
}

const REASON_OF_SIGN = { cancel: 'cancelled', pause: 'paused', lost: 'lost' } as const;

export const STOPPED_TOO_OFTEN = 'It was started too often without finishing';

interface Running {
  context: JobContext;
  counters(): Readonly<Record<string, number>>;
  /** Why the work gave up; undefined: it did not. */
  failure(): string | undefined;
  /** Where the work leaves the job; undefined: it has come to its end. */
  left(): JobLeave | undefined;
  /** undefined: the work ended by itself. */
  stopReason(): StopReason | undefined;
  /** Writes the last lines. */
  flush(): Promise<void>;
  close(): void;
}

function createRunning(
  taken: TakenJob,
  {
    attempt,
    deps,
    timeoutMs,
    stopping,
  }: { attempt: AttemptOfJob; deps: RunJobDeps; timeoutMs: number; stopping: AbortSignal },
): Running {
  const { store, clock, tools } = deps;
  const controller = new AbortController();
  const lines: JobLine[] = [...taken.lines];
  let progress: Omit<JobProgress, 'lines'> = taken;
  let isSaid = false;
  let failure: string | undefined;
  let left: JobLeave | undefined;
  let isClosed = false;
  let callOffAsking = () => {};
  const abort = (reason: StopReason) => controller.abort(reason);
  const callOffTimeout = tools.startTimer(timeoutMs, () => abort('timeout'));
  const onStopping = () => abort('stopping');
  stopping.addEventListener('abort', onStopping);
  if (stopping.aborted) onStopping();
  ask();

  function ask(): void {
    callOffAsking = tools.startTimer(ASK_EVERY_MS, () => {
      // A database that is away is met by the work itself.
      void store
        .askSign(attempt)
        .then(obey, () => undefined)
        .finally(() => {
          if (!isClosed) ask();
        });
    });
  }

  function obey(sign: JobSign): void {
    if (sign !== 'go-on') abort(REASON_OF_SIGN[sign]);
  }

  async function write(next: Omit<JobProgress, 'lines'>, artefacts: ArtefactPart[]): Promise<void> {
    progress = next;
    isSaid = false;
    obey(await store.write(attempt, { ...next, lines, artefacts, now: clock.now() }));
  }

  return {
    context: {
      accountId: taken.accountId,
      id: taken.id,
      input: taken.input,
      checkpoint: taken.checkpoint,
      done: taken.done,
      counters: taken.counters,
      signal: controller.signal,
      write: (next, parts = []) => write(next, parts),
      writeWith: async (effect, after) => {
        const { sign, result } = await store.writeWith(attempt, effect, (done) => {
          const { progress: next, parts } = after(done);
          progress = next;
          isSaid = false;
          return { ...next, lines, artefacts: parts, now: clock.now() };
        });
        obey(sign);
        return result;
      },
      fail: (reason) => {
        failure = reason;
      },
      leave: (given) => {
        left = given;
      },
      say: (text) => {
        isSaid = true;
        lines.push({ at: clock.now(), text: text.slice(0, LINE_CHARACTERS_MAX) });
        lines.splice(0, lines.length - LINES_MAX);
      },
      pause: (ms) =>
        new Promise((resolve) => {
          if (controller.signal.aborted) return resolve();
          const end = () => {
            callOff();
            resolve();
          };
          const callOff = tools.startTimer(ms, () => {
            controller.signal.removeEventListener('abort', end);
            resolve();
          });
          controller.signal.addEventListener('abort', end, { once: true });
        }),
      now: clock.now,
    },
    counters: () => progress.counters,
    failure: () => failure,
    left: () => left,
    stopReason: () => (controller.signal.aborted ? (controller.signal.reason as StopReason) : undefined), // `abort` gives one
    flush: () => (isSaid ? write(progress, []) : Promise.resolve()),
    close: () => {
      isClosed = true;
      callOffAsking();
      callOffTimeout();
      stopping.removeEventListener('abort', onStopping);
    },
  };
}
