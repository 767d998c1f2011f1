import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import { TEST_QUEUE_SCHEMA, TEST_SCHEMA } from '../../../test/harness/test-schema.ts';
import type { ArtefactPart, AttemptOfJob, JobProgress, TakenJob } from '../../jobs/job.ts';
import { assert } from '../../lib/assert.ts';
import { createIds } from '../../lib/ids.ts';
import { createApiKeyStore } from './api-keys.ts';
import { createJobStore } from './jobs.ts';
import { createTableKeeper } from './table-keeper.ts';

const ACCOUNT = 'aaaaaaaaaaaaaaaaaaaaaaaa';
const NOW = Date.now();
const DAY_MS = 86_400_000;
const ids = createIds({ now: () => NOW, random: Math.random });

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool(database.connection);
  await pool.query(
    `insert into accounts (id, name, time_zone, data_retention_in_days, created_at) values ($1, 'Acme', 'UTC', 90, now())`,
    [ACCOUNT],
  );
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
beforeEach(async () => {
  await pool.query('truncate jobs, job_artefacts, job_pools, retries, unknowns, lead_holds');
  await pool.query('delete from nodes');
  await pool.query(`delete from ${TEST_QUEUE_SCHEMA}._private_jobs`);
});

const jobs = () => createJobStore(pool, { schema: TEST_SCHEMA });
const keeperAt = (now: number) =>
  createTableKeeper(pool, { clock: { now: () => now }, abandoned: 'begun too often', schema: TEST_SCHEMA });
const keeper = () => keeperAt(NOW);

async function newJob(
  parts: { callId?: string; attemptsMax?: number; kind?: string; input?: object } = {},
): Promise<string> {
  const { callId = null, attemptsMax = 3, kind = 'resubmit', input = { leadIds: [] } } = parts;
  const askedBy = { kind: 'key', id: 'k', name: 'test' } as const;
  const made = await jobs().create({
    ...{ accountId: ACCOUNT, id: ids.next(), kind, callId, askedBy, input },
    ...{ total: 10, attemptsMax, now: NOW },
  });
  return made.id;
}

async function take(id: string, nodeId = 'node-a'): Promise<TakenJob> {
  const taken = await jobs().take({ accountId: ACCOUNT, id, nodeId, now: NOW });
  assert(taken, 'the job is there');
  return taken;
}

const find = (id: string) => jobs().find({ accountId: ACCOUNT, id });
const progress = (done: number): JobProgress => ({
  ...{ checkpoint: { next: done }, total: 10, done, counters: { success: done }, lines: [] },
});
const write = (attempt: AttemptOfJob, done: number, artefacts: ArtefactPart[] = []) =>
  jobs().write(attempt, { ...progress(done), artefacts, now: NOW + 1_000 });
const part = (number: number, content: string): ArtefactPart => ({
  ...{ name: 'results.csv', part: number, contentType: 'text/csv', content, expiresAt: NOW + DAY_MS },
});
const queued = async (id: string) =>
  (await pool.query(`select 1 from ${TEST_QUEUE_SCHEMA}.jobs where key = $1`, [id])).rowCount;

describe('an import of leads', () => {
  const ENDS: Record<string, (id: string) => Promise<unknown>> = {
    'ends by itself': async (id) => jobs().end(await take(id), { state: 'done', reason: null, now: NOW }),
    'is cancelled before its turn': (id) => jobs().cancel({ accountId: ACCOUNT, id, now: NOW }),
    'is left waiting': async (id) => {
      await pool.query("update jobs set state = 'waiting', updated_at = now() - interval '30 days' where id = $1", [
        id,
      ]);
      await keeper().sweepJobs();
    },
    'is given up by the queue': async () => {
      await pool.query(`delete from ${TEST_QUEUE_SCHEMA}._private_jobs`);
      await keeper().failAbandoned();
    },
  };
  it.each(Object.keys(ENDS))('that %s keeps no constants, which may be of people', async (name) => {
    const input = { flowId: 'f', constants: { email: 'ann@example.com', note: '\u0000\ud800' }, ratePerSecond: 25 };
    const id = await newJob({ kind: 'import-leads', input });
    const read = () => jobs().readWork({ accountId: ACCOUNT, id, kind: 'import-leads' });
    expect((await read())?.input).toEqual(input);
    await ENDS[name]?.(id);
    expect((await find(id))?.endedAt).not.toBeNull();
    expect((await read())?.input).toEqual({ flowId: 'f', ratePerSecond: 25 });
  });
});

