import type pg from 'pg';
import type { FoundCall, NamedCall, ResubmissionStore, SentAgain, Standing } from '../../resubmission/resubmission.ts';
import { inTransaction } from './in-transaction.ts';

/** Leads that were sent again, on PostgreSQL. */
export function createResubmissionStore(pool: pg.Pool): ResubmissionStore {
  return {
    standingOf: (key) => standingOf(pool, key),
    claim: (request) => claim(pool, request),
    end: async ({ accountId, leadId, asLeadId, now }) => {
      await pool.query(
        'update resubmissions set ended_at = $4 where account_id = $1 and lead_id = $2 and as_lead_id = $3',
        [accountId, leadId, asLeadId, new Date(now)],
      );
    },
    giveBack: async ({ accountId, leadId, asLeadId }) => {
      await pool.query('delete from resubmissions where account_id = $1 and lead_id = $2 and as_lead_id = $3', [
        accountId,
        leadId,
        asLeadId,
      ]);
    },
    tidy: (request) => inTransaction(pool, (client) => tidy(client, request)),
    findCall: (call) => findCall(pool, call),
    keepCall: (call) => keepCall(pool, call),
  };
}

interface StandingRow {
  sent: { as_lead_id: string; call_id: string | null; has_ended: boolean }[];
  is_running: boolean;
  is_unknown: boolean;
  is_retried: boolean;
}

/** By the primary keys, unknowns_by_lead and retries_by_lead; a lead has been sent again a handful of times. */
const STANDING = `
  with recursive own (id) as (
    select $2::text collate "C"
     union
    select r.as_lead_id from own join resubmissions r on r.account_id = $1 and r.lead_id = own.id
  )
  select (select coalesce(json_agg(json_build_object(
                   'as_lead_id', r.as_lead_id, 'call_id', r.call_id, 'has_ended', r.ended_at is not null)
                   order by r.attempt), '[]')
            from resubmissions r where r.account_id = $1 and r.lead_id = $2) as sent,
         exists (select from own join runs u on u.account_id = $1 and u.lead_id = own.id) as is_running,
         exists (select from own join unknowns u on u.account_id = $1 and u.lead_id = own.id
                  where u.resolved_at is null) as is_unknown,
         exists (select from own join retries t on t.account_id = $1 and t.lead_id = own.id
                  where t.status in ('waiting', 'running')) as is_retried`;

async function standingOf(
  pool: pg.Pool,
  { accountId, leadId, callId }: { accountId: string; leadId: string; callId: string | null },
): Promise<Standing> {
  const { rows } = await pool.query<StandingRow>(STANDING, [accountId, leadId]);
  const { sent = [], is_running = false, is_unknown = false, is_retried = false } = rows[0] ?? {};
  const told = (row: StandingRow['sent'][number] | undefined): SentAgain | null =>
    row ? { asLeadId: row.as_lead_id, hasEnded: row.has_ended } : null;
  return {
    last: told(sent.at(-1)),
    byCall: callId === null ? null : told(sent.find((row) => row.call_id === callId)),
    open: is_running ? 'running' : is_unknown ? 'unknown' : is_retried ? 'retry' : null,
  };
}

/**
 * Of requests that come at once each asks for the same attempt, and the primary key lets one of them have it; by
 * resubmissions_by_call a named call has one attempt at most. What is returned counts, not the number of rows: a database
 * that spreads a schema over machines counts what it read.
 */
async function claim(pool: pg.Pool, request: Parameters<ResubmissionStore['claim']>[0]): Promise<'claimed' | 'taken'> {
  const { accountId, leadId, asLeadId, callId, isAgain, now } = request;
  const { rows } = await pool.query(
    `insert into resubmissions (account_id, lead_id, attempt, as_lead_id, created_at, call_id)
     select $1, $2, coalesce(max(r.attempt), 0) + 1, $3, $4, $6
       from resubmissions r
      where r.account_id = $1 and r.lead_id = $2
     having count(*) = 0
         or ($5 and count(*) = count(r.ended_at))
     on conflict do nothing
     returning attempt`,
    [accountId, leadId, asLeadId, new Date(now), isAgain, callId],
  );
  return rows.length === 1 ? 'claimed' : 'taken';
}

/**
 * A process that runs a lead makes its run row, or its end, long before this has passed: from then on a claim without
 * either is of one that stopped before anything was taken.
 */
const VOID_AFTER_MS = 600_000;
/** A named call may be repeated for as long. */
const CALL_KEPT_MS = 30 * 86_400_000;

/** Along resubmissions_open, which has only what is under way. */
async function tidy(
  client: pg.ClientBase,
  { accountId, now }: Parameters<ResubmissionStore['tidy']>[0],
): Promise<void> {
  await client.query(
    `update resubmissions r set ended_at = $2 where r.account_id = $1 and r.ended_at is null
        and exists (select from leads l where l.account_id = $1 and l.id = r.as_lead_id)`,
    [accountId, new Date(now)],
  );
  await client.query(
    `delete from resubmissions r where r.account_id = $1 and r.ended_at is null and r.created_at < $2
        and not exists (select from leads l where l.account_id = $1 and l.id = r.as_lead_id)
        and not exists (select from runs u where u.account_id = $1 and u.lead_id = r.as_lead_id)`,
    [accountId, new Date(now - VOID_AFTER_MS)],
  );
  await client.query('delete from resubmission_calls where account_id = $1 and created_at < $2', [
    accountId,
    new Date(now - CALL_KEPT_MS),
  ]);
}

/** By the primary key. */
async function findCall(pool: pg.Pool, { accountId, callId, request }: NamedCall): Promise<FoundCall> {
  const { rows } = await pool.query<{ lead_ids: string[]; is_same: boolean }>(
    `select lead_ids, request_hash = sha256(convert_to($3, 'UTF8')) as is_same
       from resubmission_calls where account_id = $1 and id = $2`,
    [accountId, callId, request],
  );
  const [row] = rows;
  if (!row) return { kind: 'none' };
  return row.is_same ? { kind: 'same', leadIds: row.lead_ids } : { kind: 'other' };
}

async function keepCall(pool: pg.Pool, call: Parameters<ResubmissionStore['keepCall']>[0]): Promise<void> {
  const { accountId, callId, request, leadIds, now } = call;
  await pool.query(
    `insert into resubmission_calls (account_id, id, request_hash, lead_ids, created_at)
     values ($1, $2, sha256(convert_to($3, 'UTF8')), $4, $5) on conflict do nothing`,
    [accountId, callId, request, leadIds, new Date(now)],
  );
}
