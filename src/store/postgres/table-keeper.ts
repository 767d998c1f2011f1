import type pg from 'pg';
import type { TableKeeper } from '../../jobs/table-keeper.ts';
import { ACTIVITY_DAYS_KEPT, JOB_DAYS_KEPT, REVISION_DAYS_KEPT } from '../../keeping/periods.ts';
import type { Clock } from '../../lib/clock.ts';
import { sweepBatches } from './batch-sweeps.ts';
import { sweepExports } from './export-sweeps.ts';
import { INPUT_OF_ENDED } from './jobs.ts';
import { countLists, sweepListEntries, sweepListRemains } from './list-sweeps.ts';
import { countStrays, ensurePartitions, sweepCapWindows, WINDOW_DAYS_KEPT } from './partitions.ts';
import { sweepPings } from './ping-sweeps.ts';
import { sweepLeads } from './retention.ts';
import { DEFAULT_SCHEMA, nameQueueSchema } from './schemas.ts';

/** Rows that one statement deletes, so that its locks are short; and statements of one run. */
const BATCH_ROWS = 5_000;
const BATCHES_MAX = 1_000;
const DAY_MS = 86_400_000;
/** A job that waits for a person, or is paused, so long is cancelled. */
const LEFT_JOB_DAYS = 7;
/** Without a row everybody begins at nothing: one turn off at most. */
const TURN_DAYS_KEPT = 90;

/** Upkeep of the tables on PostgreSQL. `abandoned` is the reason of jobs that the queue has given up. */
export function createTableKeeper(
  pool: pg.Pool,
  given: {
    clock: Pick<Clock, 'now'>;
    abandoned: string;
    schema?: string;
    /** Of a partition; null: by what comes in. */
    partitionDays?: number | null;
  },
): TableKeeper {
  const { clock, abandoned, schema = DEFAULT_SCHEMA, partitionDays = null } = given;
  const queue = buildQueueStatements(nameQueueSchema(schema));
  const sweep = (statement: string, values: unknown[] = []) => sweepAll(pool, { statement, values });
  return {
    makePartitions: () => ensurePartitions(pool, clock.now(), { partitionDays }),
    countStrays: () => countStrays(pool),
    sweepCapWindows: () => sweepCapWindows(pool),
    sweepCapAlerts: () => sweep(SWEEP_CAP_ALERTS, [new Date(clock.now() - WINDOW_DAYS_KEPT * DAY_MS)]),
    sweepOutbox: () => sweep(SWEEP_OUTBOX),
    sweepTurns: () => sweep(SWEEP_TURNS, [new Date(clock.now() - TURN_DAYS_KEPT * DAY_MS)]),
    sweepPings: () => sweepPings(pool, clock.now()),
    sweepBatches: () => sweepBatches(pool, clock.now()),
    sweepExports: () => sweepExports(pool, clock.now()),
    sweepLeadHolds: () => sweep(SWEEP_LEAD_HOLDS),
    sweepRetries: () => sweep(SWEEP_RETRIES, [new Date(clock.now())]),
    sweepUnknowns: () => sweep(SWEEP_UNKNOWNS, [new Date(clock.now())]),
    sweepFeedback: () => sweep(SWEEP_FEEDBACK, [new Date(clock.now())]),
    sweepLeads: () => sweepLeads(pool, clock.now()),
    sweepRevisions: () => sweep(SWEEP_REVISIONS, [new Date(clock.now()), REVISION_DAYS_KEPT]),
    sweepActivity: () => sweep(SWEEP_ACTIVITY, [new Date(clock.now() - ACTIVITY_DAYS_KEPT * DAY_MS)]),
    sweepSessions: ({ idleMs, ageMs }) =>
      sweep(SWEEP_SESSIONS, [new Date(clock.now() - ageMs), new Date(clock.now() - idleMs)]),
    sweepApiKeys: ({ daysKept }) => sweep(SWEEP_API_KEYS, [new Date(clock.now() - daysKept * DAY_MS)]),
    sweepKeyRequests: ({ daysKept }) => sweep(SWEEP_KEY_REQUESTS, [new Date(clock.now() - daysKept * DAY_MS)]),
    sweepInvitations: async () => {
      const now = [new Date(clock.now())];
      return (await sweep(SWEEP_INVITATIONS, now)) + (await sweep(SWEEP_WELCOME_LINKS, now));
    },
    sweepJobs: async () => {
      await sweep(CANCEL_LEFT_JOBS, [LEFT_JOB_DAYS]);
      return sweep(queue.sweepJobs, [JOB_DAYS_KEPT, new Date(clock.now())]);
    },
    sweepArtefacts: () => sweep(SWEEP_ARTEFACTS),
    sweepListRemains: () => sweepListRemains(pool, clock.now()),
    sweepListEntries: () => sweepListEntries(pool, clock.now()),
    countLists: () => countLists(pool, clock.now()),
    sweepJobFiles: async () => (await sweep(SWEEP_REQUESTS)) + (await sweep(SWEEP_JOB_FILES)),
    freeWork: async () => {
      const { rows } = await pool.query<{ count: number }>(queue.freeWork);
      return rows[0]?.count ?? 0;
    },
    failAbandoned: async () => (await pool.query(queue.failAbandoned, [abandoned])).rowCount ?? 0,
  };
}

