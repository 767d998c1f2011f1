import type pg from 'pg';
import type { SecretBox } from '../secret-box.ts';
import { destinationContext } from './destinations.ts';

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

export const SECRET_KEY_CHECK = 'secret_key_check';
export const CHECK_CONTEXT = 'installation:secret_key_check';

/** Is the box's key the one that the database's secrets were sealed with? Changes nothing; see isSecretKeyRight. */
export async function checkSecretKey(pool: pg.Pool, box: SecretBox): Promise<'right' | 'wrong' | 'not-stored'> {
  const check = await readValue(pool, SECRET_KEY_CHECK);
  if (!check) return 'not-stored';
  return box.open(check, CHECK_CONTEXT) === null ? 'wrong' : 'right';
}

/**
 * Is the box's key the one that the database's secrets were sealed with? The first start stores a check value. In a
 * database that has sealed secrets from before there was one, these are what is compared.
 */
export async function isSecretKeyRight(pool: pg.Pool, box: SecretBox): Promise<boolean> {
  const check = await readValue(pool, SECRET_KEY_CHECK);
  if (check) return box.open(check, CHECK_CONTEXT) !== null;
  // Of all accounts, which share one key; once, at the start.
  const { rows } = await pool.query<{ instance_id: string; sealed_secret: Buffer }>(
    'select instance_id, sealed_secret from destinations',
  );
  const opens = rows.some((row) => box.open(row.sealed_secret, destinationContext(row.instance_id)) !== null);
  if (rows.length > 0 && !opens) return false;
  await pool.query('insert into installation (name, value) values ($1, $2) on conflict do nothing', [
    SECRET_KEY_CHECK,
    box.seal('', CHECK_CONTEXT),
  ]);
  // Another process may have been first, with another key.
  const stored = await readValue(pool, SECRET_KEY_CHECK);
  return stored !== undefined && box.open(stored, CHECK_CONTEXT) !== null;
}

async function readValue(pool: pg.Pool, name: string): Promise<Buffer | undefined> {
  const { rows } = await pool.query<{ value: Buffer }>('select value from installation where name = $1', [name]);
  return rows[0]?.value;
}
