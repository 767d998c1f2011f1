import type pg from 'pg';
import type { ActivityAction, Change } from '../../access/activity.ts';
import type { Actor } from '../../access/principal.ts';
import { VIEWS_MAX, type View, type ViewDefinition, type ViewKey, type ViewStore } from '../../views/view.ts';
import { lockAccount } from './accounts.ts';
import { RECORD_NOTHING, type RecordChange } from './activity.ts';
import { inTransaction } from './in-transaction.ts';

type Db = Pick<pg.ClientBase, 'query'>;

/** Leads never read views, so no change of one raises the account's configuration version. */
export function createViewStore(pool: pg.Pool, record: RecordChange = RECORD_NOTHING): ViewStore {
  /** One statement on the view `$1`, `$2`, and its entry in the activity log. */
  const changing = (
    key: ViewKey,
    { action, sql, values }: { action: ActivityAction; sql: string; values: unknown[] },
  ): Promise<View | null> =>
    inTransaction(pool, async (client) => {
      const before = await findView(client, key, 'for update');
      if (!before) return null;
      const { rows } = await client.query<ViewRow>(`${sql} returning ${COLUMNS}`, [
        ...[key.accountId, key.viewId],
        ...values,
      ]);
      const written = rows[0] ? viewOf(rows[0]) : null;
      await record(client, key.accountId, changeOf(action, { before, after: action === 'delete' ? null : written }));
      return written;
    });
  return {
    // Along the primary key: an account has few.
    list: async ({ accountId, ownerId }) => {
      const { rows } = await pool.query<ViewRow>(
        `select ${COLUMNS} from views where account_id = $1 and (owner_id = $2 or is_shared) order by lower(name), id`,
        [accountId, ownerId],
      );
      return rows.map(viewOf);
    },
    find: (key) => findView(pool, key, ''),
    insert: (key, { definition, owner, now }) =>
      inTransaction(pool, async (client) => {
        // Two at once never exceed the bound.
        await lockAccount(client, key.accountId);
        if ((await countViews(client, key.accountId, owner)) >= VIEWS_MAX) return null;
        const { rows } = await client.query<ViewRow>(
          `insert into views
             (account_id, id, name, section, query, is_shared, owner_kind, owner_id, owner_name, created_at, updated_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) returning ${COLUMNS}`,
          [
            ...[key.accountId, key.viewId, ...valuesOf(definition)],
            ...[owner.kind, owner.id, owner.name, new Date(now)],
          ],
        );
        const after = rows[0] ? viewOf(rows[0]) : null;
        if (after) await record(client, key.accountId, changeOf('create', { before: null, after }));
        return after;
      }),
    replace: (key, { definition, now }) =>
      changing(key, {
        action: 'update',
        sql: `update views set name = $3, section = $4, query = $5, is_shared = $6, updated_at = $7
          where account_id = $1 and id = $2`,
        values: [...valuesOf(definition), new Date(now)],
      }),
    remove: (key) =>
      changing(key, { action: 'delete', sql: 'delete from views where account_id = $1 and id = $2', values: [] }),
  };
}

const COLUMNS = 'id, name, section, query, is_shared, owner_kind, owner_id, owner_name, created_at, updated_at';

interface ViewRow extends Pick<View, 'id' | 'name' | 'section' | 'query'> {
  is_shared: boolean;
  owner_kind: Actor['kind'];
  owner_id: string;
  owner_name: string;
  created_at: Date;
  updated_at: Date;
}

function viewOf(row: ViewRow): View {
  const { id, name, section, query, is_shared: isShared } = row;
  return {
    ...{ id, name, section, query, isShared },
    owner: { kind: row.owner_kind, id: row.owner_id, name: row.owner_name },
    createdAt: row.created_at.getTime(),
    updatedAt: row.updated_at.getTime(),
  };
}

function valuesOf({ name, section, query, isShared }: ViewDefinition): unknown[] {
  return [name, section, JSON.stringify(query), isShared];
}

/** By primary key. */
async function findView(db: Db, key: ViewKey, lock: '' | 'for update'): Promise<View | null> {
  const { rows } = await db.query<ViewRow>(`select ${COLUMNS} from views where account_id = $1 and id = $2 ${lock}`, [
    key.accountId,
    key.viewId,
  ]);
  return rows[0] ? viewOf(rows[0]) : null;
}

/** By `views_by_owner`. */
async function countViews(db: Db, accountId: string, owner: Actor): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    'select count(*)::int as count from views where account_id = $1 and owner_id = $2',
    [accountId, owner.id],
  );
  return rows[0]?.count ?? 0;
}

function changeOf(action: ActivityAction, { before, after }: { before: View | null; after: View | null }): Change {
  const view = after ?? before;
  return {
    ...{ kind: 'view', action, subject: { id: view?.id ?? '', name: view?.name ?? null } },
    before: before && { document: before },
    after: after && { document: after },
  };
}
