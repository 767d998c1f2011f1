import type pg from 'pg';
import { assert } from '../../lib/assert.ts';
import type { OrphanedRun } from '../../pipeline/run-store.ts';
import { parseHolds } from '../../stored/holds.ts';
import { addHolds } from './own-runs.ts';

/** A server process as the database knows it. */
export interface NodeRow {
  id: string;
  /** Whose pids are meant: `processSpace` of src/store/process-identity.ts. */
  host: string;
  pid: number;
  processStarted: string;
}

/** How long a lease lasts unless it is renewed; a node stops sending well before (src/store/lease.ts). */
export const LEASE_SECONDS = 15;
/** Runs taken over at a time. */
export const TAKE_OVER_MAX = 500;

/** Leases and the runs of nodes that lost theirs. Time is the database's own, so that nodes need no equal clocks. */
export interface NodeStore {
  /** The database's time, epoch ms. */
  readClock(): Promise<number>;
  /** The number of the last migration in the database; 0: it has none. */
  readSchemaVersion(): Promise<number>;
  /**
   * Gives the node a lease, or makes it last again; its row may have been swept while it was cut off. Answers the
   * database's time, epoch ms.
   */
  renew(node: NodeRow): Promise<number>;
  /** Nodes of one machine, to find out which of their processes are gone. */
  listOfHost(host: string): Promise<NodeRow[]>;
  /** Ends the lease of nodes that are known to be gone. */
  declareGone(nodeIds: readonly string[]): Promise<void>;
  /** Takes over runs of nodes without a lease, and returns them. Only one of several nodes gets each. */
  takeOver(nodeId: string): Promise<OrphanedRun[]>;
  /** Our own run rows but those of these leads, which are under way; at most TAKE_OVER_MAX, oldest first. */
  listOwn(nodeId: string, runningLeadIds: readonly string[]): Promise<OrphanedRun[]>;
  unregister(nodeId: string): Promise<void>;
}

export function createNodeStore(pool: pg.Pool): NodeStore {
  return {
    readClock: async () => {
      const { rows } = await pool.query<{ database_now: number }>(
        'select (extract(epoch from clock_timestamp()) * 1000)::float8 as database_now',
      );
      assert(rows[0] !== undefined, 'a database that answers says what time it is');
      return rows[0].database_now;
    },
    readSchemaVersion: async () => {
      const { rows } = await pool.query<{ version: number }>(
        'select coalesce(max(version), 0) as version from schema_migrations',
      );
      return rows[0]?.version ?? 0;
    },
    renew: async ({ id, host, pid, processStarted }) => {
      // The lease says what time it is: a column is all that a row may return on every database.
      const { rows } = await pool.query<{ lease_expires_at: Date }>(
        `insert into nodes (id, host, pid, process_started, started_at, lease_expires_at, adds_digests)
         values ($1, $2, $3, $4, now(), clock_timestamp() + make_interval(secs => $5), true)
         on conflict (id) do update set lease_expires_at = excluded.lease_expires_at
         returning lease_expires_at`,
        [id, host, pid, processStarted, LEASE_SECONDS],
      );
      assert(rows[0] !== undefined, 'a node that is renewed has a lease');
      return rows[0].lease_expires_at.getTime() - LEASE_SECONDS * 1_000;
    },
    listOfHost: async (host) => {
      const { rows } = await pool.query<{ id: string; host: string; pid: number; process_started: string }>(
        'select id, host, pid, process_started from nodes where host = $1',
        [host],
      );
      return rows.map((row) => ({ id: row.id, host: row.host, pid: row.pid, processStarted: row.process_started }));
    },
    declareGone: async (nodeIds) => {
      await pool.query("update nodes set lease_expires_at = '-infinity' where id = any($1::text[])", [nodeIds]);
    },
    takeOver: async (nodeId) => {
      // A run whose node has no row has no owner either. `runs` holds only what is in flight: a scan is cheap.
      // Runs of all accounts, because a node has runs of each: every part of a spread database can be asked by itself.
      // The condition reads the run alone, not a join: PostgreSQL checks it again when another node has just taken the
      // row, and a join would see that node as one without a row.
      const { rows } = await pool.query<RunRow>(
        `with lost as (
           select r.account_id, r.lead_id from runs r
           where r.node_id <> $1
             and r.node_id <> all(array(select n.id from nodes n where n.lease_expires_at >= now()))
           limit $2 for update of r skip locked
         )
         update runs r set node_id = $1 from lost l
         where r.account_id = l.account_id and r.lead_id = l.lead_id
         returning ${RUN_COLUMNS}`,
        [nodeId, TAKE_OVER_MAX],
      );
      return readOrphans(pool, rows);
    },
    listOwn: async (nodeId, runningLeadIds) => {
      // Of all accounts, as in takeOver.
      const { rows } = await pool.query<RunRow>(
        `select ${RUN_COLUMNS} from runs r where r.node_id = $1 and r.lead_id <> all($3::text[])
         order by r.lead_id limit $2`,
        [nodeId, TAKE_OVER_MAX, runningLeadIds],
      );
      return readOrphans(pool, rows);
    },
    unregister: async (nodeId) => {
      // Rows of nodes that were killed go with the next orderly stop, once nothing of theirs is left in any account.
      await pool.query(
        `delete from nodes n where n.id = $1 or (n.lease_expires_at < now() - interval '1 hour'
           and not exists (select from runs r where r.node_id = n.id))`,
        [nodeId],
      );
    },
  };
}

