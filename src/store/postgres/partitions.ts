import type pg from 'pg';
import { firstIdAt } from '../../lib/ids.ts';

/** The tables cut by day of the lead's id. */
const PARTITIONED_TABLES = ['leads', 'lead_data', 'events'] as const;
export const DAYS_AHEAD = 14;

const DAY_MS = 86_400_000;
/** Any constant: only one node makes partitions at a time. */
const PARTITION_LOCK = 7_301_144;

/** Makes the daily partitions from today (UTC) to DAYS_AHEAD. Takes a short exclusive lock on the default partitions. */
export async function ensurePartitions(pool: pg.Pool, now: number): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [PARTITION_LOCK]);
    const { rows } = await client.query<{ name: string }>(
      "select relname as name from pg_class where relname ~ '^(leads|lead_data|events)_[0-9]{8}$'",
    );
    const existing = new Set(rows.map((row) => row.name));
    const today = Math.floor(now / DAY_MS) * DAY_MS;
    for (let day = 0; day <= DAYS_AHEAD; day += 1) {
      for (const table of PARTITIONED_TABLES)
        await ensureOne(client, { table, startsAt: today + day * DAY_MS, existing });
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

async function ensureOne(
  client: pg.ClientBase,
  options: { table: string; startsAt: number; existing: Set<string> },
): Promise<void> {
  const { table, startsAt, existing } = options;
  const name = `${table}_${new Date(startsAt).toISOString().slice(0, 10).replaceAll('-', '')}`;
  if (existing.has(name)) return;
  await client.query(
    `create table ${name} partition of ${table} for values from ('${firstIdAt(startsAt)}') to ('${firstIdAt(startsAt + DAY_MS)}')`,
  );
}

/** How many leads landed outside the daily partitions; more than none means that the clock or the job is at fault. */
export async function countStrays(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ count: number }>('select count(*)::int as count from leads_default');
  return rows[0]?.count ?? 0;
}