describe('a job', () => {
  it('is put into the queue with its row', async () => {
    const id = await newJob();
    expect(await queued(id)).toBe(1);
    expect(await find(id)).toMatchObject({ state: 'queued', attempt: 0, total: 10, done: 0, counters: {} });
  });

  it('of a name that is known is the one that is there', async () => {
    const id = await newJob({ callId: 'monday' });
    expect(await newJob({ callId: 'monday' })).toBe(id);
    expect((await pool.query('select 1 from jobs')).rowCount).toBe(1);
  });

  it('pauses at once in the queue, soon where it runs, and goes on from its checkpoint', async () => {
    const id = await newJob();
    const key = { accountId: ACCOUNT, id, now: NOW };
    expect(await jobs().pause(key)).toBe('paused');
    expect(await jobs().take({ ...key, nodeId: 'node-a' })).toBeNull();
    const from = ['paused'] as const;
    expect(await jobs().goOn({ ...key, from, attemptsMax: 3 })).toBe('queued');
    const attempt = await take(id);
    expect(await jobs().goOn({ ...key, from, attemptsMax: 3 })).toBe('not-now');
    expect(await jobs().pause(key)).toBe('asked');
    expect(await write(attempt, 4)).toBe('pause');
    await jobs().leave(attempt, { state: 'paused', reason: null, kind: 'resubmit', attemptsMax: 3, now: NOW });
    expect(await write(attempt, 5)).toBe('lost');
    await pool.query(`delete from ${TEST_QUEUE_SCHEMA}._private_jobs`);
    expect(await keeper().failAbandoned()).toBe(0);
    expect(await jobs().goOn({ ...key, from, attemptsMax: 3 })).toBe('queued');
    expect(await queued(id)).toBe(1);
    const second = await take(id);
    expect(second).toMatchObject({ attempt: 2, checkpoint: { next: 4 } });
    expect(await write(second, 6)).toBe('go-on');
  });

  it('that waits goes on with another input, from the start where that is said', async () => {
    const id = await newJob();
    const key = { accountId: ACCOUNT, id, now: NOW };
    const left = { kind: 'resubmit', attemptsMax: 3, now: NOW };
    const first = await take(id);
    await write(first, 4);
    await jobs().leave(first, { state: 'waiting', reason: 'Confirm it', ...left });
    expect(await find(id)).toMatchObject({ state: 'waiting', reason: 'Confirm it' });
    expect(await jobs().pause(key)).toBe('not-now');
    const from = ['waiting'] as const;
    expect(await jobs().goOn({ ...key, from, attemptsMax: 3, input: { n: 2 }, isAnew: true })).toBe('queued');
    const second = await take(id);
    expect(second).toMatchObject({ input: { n: 2 }, checkpoint: null });
    await jobs().leave(second, { state: 'queued', reason: null, ...left });
    expect(await queued(id)).toBe(1);
    expect(await take(id)).toMatchObject({ attempt: 3 });
    expect(await jobs().readWork({ accountId: ACCOUNT, id, kind: 'resubmit' })).toMatchObject({ input: { n: 2 } });
    expect(await jobs().readWork({ accountId: ACCOUNT, id, kind: 'other' })).toBeNull();
  });

  it('that waits for a person who does not come is cancelled', async () => {
    const id = await newJob();
    await jobs().leave(await take(id), { state: 'waiting', reason: null, kind: 'resubmit', attemptsMax: 3, now: NOW });
    await pool.query("update jobs set updated_at = now() - interval '6 days'");
    await keeper().sweepJobs();
    expect(await find(id)).toMatchObject({ state: 'waiting' });
    await pool.query("update jobs set updated_at = now() - interval '8 days'");
    await keeper().sweepJobs();
    expect(await find(id)).toMatchObject({ state: 'cancelled', reason: 'Nothing was done with it for 7 days' });
  });

  it('goes on from its checkpoint, and its artefact has each part once', async () => {
    const id = await newJob();
    const first = await take(id);
    expect(await write(first, 4, [part(1, 'a\r\n')])).toBe('go-on');
    await jobs().putBack(first, { reason: 'Its server process stopped', now: NOW });
    const second = await take(id, 'node-b');
    expect(second).toMatchObject({ attempt: 2, checkpoint: { next: 4 }, done: 4, counters: { success: 4 } });
    await write(second, 10, [part(1, 'again'), part(2, 'b\r\n')]);
    await jobs().end(second, { state: 'done', reason: null, now: NOW + 2_000 });
    const job = await find(id);
    expect(job).toMatchObject({ state: 'done', done: 10, attempt: 2, begunDone: 4, endedAt: NOW + 2_000 });
    expect(job?.artefacts).toMatchObject([{ name: 'results.csv', size: 6, expiresAt: NOW + DAY_MS }]);
    const read = (now: number) => jobs().readArtefact({ accountId: ACCOUNT, id, name: 'results.csv', now });
    expect((await read(NOW))?.content).toBe('a\r\nb\r\n');
    expect(await read(NOW + 2 * DAY_MS)).toBeNull();
  });

  it('that another process has taken over is not written by the first one', async () => {
    const id = await newJob();
    const first = await take(id);
    const second = await take(id, 'node-b');
    expect(await write(first, 9, [part(1, 'late')])).toBe('lost');
    expect(await jobs().askSign(first)).toBe('lost');
    await jobs().end(first, { state: 'failed', reason: null, now: NOW });
    expect(await find(id)).toMatchObject({ state: 'running', done: 0, artefacts: [] });
    expect(await write(second, 1)).toBe('go-on');
  });

  it('that is cancelled before it began has ended; one that runs hears of it', async () => {
    const cancel = (id: string) => jobs().cancel({ accountId: ACCOUNT, id, now: NOW });
    const waiting = await newJob();
    expect([await cancel(waiting), (await find(waiting))?.state]).toEqual(['cancelled', 'cancelled']);
    expect(await jobs().take({ accountId: ACCOUNT, id: waiting, nodeId: 'node-a', now: NOW })).toBeNull();
    const running = await newJob();
    const taken = await take(running);
    expect(await cancel(running)).toBe('asked');
    expect([await jobs().askSign(taken), await write(taken, 1)]).toEqual(['cancel', 'cancel']);
    await jobs().end(taken, { state: 'cancelled', reason: null, now: NOW });
    expect([await cancel(running), await cancel('f'.repeat(24))]).toEqual(['ended', 'missing']);
  });

  it('is found by page, newest first', async () => {
    const all = [await newJob(), await newJob(), await newJob()].reverse();
    const page = (parts: object) =>
      jobs().page({ accountId: ACCOUNT, states: undefined, kind: undefined, before: undefined, limit: 2, ...parts });
    expect((await page({})).map(({ id }) => id)).toEqual(all.slice(0, 2));
    expect((await page({ before: all[1] })).map(({ id }) => id)).toEqual(all.slice(2));
    expect(await page({ states: ['done'] })).toEqual([]);
    expect(await page({ kind: 'other' })).toEqual([]);
    expect(await page({ accountId: 'b'.repeat(24) })).toEqual([]);
  });
});

