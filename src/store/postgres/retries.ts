import type pg from 'pg';
import type { Change } from '../../access/activity.ts';
import { assert } from '../../lib/assert.ts';
import type { Ids } from '../../lib/ids.ts';
import { type Money, moneyFrom } from '../../model/money.ts';
import { type Claim, RESOLUTIONS, RETRY_STATUSES, type Retry, type Unknown } from '../../retries/retry.ts';
import type {
  AttemptEnd,
  RetryFilter,
  RetryPage,
  RetryStore,
  StatusChange,
  UnknownFilter,
  UnknownResolution,
} from '../../retries/retry-store.ts';
import { parseEventFacts } from '../../stored/event-facts.ts';
import { type Holds, parseHolds } from '../../stored/holds.ts';
import { RECORD_NOTHING, type RecordChange } from './activity.ts';
import { endAttempt, giveBack, resolveUnknown } from './end-retry.ts';
import { inTransaction } from './in-transaction.ts';
import { decideLeadHolds, PlaceTaken, settlePlaces, takeAgain } from './lead-holds.ts';
import { ORDER } from './leads.ts';

/** Retries and unknown deliveries on PostgreSQL. Their attempts hold places through the run store, as leads do. */
export function createRetryStore(options: {
  pool: pg.Pool;
  nodeId: string;
  ids: Ids;
  record?: RecordChange;
}): RetryStore {
  const { pool, nodeId, ids, record = RECORD_NOTHING } = options;
  return {
    claimDue: (request) => inTransaction(pool, (client) => claimDue(client, { ...request, nodeId, ids })),
    giveBack: (attempt, nextAttemptAt) =>
      inTransaction(pool, (client) => giveBack(client, { ...attempt, nodeId, nextAttemptAt })),
    endAttempt: (end: AttemptEnd) => inTransaction(pool, (client) => endAttempt(client, { end, nodeId, ids })),
    findClaim: (key) => findClaim(pool, key),
    pageOfRetries: (page) => pageOfRetries(pool, page),
    findRetry: (key) => findRetry(pool, key),
    runNow: (request) => runNow(pool, record, request),
    cancel: (key) => inTransaction(pool, (client) => cancel(client, record, key)),
    pageOfUnknowns: (page) => pageOfUnknowns(pool, page),
    findUnknown: (key) => findUnknown(pool, key),
    resolve: (resolution) =>
      inTransaction(pool, async (client) => {
        const resolved = await resolveUnknown(client, { found: resolution, ids });
        if (resolved === 'resolved') await record(client, resolution.accountId, changeOfResolution(resolution));
        return resolved;
      }),
  };
}

const COLUMNS =
  'r.account_id, r.id, r.lead_id, r.event_id, r.flow_id, r.source_id, r.step_id, r.recipient_id, r.status, r.attempts, r.next_attempt_at, r.last_outcome, r.last_reason, r.created_at, r.updated_at, r.attempt_id';

interface RetryRow {
  account_id: string;
  id: string;
  lead_id: string;
  event_id: string;
  flow_id: string;
  source_id: string;
  step_id: string;
  recipient_id: string;
  status: string;
  attempts: number;
  next_attempt_at: Date | null;
  last_outcome: string;
  last_reason: string | null;
  created_at: Date;
  updated_at: Date;
  attempt_id: string | null;
}

/** Is a place of this delivery kept already, because it may have arrived before? By unknowns_by_lead. */
const HAS_PLACES = `exists (select from unknowns u where u.account_id = r.account_id and u.lead_id = r.lead_id
  and u.step_id = r.step_id and u.resolved_at is null) as has_places`;

/** Has its recipient returned the lead? By feedback_returns. */
const IS_RETURNED = `exists (select from feedback f where f.account_id = r.account_id and f.lead_id = r.lead_id
  and f.recipient_id = r.recipient_id and f.type = 'return' and f.status = 'accepted') as is_returned`;

interface ClaimRow extends RetryRow {
  has_places: boolean;
  is_returned: boolean;
}

/** Of the lead of `r`: is another retry of it under way? One at a time, so that each sees what the other sold. */
const HAS_RUNNING = `exists (select from retries s where s.account_id = r.account_id and s.lead_id = r.lead_id
  and s.status = 'running')`;

/** Due retries that one look reads, oldest first; more than any recipient's share of one look. */
const DUE_READ_MAX = 10_000;

/**
 * Of all accounts, as a node makes attempts of each: every part of a spread database can be asked by itself. Along
 * retries_due, for each recipient as many as there is room for: one that is down, with thousands that are due,
 * must not keep the others waiting. Of a lead one at a time. Rows that another process is claiming are passed over.
 */
