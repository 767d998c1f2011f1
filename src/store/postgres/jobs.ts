import type pg from 'pg';
import type { Change } from '../../access/activity.ts';
import type { Actor } from '../../access/principal.ts';
import { IMPORT_LEADS } from '../../jobs/import-leads/import-leads-input.ts';
import type {
  AttemptOfJob,
  Effect,
  Job,
  JobArtefact,
  JobGoOn,
  JobKey,
  JobLine,
  JobSign,
  JobState,
  JobStore,
  NewJob,
  OpenState,
  TakenJob,
} from '../../jobs/job.ts';
import { assert } from '../../lib/assert.ts';
import { RECORD_NOTHING, type RecordChange } from './activity.ts';
import { inTransaction } from './in-transaction.ts';
import { DEFAULT_SCHEMA, nameQueueSchema } from './schemas.ts';

/**
 * Jobs on PostgreSQL. `record` gets who cancels one: who asked for it is in the job itself. `schema` is that of the
 * installation; the queue is beside it.
 */
export function createJobStore(
  pool: pg.Pool,
  { record = RECORD_NOTHING, schema = DEFAULT_SCHEMA }: { record?: RecordChange; schema?: string } = {},
): JobStore {
  const queueSchema = nameQueueSchema(schema);
  return {
    create: (job) => inTransaction(pool, (client) => insertJob(client, { job, queueSchema })),
    find: async ({ accountId, id }) => {
      const { rows } = await pool.query<Row>(`${SELECT} where j.account_id = $1 and j.id = $2`, [accountId, id]);
      return rows[0] ? jobOf(rows[0]) : null;
    },
    page: async ({ accountId, states, kind, before, limit }) => {
      // Along the primary key, from its end.
      const { rows } = await pool.query<Row>(
        `${SELECT} where j.account_id = $1 and ($2::text[] is null or j.state = any($2)) and ($3::text is null or j.kind = $3)
           and ($4::text is null or j.id < $4) order by j.id desc limit $5`,
        [accountId, states ?? null, kind ?? null, before ?? null, limit],
      );
      return rows.map(jobOf);
    },
    cancel: (request) => inTransaction(pool, (client) => cancelJob(client, record, request)),
    pause: (request) => inTransaction(pool, (client) => pause(client, record, request)),
    goOn: (request) => inTransaction(pool, (client) => goOn(client, { request, record, queueSchema })),
    readWork: async ({ accountId, id, kind }) => {
      const { rows } = await pool.query<{ input: unknown; checkpoint: unknown }>(
        'select input, checkpoint from jobs where account_id = $1 and id = $2 and kind = $3',
        [accountId, id, kind],
      );
      return rows[0] ?? null;
    },
    leave: (attempt, left) => inTransaction(pool, (client) => leave(client, { attempt, left, queueSchema })),
    readArtefact: async ({ accountId, id, name, now }) => {
      const { rows } = await pool.query<{ content_type: string; content: string }>(
        `select min(content_type) as content_type, string_agg(content, '' order by part) as content from job_artefacts
          where account_id = $1 and job_id = $2 and name = $3 having min(expires_at) > $4`,
        [accountId, id, name, new Date(now)],
      );
      return rows[0] ? { contentType: rows[0].content_type, content: rows[0].content } : null;
    },
    take: (request) => take(pool, request),
    write: (attempt, progress) => inTransaction(pool, (client) => write(client, { attempt, progress })),
    writeWith: (attempt, effect, progressOf) =>
      inTransaction(pool, (client) => writeWith(client, { attempt, effect, progressOf })),
    askSign: async (attempt) => {
      const { rows } = await pool.query<Sign>(`select ${SIGN} from jobs where ${IS_ATTEMPT}`, keyOf(attempt));
      return signOf(rows[0]);
    },
    end: async (attempt, { state, reason, now }) => {
      await pool.query(
        `update jobs set state = $4, reason = $5, node_id = null, updated_at = $6, ended_at = $6,
            input = ${INPUT_OF_ENDED} where ${IS_ATTEMPT}`,
        [...keyOf(attempt), state, reason, new Date(now)],
      );
    },
    putBack: async (attempt, { reason, now }) => {
      await pool.query(
        `update jobs set state = 'queued', reason = $4, node_id = null, updated_at = $5 where ${IS_ATTEMPT}`,
        [...keyOf(attempt), reason, new Date(now)],
      );
    },
  };
}

