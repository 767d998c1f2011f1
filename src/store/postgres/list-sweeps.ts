import type pg from 'pg';
import { COUNTED_EXACTLY_MAX } from './lists.ts';

/** Entries that one statement reads, so that its locks are short; and statements of one run. */
const BATCH_ROWS = 5_000;
const BATCHES_MAX = 2_000;
/** Every server has met a change of its configuration by then. */
const GRACE_MS = 60_000;

/**
 * Deletes entries that no list has. Of a list whose entries were replaced, those that a server added before it met the
 * change go to the new ones. What a lead holds stays until the lead lets go of it.
 */
export async function sweepListRemains(pool: pg.Pool, now: number): Promise<number> {
  const { rows } = await pool.query<Remains>(FIND_REMAINS, [new Date(now - GRACE_MS)]);
  let swept = 0;
  for (const remains of rows) swept += await sweepOne(pool, remains);
  return swept;
}

interface Remains {
  account_id: string;
  contents_id: string;
  list_id: string | null;
  carried_from: Date | null;
}

/** Of all accounts; a handful. Entries that an import is still filling are no remains yet. */
const FIND_REMAINS = `
  select r.account_id, r.contents_id, r.list_id, r.carried_from from list_remains r
   where r.created_at < $1
     and not exists (select from lists l where l.account_id = r.account_id and l.contents_id = r.contents_id)
     and not exists (select from jobs j where j.account_id = r.account_id
                       and j.id = split_part(r.contents_id, '/', 2) and j.ended_at is null)`;

async function sweepOne(pool: pg.Pool, remains: Remains): Promise<number> {
  const { account_id: accountId, contents_id: contentsId, list_id: listId, carried_from: carriedFrom } = remains;
  let swept = 0;
  let held = 0;
  let after: Buffer = Buffer.alloc(0);
  for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
    const { rows } = await pool.query<{ last: Buffer | null; read: number; held: number }>(SWEEP_BATCH, [
      ...[accountId, contentsId, after, listId, carriedFrom],
    ]);
    const [row] = rows;
    swept += (row?.read ?? 0) - (row?.held ?? 0);
    held += row?.held ?? 0;
    if (!row?.last || row.read < BATCH_ROWS) {
      // Nothing is left but what leads hold, which the next run asks for again.
      if (held === 0)
        await pool.query('delete from list_remains where account_id = $1 and contents_id = $2', [
          accountId,
          contentsId,
        ]);
      return swept;
    }
    after = row.last;
  }
  return swept;
}

/** Along the primary key, from one value on. */
const SWEEP_BATCH = `
  with batch as materialized (
    select i.value, i.added_at, i.holder from list_items i
     where i.account_id = $1 and i.list_id = $2 and i.value > $3
     order by i.value limit ${BATCH_ROWS} for update
  ), carried as (
    insert into list_items as i (account_id, list_id, value, added_at)
    select l.account_id, l.contents_id, b.value, b.added_at from batch b
      join lists l on l.account_id = $1 and l.id = $4
     where b.added_at >= $5
     order by b.value
    on conflict (account_id, list_id, value) do update set added_at = greatest(i.added_at, excluded.added_at)
  ), gone as (
    delete from list_items i using batch b
     where i.account_id = $1 and i.list_id = $2 and i.value = b.value and b.holder is null
  )
  select (select value from batch order by value desc limit 1) as last, (select count(*)::int from batch) as read,
         (select count(*)::int from batch where holder is not null) as held`;

/** Deletes entries that the TTL of their list has ended. Reads the lists that have one, along the primary key. */
export async function sweepListEntries(pool: pg.Pool, now: number): Promise<number> {
  const { rows } = await pool.query<{ account_id: string; contents_id: string; ttl_seconds: number }>(
    // Of all accounts.
    'select account_id, contents_id, ttl_seconds from lists where ttl_seconds is not null',
  );
  let swept = 0;
  for (const { account_id: accountId, contents_id: contentsId, ttl_seconds: ttlSeconds } of rows) {
    const before = new Date(now - ttlSeconds * 1000);
    for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
      const { rowCount } = await pool.query(
        `delete from list_items where account_id = $1 and list_id = $2 and added_at < $3 and value in (
           select value from list_items
            where account_id = $1 and list_id = $2 and added_at < $3 and holder is null limit ${BATCH_ROWS})`,
        [accountId, contentsId, before],
      );
      swept += rowCount ?? 0;
      if ((rowCount ?? 0) < BATCH_ROWS) break;
    }
  }
  return swept;
}

/** Reads the entries of large lists along the primary key, about a second for five million. */
export async function countLists(pool: pg.Pool, now: number): Promise<number> {
  // Of all accounts.
  const { rowCount } = await pool.query(
    `update lists l set counted_at = $1, counted = (
         select count(*) from list_items i
          where i.account_id = l.account_id and i.list_id = l.contents_id
            and i.added_at >= coalesce($1::timestamptz - make_interval(secs => l.ttl_seconds), '-infinity'))
      where (select count(*) from (
        select from list_items i where i.account_id = l.account_id and i.list_id = l.contents_id
         limit ${COUNTED_EXACTLY_MAX + 1}) as few) > ${COUNTED_EXACTLY_MAX}`,
    [new Date(now)],
  );
  return rowCount ?? 0;
}