const LOCK_DUE = `
  with due as (
    select account_id, id, lead_id, recipient_id, next_attempt_at from retries r
     where status = 'waiting' and next_attempt_at <= clock_timestamp() and recipient_id <> all($2::text[])
       and not ${HAS_RUNNING}
     order by next_attempt_at limit ${DUE_READ_MAX}
  ), first_of_lead as (
    select distinct on (account_id, lead_id) account_id, id, recipient_id, next_attempt_at from due
     order by account_id, lead_id, next_attempt_at, id
  ), placed as (
    select account_id, id, recipient_id, row_number() over (partition by recipient_id order by next_attempt_at) as place
      from first_of_lead
  )
  select r.account_id, r.id, r.lead_id from placed p
    join retries r on r.account_id = p.account_id and r.id = p.id
    left join unnest($3::text[], $4::int[]) as b(recipient_id, busy) on b.recipient_id = p.recipient_id
   where p.place <= $5 - coalesce(b.busy, 0) and r.status = 'waiting' and r.next_attempt_at <= clock_timestamp()
   order by r.next_attempt_at limit $1 for update of r skip locked`;

async function claimDue(
  client: pg.ClientBase,
  at: Parameters<RetryStore['claimDue']>[0] & { nodeId: string; ids: Ids },
): Promise<Claim[]> {
  const busy = [...at.busy];
  const { rows: chosen } = await client.query<{ account_id: string; id: string; lead_id: string }>(LOCK_DUE, [
    at.limit,
    busy.filter(([, count]) => count >= at.perRecipient).map(([recipientId]) => recipientId),
    busy.map(([recipientId]) => recipientId),
    busy.map(([, count]) => count),
    at.perRecipient,
  ]);
  if (chosen.length === 0) return [];
  await client.query(LOCK_LEADS, [chosen.map((row) => row.account_id), chosen.map((row) => row.lead_id)]);
  const { rows } = await client.query<ClaimRow>(CLAIM, [
    at.nodeId,
    chosen.map((row) => row.account_id),
    chosen.map((row) => row.id),
    chosen.map(() => at.ids.event()),
  ]);
  return rows.map(claimOf);
}

/** Two processes may have chosen two retries of one lead: the second waits here, and then finds the first one running. */
const LOCK_LEADS = `
  select pg_advisory_xact_lock(k.key) from (
    select distinct hashtextextended(account_id || lead_id, 0) as key
      from unnest($1::text[], $2::text[]) as l(account_id, lead_id) order by 1
  ) k`;

/**
 * A retry runs exactly as long as its attempt has a run row, which is written with the claim: the fence of the intent
 * then stops a process that slept past its lease while another made the attempt. An attempt is of no revision: it runs
 * on the flow as deployed then.
 */
const CLAIM = `
  with claimed as (
    update retries r set status = 'running', node_id = $1, attempt_id = k.attempt_id, updated_at = now()
      from unnest($2::text[], $3::text[], $4::text[]) as k(account_id, id, attempt_id)
     where r.account_id = k.account_id and r.id = k.id and not ${HAS_RUNNING}
    returning r.*
  ), begun as (
    insert into runs (account_id, lead_id, node_id, flow_id, source_id, revision, submitted_at, retry_id)
    select account_id, attempt_id, node_id, flow_id, source_id, 0, updated_at, id from claimed
  )
  select ${COLUMNS}, ${HAS_PLACES}, ${IS_RETURNED} from claimed r`;

/** By the primary key. */
async function findClaim(
  pool: pg.Pool,
  { accountId, retryId, attemptId }: { accountId: string; retryId: string; attemptId: string },
): Promise<Claim | null> {
  const { rows } = await pool.query<ClaimRow>(
    `select ${COLUMNS}, ${HAS_PLACES}, ${IS_RETURNED} from retries r
      where r.account_id = $1 and r.id = $2 and r.attempt_id = $3 and r.status = 'running'`,
    [accountId, retryId, attemptId],
  );
  return rows[0] ? claimOf(rows[0]) : null;
}

/** Along the primary key. */
async function pageOfRetries(pool: pg.Pool, page: RetryPage<RetryFilter>): Promise<Retry[]> {
  const { accountId, range, filter, sort, limit } = page;
  const { rows } = await pool.query<RetryRow>(
    `select ${COLUMNS} from retries r
      where r.account_id = $1 and r.id > $2 and r.id < $3
        and ($4::text[] is null or r.status = any($4))
        and ($5::text[] is null or r.flow_id = any($5))
        and ($6::text[] is null or r.recipient_id = any($6))
        and ($7::text[] is null or r.lead_id = any($7))
        and ($8::text[] is null or r.source_id = any($8))
      order by r.id ${ORDER[sort]} limit $9`,
    [
      accountId,
      range.after,
      range.before,
      filter.statuses,
      filter.flowIds,
      filter.recipientIds,
      filter.leadIds,
      filter.sourceIds,
      limit,
    ],
  );
  return rows.map(retryOf);
}

