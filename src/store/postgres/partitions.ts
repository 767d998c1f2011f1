import type pg from 'pg';
import { firstIdAt, instantOfId } from '../../lib/ids.ts';
import { inTransaction } from './in-transaction.ts';
import { sqlState } from './session.ts';

/** The tables cut by time of the lead's id, or of the ping's. */
const PARTITIONED_TABLES = ['leads', 'lead_data', 'events', 'pings', 'lead_search'] as const;
export const DAYS_AHEAD = 14;
/**
 * From so many bytes a day on, of the three tables with their indexes, a day has partitions of its own. Below, a week is at most 7 GiB, and has three tables where days would have 21.
 */
export const DAILY_BYTES_MIN = 1024 ** 3;
/** The volume is that of partitions that hold something of these days. */
const MEASURED_DAYS = 7;

const DAY_MS = 86_400_000;
const WEEK = 7;
/** Any constant: only one node makes partitions at a time. */
const PARTITION_LOCK = 7_301_144;
/** Readers and writers of the table wait behind us while we wait for our lock; there are days left to try again. */
const LOCK_WAIT_MS_MAX = 1_000;

/**
 * Makes the partitions that are missing from today (UTC) to DAYS_AHEAD, each in a transaction of its own, with a short
 * exclusive lock on its table. They last to the end of the week, or a day where the last week brought `dailyBytesMin`
 * a day, or `partitionDays`; those that exist stay as they are, and the next ones begin where they end. Returns the names of those that
 * could not be made now: a long reader was in the way, or rows of that day lie in the default partition already. Leads
 * land there meanwhile.
 */
export async function ensurePartitions(
  pool: pg.Pool,
  now: number,
  {
    dailyBytesMin = DAILY_BYTES_MIN,
    partitionDays = null,
  }: { dailyBytesMin?: number; partitionDays?: number | null } = {},
): Promise<string[]> {
  const existing = await readPartitions(pool);
  const days = partitionDays ?? ((await measureDailyBytes(pool, { existing, now })) >= dailyBytesMin ? 1 : WEEK);
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  const missing = PARTITIONED_TABLES.flatMap((table) =>
    listMissing({ table, taken: existing.filter((each) => each.table === table), today, days }),
  );
  const failed = await makeEach(
    pool,
    missing.toSorted((one, other) => one.startsAt - other.startsAt),
  );
  return failed.map(({ name }) => name);
}

/** Leads whose ids were made from one instant on and before the other, epoch ms. */
interface Partition {
  table: string;
  name: string;
  startsAt: number;
  endsAt: number;
}

/** All that exist, without the default ones. */
export async function readPartitions(pool: pg.Pool): Promise<(Partition & { oid: number })[]> {
  const { rows } = await pool.query<{ table: string; name: string; oid: number; bounds: string }>(
    `select p.relname as table, c.relname as name, c.oid, pg_get_expr(c.relpartbound, c.oid) as bounds
       from pg_inherits i
       join pg_class p on p.oid = i.inhparent
       join pg_class c on c.oid = i.inhrelid
      where p.relnamespace = current_schema()::regnamespace and p.relname = any($1)`,
    [PARTITIONED_TABLES],
  );
  return rows.flatMap(({ table, name, oid, bounds }) => {
    const [, from, to] = /^FOR VALUES FROM \((.*)\) TO \((.*)\)$/.exec(bounds) ?? [];
    if (from === undefined || to === undefined) return [];
    return [{ table, name, oid, startsAt: instantOf(from) ?? -Infinity, endsAt: instantOf(to) ?? Infinity }];
  });
}

/** Of a bound as the database writes it; undefined: it is none that an id has. */
function instantOf(bound: string): number | undefined {
  const [, id] = /^'([0-9a-f]{24})'$/.exec(bound) ?? [];
  return id === undefined ? undefined : instantOfId(id);
}