/** Of the second parameter and of the facts of its account, the longer. */
const DAYS_BEHIND_LEADS = 'greatest($2, coalesce(a.facts_retention_in_days, a.data_retention_in_days) + 1)';

/** Batch by batch until one is not full. A sweep is of all accounts: each part of a spread database can be swept by itself. */
async function sweepAll(
  pool: pg.Pool,
  { statement, values }: { statement: string; values: unknown[] },
): Promise<number> {
  let swept = 0;
  for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
    const { rowCount } = await pool.query(statement, values);
    swept += rowCount ?? 0;
    if ((rowCount ?? 0) < BATCH_ROWS) break;
  }
  return swept;
}

/** Of all accounts. A scan of the table once a night; by retries_by_lead and unknowns_by_lead. */
const SWEEP_LEAD_HOLDS = `
  delete from lead_holds where (account_id, lead_id) in (
    select h.account_id, h.lead_id from lead_holds h
     where h.state = 'released'
       and not exists (select from retries r where r.account_id = h.account_id and r.lead_id = h.lead_id)
       and not exists (select from unknowns u where u.account_id = h.account_id and u.lead_id = h.lead_id
                         and u.resolved_at is null)
     limit ${BATCH_ROWS})
  and state = 'released'`;

/** Of all accounts. A scan of the table once a night. A lead with a delivery that may have arrived keeps its retries. */
const SWEEP_RETRIES = `
  delete from retries where (account_id, id) in (
    select r.account_id, r.id from retries r join accounts a on a.id = r.account_id
     where r.status not in ('waiting', 'running')
       and r.updated_at < $1::timestamptz - make_interval(days => a.data_retention_in_days)
       and not exists (select from held_leads h where h.account_id = r.account_id and h.lead_id = r.lead_id)
       and not exists (select from unknowns u where u.account_id = r.account_id and u.lead_id = r.lead_id
                         and u.resolved_at is null)
     limit ${BATCH_ROWS})
  and status not in ('waiting', 'running')`;

/** Of all accounts. A scan of the table once a night. */
const SWEEP_CAP_ALERTS = `
  delete from cap_alerts where (account_id, id) in (
    select account_id, id from cap_alerts where ends_at < $1 and next_attempt_at is null limit ${BATCH_ROWS})`;

/** Of all accounts. A scan of the table once a night: what a lead added to a webhook while it was deleted. */
const SWEEP_OUTBOX = `
  delete from outbox where (account_id, channel_id, lead_id, seq) in (
    select o.account_id, o.channel_id, o.lead_id, o.seq from outbox o
     where not exists (select from event_channels c where c.account_id = o.account_id and c.id = o.channel_id)
     limit ${BATCH_ROWS})`;