describe('work whose process is gone', () => {
  const lockAs = (poolId: string, id: string) =>
    pool.query(`update ${TEST_QUEUE_SCHEMA}._private_jobs set locked_by = $1, locked_at = now() where key = $2`, [
      poolId,
      id,
    ]);
  const addNode = (id: string, leaseSeconds: number) =>
    pool.query(
      `insert into nodes (id, host, pid, process_started, started_at, lease_expires_at)
       values ($1, 'h', 1, 's', now(), now() + make_interval(secs => $2))`,
      [id, leaseSeconds],
    );
  const isLocked = async (id: string) =>
    (await pool.query(`select locked_by is not null as is_locked from ${TEST_QUEUE_SCHEMA}.jobs where key = $1`, [id]))
      .rows[0]?.is_locked;

  it('is freed when its lease has run out or its node is gone, and not before', async () => {
    await addNode('alive', 15);
    await addNode('dead', -1);
    await pool.query(
      "insert into job_pools (id, node_id) values ('p-alive', 'alive'), ('p-dead', 'dead'), ('p-gone', 'x')",
    );
    const [one, two, three] = [await newJob(), await newJob(), await newJob()];
    await lockAs('p-alive', one);
    await lockAs('p-dead', two);
    await lockAs('p-gone', three);
    expect(await keeper().freeWork()).toBe(2);
    expect([await isLocked(one), await isLocked(two), await isLocked(three)]).toEqual([true, false, false]);
    expect(await keeper().freeWork()).toBe(0);
  });

  it('fails once the queue has given it up', async () => {
    const [tired, fresh] = [await newJob({ attemptsMax: 2 }), await newJob()];
    await take(tired);
    await pool.query(`update ${TEST_QUEUE_SCHEMA}._private_jobs set attempts = max_attempts where key = $1`, [tired]);
    expect(await keeper().failAbandoned()).toBe(1);
    expect(await find(tired)).toMatchObject({ state: 'failed', reason: 'begun too often' });
    expect(await find(fresh)).toMatchObject({ state: 'queued' });
  });
});

