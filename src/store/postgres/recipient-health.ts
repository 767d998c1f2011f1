import type pg from 'pg';
import type { Change } from '../../access/activity.ts';
import {
  HEALTH_ROWS_MAX,
  type RecipientHealth,
  type RecipientHealthStore,
  type RecipientKey,
  type ReportedHealth,
} from '../../integrations/recipient-limits/recipient-health.ts';
import { RECORD_NOTHING, type RecordChange } from './activity.ts';
import { inTransaction } from './in-transaction.ts';

/** What `nodeId` reports of its recipients, and what all living nodes reported. */
export function createRecipientHealthStore(options: {
  pool: pg.Pool;
  nodeId: string;
  record?: RecordChange;
}): RecipientHealthStore {
  const { pool, nodeId, record = RECORD_NOTHING } = options;
  return {
    report: ({ changed, gone, now }) =>
      inTransaction(pool, async (client) => {
        if (gone.length > 0) await client.query(REMOVE, [nodeId, JSON.stringify(gone.map(keyColumns))]);
        if (changed.length > 0)
          await client.query(WRITE, [nodeId, JSON.stringify(changed.map(columns)), new Date(now)]);
      }),
    list: async (accountId) => {
      const { rows } = await pool.query<HealthRow>(
        `select ${COLUMNS} from recipient_health h join nodes n on n.id = h.node_id
         where h.account_id = $1 and n.lease_expires_at > clock_timestamp()
         order by h.state = 'closed', h.recipient_id, h.origin, h.node_id limit $2`,
        [accountId, HEALTH_ROWS_MAX],
      );
      return rows.map(healthOf);
    },
    askToClose: ({ accountId, recipientId }) =>
      inTransaction(pool, async (client) => {
        const { rows } = await client.query<HealthRow>(
          `update recipient_health h set is_close_asked = true from nodes n
         where h.account_id = $1 and h.recipient_id = $2 and h.state <> 'closed'
           and n.id = h.node_id and n.lease_expires_at > now()
         returning ${COLUMNS}`,
          [accountId, recipientId],
        );
        if (rows.length > 0) await record(client, accountId, changeOfCircuits(recipientId, rows));
        return rows.map(healthOf);
      }),
    takeAsked: async () => {
      // Of all accounts, by the index on the node.
      const { rows } = await pool.query<Pick<HealthRow, 'account_id' | 'recipient_id' | 'origin'>>(
        `update recipient_health set is_close_asked = false where node_id = $1 and is_close_asked
         returning account_id, recipient_id, origin`,
        [nodeId],
      );
      return rows.map(keyOf);
    },
  };
}

function changeOfCircuits(recipientId: string, rows: readonly HealthRow[]): Change {
  const circuits = rows.map(({ origin, host, state }) => ({ origin, host, state }));
  return {
    kind: 'circuit',
    action: 'close',
    subject: { id: recipientId, name: null },
    before: { document: { circuits } },
    after: { document: { circuits: circuits.map((each) => ({ ...each, state: 'closed' })) } },
  };
}

/** By the primary key, one row per recipient with news of the last two seconds. */
const WRITE = `
  insert into recipient_health
    (account_id, recipient_id, origin, node_id, state, running, waiting, waited, requests, errors, opened_at,
     next_probe_at, reported_at)
  select account_id, recipient_id, origin, $1, state, running, waiting, waited, requests, errors,
    to_timestamp(opened_ms / 1000), to_timestamp(next_probe_ms / 1000), $3
  from json_to_recordset($2::json) as r(account_id text, recipient_id text, origin text, state text, running integer,
    waiting integer, waited bigint, requests integer, errors integer, opened_ms float8, next_probe_ms float8)
  on conflict (account_id, recipient_id, origin, node_id) do update set
    state = excluded.state, running = excluded.running, waiting = excluded.waiting, waited = excluded.waited,
    requests = excluded.requests, errors = excluded.errors, opened_at = excluded.opened_at,
    next_probe_at = excluded.next_probe_at, reported_at = excluded.reported_at`;

const REMOVE = `
  delete from recipient_health h
  using json_to_recordset($2::json) as r(account_id text, recipient_id text, origin text)
  where h.node_id = $1
    and h.account_id = r.account_id and h.recipient_id = r.recipient_id and h.origin = r.origin`;

const COLUMNS = `h.account_id, h.recipient_id, h.origin, h.node_id, n.host, n.pid, h.state, h.running, h.waiting,
  h.waited::float8 as waited, h.requests, h.errors, h.opened_at, h.next_probe_at, h.reported_at`;

interface HealthRow {
  account_id: string;
  recipient_id: string;
  origin: string;
  node_id: string;
  host: string;
  pid: number;
  state: RecipientHealth['state'];
  running: number;
  waiting: number;
  waited: number;
  requests: number;
  errors: number;
  opened_at: Date | null;
  next_probe_at: Date | null;
  reported_at: Date;
}

function keyOf(row: Pick<HealthRow, 'account_id' | 'recipient_id' | 'origin'>): RecipientKey {
  return { accountId: row.account_id, recipientId: row.recipient_id, origin: row.origin };
}

function healthOf(row: HealthRow): ReportedHealth {
  const { state, running, waiting, waited, requests, errors, host, pid } = row;
  return {
    ...keyOf(row),
    ...{ state, running, waiting, waited, requests, errors, host, pid },
    openedAt: row.opened_at?.getTime() ?? null,
    nextProbeAt: row.next_probe_at?.getTime() ?? null,
    nodeId: row.node_id,
    reportedAt: row.reported_at.getTime(),
  };
}

function keyColumns({ accountId, recipientId, origin }: RecipientKey): Record<string, unknown> {
  return { account_id: accountId, recipient_id: recipientId, origin };
}

function columns(health: RecipientHealth): Record<string, unknown> {
  const { state, running, waiting, waited, requests, errors, openedAt, nextProbeAt } = health;
  const counted = { state, running, waiting, waited, requests, errors };
  return { ...keyColumns(health), ...counted, opened_ms: openedAt, next_probe_ms: nextProbeAt };
}
