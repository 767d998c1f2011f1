import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts';
import { createIds } from '../lib/ids.ts';
import { createJobStore } from '../store/postgres/jobs.ts';
import type { Job } from './job.ts';
import type { QueueRow, WorkDeps } from './job-row.ts';
import { type RunJobDeps, runJob } from './run-job.ts';

const ACCOUNT = 'aaaaaaaaaaaaaaaaaaaaaaaa';
const NOW = Date.UTC(2026, 5, 1, 12);
const ids = createIds({ now: () => NOW, random: Math.random });

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool(database.connection);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const ROW: Omit<QueueRow, 'run'> = {
  name: 'resubmit',
  does: '',
  when: 'queue',
  where: 'one node',
  timeoutMs: 60_000,
  attemptsMax: 3,
  failures: ['bad'],
};

/** Runs one attempt of a new job; `elapse` lets a timer of that many ms end. */
async function runOnce(
  run: (
    job: Parameters<QueueRow['run']>[0],
    at: { id: string; elapse(ms: number): void; stop(): void },
  ) => Promise<void>,
  { isLastAttempt = false } = {},
) {
  const store = createJobStore(pool);
  const id = ids.next();
  const askedBy = { kind: 'key', id: 'k', name: 'n' } as const;
  const facts = { kind: 'resubmit', callId: null, askedBy, input: {}, total: 3, attemptsMax: 3, now: NOW };
  await store.create({ accountId: ACCOUNT, id, ...facts });
  const timers: { ms: number; onEnd: () => void }[] = [];
  const lines: object[] = [];
  const write = (fields: object) => void lines.push(fields);
  const deps: RunJobDeps = {
    store,
    work: {} as WorkDeps, // the work of these tests needs none
    nodeId: 'node-a',
    clock: { now: () => NOW, monotonic: () => 0 },
    tools: {
      clock: { monotonic: () => 0 },
      startTimer: (ms, onEnd) => {
        const timer = { ms, onEnd };
        timers.push(timer);
        return () => void timers.splice(timers.indexOf(timer), 1);
      },
      kindOf: (error) => (error instanceof Error ? error.name : String(error)),
      log: { error: write, warn: write, info: write, debug: write },
    },
  };
  const stopping = new AbortController();
  const elapse = (ms: number) => {
    for (const timer of timers.filter((each) => each.ms === ms)) timer.onEnd();
  };
  const context = { id, elapse, stop: () => stopping.abort() };
  const queued = { accountId: ACCOUNT, id, isLastAttempt, stopping: stopping.signal };
  const thrown = await runJob({ ...ROW, run: (job) => run(job, context) }, queued, deps).then(
    () => undefined,
    (error: Error) => error.name,
  );
  const job = (await store.find({ accountId: ACCOUNT, id })) as Job; // just made
  return { job, thrown, lines, timers };
}

const count = (counters: Record<string, number>) => ({ checkpoint: null, total: 3, done: 3, counters });

describe('an attempt of a job', () => {
  it('that comes to its end is judged by what came of it, and leaves one line and no timer', async () => {
    const { job, thrown, lines, timers } = await runOnce((each) => each.write(count({ good: 2, bad: 1 })));
    expect(thrown).toBeUndefined();
    expect(job).toMatchObject({ state: 'done_with_failures', reason: '1 of 3 failed', endedAt: NOW });
    expect(lines).toEqual([{ job: 'resubmit', job_id: job.id, state: 'done_with_failures', ms: 0, good: 2, bad: 1 }]);
    expect(timers).toEqual([]);
  });

  it('that throws is put back with the kind of the error, and fails when it was the last one', async () => {
    const fails = () => Promise.reject(new TypeError('ann@example.com'));
    const { job, thrown } = await runOnce(fails);
    expect([thrown, job.state, job.reason]).toEqual(['TypeError', 'queued', 'It failed (TypeError)']);
    const last = await runOnce(fails, { isLastAttempt: true });
    expect(last.job).toMatchObject({ state: 'failed', reason: 'It failed (TypeError)', lines: [{ at: NOW }] });
    expect(JSON.stringify([job, last.job, last.lines])).not.toContain('ann@');
  });

  it('that takes longer than its bound ends as failed, with what it has done', async () => {
    const { job } = await runOnce(async (each, { elapse }) => {
      await each.write(count({ good: 1 }));
      elapse(ROW.timeoutMs);
      expect(each.signal.aborted).toBe(true);
    });
    expect(job).toMatchObject({ state: 'failed', reason: 'It took longer than 1 minutes', counters: { good: 1 } });
  });

  it('of a process that stops is put back, and a pause ends at once', async () => {
    const { job, thrown } = await runOnce(async (each, { stop }) => {
      const paused = each.pause(3_600_000);
      stop();
      await paused;
    });
    expect([thrown, job.state, job.reason]).toEqual(['JobPutBack', 'queued', 'Its server process stopped']);
  });

  it('hears of a cancel with its next progress', async () => {
    const { job } = await runOnce(async (each, { id }) => {
      await createJobStore(pool).cancel({ accountId: ACCOUNT, id, now: NOW });
      await each.write(count({ good: 1 }));
      expect(each.signal.aborted).toBe(true);
    });
    expect(job).toMatchObject({ state: 'cancelled', counters: { good: 1 } });
  });

  it('that another process has taken over changes nothing any more, nor ends the task of the queue', async () => {
    const { job, thrown } = await runOnce(async (each, { id }) => {
      await createJobStore(pool).take({ accountId: ACCOUNT, id, nodeId: 'node-b', now: NOW });
      await each.write(count({ good: 3 }));
      expect(each.signal.reason).toBe('lost');
    });
    expect(job).toMatchObject({ state: 'running', attempt: 2, counters: {} });
    expect(thrown).toBe('JobPutBack');
  });

  it('keeps the last hundred lines of its log, each of at most 500 characters', async () => {
    const { job } = await runOnce(async (each) => {
      for (let n = 0; n < 130; n += 1) each.say(`${n} ${'x'.repeat(600)}`);
    });
    expect(job.lines).toHaveLength(100);
    expect(job.lines[0]?.text.startsWith('30 ')).toBe(true);
    expect(job.lines.every(({ text }) => text.length === 500)).toBe(true);
  });

  it('of a job that has ended does nothing', async () => {
    const { job } = await runOnce((each) => each.write(count({ good: 3 })));
    let runs = 0;
    const row: QueueRow = {
      ...ROW,
      run: async () => {
        runs += 1;
      },
    };
    const queued = { accountId: ACCOUNT, id: job.id, isLastAttempt: false, stopping: new AbortController().signal };
    const clock = { now: () => NOW, monotonic: () => 0 };
    const tools = { clock, startTimer: () => () => undefined, kindOf: String } as unknown as RunJobDeps['tools']; // no line is due
    await runJob(row, queued, { store: createJobStore(pool), work: {} as WorkDeps, nodeId: 'n', clock, tools });
    expect(runs).toBe(0);
  });
});
