import type pg from 'pg';
import type { ApiKeyRecord, ApiKeyStore, ListedApiKey } from '../../access/api-key-store.ts';

export function createApiKeyStore(pool: pg.Pool): ApiKeyStore {
  return {
    findByHash: (keyHash) => findByHash(pool, keyHash),
    insert: (record, now) => insertApiKey(pool, record, now),
    accountHasSuperuserKey: (accountId) => accountHasSuperuserKey(pool, accountId),
    list: (accountId) => listApiKeys(pool, accountId),
    revoke: (id, now) => revokeApiKey(pool, id, now),
  };
}

/** By the unique index on key_hash. */
async function findByHash(pool: pg.Pool, keyHash: Buffer): Promise<ApiKeyRecord | null> {
  const { rows } = await pool.query<{
    account_id: string;
    id: string;
    key_hash: Buffer;
    name: string;
    is_superuser: boolean;
  }>('select account_id, id, key_hash, name, is_superuser from api_keys where key_hash = $1 and revoked_at is null', [
    keyHash,
  ]);
  const row = rows[0];
  if (!row) return null;
  return {
    accountId: row.account_id,
    id: row.id,
    keyHash: row.key_hash,
    name: row.name,
    isSuperuser: row.is_superuser,
  };
}

async function insertApiKey(pool: pg.Pool, record: ApiKeyRecord, now: number): Promise<void> {
  await pool.query(
    'insert into api_keys (account_id, id, key_hash, name, is_superuser, created_at) values ($1, $2, $3, $4, $5, $6)',
    [record.accountId, record.id, record.keyHash, record.name, record.isSuperuser, new Date(now)],
  );
}

/** Along the primary key; an account has a handful of keys. */
async function accountHasSuperuserKey(pool: pg.Pool, accountId: string): Promise<boolean> {
  const { rows } = await pool.query<{ found: boolean }>(
    `select exists (
       select from api_keys where account_id = $1 and is_superuser and revoked_at is null
     ) as found`,
    [accountId],
  );
  return rows[0]?.found === true;
}

/** Along the primary key. */
async function listApiKeys(pool: pg.Pool, accountId: string): Promise<ListedApiKey[]> {
  const { rows } = await pool.query<{ id: string; name: string; is_superuser: boolean; created_at: Date }>(
    `select id, name, is_superuser, created_at from api_keys
      where account_id = $1 and revoked_at is null order by created_at, id`,
    [accountId],
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    isSuperuser: row.is_superuser,
    createdAt: row.created_at.getTime(),
  }));
}

/** An installation has a handful of keys. */
async function revokeApiKey(pool: pg.Pool, id: string, now: number): Promise<boolean> {
  const { rowCount } = await pool.query('update api_keys set revoked_at = $2 where id = $1 and revoked_at is null', [
    id,
    new Date(now),
  ]);
  return rowCount === 1;
}