const RUN_COLUMNS = 'r.account_id, r.lead_id, r.flow_id, r.source_id, r.revision, r.submitted_at, r.retry_id, r.holds';

interface RunRow {
  account_id: string;
  lead_id: string;
  flow_id: string;
  source_id: string;
  revision: number;
  submitted_at: Date;
  retry_id: string | null;
  holds: unknown;
}

/**
 * Runs with their intents. Those are read after the rows were taken over, in a statement of its own: the node that is
 * gone may have committed one meanwhile, and commits none from then on.
 */
async function readOrphans(pool: pg.Pool, rows: readonly RunRow[]): Promise<OrphanedRun[]> {
  if (rows.length === 0) return [];
  const { rows: intents } = await pool.query<IntentRow>(
    `select i.account_id, i.lead_id, i.state, i.holds from unnest($1::text[], $2::text[]) as k(account_id, lead_id)
     join intents i on i.account_id = k.account_id and i.lead_id = k.lead_id
     order by i.account_id, i.lead_id, i.seq`,
    [rows.map((row) => row.account_id), rows.map((row) => row.lead_id)],
  );
  const byRun = new Map<string, IntentRow[]>();
  for (const intent of intents) {
    const name = `${intent.account_id} ${intent.lead_id}`;
    const known = byRun.get(name);
    if (known) known.push(intent);
    else byRun.set(name, [intent]);
  }
  return rows.map((row) => buildOrphan(row, byRun.get(`${row.account_id} ${row.lead_id}`) ?? []));
}

interface IntentRow {
  account_id: string;
  lead_id: string;
  state: unknown;
  holds: unknown;
}

function buildOrphan(row: RunRow, intents: readonly IntentRow[]): OrphanedRun {
  return {
    run: {
      accountId: row.account_id,
      runId: row.lead_id,
      flowId: row.flow_id,
      sourceId: row.source_id,
      revision: row.revision,
      submittedAt: row.submitted_at.getTime(),
      retryId: row.retry_id,
    },
    // What a claim took stands in its intent; only runs of before the claims hold something themselves.
    held: intents.map(({ holds }) => parseHolds(holds)).reduce(addHolds, parseHolds(row.holds)),
    intents: intents.map(({ state }) => state),
  };
}
