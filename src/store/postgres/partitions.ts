import type pg from 'pg';
import { firstIdAt } from '../../lib/ids.ts';
import { inTransaction } from './in-transaction.ts';
import { sqlState } from './session.ts';

/** The tables cut by day of the lead's id. */
const PARTITIONED_TABLES = ['leads', 'lead_data', 'events'] as const;
export const DAYS_AHEAD = 14;

const DAY_MS = 86_400_000;
/** Any constant: only one node makes partitions at a time. */
const PARTITION_LOCK = 7_301_144;
/** Readers and writers of the table wait behind us while we wait for our lock; there are days left to try again. */
const LOCK_WAIT_MS_MAX = 1_000;

/**
 * Makes the daily partitions from today (UTC) to DAYS_AHEAD, each in a transaction of its own, with a short exclusive
 * lock on its table. Answers the names of those it could not make now: a long reader was in the way, or rows of that
 * day lie in the default partition already. Leads land there meanwhile.
 */
export async function ensurePartitions(pool: pg.Pool, now: number): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select relname as name from pg_class
      where relnamespace = current_schema()::regnamespace and relname ~ '^(leads|lead_data|events)_[0-9]{8}$'`,
  );
  const existing = new Set(rows.map((row) => row.name));
  const missing = partitionsFrom(Math.floor(now / DAY_MS) * DAY_MS).filter(({ name }) => !existing.has(name));
  const unmade: string[] = [];
  let isLocked = false;
  for (const partition of missing) {
    const hindrance: string | undefined = isLocked ? LOCKED : await makeOne(pool, partition);
    if (hindrance !== undefined) unmade.push(partition.name);
    // Each further wait would hold the leads up again.
    isLocked = hindrance === LOCKED;
  }
  return unmade;
}

interface Partition {
  table: string;
  name: string;
  startsAt: number;
}

function partitionsFrom(today: number): Partition[] {
  return Array.from({ length: DAYS_AHEAD + 1 }, (_, day) => today + day * DAY_MS).flatMap((startsAt) => {
    const date = new Date(startsAt).toISOString().slice(0, 10).replaceAll('-', '');
    return PARTITIONED_TABLES.map((table) => ({ table, name: `${table}_${date}`, startsAt }));
  });
}

/** SQLSTATEs of what may keep a partition from being made: lock_timeout, and rows of its day in the default one. */
const LOCKED = '55P03';
const HAS_STRAYS = '23514';

async function makeOne(pool: pg.Pool, { table, name, startsAt }: Partition): Promise<string | undefined> {
  try {
    await inTransaction(pool, async (client) => {
      await client.query('select pg_advisory_xact_lock($1)', [PARTITION_LOCK]);
      // A partition lost with the server is made again at the next start: 45 of them need not wait for the disk.
      await client.query('set local synchronous_commit = off');
      await client.query(`set local lock_timeout = ${LOCK_WAIT_MS_MAX}`);
      await client.query(
        `create table if not exists ${name} partition of ${table}
           for values from ('${firstIdAt(startsAt)}') to ('${firstIdAt(startsAt + DAY_MS)}')`,
      );
    });
    return undefined;
  } catch (error) {
    const state = sqlState(error);
    if (state === LOCKED || state === HAS_STRAYS) return state;
    throw error;
  }
}

/** Days a counter is kept after its window has ended, for who asks how a day went. */
const WINDOW_DAYS_KEPT = 35;

/** Drops counters of windows that ended long ago and hold nothing, of all accounts; answers how many. */
export async function sweepCapWindows(pool: pg.Pool): Promise<number> {
  const { rowCount } = await pool.query(
    'delete from cap_windows where held = 0 and ends_at < now() - make_interval(days => $1)',
    [WINDOW_DAYS_KEPT],
  );
  return rowCount ?? 0;
}

/** How many leads landed outside the daily partitions; more than none means that the clock or the job is at fault. */
export async function countStrays(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ count: number }>('select count(*)::int as count from leads_default');
  return rows[0]?.count ?? 0;
}
