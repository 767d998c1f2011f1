import type pg from 'pg';
import type { Change } from '../../access/activity.ts';
import type { NamedList } from '../../flows/flow-store.ts';
import { assert } from '../../lib/assert.ts';
import type { CountedList, List, ListKey, ListRemoval, ListStore, NameTaken } from '../../lists/list-store.ts';
import type { LookedUpList } from '../../lists/looked-up-list.ts';
import { LIST_TYPES, listForm } from '../../lists/normalise-list-value.ts';
import { announceConfig, lockAccount } from './accounts.ts';
import { RECORD_NOTHING, type RecordChange } from './activity.ts';
import { inTransaction } from './in-transaction.ts';
import { addEntries, look, removeEntries } from './list-entries.ts';

type Db = Pick<pg.ClientBase, 'query'>;

/** Up to here the entries of a list are counted whenever it is read, which takes some milliseconds. */
export const COUNTED_EXACTLY_MAX = 10_000;

/** Every change of a list raises the account's configuration version: flows are compiled with its entries and TTL. */
export function createListStore(pool: pg.Pool, record: RecordChange = RECORD_NOTHING): ListStore {
  const changing = <T>(accountId: string, work: (client: pg.ClientBase) => Promise<T>): Promise<T> =>
    inTransaction(pool, async (client) => {
      await lockAccount(client, accountId);
      return work(client);
    });
  return {
    list: async ({ accountId, now }) => {
      const { rows } = await pool.query<CountedRow>(`${SELECT_COUNTED} where l.account_id = $1 order by l.name, l.id`, [
        accountId,
        new Date(now),
      ]);
      return rows.map(countedListOf);
    },
    resolve: (request) => resolveLists(pool, request),
    count: (key) => countList(pool, key),
    insert: (list) =>
      changing(list.accountId, async (client) => {
        const { accountId, listId, name, urlName, type, isMd5, ttlSeconds, now } = list;
        const taken = await findTaken(client, { accountId, listId, nameKey: urlName });
        if (taken) return taken;
        await client.query(
          `insert into lists (account_id, id, name, url_name, name_key, type, is_md5, ttl_seconds, contents_id,
             created_at, updated_at)
           values ($1, $2, $3, $4, $4, $5, $6, $7, $2, $8, $8)`,
          [accountId, listId, name, urlName, type, isMd5, ttlSeconds, new Date(now)],
        );
        return changed(client, { record, key: { accountId, listId, now }, before: null });
      }),
    update: (key, { name, nameKey, ttlSeconds, now }) =>
      changing(key.accountId, async (client) => {
        const before = await countList(client, { ...key, now });
        if (!before) return { kind: 'missing' };
        const taken = await findTaken(client, { ...key, nameKey });
        if (taken) return taken;
        const flows = await listFlowsOf(client, { ...key, besides: [before.urlName, nameKey] });
        if (flows.length > 0) return { kind: 'used', flows };
        await client.query(
          `update lists set name = $3, name_key = $4, ttl_seconds = $5, updated_at = $6
            where account_id = $1 and id = $2`,
          [key.accountId, key.listId, name, nameKey, ttlSeconds, new Date(now)],
        );
        return changed(client, { record, key: { ...key, now }, before });
      }),
    listFlows: (key) => listFlowsOf(pool, { ...key, besides: [] }),
    remove: (key) => changing(key.accountId, (client) => removeList(client, record, key)),
    look: (request) => look(pool, request),
    addEntries: (request) => addEntries(pool, request),
    removeEntries: (request) => removeEntries(pool, request),
  };
}

/**
 * Makes the lists that are not there yet, in one statement. A list that exists keeps its type: its values were hashed
 * by it. An account has a handful of lists. The account is locked by the deploy.
 */