/** Of all accounts. */
const SWEEP_UNKNOWNS = `
  delete from unknowns where (account_id, event_id) in (
    select u.account_id, u.event_id from unknowns u join accounts a on a.id = u.account_id
     where u.resolved_at < $1::timestamptz - make_interval(days => a.data_retention_in_days)
       and not exists (select from held_leads h where h.account_id = u.account_id and h.lead_id = u.lead_id)
     limit ${BATCH_ROWS})`;

/** Of all accounts. A scan of the table once a night. What it did to money stays. */
const SWEEP_FEEDBACK = `
  delete from feedback where (account_id, id) in (
    select f.account_id, f.id from feedback f join accounts a on a.id = f.account_id
     where f.status not in ('pending', 'relaying', 'unanswered')
       and f.decided_at < $1::timestamptz - make_interval(days => a.data_retention_in_days)
       and not exists (select from leads l where l.account_id = f.account_id and l.id = f.lead_id)
     limit ${BATCH_ROWS})`;

/**
 * Of all accounts. A scan of the table once a night. A revision goes some time after another one was deployed in its place, and
 * never before the leads that ran on it: those of before the period are few, and along the primary key.
 */
const SWEEP_REVISIONS = `
  delete from flow_revisions where (account_id, flow_id, revision) in (
    select r.account_id, r.flow_id, r.revision from flow_revisions r
      join flows f on f.account_id = r.account_id and f.id = r.flow_id
      join accounts a on a.id = r.account_id
     where r.revision <> f.saved_revision and r.revision is distinct from f.deployed_revision
       and not exists (
             select from flow_drafts d where d.account_id = r.account_id and d.flow_id = r.flow_id
                and d.base_revision = r.revision and d.document is not null)
       and coalesce(r.deployed_at, r.saved_at) < $1::timestamptz - make_interval(days => ${DAYS_BEHIND_LEADS})
       and (r.deployed_at is null or exists (
             select from flow_revisions n where n.account_id = r.account_id and n.flow_id = r.flow_id
                and n.deployed_at > r.deployed_at and n.deployed_at < $1::timestamptz - make_interval(days => ${DAYS_BEHIND_LEADS})))
       and not exists (
             select from leads l where l.account_id = r.account_id and l.flow_id = r.flow_id and l.revision = r.revision
                and l.id < lpad(to_hex(extract(epoch from $1::timestamptz - make_interval(days => ${DAYS_BEHIND_LEADS}))::bigint), 8, '0'))
     limit ${BATCH_ROWS})`;

/** Of all accounts. A scan of the table once a night. */
const SWEEP_ACTIVITY = `
  delete from activity where (account_id, id) in (
    select account_id, id from activity where at < $1 limit ${BATCH_ROWS})`;

/** Of all accounts. A scan of the table once a night. */
const SWEEP_SESSIONS = `
  delete from sessions where (account_id, id) in (
    select account_id, id from sessions where created_at < $1 or last_seen_at < $2 limit ${BATCH_ROWS})`;

/** Of all accounts. A scan of the table once a night; an end never changes. Their rows in `api_key_secrets` stay: see migration 0016. */
const SWEEP_API_KEYS = `
  delete from api_keys where (account_id, id) in (
    select account_id, id from api_keys where least(expires_at, revoked_at) < $1 limit ${BATCH_ROWS})`;

/** Of all accounts. A scan of the table once a night; the rows of each key are bounded. */
const SWEEP_KEY_REQUESTS = `
  delete from key_requests where (account_id, key_id, id) in (
    select account_id, key_id, id from key_requests where at < $1 limit ${BATCH_ROWS})`;

/** Of all accounts. A scan of the table once a night: it has a row for each way in which a distribution was set up. */
const SWEEP_TURNS = `
  delete from distribution_turns where (account_id, flow_id, step_id, turns) in (
    select account_id, flow_id, step_id, turns from distribution_turns where updated_at < $1 limit ${BATCH_ROWS})
  and updated_at < $1`;

