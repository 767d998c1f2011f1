import type pg from 'pg';
import type { Change } from '../../access/activity.ts';
import { ROUTERS_MAX, type RouterKey, type RouterStore } from '../../flows/router-store.ts';
import { assert } from '../../lib/assert.ts';
import type { Router, RouterRoute } from '../../model/router.ts';
import { announceConfig, lockAccount } from './accounts.ts';
import { RECORD_NOTHING, type RecordChange } from './activity.ts';
import { inTransaction } from './in-transaction.ts';

/** Every change raises the account's configuration version: each process then loads the routers anew. */
export function createRouterStore(pool: pg.Pool, record: RecordChange = RECORD_NOTHING): RouterStore {
  return {
    list: (accountId) => readRouters(pool, { accountId, routerId: null }),
    find: async (key) => (await readRouters(pool, key))[0] ?? null,
    insert: (key, { definition, now }) =>
      inTransaction(pool, async (client) => {
        await lockAccount(client, key.accountId);
        const { rows } = await client.query<RouterRow>(
          `insert into routers as r (account_id, id, name, module_id, routes, revision, created_at, updated_at)
           select $1, $2, $3, $4, $5, 1, $6, $6
            where (select count(*) from routers o where o.account_id = $1) < ${ROUTERS_MAX}
           returning ${COLUMNS}`,
          [key.accountId, key.routerId, ...columnsOf(definition), new Date(now)],
        );
        return rows[0] ? finish(client, record, { key, before: null, row: rows[0] }) : null;
      }),
    replace: (key, { definition, now }) =>
      inTransaction(pool, async (client) => {
        await lockAccount(client, key.accountId);
        const [before] = await readRouters(client, key);
        if (!before) return null;
        const { rows } = await client.query<RouterRow>(
          `update routers r set name = $3, module_id = $4, routes = $5, revision = r.revision + 1, updated_at = $6
            where r.account_id = $1 and r.id = $2 returning ${COLUMNS}`,
          [key.accountId, key.routerId, ...columnsOf(definition), new Date(now)],
        );
        assert(rows[0], 'the router was read under the lock of its account');
        return finish(client, record, { key, before, row: rows[0] });
      }),
  };
}

async function finish(
  client: pg.ClientBase,
  record: RecordChange,
  { key, before, row }: { key: RouterKey; before: Router | null; row: RouterRow },
): Promise<Router> {
  const after = routerOf(row);
  await announceConfig(client, key.accountId);
  const change: Change = {
    kind: 'router',
    action: before === null ? 'create' : 'update',
    subject: { id: after.id, name: after.name },
    before: before && { document: before },
    after: { document: after },
  };
  await record(client, key.accountId, change);
  return after;
}

/** One or all of an account, along the primary key. */
async function readRouters(
  db: Pick<pg.ClientBase, 'query'>,
  at: { accountId: string; routerId: string | null },
): Promise<Router[]> {
  const { rows } = await db.query<RouterRow>(
    `select ${COLUMNS} from routers r where r.account_id = $1 and r.id = coalesce($2, r.id) order by r.id`,
    [at.accountId, at.routerId],
  );
  return rows.map(routerOf);
}

const COLUMNS = 'r.id, r.name, r.module_id, r.routes, r.revision, r.created_at, r.updated_at';

interface RouterRow {
  id: string;
  name: string | null;
  module_id: string;
  routes: RouterRoute[];
  revision: number;
  created_at: Date;
  updated_at: Date;
}

function routerOf({ created_at, updated_at, ...row }: RouterRow): Router {
  return { ...row, created_at: created_at.toISOString(), updated_at: updated_at.toISOString() };
}

function columnsOf({ name, module_id, routes }: Pick<Router, 'name' | 'module_id' | 'routes'>): unknown[] {
  return [name, module_id, JSON.stringify(routes)];
}