/** What a day of the last week brought, in bytes. Reads sizes, no rows. */
async function measureDailyBytes(
  pool: pg.Pool,
  { existing, now }: { existing: readonly (Partition & { oid: number })[]; now: number },
): Promise<number> {
  const recent = existing.filter(({ startsAt, endsAt }) => startsAt < now && endsAt > now - MEASURED_DAYS * DAY_MS);
  const { rows } = await pool.query<{ bytes: number }>(
    'select coalesce(sum(pg_total_relation_size(oid)), 0)::float8 as bytes from pg_class where oid = any($1::oid[])',
    [recent.map(({ oid }) => oid)],
  );
  const ofLeads = recent.filter(({ table, startsAt }) => table === 'leads' && Number.isFinite(startsAt));
  const days = ofLeads.reduce((sum, { startsAt, endsAt }) => sum + (Math.min(endsAt, now) - startsAt) / DAY_MS, 0);
  return (rows[0]?.bytes ?? 0) / Math.max(days, 1);
}

/** What is not covered yet of the days ahead, cut at midnight: by weeks that begin on Monday, or by days. */
function listMissing(given: { table: string; taken: readonly Partition[]; today: number; days: number }): Partition[] {
  const { table, taken, today, days } = given;
  const end = today + (DAYS_AHEAD + 1) * DAY_MS;
  const missing: Partition[] = [];
  // Each round goes on to the end of a partition, of those there are or of a new one.
  for (let startsAt = today; startsAt < end; ) {
    const over = taken.find((each) => each.startsAt <= startsAt && startsAt < each.endsAt);
    if (over) {
      startsAt = over.endsAt;
      continue;
    }
    const next = Math.min(...taken.filter((each) => each.startsAt > startsAt).map((each) => each.startsAt));
    const endsAt = Math.min(endAfter(startsAt, days), next);
    missing.push(buildPartition(table, startsAt, endsAt));
    startsAt = endsAt;
  }
  return missing;
}

/** The first midnight after it at which a partition of so many days begins; weeks begin on Monday, and day 0 was a Thursday. */
function endAfter(instant: number, days: number): number {
  const day = Math.floor(instant / DAY_MS);
  return (day + days - ((day + 3) % days)) * DAY_MS;
}

function buildPartition(table: string, startsAt: number, endsAt: number): Partition {
  const date = new Date(startsAt).toISOString().slice(0, 10).replaceAll('-', '');
  const days = Math.round((endsAt - startsAt) / DAY_MS);
  return { table, name: days === 1 ? `${table}_${date}` : `${table}_${date}_${days}d`, startsAt, endsAt };
}

/** SQLSTATEs of what may keep a partition from being made: lock_timeout, and rows of its days in the default one. */
const LOCKED = '55P03';
const HAS_STRAYS = '23514';
/** Another process has made one of other days that this one overlaps. */
const OVERLAPS = '42P17';

interface Failed {
  name: string;
  hindrance: string;
}

/** After one whose table is locked none is tried: each further wait would hold the leads up again. */
async function makeEach(pool: pg.Pool, partitions: readonly Partition[]): Promise<Failed[]> {
  const failed: Failed[] = [];
  for (const partition of partitions) {
    if (failed.some(({ hindrance }) => hindrance === LOCKED)) failed.push({ name: partition.name, hindrance: LOCKED });
    else failed.push(...(await makeOrSplit(pool, partition)));
  }
  return failed;
}

/** A stray row keeps its day from having a partition, and no other day of its week. */
async function makeOrSplit(pool: pg.Pool, partition: Partition): Promise<Failed[]> {
  const { name, startsAt, endsAt } = partition;
  const hindrance = await makeOne(pool, partition);
  if (hindrance === undefined) return [];
  if (hindrance !== HAS_STRAYS || endsAt - startsAt <= DAY_MS) return [{ name, hindrance }];
  return makeEach(pool, splitIntoDays(partition));
}

function splitIntoDays({ table, startsAt, endsAt }: Partition): Partition[] {
  return Array.from({ length: Math.ceil((endsAt - startsAt) / DAY_MS) }, (_, day) => {
    const midnight = startsAt + day * DAY_MS;
    return buildPartition(table, midnight, Math.min(midnight + DAY_MS, endsAt));
  });
}