/** Of all accounts. */
const SWEEP_INVITATIONS = `
  delete from invitations where (account_id, user_id) in (
    select account_id, user_id from invitations where expires_at <= $1 limit ${BATCH_ROWS})
  and expires_at <= $1`;

/** Of all accounts. */
const SWEEP_WELCOME_LINKS = `
  delete from welcome_links where token_hash in (
    select token_hash from welcome_links where expires_at <= $1 limit ${BATCH_ROWS})`;

/** Of all accounts, along the primary key: there are as many as imports under way. An upload takes a minute at most. */
const SWEEP_JOB_FILES = `
  delete from job_files where (account_id, job_id, part) in (
    select f.account_id, f.job_id, f.part from job_files f
      left join jobs j on j.account_id = f.account_id and j.id = f.job_id
     where j.ended_at is not null or (j.id is null and f.created_at < now() - interval '1 hour')
     limit ${BATCH_ROWS})`;

/** Of all accounts, along jobs_open: jobs that wait for a person who does not come, with files of values of people. */
const CANCEL_LEFT_JOBS = `
  update jobs set state = 'cancelled', reason = 'Nothing was done with it for ' || $1::int || ' days', ended_at = now(),
         input = ${INPUT_OF_ENDED}
   where (account_id, id) in (
     select account_id, id from jobs
      where ended_at is null and state in ('waiting', 'paused') and updated_at < now() - make_interval(days => $1::int)
      limit ${BATCH_ROWS})`;

/** Of all accounts, along the primary key: there are as many as jobs of privacy under way. */
const SWEEP_REQUESTS = `
  delete from privacy_requests where (account_id, id) in (
    select p.account_id, p.id from privacy_requests p
      left join jobs j on j.account_id = p.account_id and j.id = p.id
     where j.ended_at is not null or (j.id is null and p.created_at < now() - interval '1 hour')
     limit ${BATCH_ROWS})`;

/** Of all accounts, along job_artefacts_expired. */
const SWEEP_ARTEFACTS = `
  delete from job_artefacts where (account_id, job_id, name, part) in (
    select account_id, job_id, name, part from job_artefacts where expires_at < now() limit ${BATCH_ROWS})`;

/** Statements that also touch the job queue, which has a schema of its own. */
function buildQueueStatements(schema: string): Record<'sweepJobs' | 'freeWork' | 'failAbandoned', string> {
  return {
    /** Of all accounts, along jobs_ended; what they left goes with them. */
    sweepJobs: `
  with gone as (
    delete from jobs where (account_id, id) in (
      select j.account_id, j.id from jobs j join accounts a on a.id = j.account_id
       where j.ended_at < $2::timestamptz - make_interval(days => least($1, a.data_retention_in_days)) limit ${BATCH_ROWS})
    returning account_id, id
  ), artefacts as (
    delete from job_artefacts a using gone g where a.account_id = g.account_id and a.job_id = g.id
  ), queued as (
    delete from ${schema}._private_jobs q using gone g where q.key = g.id and q.locked_at is null
  )
  select from gone`,
    /** There are as many pools as processes. */
    freeWork: `
  with gone as (
    delete from job_pools p where not exists (
      select from nodes n where n.id = p.node_id and n.lease_expires_at > now())
    returning id
  )
  select (select count(*)::int from gone) as count,
         (select ${schema}.force_unlock_workers(array_agg(id)) from gone having count(*) > 0)`,
    /** Of all accounts, along jobs_open, which has only jobs that have not ended. The queue has each by its key until it has ended. */
    failAbandoned: `
  update jobs j set state = 'failed', reason = $1, node_id = null, updated_at = now(), ended_at = now(),
         input = ${INPUT_OF_ENDED}
   where j.ended_at is null and j.state not in ('waiting', 'paused') and not exists (
     select from ${schema}._private_jobs q
      where q.key = j.id and (q.attempts < q.max_attempts or q.locked_at is not null))`,
  };
}