/**
 * What is kept of the input of a job that ends: an import of leads may have values of people in `constants`. PostgreSQL
 * opens no text with U+0000 or half a surrogate pair, which are what JSON.stringify escapes with \u.
 */
export const INPUT_OF_ENDED = `case when kind = '${IMPORT_LEADS}' then
  (regexp_replace(input::text, '\\\\u[0-9a-fA-F]{4}', '\\\\ufffd', 'g')::jsonb - 'constants')::json else input end`;

/** Of the attempt that is under way, and of no other. */
const IS_ATTEMPT = "account_id = $1 and id = $2 and attempt = $3 and state = 'running'";

function keyOf({ accountId, id, attempt }: AttemptOfJob): unknown[] {
  return [accountId, id, attempt];
}

interface Sign {
  is_cancel_asked: boolean;
  is_pause_asked: boolean;
}

const SIGN = 'cancel_asked_at is not null as is_cancel_asked, pause_asked_at is not null as is_pause_asked';

function signOf(row: Sign | undefined): JobSign {
  if (!row) return 'lost';
  if (row.is_cancel_asked) return 'cancel';
  return row.is_pause_asked ? 'pause' : 'go-on';
}

/** A job and its task, in the caller's transaction. By jobs_by_call. */
export async function insertJob(
  client: pg.ClientBase,
  { job, queueSchema }: { job: NewJob; queueSchema: string },
): Promise<{ kind: 'created' | 'known'; id: string }> {
  const { accountId, id, kind, callId, askedBy, input, total, attemptsMax, now } = job;
  const { rows: inserted } = await client.query(
    `insert into jobs (account_id, id, kind, state, call_id, asked_by, input, total, created_at, updated_at)
     values ($1, $2, $3, 'queued', $4, $5, $6, $7, $8, $8)
     on conflict (account_id, kind, call_id) where call_id is not null do nothing
     returning id`,
    [accountId, id, kind, callId, JSON.stringify(askedBy), JSON.stringify(input), total, new Date(now)],
  );
  if (inserted.length === 0) {
    const { rows } = await client.query<{ id: string }>(
      'select id from jobs where account_id = $1 and kind = $2 and call_id = $3',
      [accountId, kind, callId],
    );
    assert(rows[0], 'a call that is known has a job');
    return { kind: 'known', id: rows[0].id };
  }
  await enqueue(client, { accountId, id, kind, attemptsMax, queueSchema });
  return { kind: 'created', id };
}

/** A task of the same key that a process still has is let go of; its job is no longer that attempt's. */
async function enqueue(
  client: pg.ClientBase,
  {
    accountId,
    id,
    kind,
    attemptsMax,
    queueSchema,
  }: JobKey & Pick<NewJob, 'kind' | 'attemptsMax'> & { queueSchema: string },
): Promise<void> {
  await client.query(`select ${queueSchema}.add_job($1, $2, max_attempts := $3, job_key := $4)`, [
    kind,
    JSON.stringify({ account_id: accountId, id }),
    attemptsMax,
    id,
  ]);
}

/** A queued job ends at once; the queue finds its row ended when its turn comes. */
export async function cancelJob(
  client: pg.ClientBase,
  record: RecordChange,
  { accountId, id, now }: JobKey & { now: number },
): Promise<'cancelled' | 'asked' | 'ended' | 'missing'> {
  const { rows } = await client.query<Sign & { kind: string; state: JobState }>(
    `select kind, state, ${SIGN} from jobs where account_id = $1 and id = $2 for update`,
    [accountId, id],
  );
  const [job] = rows;
  if (!job) return 'missing';
  const { kind, state, is_cancel_asked: isAsked } = job;
  if (!isOpen(state)) return 'ended';
  await client.query(
    `update jobs set cancel_asked_at = coalesce(cancel_asked_at, $3), updated_at = $3,
        state = case when state = 'running' then state else 'cancelled' end,
        ended_at = case when state = 'running' then null else $3::timestamptz end,
        input = case when state = 'running' then input else ${INPUT_OF_ENDED} end
      where account_id = $1 and id = $2`,
    [accountId, id, new Date(now)],
  );
  if (!isAsked) await record(client, accountId, changeOfCancel({ id, kind, state }));
  return state === 'running' ? 'asked' : 'cancelled';
}

function isOpen(state: JobState): state is OpenState {
  return state === 'queued' || state === 'running' || state === 'waiting' || state === 'paused';
}

