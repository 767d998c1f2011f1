import type pg from 'pg';

const LIST_HASH_KEY = 'list_hash_key';
const KEY_BYTES = 32;

/**
 * The key list values are hashed with: made once, kept in the database and never rotated, because the lists could not
 * be read with another (the secret key of the settings can). `randomBytes` must be cryptographic.
 */
export async function ensureListHashKey(pool: pg.Pool, randomBytes: (count: number) => Buffer): Promise<Buffer> {
  await pool.query('insert into installation (name, value) values ($1, $2) on conflict do nothing', [
    LIST_HASH_KEY,
    randomBytes(KEY_BYTES),
  ]);
  const { rows } = await pool.query<{ value: Buffer }>('select value from installation where name = $1', [
    LIST_HASH_KEY,
  ]);
  const [row] = rows;
  if (!row) throw new Error('invariant broken: the list hash key was just stored');
  return row.value;
}
