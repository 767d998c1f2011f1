import type pg from 'pg';
import type { ListStore, ValuesOfList } from '../../lists/list-store.ts';
import { byteaArray } from './binary-array.ts';
import { inTransaction } from './in-transaction.ts';

/*
 * Entries of lists. Rows are locked in the order of their keys before anything is written, as in the claims of
 * leads (`claim-statements.ts`): a lead that waits holds only rows before the one it waits for. Every statement goes along
 * the primary key, a look-up per value.
 */

type Db = Pick<pg.ClientBase, 'query'>;

export async function look(db: Db, { accountId, asked, now }: Parameters<ListStore['look']>[0]) {
  const { rows } = await db.query<{ ord: number; added_at: Date }>(
    `select k.ord::int as ord, i.added_at
       from unnest($2::text[], $3::bytea[], $4::timestamptz[]) with ordinality as k(list_id, value, since, ord)
       join list_items i on i.account_id = $1 and i.list_id = k.list_id and i.value = k.value
      where i.added_at >= k.since`,
    [
      accountId,
      asked.map(({ list }) => list.contentsId),
      byteaArray(asked.map(({ value }) => value)),
      asked.map(({ list }) => startOfTtl(list.ttlSeconds, now)),
    ],
  );
  const addedAt = new Map(rows.map((row) => [row.ord, row.added_at.getTime()]));
  return asked.map((_, index) => addedAt.get(index + 1) ?? null);
}

/** Entries added before it do not count. */
export function startOfTtl(ttlSeconds: number | null, now: number): Date {
  return new Date(ttlSeconds === null ? 0 : Math.max(0, now - ttlSeconds * 1000));
}

/** Holds the list until the end, so that no import puts others in the place of its entries meanwhile. */
export function addEntries(pool: pg.Pool, request: Parameters<ListStore['addEntries']>[0]): Promise<boolean[] | null> {
  const { accountId, listId, values, at, now, onlyNew } = request;
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ contents_id: string; ttl_seconds: number | null }>(
      'select contents_id, ttl_seconds from lists where account_id = $1 and id = $2 for share',
      [accountId, listId],
    );
    const [list] = rows;
    if (!list) return null;
    const since = startOfTtl(list.ttl_seconds, now);
    const { rows: met } = await client.query<{ value: string; counts: boolean }>(
      `${ENTER} select encode(value, 'hex') as value, coalesce(added_at >= $6, false) as counts from met
       union all select encode(value, 'hex'), true from entered where not is_new`,
      [accountId, list.contents_id, byteaArray(values), new Date(at), onlyNew, since],
    );
    const counted = new Set(met.filter(({ counts }) => counts).map(({ value }) => value));
    return values.map((value) => !onlyNew || !counted.has(value.toString('hex')));
  });
}

/**
 * Enters the values $3 as added at $4; with $5 those that were added since $6 stay as they are. `met` has those that
 * were there, as they were; a value that is only held by a lead has no `added_at`. `entered` has the others; one that
 * somebody else entered at the same time is not new.
 */
export const ENTER = `
  with given as materialized (select distinct value from unnest($3::bytea[]) as k(value)),
  met as materialized (
    select i.value, i.added_at from given g
      join list_items i on i.account_id = $1 and i.list_id = $2 and i.value = g.value
     order by i.value for update of i
  ), renewed as (
    update list_items i set added_at = $4 from met m
     where i.account_id = $1 and i.list_id = $2 and i.value = m.value
       and (m.added_at is null or m.added_at < $4 and not ($5 and m.added_at >= $6))
  ), entered as (
    insert into list_items as i (account_id, list_id, value, added_at)
    select $1, $2, g.value, $4 from given g where not exists (select from met m where m.value = g.value)
     order by g.value
    on conflict (account_id, list_id, value) do update
       set added_at = case when $5 then i.added_at else greatest(i.added_at, excluded.added_at) end
    returning value, xmax = 0 as is_new
  )`;

/** What a lead holds stays held by it. */
export function removeEntries(pool: pg.Pool, { accountId, listId, values }: ValuesOfList): Promise<boolean[]> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ value: string }>(
      `with list as (select contents_id from lists where account_id = $1 and id = $2 for share),
       met as materialized (
         select i.list_id, i.value, i.added_at, i.holder from list l
           join list_items i on i.account_id = $1 and i.list_id = l.contents_id and i.value = any($3)
          order by i.value for update of i
       ), gone as (
         delete from list_items i using met m
          where i.account_id = $1 and i.list_id = m.list_id and i.value = m.value and m.holder is null
       ), held as (
         update list_items i set added_at = null from met m
          where i.account_id = $1 and i.list_id = m.list_id and i.value = m.value and m.holder is not null
       )
       select encode(value, 'hex') as value from met where added_at is not null`,
      [accountId, listId, byteaArray(values)],
    );
    const gone = new Set(rows.map(({ value }) => value));
    return values.map((value) => gone.has(value.toString('hex')));
  });
}
