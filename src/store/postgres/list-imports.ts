import type pg from 'pg';
import type { EnteredCounts, ImportTarget, ListImportStore, ListKey } from '../../lists/list-store.ts';
import { announceConfig, lockAccount } from './accounts.ts';
import { byteaArray } from './binary-array.ts';
import { inTransaction } from './in-transaction.ts';
import { ENTER } from './list-entries.ts';
import { findList } from './lists.ts';

/** Imports of lists on PostgreSQL. The effects are for transactions of `createJobStore`. */
export function createListImportStore(pool: pg.Pool): ListImportStore {
  return {
    begin: (request) => inTransaction(pool, (client) => begin(client, request)),
    find: (key) => findList(pool, key),
    enter: (request) => (transaction) => enter(clientOf(transaction), request),
    replaceAll: (request) => (transaction) => replaceAll(clientOf(transaction), request),
    recount: async ({ accountId, listId, now }) => {
      await pool.query(RECOUNT, [accountId, listId, new Date(now)]);
    },
  };
}

/** What `createJobStore` hands to an effect is the connection of its transaction. */
function clientOf(transaction: unknown): pg.ClientBase {
  return transaction as pg.ClientBase;
}

/** Entries that no list has yet are remains until one has them: an import that ends before leaves nothing else. */
async function begin(
  client: pg.ClientBase,
  { accountId, listId, contentsId, now }: ImportTarget & { now: number },
): Promise<void> {
  await client.query('update lists set total_jobs = total_jobs + 1 where account_id = $1 and id = $2', [
    accountId,
    listId,
  ]);
  if (contentsId === null) return;
  await client.query(
    'insert into list_remains (account_id, contents_id, created_at) values ($1, $2, $3) on conflict do nothing',
    [accountId, contentsId, new Date(now)],
  );
}

/** A look-up per value along the primary key, in one statement. The list is held, as in `addEntries`. */
async function enter(
  client: pg.ClientBase,
  { accountId, listId, contentsId, values, at }: ImportTarget & { values: readonly Buffer[]; at: number },
): Promise<EnteredCounts | null> {
  const { rows: lists } = await client.query<{ contents_id: string }>(
    'select contents_id from lists where account_id = $1 and id = $2 for share',
    [accountId, listId],
  );
  const [list] = lists;
  if (!list) return null;
  const { rows } = await client.query<{ given: number; added: number; met_new: number; known: number }>(
    `${ENTER}
     select (select count(*)::int from given) as given,
            (select count(*)::int from entered where is_new) as added,
            (select count(*)::int from met where added_at is null) as met_new,
            (select count(*)::int from met where added_at < $4) + (select count(*)::int from entered where not is_new) as known`,
    [accountId, contentsId ?? list.contents_id, byteaArray(values), new Date(at), false, new Date(0)],
  );
  const [row] = rows;
  const added = (row?.added ?? 0) + (row?.met_new ?? 0);
  const known = row?.known ?? 0;
  return { added, known, repeated: values.length - added - known };
}

/**
 * One row of `lists` names the entries that count, so that changing it replaces all of them at once. Entries added since
 * the import began are copied before, in the same transaction: a writer of entries holds the list and waits. Reads the
 * entries that go along the primary key, some seconds for millions. What leads add to them until their server has met
 * the change is carried over by `list-remains`.
 */
async function replaceAll(
  client: pg.ClientBase,
  { accountId, listId, contentsId, since, now }: ListKey & { contentsId: string; since: number; now: number },
): Promise<boolean> {
  await lockAccount(client, accountId);
  const { rows } = await client.query<{ contents_id: string }>(
    'select contents_id from lists where account_id = $1 and id = $2 for update',
    [accountId, listId],
  );
  const [list] = rows;
  if (!list) return false;
  await client.query(
    `insert into list_items as i (account_id, list_id, value, added_at)
     select $1, $3, o.value, o.added_at from list_items o
      where o.account_id = $1 and o.list_id = $2 and o.added_at >= $4
     on conflict (account_id, list_id, value) do update set added_at = greatest(i.added_at, excluded.added_at)`,
    [accountId, list.contents_id, contentsId, new Date(since)],
  );
  await client.query('update lists set contents_id = $3, updated_at = $4 where account_id = $1 and id = $2', [
    accountId,
    listId,
    contentsId,
    new Date(now),
  ]);
  await client.query('delete from list_remains where account_id = $1 and contents_id = $2', [accountId, contentsId]);
  await client.query(
    `insert into list_remains (account_id, contents_id, list_id, carried_from, created_at) values ($1, $2, $3, $4, $5)
     on conflict do nothing`,
    [accountId, list.contents_id, listId, new Date(since), new Date(now)],
  );
  await announceConfig(client, accountId);
  return true;
}

/** Reads the entries of one list along the primary key: about a second for five million. */
const RECOUNT = `
  update lists l set counted_at = $3, counted = (
      select count(*) from list_items i
       where i.account_id = l.account_id and i.list_id = l.contents_id
         and i.added_at >= coalesce($3::timestamptz - make_interval(secs => l.ttl_seconds), '-infinity'))
   where l.account_id = $1 and l.id = $2`;
