import type pg from 'pg';
import type { ActivityAction, Change } from '../../access/activity.ts';
import type { ApiKey, ApiKeyStore, FoundKey, KeyScope, NewApiKey, Rotation } from '../../access/api-key-store.ts';
import { isPermission } from '../../access/permissions.ts';
import type { Actor } from '../../access/principal.ts';
import { isRole } from '../../access/roles.ts';
import { assert } from '../../lib/assert.ts';
import { RECORD_NOTHING, type RecordChange } from './activity.ts';
import { inTransaction } from './in-transaction.ts';
import { shareQueries } from './share-queries.ts';

interface Key {
  accountId: string;
  id: string;
}

export function createApiKeyStore(pool: pg.Pool, record: RecordChange = RECORD_NOTHING): ApiKeyStore {
  const findByHash = shareQueries((hashes: readonly Buffer[]) => findByHashes(pool, hashes));
  return {
    findByHash,
    find: (key) => findApiKey(pool, key),
    list: (accountId) => listApiKeys(pool, accountId),
    insert: (key, now) =>
      inTransaction(pool, async (client) => {
        const inserted = await insertApiKey(client, key, now);
        await record(client, key.accountId, changeOf('create', { before: null, after: inserted }));
        return inserted;
      }),
    rotate: (key, rotation) =>
      changing(pool, { key, action: 'rotate', record, change: (client) => rotateApiKey(client, key, rotation) }),
    revoke: (key, now) =>
      changing(pool, { key, action: 'revoke', record, change: (client) => revokeApiKey(client, key, now) }),
    noteUse: (key, now) => noteUse(pool, key, now),
  };
}

interface KeyChange {
  key: Key;
  action: ActivityAction;
  record: RecordChange;
  change(client: pg.ClientBase): Promise<ApiKey | null>;
}

function changing(pool: pg.Pool, { key, action, record, change }: KeyChange): Promise<ApiKey | null> {
  return inTransaction(pool, async (client) => {
    const before = await findApiKey(client, key);
    const after = await change(client);
    if (after) await record(client, key.accountId, changeOf(action, { before, after }));
    return after;
  });
}

function changeOf(action: ActivityAction, { before, after }: { before: ApiKey | null; after: ApiKey }): Change {
  const subject = { id: after.id, name: after.name };
  return { kind: 'api_key', action, subject, before: before && documentOf(before), after: documentOf(after) };
}

/** What was decided about a key; its use is no change. */
function documentOf(key: ApiKey): { document: unknown } {
  const { id, name, prefix, scope, flowIds, sourceIds, expiresAt, revokedAt, previousValidUntil } = key;
  const times = { expires_at: expiresAt, revoked_at: revokedAt, previous_valid_until: previousValidUntil };
  const named = Object.entries(times).map(([what, at]) => [what, at === null ? null : new Date(at).toISOString()]);
  const limits = { flow_ids: flowIds, source_ids: sourceIds };
  return { document: { id, name, prefix, ...scope, ...limits, ...Object.fromEntries(named) } };
}

/**
 * By the primary key of api_key_secrets, then that of api_keys; one row a key that is right. Of any account: a key is all
 * that a sender shows.
 */
async function findByHashes(pool: pg.Pool, hashes: readonly Buffer[]): Promise<(FoundKey | null)[]> {
  const { rows } = await pool.query<ApiKeyRow & { key_hash: Buffer; ends_at: Date | null }>(
    `select ${COLUMNS}, s.key_hash, least(k.expires_at, s.valid_until) as ends_at
       from api_key_secrets s
       join api_keys k on k.account_id = s.account_id and k.id = s.key_id
      where s.key_hash = any($1::bytea[]) and k.revoked_at is null`,
    [hashes],
  );
  const found = new Map(rows.map((row) => [row.key_hash.toString('base64'), row]));
  return hashes.map((hash) => {
    const row = found.get(hash.toString('base64'));
    return row ? { key: apiKeyOf(row), validUntil: row.ends_at?.getTime() ?? null } : null;
  });
}

/** By primary key. */
async function findApiKey(db: Pick<pg.ClientBase, 'query'>, { accountId, id }: Key): Promise<ApiKey | null> {
  const { rows } = await db.query<ApiKeyRow>(
    `select ${COLUMNS} from api_keys k where k.account_id = $1 and k.id = $2`,
    [accountId, id],
  );
  return rows[0] ? apiKeyOf(rows[0]) : null;
}

/** Along the primary key; an account has a handful of keys. */
async function listApiKeys(pool: pg.Pool, accountId: string): Promise<ApiKey[]> {
  const { rows } = await pool.query<ApiKeyRow>(
    `select ${COLUMNS} from api_keys k where k.account_id = $1 order by k.created_at, k.id`,
    [accountId],
  );
  return rows.map(apiKeyOf);
}

