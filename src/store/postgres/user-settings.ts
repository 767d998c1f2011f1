import type pg from 'pg';
import type { UserSettingsStore } from '../../access/users/user-store.ts';

/** Both queries go by the primary key. */
export function createUserSettingsStore(pool: pg.Pool): UserSettingsStore {
  return {
    read: async ({ accountId, userId }) => {
      const { rows } = await pool.query<{ document: Record<string, unknown> }>(
        'select document from user_settings where account_id = $1 and user_id = $2',
        [accountId, userId],
      );
      return rows[0]?.document ?? {};
    },
    write: async ({ accountId, userId }, document) => {
      await pool.query(
        `insert into user_settings (account_id, user_id, document) values ($1, $2, $3)
         on conflict (account_id, user_id) do update set document = excluded.document`,
        [accountId, userId, JSON.stringify(document)],
      );
    },
  };
}
