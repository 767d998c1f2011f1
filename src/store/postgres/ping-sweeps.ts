import type pg from 'pg';
import { PING_DAYS_KEPT } from '../../keeping/periods.ts';
import { firstIdAt } from '../../lib/ids.ts';
import { PINGS_LIST_ID } from '../../pipeline/named-ping.ts';
import { dropPartition, readPartitions } from './partitions.ts';

/** Rows that one statement deletes, so that its locks are short; and statements of one run. */
const BATCH_ROWS = 5_000;
const BATCHES_MAX = 2_000;
const DAY_MS = 86_400_000;

/**
 * Drops partitions of pings that are all older, and deletes those that landed outside of partitions, those of accounts that keep
 * values of people for a shorter time, and the marks of redeemed ones. Returns how many partitions went.
 */
export async function sweepPings(pool: pg.Pool, now: number): Promise<number> {
  const before = now - PING_DAYS_KEPT * DAY_MS;
  const past = (await readPartitions(pool)).filter(({ table, endsAt }) => table === 'pings' && endsAt <= before);
  let dropped = 0;
  for (const { name } of past) dropped += Number(await dropPartition(pool, name));
  // Of all accounts.
  const { rows } = await pool.query<{ id: string; days: number }>(
    'select id, data_retention_in_days as days from accounts order by id',
  );
  for (const { id, days } of rows) {
    await sweepOld(pool, { accountId: id, oldest: firstIdAt(now - Math.min(days, PING_DAYS_KEPT) * DAY_MS) });
    await sweepRedemptions(pool, { accountId: id, oldest: firstIdAt(before) });
  }
  return dropped;
}

interface Sweep {
  accountId: string;
  /** The first id that stays. */
  oldest: string;
}

async function sweepOld(pool: pg.Pool, { accountId, oldest }: Sweep): Promise<void> {
  for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
    const { rowCount } = await pool.query(SWEEP_OLD, [accountId, oldest]);
    if ((rowCount ?? 0) < BATCH_ROWS) return;
  }
}

async function sweepRedemptions(pool: pg.Pool, { accountId, oldest }: Sweep): Promise<void> {
  for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
    const value = Buffer.from(oldest, 'hex');
    const { rowCount } = await pool.query(SWEEP_REDEMPTIONS, [accountId, PINGS_LIST_ID, value]);
    if ((rowCount ?? 0) < BATCH_ROWS) return;
  }
}

/** Along the primary keys of the partitions that are left and have older ones. */
const SWEEP_OLD = `
  delete from pings where account_id = $1 and id < $2 and id in (
    select id from pings where account_id = $1 and id < $2 limit ${BATCH_ROWS})`;

/** Along the primary key: the values are ids, which sort by time. What a lead still holds stays. */
const SWEEP_REDEMPTIONS = `
  delete from list_items where account_id = $1 and list_id = $2 and holder is null and value in (
    select value from list_items
     where account_id = $1 and list_id = $2 and value < $3 and holder is null limit ${BATCH_ROWS})`;