async function makeOne(pool: pg.Pool, { table, name, startsAt, endsAt }: Partition): Promise<string | undefined> {
  try {
    await inTransaction(pool, async (client) => {
      await client.query('select pg_advisory_xact_lock($1)', [PARTITION_LOCK]);
      // A partition lost with the server is made again at the next start: its making need not wait for the disk.
      await client.query('set local synchronous_commit = off');
      await client.query(`set local lock_timeout = ${LOCK_WAIT_MS_MAX}`);
      await client.query(
        `create table if not exists ${name} partition of ${table}
           for values from ('${firstIdAt(startsAt)}') to ('${firstIdAt(endsAt)}')`,
      );
    });
    return undefined;
  } catch (error) {
    const state = sqlState(error);
    if (state === LOCKED || state === HAS_STRAYS || state === OVERLAPS) return state;
    throw error;
  }
}

/** Drops a partition with all its rows; false: somebody reads the table, and it is tried again another night. */
export function dropPartition(pool: pg.Pool, name: string): Promise<boolean> {
  return underPartitionLock(pool, async (client) => {
    await client.query(`drop table if exists ${name}`);
  });
}

/**
 * The same, where some rows stay: those that meet `kept`, a condition on `t`, go to the default partition, where readers find
 * them. A partition where more than `keptMax` rows stay is left as it is: false.
 */
export async function dropAllBut(
  pool: pg.Pool,
  { table, name }: Pick<Partition, 'table' | 'name'>,
  { kept, keptMax }: { kept: string; keptMax: number },
): Promise<boolean> {
  let isLarge = false;
  const isDone = await underPartitionLock(pool, async (client) => {
    // In the order in which a drop takes them.
    await client.query(`lock table only ${table} in access exclusive mode`);
    await client.query(`lock table only ${name} in access exclusive mode`);
    const { rows } = await client.query<{ count: number }>(
      `select count(*)::int as count from (select from ${name} t where ${kept} limit ${keptMax + 1}) k`,
    );
    const count = rows[0]?.count ?? 0;
    isLarge = count > keptMax;
    if (isLarge) return;
    await client.query(`alter table ${table} detach partition ${name}`);
    if (count > 0) await client.query(`insert into ${table} select t.* from ${name} t where ${kept}`);
    await client.query(`drop table ${name}`);
  });
  return isDone && !isLarge;
}

/** In a transaction that waits for no reader; false: one was in the way. */
async function underPartitionLock(pool: pg.Pool, work: (client: pg.ClientBase) => Promise<void>): Promise<boolean> {
  try {
    await inTransaction(pool, async (client) => {
      await client.query('select pg_advisory_xact_lock($1)', [PARTITION_LOCK]);
      await client.query(`set local lock_timeout = ${LOCK_WAIT_MS_MAX}`);
      await work(client);
    });
    return true;
  } catch (error) {
    if (sqlState(error) === LOCKED) return false;
    throw error;
  }
}

/** Days a counter is kept after its window has ended, for who asks how a day went. */
export const WINDOW_DAYS_KEPT = 35;

/** Drops counters of windows that ended long ago and hold nothing, of all accounts; answers how many. */
export async function sweepCapWindows(pool: pg.Pool): Promise<number> {
  const { rowCount } = await pool.query(
    'delete from cap_windows where held = 0 and ends_at < now() - make_interval(days => $1)',
    [WINDOW_DAYS_KEPT],
  );
  return rowCount ?? 0;
}

/**
 * How many leads landed outside the partitions; more than none means that the clock or the job is at fault. Those that are older
 * than each partition were moved there by retention.
 */
export async function countStrays(pool: pg.Pool): Promise<number> {
  const starts = (await readPartitions(pool)).filter(({ table }) => table === 'leads').map(({ startsAt }) => startsAt);
  const oldest = firstIdAt(starts.length === 0 ? 0 : Math.min(...starts));
  // Of all accounts, in a table that is nearly empty.
  const { rows } = await pool.query<{ count: number }>(
    'select count(*)::int as count from leads_default where id >= $1',
    [oldest],
  );
  return rows[0]?.count ?? 0;
}
