import type pg from 'pg';
import type { User } from '../../access/users/user.ts';
import type { RenewedSession, SecondFactorStore, UserKey } from '../../access/users/user-store.ts';
import type { SecretBox } from '../secret-box.ts';
import { RECORD_NOTHING, type RecordChange } from './activity.ts';
import { inTransaction } from './in-transaction.ts';
import { renewSession } from './sessions.ts';
import { recordOfUser } from './user-changes.ts';
import { USER_COLUMNS, type UserRow, userOf } from './user-row.ts';

export function createSecondFactorStore(
  pool: pg.Pool,
  box: SecretBox,
  record: RecordChange = RECORD_NOTHING,
): SecondFactorStore {
  return {
    begin: async ({ accountId, userId }, secret) => {
      await pool.query('update users set pending_totp = $3 where account_id = $1 and id = $2', [
        accountId,
        userId,
        box.seal(secret.toString('hex'), totpContext(userId)),
      ]);
    },
    readPending: async (key) => open(box, key, (await readSealed(pool, key))?.pending_totp),
    read: async (key) => open(box, key, (await readSealed(pool, key))?.sealed_totp),
    confirm: (key, { step, recoveryHashes, keep }) =>
      inTransaction(pool, async (client) => {
        await client.query(
          `update users set sealed_totp = pending_totp, pending_totp = null, totp_step = $3, recovery_hashes = $4
            where account_id = $1 and id = $2 and pending_totp is not null`,
          [key.accountId, key.userId, step, recoveryHashes],
        );
        await renewSession(client, { key, keep });
        await recordOfUser(client, record, { key, action: 'enable_second_factor' });
      }),
    takeStep: async ({ accountId, userId }, step) => {
      const { rowCount } = await pool.query(
        `update users set totp_step = $3
          where account_id = $1 and id = $2 and sealed_totp is not null and coalesce(totp_step, 0) < $3`,
        [accountId, userId, step],
      );
      return rowCount === 1;
    },
    takeRecoveryCode: async ({ accountId, userId }, hash) => {
      const { rowCount } = await pool.query(
        `update users set recovery_hashes = array_remove(recovery_hashes, $3)
          where account_id = $1 and id = $2 and sealed_totp is not null and $3 = any(recovery_hashes)`,
        [accountId, userId, hash],
      );
      return rowCount === 1;
    },
    remove: (key, keep) => inTransaction(pool, (client) => removeSecondFactor(client, { key, keep, record })),
  };
}

async function removeSecondFactor(
  client: pg.ClientBase,
  { key, keep, record }: { key: UserKey; keep: RenewedSession | null; record: RecordChange },
): Promise<User | null> {
  const { rows } = await client.query<UserRow>(
    `update users u set sealed_totp = null, pending_totp = null, totp_step = null, recovery_hashes = '{}'
      where account_id = $1 and id = $2 returning ${USER_COLUMNS}`,
    [key.accountId, key.userId],
  );
  if (!rows[0]) return null;
  await renewSession(client, { key, keep });
  await recordOfUser(client, record, { key, action: 'disable_second_factor' });
  return userOf(rows[0]);
}

/** By primary key. */
async function readSealed(
  pool: pg.Pool,
  { accountId, userId }: UserKey,
): Promise<{ sealed_totp: Buffer | null; pending_totp: Buffer | null } | undefined> {
  const { rows } = await pool.query<{ sealed_totp: Buffer | null; pending_totp: Buffer | null }>(
    'select sealed_totp, pending_totp from users where account_id = $1 and id = $2',
    [accountId, userId],
  );
  return rows[0];
}

function open(box: SecretBox, { userId }: UserKey, sealed: Buffer | null | undefined): Buffer | null {
  const text = sealed ? box.open(sealed, totpContext(userId)) : null;
  return text === null ? null : Buffer.from(text, 'hex');
}

/** Where a user's sealed secret belongs. */
export function totpContext(userId: string): string {
  return `totp:${userId}`;
}