/** A queued job pauses at once; the queue finds its row paused when its turn comes. */
async function pause(
  client: pg.ClientBase,
  record: RecordChange,
  { accountId, id, now }: JobKey & { now: number },
): Promise<'paused' | 'asked' | 'not-now' | 'missing'> {
  const job = await lockJob(client, { accountId, id });
  if (!job) return 'missing';
  const { kind, state } = job;
  if (state === 'paused') return 'paused';
  if (state !== 'queued' && state !== 'running') return 'not-now';
  const after = state === 'queued' ? 'paused' : state;
  await client.query(
    `update jobs set state = $3::text, updated_at = $4, pause_asked_at = case when $3::text = 'running' then $4::timestamptz end
      where account_id = $1 and id = $2`,
    [accountId, id, after, new Date(now)],
  );
  await record(client, accountId, changeOfState({ id, kind, action: 'pause', before: state, after }));
  return state === 'queued' ? 'paused' : 'asked';
}

async function goOn(
  client: pg.ClientBase,
  { request, record, queueSchema }: { request: JobGoOn; record: RecordChange; queueSchema: string },
): Promise<'queued' | 'not-now' | 'missing'> {
  const { accountId, id, from, attemptsMax, input, isAnew = false, now } = request;
  const job = await lockJob(client, { accountId, id });
  if (!job) return 'missing';
  const { kind, state } = job;
  if (!isOpen(state) || !from.includes(state)) return 'not-now';
  await client.query(
    `update jobs set state = 'queued', reason = null, pause_asked_at = null, updated_at = $3,
        input = coalesce($4::json, input), checkpoint = case when $5 then null else checkpoint end
      where account_id = $1 and id = $2`,
    [accountId, id, new Date(now), input === undefined ? null : JSON.stringify(input), isAnew],
  );
  await enqueue(client, { accountId, id, kind, attemptsMax, queueSchema });
  await record(client, accountId, changeOfState({ id, kind, action: 'run', before: state, after: 'queued' }));
  return 'queued';
}

async function lockJob(
  client: pg.ClientBase,
  { accountId, id }: JobKey,
): Promise<{ kind: string; state: JobState } | undefined> {
  const { rows } = await client.query<{ kind: string; state: JobState }>(
    'select kind, state from jobs where account_id = $1 and id = $2 for update',
    [accountId, id],
  );
  return rows[0];
}

async function leave(
  client: pg.ClientBase,
  {
    attempt,
    left,
    queueSchema,
  }: { attempt: AttemptOfJob; left: Parameters<JobStore['leave']>[1]; queueSchema: string },
): Promise<void> {
  const { state, reason, kind, attemptsMax, now } = left;
  const { accountId, id } = attempt;
  const { rowCount } = await client.query(
    `update jobs set state = $4, reason = $5, node_id = null, pause_asked_at = null, updated_at = $6 where ${IS_ATTEMPT}`,
    [...keyOf(attempt), state, reason, new Date(now)],
  );
  if (rowCount === 1 && state === 'queued') await enqueue(client, { accountId, id, kind, attemptsMax, queueSchema });
}

function changeOfState(change: {
  id: string;
  kind: string;
  action: 'pause' | 'run';
  before: OpenState;
  after: OpenState;
}): Change {
  const { id, kind, action, before, after } = change;
  return {
    kind: 'job',
    action,
    subject: { id, name: kind },
    before: { document: { id, kind, state: before } },
    after: { document: { id, kind, state: after } },
  };
}

/** Without the input of the job, which may name leads. A running job has its state until it stops. */
function changeOfCancel({ id, kind, state }: { id: string; kind: string; state: OpenState }): Change {
  const after = state === 'running' ? state : 'cancelled';
  return {
    kind: 'job',
    action: 'cancel',
    subject: { id, name: kind },
    before: { document: { id, kind, state, cancel_asked: false } },
    after: { document: { id, kind, state: after, cancel_asked: true } },
  };
}

/** A job that runs elsewhere is taken all the same: the queue gives it out again only when that process is gone. */
async function take(
  pool: pg.Pool,
  { accountId, id, nodeId, now }: Parameters<JobStore['take']>[0],
): Promise<TakenJob | null> {
  const { rows } = await pool.query<Row & { input: unknown; checkpoint: unknown }>(
    `update jobs j set state = 'running', attempt = attempt + 1, node_id = $3, reason = null, begun_at = $4,
        begun_done = done, started_at = coalesce(started_at, $4), updated_at = $4
      where account_id = $1 and id = $2 and state in ('queued', 'running')
      returning ${COLUMNS}, input, checkpoint, '[]'::json as artefacts`,
    [accountId, id, nodeId, new Date(now)],
  );
  const [row] = rows;
  if (!row) return null;
  const { kind, attempt, total, done, counters, lines } = jobOf(row);
  return { accountId, id, kind, attempt, input: row.input, checkpoint: row.checkpoint, total, done, counters, lines };
}

