import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { createLatch } from '../../../test/harness/latch.ts';
import { TEST_SCHEMA } from '../../../test/harness/test-schema.ts';
import { until } from '../../../test/harness/until.ts';
import { createJobQueue, type JobQueue } from './job-queue.ts';
import { nameQueueSchema } from './schemas.ts';

const SCHEMA = nameQueueSchema(TEST_SCHEMA);
/** After so long the library gives a task to another process. */
const FOUR_HOURS = `interval '4 hours'`;

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ ...database.connection, max: 8 });
  pool.on('error', ignore);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const log = { error: ignore, warn: ignore, info: ignore, debug: ignore };
function ignore(): void {}

/** A queue of one task, whose timers end when the test says so. */
function openQueue(nodeId: string, task: () => Promise<void>): JobQueue & { elapse(): number } {
  const timers = new Set<() => void>();
  const queue = createJobQueue({
    ...{ pool, schema: SCHEMA, nodeId, log, kindOf: String, crons: [] },
    startTimer: (_ms, onEnd) => {
      timers.add(onEnd);
      return () => void timers.delete(onEnd);
    },
    tasks: { resubmit: task },
  });
  return {
    ...queue,
    elapse: () => {
      const ended = [...timers];
      timers.clear();
      for (const onEnd of ended) onEnd();
      return ended.length;
    },
  };
}

const readTask = async () =>
  (await pool.query(`select locked_by, locked_at < now() - ${FOUR_HOURS} as is_free from ${SCHEMA}._private_jobs`))
    .rows;

it('a task that runs for more than four hours is not given to another process', async () => {
  const finish = createLatch();
  let begun = 0;
  const queue = openQueue('node-a', async () => {
    begun += 1;
    await finish.opened;
  });
  await queue.ensure();
  await pool.query(`select ${SCHEMA}.add_job('resubmit', '{}')`);
  await until('it has begun', () => begun === 1);
  await pool.query(`update ${SCHEMA}._private_jobs set locked_at = now() - ${FOUR_HOURS} - interval '1 minute'`);
  expect(await readTask()).toMatchObject([{ is_free: true }]);
  expect(queue.elapse()).toBe(1);
  await until('it is locked anew', async () => (await readTask())[0]?.is_free === false);
  expect(await readTask()).toMatchObject([{ locked_by: expect.any(String) }]);
  await until('the next time is waited for', () => queue.elapse() === 1);
  finish.open();
  await until('it has ended', async () => (await readTask()).length === 0);
  expect([queue.elapse(), begun]).toEqual([0, 1]);
  await queue.stop();
});

it('a task that another process has taken is not locked anew', async () => {
  const finish = createLatch();
  let begun = 0;
  const queue = openQueue('node-b', async () => {
    begun += 1;
    await finish.opened;
    throw new Error('lost');
  });
  await queue.ensure();
  await pool.query(`select ${SCHEMA}.add_job('resubmit', '{}')`);
  await until('it has begun', () => begun === 1);
  await pool.query(`update ${SCHEMA}._private_jobs set locked_by = 'another', locked_at = now() - ${FOUR_HOURS} * 2`);
  expect(queue.elapse()).toBe(1);
  await until('it was tried', () => queue.elapse() === 1);
  expect(await readTask()).toEqual([{ locked_by: 'another', is_free: true }]);
  finish.open();
  await queue.stop();
  // An end that rejects leaves the task to who has it.
  expect(await readTask()).toEqual([{ locked_by: 'another', is_free: true }]);
});