export async function ensureLists(
  client: pg.ClientBase,
  request: { accountId: string; now: number; lists: readonly NamedList[] },
): Promise<void> {
  const { accountId, now, lists } = request;
  if (lists.length === 0) return;
  await client.query(
    `insert into lists (account_id, id, name, url_name, name_key, type, contents_id, created_at, updated_at)
     select $1, list.id, list.name, list.url_name, list.url_name, list.type, list.id, $2, $2
       from unnest($3::text[], $4::text[], $5::text[], $6::text[]) as list (id, name, url_name, type)
      where not exists (select from lists l where l.account_id = $1 and list.url_name in (l.url_name, l.name_key))
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

/** What flows look values up in, by every name that addresses have for it. Along the primary key. */
export async function readLookedUpLists(db: Db, accountId: string): Promise<Map<string, LookedUpList>> {
  const { rows } = await db.query<ListRow>(`select ${COLUMNS} from lists l where l.account_id = $1`, [accountId]);
  const lists = rows.map((row) => ({ row, list: lookedUpListOf(row) }));
  return new Map([
    ...lists.map(({ row, list }) => [row.name_key, list] as const),
    // The name a list had first stays its own.
    ...lists.map(({ row, list }) => [row.url_name, list] as const),
  ]);
}

function lookedUpListOf(row: ListRow): LookedUpList {
  const { id, contentsId, ttlSeconds, ...list } = listOf(row);
  return { id, contentsId, ttlSeconds, form: listForm(list) };
}

/** Reads the few lists of the account. */
async function resolveLists(
  db: Db,
  { accountId, names }: Parameters<ListStore['resolve']>[0],
): Promise<(List | null)[]> {
  const { rows } = await db.query<ListRow>(
    `select ${COLUMNS} from lists l
      where l.account_id = $1 and (l.id = any($2) or l.url_name = any($2) or l.name_key = any($2))`,
    [accountId, names],
  );
  return names.map((name) => {
    const row =
      rows.find(({ id }) => id === name) ??
      rows.find(({ url_name: urlName }) => urlName === name) ??
      rows.find(({ name_key: nameKey }) => nameKey === name);
    return row ? listOf(row) : null;
  });
}

async function findTaken(
  client: Db,
  { accountId, listId, nameKey }: ListKey & { nameKey: string },
): Promise<NameTaken | null> {
  const { rows } = await client.query<{ name: string }>(
    'select name from lists where account_id = $1 and id <> $2 and $3 in (url_name, name_key) limit 1',
    [accountId, listId, nameKey],
  );
  return rows[0] ? { kind: 'taken', by: rows[0].name } : null;
}

async function changed(
  client: pg.ClientBase,
  { record, key, before }: { record: RecordChange; key: ListKey & { now: number }; before: CountedList | null },
): Promise<{ kind: 'done'; list: CountedList }> {
  const list = await countList(client, key);
  assert(list, 'the list was just written');
  await announceConfig(client, key.accountId);
  await record(client, key.accountId, changeOf(before, list));
  return { kind: 'done', list };
}

/** Its entries are deleted little by little, by the duty `list-remains`. */
async function removeList(
  client: pg.ClientBase,
  record: RecordChange,
  key: ListKey & { now: number },
): Promise<ListRemoval> {
  const list = await countList(client, key);
  if (!list) return { kind: 'missing' };
  const flows = await listFlowsOf(client, { ...key, besides: [] });
  if (flows.length > 0) return { kind: 'used', flows };
  await client.query('delete from lists where account_id = $1 and id = $2', [key.accountId, key.listId]);
  await client.query('insert into list_remains (account_id, contents_id, created_at) values ($1, $2, $3)', [
    key.accountId,
    list.contentsId,
    new Date(key.now),
  ]);
  await announceConfig(client, key.accountId);
  await record(client, key.accountId, changeOf(list, null));
  return { kind: 'done', list };
}

/** The flows whose list checks name the list, as they are saved or as they run, by another name than `besides`. */
async function listFlowsOf(
  db: Db,
  key: ListKey & { besides: readonly string[] },
): Promise<{ id: string; name: string }[]> {
  const { rows } = await db.query<{ id: string; name: string | null }>(
    `select f.id, min(saved.document ->> 'name') as name
       from lists l
       join flows f on f.account_id = l.account_id and f.deleted_at is null
       join flow_revisions saved on saved.account_id = f.account_id and saved.flow_id = f.id
        and saved.revision = f.saved_revision
       join flow_revisions r on r.account_id = f.account_id and r.flow_id = f.id
        and r.revision in (f.saved_revision, f.deployed_revision)
      cross join lateral (
        select jsonb_path_query(r.document, '$.list_checks.*.list_name')
        union
        select jsonb_path_query(r.document, '$.list_checks.*.values[*].list_name')) as names (named)
      where l.account_id = $1 and l.id = $2 and ${URL_NAME} in (l.url_name, l.name_key) and ${URL_NAME} <> all($3)
      group by f.id order by f.id`,
    [key.accountId, key.listId, key.besides],
  );
  return rows.map(({ id, name }) => ({ id, name: name ?? '' }));
}

/** `listUrlName` of `named`. */
const URL_NAME = String.raw`regexp_replace(regexp_replace(lower(btrim(named #>> '{}', E' \t\r\n')), '\s+', '_', 'g'),
  '[^a-z0-9_]', '', 'g')`;

/** By primary key. */
export async function findList(db: Db, { accountId, listId }: ListKey): Promise<List | null> {
  const { rows } = await db.query<ListRow>(`select ${COLUMNS} from lists l where l.account_id = $1 and l.id = $2`, [
    accountId,
    listId,
  ]);
  return rows[0] ? listOf(rows[0]) : null;
}

async function countList(db: Db, { accountId, listId, now }: ListKey & { now: number }): Promise<CountedList | null> {
  const { rows } = await db.query<CountedRow>(`${SELECT_COUNTED} where l.account_id = $1 and l.id = $3`, [
    accountId,
    new Date(now),
    listId,
  ]);
  return rows[0] ? countedListOf(rows[0]) : null;
}

const COLUMNS = `l.id, l.name, l.url_name, l.name_key, l.type, l.is_md5, l.ttl_seconds, l.contents_id, l.total_jobs,
  l.created_at, l.updated_at`;

/** Reads at most so many entries of each list, along the primary key. */
const SELECT_COUNTED = `
  select ${COLUMNS}, l.counted, (
      select count(*)::int from (
        select from list_items i
         where i.account_id = l.account_id and i.list_id = l.contents_id
           and i.added_at >= coalesce($2::timestamptz - make_interval(secs => l.ttl_seconds), '-infinity')
         limit ${COUNTED_EXACTLY_MAX + 1}) as few) as near
    from lists l`;

interface ListRow {
  id: string;
  name: string;
  url_name: string;
  name_key: string;
  type: string;
  is_md5: boolean;
  ttl_seconds: number | null;
  contents_id: string;
  total_jobs: number;
  created_at: Date;
  updated_at: Date;
}

interface CountedRow extends ListRow {
  near: number;
  counted: string | null;
}

function listOf(row: ListRow): List {
  const type = LIST_TYPES.find((known) => known === row.type);
  assert(type !== undefined, `list ${row.id} has the unknown type ${row.type}`);
  return {
    id: row.id,
    name: row.name,
    urlName: row.url_name,
    type,
    isMd5: row.is_md5,
    ttlSeconds: row.ttl_seconds,
    contentsId: row.contents_id,
    totalJobs: row.total_jobs,
    createdAt: row.created_at.getTime(),
    updatedAt: row.updated_at.getTime(),
  };
}

function countedListOf(row: CountedRow): CountedList {
  const { near, counted } = row;
  return { ...listOf(row), count: near > COUNTED_EXACTLY_MAX ? Math.max(near, Number(counted ?? 0)) : near };
}

function changeOf(before: CountedList | null, after: CountedList | null): Change {
  const list = after ?? before;
  return {
    kind: 'list',
    action: before === null ? 'create' : after === null ? 'delete' : 'update',
    subject: { id: list?.id ?? '', name: list?.name ?? null },
    before: before && { document: documentOf(before) },
    after: after && { document: documentOf(after) },
  };
}

function documentOf({ id, name, urlName, type, isMd5, ttlSeconds }: List): object {
  return { id, name, url_name: urlName, type, md5: isMd5, ttl: ttlSeconds };
}