describe('what goes at night', () => {
  const ago = (days: number) => new Date(NOW - days * DAY_MS);

  it('jobs 30 days after their end with all they left, and artefacts when they expire', async () => {
    const [old, recent] = [await newJob(), await newJob()];
    for (const [id, days] of [
      [old, 31],
      [recent, 29],
    ] as const) {
      const taken = await take(id);
      await write(taken, 1, [part(1, 'a'), { ...part(1, 'b'), name: 'gone.csv', expiresAt: NOW - DAY_MS }]);
      await jobs().end(taken, { state: 'done', reason: null, now: ago(days).getTime() });
    }
    expect(await keeper().sweepJobs()).toBe(1);
    expect([await find(old), await queued(old)]).toEqual([null, 0]);
    expect(await keeper().sweepArtefacts()).toBe(1);
    const left = await pool.query('select job_id, name from job_artefacts');
    expect(left.rows).toEqual([{ job_id: recent, name: 'results.csv' }]);
  });

  const insertRetry = (leadId: string, status: string, days: number) =>
    pool.query(
      `insert into retries (account_id, id, lead_id, event_id, flow_id, source_id, step_id, recipient_id, status, last_outcome, created_at, updated_at)
       values ($1, $2, $3, 'e', 'f', 's', 'st', 'r', $4, 'error', $5, $5)`,
      [ACCOUNT, ids.next(), leadId, status, ago(days)],
    );
  const insertUnknown = (leadId: string, resolvedDaysAgo: number | null) =>
    pool.query(
      `insert into unknowns (account_id, event_id, lead_id, flow_id, source_id, step_id, recipient_id, holds, happened_at, resolved_at)
       values ($1, $2, $3, 'f', 's', 'st', 'r', '{"caps":[],"lists":[]}', $4, $5)`,
      [ACCOUNT, ids.next(), leadId, ago(100), resolvedDaysAgo === null ? null : ago(resolvedDaysAgo)],
    );
  const leadsIn = async (table: string) =>
    (await pool.query(`select lead_id from ${table} order by lead_id`)).rows.map((row) => row.lead_id);

  it('retries that have ended and unknown deliveries that were resolved, past the retention of the account', async () => {
    await insertRetry('1-ended', 'exhausted', 91);
    await insertRetry('2-recent', 'succeeded', 89);
    await insertRetry('3-waiting', 'waiting', 91);
    await insertRetry('4-may-have-arrived', 'unknown', 91);
    await insertUnknown('4-may-have-arrived', null);
    await insertUnknown('5-resolved', 91);
    await insertUnknown('6-resolved-recently', 89);
    expect([await keeper().sweepRetries(), await keeper().sweepUnknowns()]).toEqual([1, 1]);
    expect(await leadsIn('retries')).toEqual(['2-recent', '3-waiting', '4-may-have-arrived']);
    expect(await leadsIn('unknowns')).toEqual(['4-may-have-arrived', '6-resolved-recently']);
  });

  it('feedback that was decided, once its lead is gone', async () => {
    const insertFeedback = (leadId: string, status: string, daysAgo: number) =>
      pool.query(
        `insert into feedback (account_id, id, lead_id, flow_id, source_id, step_id, recipient_id, delivery_event_id, type,
           status, received_at, decided_at)
         values ($1, $2, $3, 'f', 's', 'step01', 'buyer', 'e', 'return', $4, $5, $5)`,
        [ACCOUNT, ids.next(), leadId, status, ago(daysAgo)],
      );
    await insertFeedback('1-decided', 'accepted', 91);
    await insertFeedback('2-recent', 'declined', 89);
    await insertFeedback('3-waiting', 'pending', 91);
    await insertFeedback('4-with-lead', 'accepted', 91);
    await pool.query(
      `insert into leads (account_id, id, flow_id, source_id, revision, node_id, outcome, price, submitted_at)
       values ($1, '4-with-lead', 'f', 's', 1, 'n', 'success', 0, now())`,
      [ACCOUNT],
    );
    expect(await keeper().sweepFeedback()).toBe(1);
    expect(await leadsIn('feedback')).toEqual(['2-recent', '3-waiting', '4-with-lead']);
  });

  it('places that were given back, once nothing can take them again', async () => {
    const hold = (leadId: string, state: string) =>
      pool.query('insert into lead_holds (account_id, lead_id, state, holds) values ($1, $2, $3, $4)', [
        ...[ACCOUNT, leadId, state, '{"caps":[],"lists":[]}'],
      ]);
    await hold('1-released', 'released');
    await hold('2-with-retry', 'released');
    await hold('3-held', 'held');
    await hold('4-unknown', 'released');
    await insertRetry('2-with-retry', 'exhausted', 1);
    await insertUnknown('4-unknown', null);
    expect(await keeper().sweepLeadHolds()).toBe(1);
    expect(await leadsIn('lead_holds')).toEqual(['2-with-retry', '3-held', '4-unknown']);
  });

  it('sessions that have ended by age or for want of use, and invitations that have expired', async () => {
    const HOUR_MS = 3_600_000;
    await pool.query(
      `insert into users (account_id, id, email, first_name, last_name, role, created_at)
       values ($1, 'u', 'a@example.com', '', '', 'owner', now())`,
      [ACCOUNT],
    );
    const session = (id: string, ageMs: number, idleMs: number) =>
      pool.query(
        `insert into sessions (account_id, id, user_id, token_hash, created_at, last_seen_at, ip, user_agent)
         values ($1, $2, 'u', $3, $4, $5, '', '')`,
        [ACCOUNT, id, Buffer.from(id), new Date(NOW - ageMs), new Date(NOW - idleMs)],
      );
    await session('live', HOUR_MS, 0);
    await session('idle', 3 * HOUR_MS, 2 * HOUR_MS);
    await session('old', 5 * HOUR_MS, 0);
    await pool.query(
      `insert into invitations (account_id, user_id, token_hash, created_at, expires_at) values ($1, 'u', 'x', $2, $2)`,
      [ACCOUNT, ago(1)],
    );
    expect(await keeper().sweepSessions({ idleMs: HOUR_MS, ageMs: 4 * HOUR_MS })).toBe(2);
    expect((await pool.query('select id from sessions')).rows).toEqual([{ id: 'live' }]);
    expect(await keeper().sweepInvitations()).toBe(1);
  });

  it('invitations and welcome links at the time they expire and not before', async () => {
    await pool.query(
      `insert into users (account_id, id, email, first_name, last_name, role, created_at)
       values ($1, 'invited', 'b@example.com', '', '', 'owner', $2)`,
      [ACCOUNT, ago(2)],
    );
    await pool.query(
      `insert into invitations (account_id, user_id, token_hash, created_at, expires_at)
       values ($1, 'invited', 'y', $2, $3)`,
      [ACCOUNT, ago(2), new Date(NOW + DAY_MS)],
    );
    await pool.query(
      `insert into welcome_links (token_hash, account_id, created_at, expires_at) values ('z', $1, $2, $3)`,
      [ACCOUNT, ago(2), new Date(NOW + DAY_MS)],
    );
    expect(await keeperAt(NOW + DAY_MS - 1).sweepInvitations()).toBe(0);
    expect(await keeperAt(NOW + DAY_MS).sweepInvitations()).toBe(2);
  });

  it('API keys 90 days after they expired or were revoked, whose texts stay taken', async () => {
    const keys = createApiKeyStore(pool);
    const insert = (name: string, expiresInDays: number | null) =>
      keys.insert(
        {
          ...{ accountId: ACCOUNT, id: name, name, prefix: null, keyHash: Buffer.from(name), createdBy: null },
          ...{ scope: { role: 'owner', permissions: null }, flowIds: null, sourceIds: null },
          expiresAt: expiresInDays === null ? null : NOW + expiresInDays * DAY_MS,
        },
        NOW,
      );
    await insert('valid', null);
    await insert('later', 10);
    await insert('expires', 0);
    await insert('revoked', 50);
    await insert('revoked-later', null);
    await keys.revoke({ accountId: ACCOUNT, id: 'revoked' }, NOW);
    await keys.revoke({ accountId: ACCOUNT, id: 'revoked-later' }, NOW + 20 * DAY_MS);
    const names = async () => (await keys.list(ACCOUNT)).map(({ id }) => id).sort();
    const sweepAfter = (days: number) => keeperAt(NOW + days * DAY_MS + 1).sweepApiKeys({ daysKept: 90 });
    expect(await sweepAfter(89)).toBe(0);
    expect(await sweepAfter(90)).toBe(2);
    expect(await names()).toEqual(['later', 'revoked-later', 'valid']);
    expect(await sweepAfter(10_000)).toBe(2);
    expect(await names()).toEqual(['valid']);
    expect(await keys.findByHash(Buffer.from('revoked'))).toBeNull();
    await expect(insert('revoked', null)).rejects.toThrow('api_key_secrets_pkey');
    expect(await names()).toEqual(['valid']);
  });
});