async function findRetry(pool: pg.Pool, key: { accountId: string; id: string }): Promise<Retry | null> {
  const { rows } = await pool.query<RetryRow>(
    `select ${COLUMNS} from retries r where r.account_id = $1 and r.id = $2`,
    [key.accountId, key.id],
  );
  return rows[0] ? retryOf(rows[0]) : null;
}

type Key = { accountId: string; id: string };

/** The row, locked; null: there is none. */
async function lockRetry(client: pg.ClientBase, key: Key): Promise<Retry | null> {
  const { rows } = await client.query<RetryRow>(
    `select ${COLUMNS} from retries r where r.account_id = $1 and r.id = $2 for update`,
    [key.accountId, key.id],
  );
  return rows[0] ? retryOf(rows[0]) : null;
}

/** A lead that was sent again as a new one has had its second chance; by the primary key of `resubmissions`. */
const RUN_NOW = `update retries r set status = 'waiting', next_attempt_at = now(), updated_at = now()
  where r.account_id = $1 and r.id = $2 and r.status in ('waiting', 'failed', 'exhausted', 'cancelled')
    and not exists (select from resubmissions s where s.account_id = r.account_id and s.lead_id = r.lead_id)
  returning ${COLUMNS}`;

/** One that had ended takes the places of its lead again, or none and is refused. */
async function runNow(
  pool: pg.Pool,
  record: RecordChange,
  request: Parameters<RetryStore['runNow']>[0],
): ReturnType<RetryStore['runNow']> {
  try {
    return await inTransaction(pool, async (client) => {
      const retry = await lockRetry(client, request);
      if (!retry) return { kind: 'missing' };
      const { rows } = await client.query<RetryRow>(RUN_NOW, [request.accountId, request.id]);
      if (!rows[0]) return { kind: 'refused', retry };
      await takeAgain(client, { ...retry, maximumOf: request.maximumOf });
      const after = retryOf(rows[0]);
      await record(client, request.accountId, changeOfRetry('run', { before: retry, after }));
      return { kind: 'changed', retry: after };
    });
  } catch (error) {
    if (!(error instanceof PlaceTaken)) throw error;
    const retry = await findRetry(pool, request);
    return retry ? { kind: 'taken', retry, by: error.by } : { kind: 'missing' };
  }
}

const CANCEL = `update retries r set status = 'cancelled', next_attempt_at = null, updated_at = now()
  where r.account_id = $1 and r.id = $2 and r.status = 'waiting'
  returning ${COLUMNS}`;

async function cancel(client: pg.ClientBase, record: RecordChange, key: Key): Promise<StatusChange> {
  const retry = await lockRetry(client, key);
  if (!retry) return { kind: 'missing' };
  const { rows } = await client.query<RetryRow>(CANCEL, [key.accountId, key.id]);
  if (!rows[0]) return { kind: 'refused', retry };
  const lead = await decideLeadHolds(client, retry);
  await settlePlaces(client, { accountId: key.accountId, lead, freed: [] });
  const after = retryOf(rows[0]);
  await record(client, key.accountId, changeOfRetry('cancel', { before: retry, after }));
  return { kind: 'changed', retry: after };
}

function changeOfRetry(action: 'run' | 'cancel', { before, after }: { before: Retry; after: Retry }): Change {
  const subject = { id: after.id, name: null };
  return { kind: 'retry', action, subject, before: documentOf(before), after: documentOf(after) };
}

/** Without the reason of its last outcome, which may quote the lead. */
function documentOf({ id, status, attempts, leadId, flowId, stepId, recipientId }: Retry): { document: unknown } {
  const place = { lead_id: leadId, flow_id: flowId, step_id: stepId, recipient_id: recipientId };
  return { document: { id, status, attempts, ...place } };
}

/** Without the note, which may quote the lead. */
function changeOfResolution({ eventId, resolution, retry }: UnknownResolution): Change {
  return {
    kind: 'unknown',
    action: 'resolve',
    subject: { id: eventId, name: null },
    before: { document: { resolution: null } },
    after: { document: { resolution, retry: retry !== null } },
  };
}