/** Holds the attempt until the end, so that one that was given up changes nothing. By primary key. */
async function writeWith<T>(
  client: pg.ClientBase,
  {
    attempt,
    effect,
    progressOf,
  }: { attempt: AttemptOfJob; effect: Effect<T>; progressOf: (result: T) => Parameters<JobStore['write']>[1] },
): Promise<{ sign: JobSign; result: T | null }> {
  const { rowCount } = await client.query(`select from jobs where ${IS_ATTEMPT} for update`, keyOf(attempt));
  if (rowCount === 0) return { sign: 'lost', result: null };
  const result = await effect(client);
  return { sign: await write(client, { attempt, progress: progressOf(result) }), result };
}

async function write(
  client: pg.ClientBase,
  { attempt, progress }: { attempt: AttemptOfJob; progress: Parameters<JobStore['write']>[1] },
): Promise<JobSign> {
  const { checkpoint, total, done, counters, lines, artefacts, now } = progress;
  const { rows } = await client.query<Sign>(
    `update jobs set checkpoint = $4, total = $5, done = $6, counters = $7, lines = $8, updated_at = $9
      where ${IS_ATTEMPT} returning ${SIGN}`,
    [
      ...keyOf(attempt),
      JSON.stringify(checkpoint),
      total,
      done,
      JSON.stringify(counters),
      JSON.stringify(lines),
      new Date(now),
    ],
  );
  if (!rows[0]) return 'lost';
  const { accountId, id } = attempt;
  for (const { name, part, contentType, content, expiresAt } of artefacts) {
    await client.query(
      `insert into job_artefacts (account_id, job_id, name, part, content_type, content, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
      [accountId, id, name, part, contentType, content, new Date(expiresAt)],
    );
  }
  return signOf(rows[0]);
}

const COLUMNS = `j.account_id, j.id, j.kind, j.state, j.asked_by, j.total, j.done, j.counters, j.reason, j.lines, j.attempt,
  j.begun_at, j.begun_done, j.cancel_asked_at, j.created_at, j.started_at, j.updated_at, j.ended_at`;

/** The artefacts of a job are a handful of names in some hundred parts at most, along the primary key. */
const SELECT = `
  select ${COLUMNS}, (select coalesce(json_agg(a order by a.name), '[]') from (
      select name, min(content_type) as content_type, sum(length(content))::int as size,
             extract(epoch from min(expires_at))::float8 * 1000 as expires_at
        from job_artefacts a where a.account_id = j.account_id and a.job_id = j.id group by name) a) as artefacts
    from jobs j`;

interface Row {
  account_id: string;
  id: string;
  kind: string;
  state: JobState;
  asked_by: Actor;
  total: number | null;
  done: number;
  counters: Record<string, number>;
  reason: string | null;
  lines: JobLine[];
  attempt: number;
  begun_at: Date | null;
  begun_done: number;
  cancel_asked_at: Date | null;
  created_at: Date;
  started_at: Date | null;
  updated_at: Date;
  ended_at: Date | null;
  artefacts: { name: string; content_type: string; size: number; expires_at: number }[];
}

function jobOf(row: Row): Job {
  return {
    accountId: row.account_id,
    id: row.id,
    kind: row.kind,
    state: row.state,
    askedBy: row.asked_by,
    total: row.total,
    done: row.done,
    counters: row.counters,
    reason: row.reason,
    lines: row.lines,
    attempt: row.attempt,
    begunAt: row.begun_at?.getTime() ?? null,
    begunDone: row.begun_done,
    isCancelAsked: row.cancel_asked_at !== null,
    createdAt: row.created_at.getTime(),
    startedAt: row.started_at?.getTime() ?? null,
    updatedAt: row.updated_at.getTime(),
    endedAt: row.ended_at?.getTime() ?? null,
    artefacts: row.artefacts.map(
      ({ name, content_type: contentType, size, expires_at: expiresAt }): JobArtefact => ({
        name,
        contentType,
        size,
        expiresAt: Math.round(expiresAt),
      }),
    ),
  };
}
