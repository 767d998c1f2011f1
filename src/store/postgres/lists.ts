import type pg from 'pg';
import type { NamedList } from '../../flows/flow-store.ts';

/**
 * Makes the lists that are not there yet, in one statement. A list that exists keeps its type: its values were hashed
 * by it. By the unique index on (account_id, url_name).
 */
export async function ensureLists(
  client: pg.ClientBase,
  request: { accountId: string; now: number; lists: readonly NamedList[] },
): Promise<void> {
  const { accountId, now, lists } = request;
  if (lists.length === 0) return;
  await client.query(
    `insert into lists (account_id, id, name, url_name, type, created_at)
     select $1, list.id, list.name, list.url_name, list.type, $2
       from unnest($3::text[], $4::text[], $5::text[], $6::text[]) as list (id, name, url_name, type)
     on conflict (account_id, url_name) do nothing`,
    [
      accountId,
      new Date(now),
      lists.map((list) => list.id),
      lists.map((list) => list.name),
      lists.map((list) => list.urlName),
      lists.map((list) => list.type),
    ],
  );
}
