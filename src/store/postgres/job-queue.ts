import { Logger, parseCronItems, type Runner, run, type TaskList, type WorkerPool } from 'graphile-worker';
import type pg from 'pg';
import { assert } from '../../lib/assert.ts';
import type { Log } from '../../observe/log.ts';

/** Jobs that one process works on at once: they share its time with leads. */
const JOBS_AT_ONCE = 2;
/** New work is notified; this is for what was put off, and for a notification that was lost. */
const POLL_MS = 5_000;
/**
 * How often a task that runs is locked anew: four hours after it was locked the library gives it to another process, as if this
 * one were gone. So sixteen times may fail.
 */
const RENEW_MS = 15 * 60_000;

export interface QueuedTask {
  /** The payload as it was put in. */
  payload: unknown;
  isLastAttempt: boolean;
  /** Aborts when this process stops. */
  stopping: AbortSignal;
}

export interface JobQueueOptions {
  pool: pg.Pool;
  /** `nameQueueSchema`. */
  schema: string;
  nodeId: string;
  log: Log;
  /** What may be logged of an error. */
  kindOf(error: unknown): string;
  startTimer(ms: number, onEnd: () => void): () => void;
  /** By name. One that rejects is begun again later, unless it was the last attempt. */
  tasks: Readonly<Record<string, (task: QueuedTask) => Promise<void>>>;
  /** Times are UTC. */
  crons: readonly { name: string; cron: string; attemptsMax: number }[];
}

export interface JobQueue {
  /** Starts to take work, unless it does; notes that this process does. Rejects while the database is away. */
  ensure(): Promise<void>;
  /** Takes nothing more, and asks what is under way to stop; resolves when it has. */
  stop(): Promise<void>;
}

/** This process's share of the queue, which graphile-worker keeps in the same database (decision page 0053). */
export function createJobQueue(options: JobQueueOptions): JobQueue {
  const { pool, nodeId, log } = options;
  const stopping = new AbortController();
  let current: { runner: Runner; pools: Set<string> } | null = null;
  let starting: Promise<void> | null = null;

  async function start(): Promise<void> {
    const pools = new Set<string>();
    const runner = await run({
      pgPool: pool,
      schema: options.schema,
      concurrency: JOBS_AT_ONCE,
      pollInterval: POLL_MS,
      // The process handles its signals itself.
      noHandleSignals: true,
      logger: buildLogger(log),
      taskList: buildTasks(options, stopping.signal),
      parsedCronItems: parseCronItems(options.crons.map(buildCronItem)),
      preset: { plugins: [notePools((id) => notePool({ id, pools }))] },
    });
    const started = { runner, pools };
    current = started;
    const forget = () => {
      if (current === started) current = null;
    };
    // A runner that ended by itself is started again by the next `ensure`.
    runner.promise.then(forget, forget);
  }

  /** Before the pool takes its first job: what a process that is gone had taken is freed by it. */
  async function notePool({ id, pools }: { id: string; pools: Set<string> }): Promise<void> {
    pools.add(id);
    await pool.query('insert into job_pools (id, node_id) values ($1, $2) on conflict do nothing', [id, nodeId]);
  }

  return {
    ensure: async () => {
      if (stopping.signal.aborted) return;
      if (!current) {
        starting ??= start().finally(() => {
          starting = null;
        });
        return starting;
      }
      // Swept while this process was cut off.
      for (const id of current.pools) await notePool({ id, pools: current.pools });
    },
    stop: async () => {
      stopping.abort();
      await starting?.catch(() => undefined);
      if (!current) return;
      const { runner, pools } = current;
      // It rejects when it has stopped by itself meanwhile.
      await runner.stop().catch(() => undefined);
      await pool.query('delete from job_pools where id = any($1::text[])', [[...pools]]).catch(() => undefined);
    },
  };
}

/** What the library tells of a task that it took. */
interface TakenTask {
  id: string;
  attempts: number;
  max_attempts: number;
  locked_by: string | null;
}

function buildTasks(options: JobQueueOptions, stopping: AbortSignal): TaskList {
  return Object.fromEntries(
    Object.entries(options.tasks).map(([name, task]) => [
      name,
      async (payload: unknown, { job }: { job: TakenTask }) => {
        const endLock = keepLocked(options, job);
        try {
          await task({ payload, isLastAttempt: job.attempts >= job.max_attempts, stopping });
        } catch (error) {
          // The library stores and logs the message, which may quote a lead.
          throw new Error(options.kindOf(error));
        } finally {
          endLock();
        }
      },
    ]),
  );
}

/** Locks a task anew while it runs, unless another process has it by now. Returns how to end that. By the primary key. */
function keepLocked({ pool, schema, startTimer }: JobQueueOptions, { id, locked_by: lockedBy }: TakenTask): () => void {
  let isEnded = false;
  let callOff = wait();
  function wait(): () => void {
    return startTimer(RENEW_MS, () => {
      void pool
        .query(`update ${schema}._private_jobs set locked_at = now() where id = $1 and locked_by = $2`, [id, lockedBy])
        // A database that is away is met by the work itself.
        .catch(() => undefined)
        .finally(() => {
          if (!isEnded) callOff = wait();
        });
    });
  }
  return () => {
    isEnded = true;
    callOff();
  };
}

function buildCronItem({ name, cron, attemptsMax }: JobQueueOptions['crons'][number]): {
  task: string;
  match: string;
  identifier: string;
  options: { maxAttempts: number; backfillPeriod: number; jobKey: string };
} {
  return {
    task: name,
    match: cron,
    identifier: name,
    // A night in which every process was down is made up for at the next start.
    options: { maxAttempts: attemptsMax, backfillPeriod: 86_400_000, jobKey: name },
  };
}

function notePools(note: (id: string) => Promise<void>): GraphileConfig.Plugin {
  return {
    name: 'sluice-job-pools',
    version: '1.0.0',
    worker: { hooks: { startWorker: (_context, { worker }) => note(poolOf(worker.workerPool).id) } },
  };
}

function poolOf(pool: WorkerPool): WorkerPool {
  assert(pool.id, 'a pool of the queue has an id');
  return pool;
}

/** Its own lines are for debugging: each run writes one of ours. */
function buildLogger(log: Log): Logger {
  return new Logger(({ label = 'queue' }) => (level, message) => {
    if (level === 'error' || level === 'warning') log.debug({ label, level, text: message }, 'the queue reports');
  });
}