async function insertApiKey(client: pg.ClientBase, key: NewApiKey, now: number): Promise<ApiKey> {
  await client.query(
    `insert into api_keys (account_id, id, name, prefix, role, permissions, flow_ids, source_ids, created_by, expires_at,
       created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      key.accountId,
      key.id,
      key.name,
      key.prefix,
      key.scope.role,
      key.scope.permissions,
      key.flowIds,
      key.sourceIds,
      key.createdBy === null ? null : JSON.stringify(key.createdBy),
      dateOrNull(key.expiresAt),
      new Date(now),
    ],
  );
  await insertSecret(client, key, key.keyHash);
  return readBack(client, key);
}

async function insertSecret(client: pg.ClientBase, { accountId, id }: Key, keyHash: Buffer): Promise<void> {
  await client.query('insert into api_key_secrets (key_hash, account_id, key_id) values ($1, $2, $3)', [
    keyHash,
    accountId,
    id,
  ]);
}

/** An earlier text keeps its end when that is sooner: a second rotation does not lengthen the grace of the first. */
async function rotateApiKey(client: pg.ClientBase, key: Key, rotation: Rotation): Promise<ApiKey | null> {
  const { keyHash, prefix, previousValidUntil } = rotation;
  const { rowCount } = await client.query(
    'update api_keys set prefix = $3 where account_id = $1 and id = $2 and revoked_at is null',
    [key.accountId, key.id, prefix],
  );
  if (rowCount === 0) return null;
  await client.query(
    `update api_key_secrets set valid_until = least(valid_until, $3) where account_id = $1 and key_id = $2`,
    [key.accountId, key.id, new Date(previousValidUntil)],
  );
  await insertSecret(client, key, keyHash);
  return readBack(client, key);
}

async function revokeApiKey(client: pg.ClientBase, key: Key, now: number): Promise<ApiKey | null> {
  const { rowCount } = await client.query(
    'update api_keys set revoked_at = $3 where account_id = $1 and id = $2 and revoked_at is null',
    [key.accountId, key.id, new Date(now)],
  );
  return rowCount === 0 ? null : readBack(client, key);
}

/** By primary key; most calls find that another server has written within the minute. */
async function noteUse(pool: pg.Pool, key: Key, now: number): Promise<void> {
  await pool.query(
    `update api_keys set last_used_at = $3::timestamptz
      where account_id = $1 and id = $2 and (last_used_at is null or last_used_at <= $3::timestamptz - interval '1 minute')`,
    [key.accountId, key.id, new Date(now)],
  );
}

async function readBack(client: pg.ClientBase, key: Key): Promise<ApiKey> {
  const record = await findApiKey(client, key);
  assert(record !== null, 'a key is there in the transaction that wrote it');
  return record;
}

/** The subquery goes along api_key_secrets_by_key: a key has few texts. */
const COLUMNS = `k.account_id, k.id, k.name, k.prefix, k.role, k.permissions, k.flow_ids, k.source_ids, k.created_by,
  k.created_at, k.expires_at, k.last_used_at, k.revoked_at,
  (select max(earlier.valid_until) from api_key_secrets earlier
    where earlier.account_id = k.account_id and earlier.key_id = k.id) as previous_valid_until`;

interface ApiKeyRow {
  account_id: string;
  id: string;
  name: string;
  prefix: string | null;
  role: string | null;
  permissions: string[] | null;
  flow_ids: string[] | null;
  source_ids: string[] | null;
  created_by: Actor | null;
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
  revoked_at: Date | null;
  previous_valid_until: Date | null;
}

function apiKeyOf(row: ApiKeyRow): ApiKey {
  return {
    accountId: row.account_id,
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scope: scopeOf(row),
    flowIds: row.flow_ids,
    sourceIds: row.source_ids,
    createdAt: row.created_at.getTime(),
    createdBy: row.created_by,
    expiresAt: row.expires_at?.getTime() ?? null,
    lastUsedAt: row.last_used_at?.getTime() ?? null,
    revokedAt: row.revoked_at?.getTime() ?? null,
    previousValidUntil: row.previous_valid_until?.getTime() ?? null,
  };
}

/** A permission that this version does not know opens nothing. */
function scopeOf({ id, role, permissions }: ApiKeyRow): KeyScope {
  if (role === null) return { role, permissions: (permissions ?? []).filter(isPermission) };
  assert(isRole(role), `the key ${id} has the unknown role ${role}`);
  return { role, permissions: null };
}

function dateOrNull(epochMs: number | null): Date | null {
  return epochMs === null ? null : new Date(epochMs);
}