/** Its event, by the primary key of `events`, says what it was to be sold for. */
export const UNKNOWN_COLUMNS = `u.account_id, u.event_id, u.lead_id, u.flow_id, u.source_id, u.step_id, u.recipient_id, u.reason,
  u.happened_at, u.resolved_at, u.resolution, u.note, u.holds, (select e.facts from events e
    where e.account_id = u.account_id and e.lead_id = u.lead_id and e.id = u.event_id) as facts`;

export interface UnknownRow {
  account_id: string;
  event_id: string;
  lead_id: string;
  flow_id: string;
  source_id: string;
  step_id: string;
  recipient_id: string;
  reason: string | null;
  holds: unknown;
  facts: unknown;
  happened_at: Date;
  resolved_at: Date | null;
  resolution: string | null;
  note: string | null;
}

/**
 * Along unknowns_open, or the primary key for resolved ones. Attempts of one delivery are resolved together, so the
 * first of them stands for all; the others are found by unknowns_by_lead.
 */
async function pageOfUnknowns(pool: pg.Pool, page: RetryPage<UnknownFilter>): Promise<Unknown[]> {
  const { accountId, range, filter, sort, limit } = page;
  const { rows } = await pool.query<UnknownRow>(
    `select ${UNKNOWN_COLUMNS} from unknowns u
      where u.account_id = $1 and u.event_id > $2 and u.event_id < $3
        and u.resolved_at is ${filter.isResolved ? 'not null' : 'null'}
        and not exists (select from unknowns e where e.account_id = u.account_id and e.lead_id = u.lead_id
          and e.step_id = u.step_id and e.event_id < u.event_id and e.resolved_at is not distinct from u.resolved_at)
        and ($4::text[] is null or u.flow_id = any($4))
        and ($5::text[] is null or u.recipient_id = any($5))
        and ($6::text[] is null or u.lead_id = any($6))
        and ($7::text[] is null or u.source_id = any($7))
      order by u.event_id ${ORDER[sort]} limit $8`,
    [
      accountId,
      range.after,
      range.before,
      filter.flowIds,
      filter.recipientIds,
      filter.leadIds,
      filter.sourceIds,
      limit,
    ],
  );
  return rows.map(unknownOf);
}

async function findUnknown(pool: pg.Pool, key: { accountId: string; eventId: string }): Promise<Unknown | null> {
  const { rows } = await pool.query<UnknownRow>(
    `select ${UNKNOWN_COLUMNS} from unknowns u where u.account_id = $1 and u.event_id = $2`,
    [key.accountId, key.eventId],
  );
  return rows[0] ? unknownOf(rows[0]) : null;
}

function claimOf(row: ClaimRow): Claim {
  assert(row.attempt_id !== null, `the running retry ${row.id} has an attempt`);
  return { retry: retryOf(row), attemptId: row.attempt_id, hasPlaces: row.has_places, isReturned: row.is_returned };
}

function retryOf(row: RetryRow): Retry {
  const status = RETRY_STATUSES.find((known) => known === row.status);
  assert(status !== undefined, `retry ${row.id} has the unknown status ${row.status}`);
  return {
    accountId: row.account_id,
    id: row.id,
    leadId: row.lead_id,
    eventId: row.event_id,
    flowId: row.flow_id,
    sourceId: row.source_id,
    stepId: row.step_id,
    recipientId: row.recipient_id,
    status,
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at?.getTime() ?? null,
    lastOutcome: row.last_outcome,
    lastReason: row.last_reason,
    createdAt: row.created_at.getTime(),
    updatedAt: row.updated_at.getTime(),
  };
}

export function unknownOf(row: UnknownRow): Unknown {
  return {
    accountId: row.account_id,
    eventId: row.event_id,
    leadId: row.lead_id,
    flowId: row.flow_id,
    sourceId: row.source_id,
    stepId: row.step_id,
    recipientId: row.recipient_id,
    reason: row.reason,
    expectedPrice: readExpectedPrice(row.facts),
    heldPrice: findHeldPrice(parseHolds(row.holds)),
    happenedAt: row.happened_at.getTime(),
    resolvedAt: row.resolved_at?.getTime() ?? null,
    resolution: RESOLUTIONS.find((known) => known === row.resolution) ?? null,
    note: row.note,
  };
}

function readExpectedPrice(facts: unknown): Money | null {
  const { expected_price: dollars } = parseEventFacts<'recipient' | 'retry'>(facts);
  return dollars === undefined ? null : (moneyFrom(dollars) ?? null);
}

/** All revenue caps of a step hold the same for one delivery. */
function findHeldPrice({ caps }: Holds): Money | null {
  return caps.find(({ amount }) => amount !== undefined)?.amount ?? null;
}
