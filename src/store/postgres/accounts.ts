import type pg from 'pg';
import type { AccountStore } from '../../accounts/account-store.ts';
import type { Account } from '../../model/entity.ts';
import { RECORD_NOTHING, type RecordChange } from './activity.ts';
import { inTransaction } from './in-transaction.ts';

interface AccountRow {
  id: string;
  name: string;
  time_zone: string;
  data_retention_in_days: number;
  facts_retention_in_days: number | null;
  data_truncated_at: Date | null;
  lead_ping_enabled: boolean;
}

const COLUMNS =
  'id, name, time_zone, data_retention_in_days, facts_retention_in_days, data_truncated_at, lead_ping_enabled';

export function createAccountStore(pool: pg.Pool, record: RecordChange = RECORD_NOTHING): AccountStore {
  return {
    find: (accountId) => findAccount(pool, accountId),
    first: () => findFirstAccount(pool),
    list: () => listAccounts(pool),
    insert: (account, now) => insertAccount(pool, account, now),
    update: (account) => updateAccount(pool, record, account),
  };
}

/** By primary key. */
async function findAccount(db: Pick<pg.ClientBase, 'query'>, accountId: string): Promise<Account | null> {
  const { rows } = await db.query<AccountRow>(`select ${COLUMNS} from accounts where id = $1`, [accountId]);
  return rows[0] ? accountOf(rows[0]) : null;
}

/** An installation has a handful of accounts. */
async function listAccounts(pool: pg.Pool): Promise<Account[]> {
  const { rows } = await pool.query<AccountRow>(`select ${COLUMNS} from accounts order by id`);
  return rows.map(accountOf);
}

/** The oldest account, along the primary key: ids sort by time. */
async function findFirstAccount(pool: pg.Pool): Promise<Account | null> {
  const { rows } = await pool.query<AccountRow>(`select ${COLUMNS} from accounts order by id limit 1`);
  return rows[0] ? accountOf(rows[0]) : null;
}

/** With the entity that the account is itself (decision page 0057). */
async function insertAccount(pool: pg.Pool, account: Account, now: number): Promise<void> {
  await pool.query(
    `with made as (
       insert into accounts (id, name, time_zone, data_retention_in_days, lead_ping_enabled, created_at)
       values ($1, $2, $3, $4, $5, $6)
       returning id, name, created_at
     )
     insert into entities (account_id, id, name, module_ids, source, recipient, created_at, updated_at)
     select id, id, name, '{}', 'other', 'other', created_at, created_at from made`,
    [account.id, account.name, account.timeZone, account.dataRetentionInDays, account.isPingEnabled, new Date(now)],
  );
}

function updateAccount(pool: pg.Pool, record: RecordChange, account: Account): Promise<void> {
  const { id, name, timeZone, dataRetentionInDays, isPingEnabled } = account;
  return inTransaction(pool, async (client) => {
    await lockAccount(client, id);
    const before = await findAccount(client, id);
    await client.query(
      `update accounts set name = $2, time_zone = $3, data_retention_in_days = $4, lead_ping_enabled = $5,
              facts_retention_in_days = $6
        where id = $1`,
      [id, name, timeZone, dataRetentionInDays, isPingEnabled, account.factsRetentionInDays ?? null],
    );
    await client.query('update entities set name = $2 where account_id = $1 and id = $1 and name = $3', [
      ...[id, name, before?.name ?? name],
    ]);
    await announceConfig(client, id);
    await record(client, id, {
      kind: 'account',
      action: 'update',
      subject: { id, name },
      before: before && documentOf(before),
      after: documentOf(account),
    });
  });
}

function documentOf(account: Account): { document: unknown } {
  const { id, name, timeZone, dataRetentionInDays, factsRetentionInDays = null, isPingEnabled } = account;
  const days = { data_retention_in_days: dataRetentionInDays, facts_retention_in_days: factsRetentionInDays };
  return { document: { id, name, time_zone: timeZone, ...days, lead_ping_enabled: isPingEnabled } };
}

/**
 * Puts the changes of an account's running configuration in a row. Taken before any flow of the account is locked, so
 * that no two of them wait for each other; inserts that only refer to the account go on.
 */
export async function lockAccount(client: pg.ClientBase, accountId: string): Promise<void> {
  await client.query('select from accounts where id = $1 for no key update', [accountId]);
}

/**
 * Says that leads must see a change of the account's configuration: raises its version, which nodes poll, and notifies
 * them. Part of the transaction that makes the change.
 */
export async function announceConfig(client: pg.ClientBase, accountId: string): Promise<void> {
  await client.query('update accounts set config_version = config_version + 1 where id = $1', [accountId]);
  await client.query(`select pg_notify('${CONFIG_CHANNEL}', $1)`, [accountId]);
}

/** Notified with the account's id when its configuration version rises. */
export const CONFIG_CHANNEL = 'sluice_config';

function accountOf(row: AccountRow): Account {
  return {
    id: row.id,
    name: row.name,
    timeZone: row.time_zone,
    dataRetentionInDays: row.data_retention_in_days,
    ...(row.facts_retention_in_days === null ? {} : { factsRetentionInDays: row.facts_retention_in_days }),
    ...(row.data_truncated_at === null ? {} : { dataTruncatedAt: row.data_truncated_at.getTime() }),
    isPingEnabled: row.lead_ping_enabled,
  };
}
