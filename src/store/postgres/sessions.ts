import type pg from 'pg';
import type { Session, User } from '../../access/users/user.ts';
import type { RenewedSession, SessionStore, UserKey } from '../../access/users/user-store.ts';
import { RECORD_NOTHING, type RecordChange } from './activity.ts';
import { inTransaction } from './in-transaction.ts';
import { recordOfUser } from './user-changes.ts';
import { USER_COLUMNS, type UserRow, userOf } from './user-row.ts';

export function createSessionStore(pool: pg.Pool, record: RecordChange = RECORD_NOTHING): SessionStore {
  return {
    find: (tokenHash) => findSession(pool, tokenHash),
    touch: async ({ accountId, sessionId }, now) => {
      await pool.query('update sessions set last_seen_at = $3 where account_id = $1 and id = $2', [
        accountId,
        sessionId,
        new Date(now),
      ]);
    },
    insert: (session, given) => insertSession(pool, { session, ...given, record }),
    remove: async (tokenHash) => {
      // Of any account: a cookie names none.
      await pool.query('delete from sessions where token_hash = $1', [tokenHash]);
    },
    removeOfUser: async ({ accountId, userId }, sessionId) => {
      const { rowCount } = await pool.query('delete from sessions where account_id = $1 and id = $2 and user_id = $3', [
        accountId,
        sessionId,
        userId,
      ]);
      return rowCount === 1;
    },
    listOfUser: async ({ accountId, userId }) => {
      const { rows } = await pool.query<SessionRow>(
        `select ${SESSION_COLUMNS} from sessions s where account_id = $1 and user_id = $2 order by created_at, id`,
        [accountId, userId],
      );
      return rows.map(sessionOf);
    },
  };
}

/** By the unique index on the token's hash, then the user by primary key. Of any account: a cookie names none. */
async function findSession(pool: pg.Pool, tokenHash: Buffer): Promise<{ session: Session; user: User } | null> {
  const { rows } = await pool.query<SessionRow & UserRow>(
    `select ${SESSION_COLUMNS}, ${USER_COLUMNS} from sessions s
       join users u on u.account_id = s.account_id and u.id = s.user_id
      where s.token_hash = $1 and u.disabled_at is null`,
    [tokenHash],
  );
  return rows[0] ? { session: sessionOf(rows[0]), user: userOf(rows[0]) } : null;
}

interface NewSession {
  session: Session;
  tokenHash: Buffer;
  endedBefore: number;
  keepMax: number;
  record: RecordChange;
}

/** The table has a handful of rows a user, so the ended ones are found by reading it. */
function insertSession(pool: pg.Pool, { session, tokenHash, endedBefore, keepMax, record }: NewSession): Promise<void> {
  const { accountId, id, userId, createdAt, lastSeenAt, ip, userAgent } = session;
  return inTransaction(pool, async (client) => {
    await client.query('update users set last_login_at = $3 where account_id = $1 and id = $2', [
      accountId,
      userId,
      new Date(createdAt),
    ]);
    // What another sign-in removes is left to it.
    await client.query(
      `delete from sessions where (account_id, id) in (
         select account_id, id from sessions where account_id = $1 and created_at < $2 for update skip locked)`,
      [accountId, new Date(endedBefore)],
    );
    await client.query(
      `delete from sessions where account_id = $1 and id in (
         select id from sessions where account_id = $1 and user_id = $2 order by created_at desc, id desc offset $3)`,
      [accountId, userId, keepMax - 1],
    );
    await client.query(
      `insert into sessions (account_id, id, user_id, token_hash, created_at, last_seen_at, ip, user_agent)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [accountId, id, userId, tokenHash, new Date(createdAt), new Date(lastSeenAt), ip, userAgent],
    );
    await recordOfUser(client, record, { key: { accountId, userId }, action: 'sign_in' });
  });
}

/**
 * Gives one session of a user a new token and ends the others; null: ends all. Part of the transaction that changes
 * what the user's sessions prove.
 */
export async function renewSession(
  client: pg.ClientBase,
  { key, keep }: { key: UserKey; keep: RenewedSession | null },
): Promise<void> {
  await client.query('delete from sessions where account_id = $1 and user_id = $2 and id is distinct from $3', [
    key.accountId,
    key.userId,
    keep?.sessionId ?? null,
  ]);
  if (!keep) return;
  await client.query('update sessions set token_hash = $3 where account_id = $1 and id = $2', [
    key.accountId,
    keep.sessionId,
    keep.tokenHash,
  ]);
}

const SESSION_COLUMNS = `s.account_id, s.id as session_id, s.user_id, s.created_at as session_created_at,
  s.last_seen_at, s.ip, s.user_agent`;

interface SessionRow {
  account_id: string;
  session_id: string;
  user_id: string;
  session_created_at: Date;
  last_seen_at: Date;
  ip: string;
  user_agent: string;
}

function sessionOf(row: SessionRow): Session {
  return {
    accountId: row.account_id,
    id: row.session_id,
    userId: row.user_id,
    createdAt: row.session_created_at.getTime(),
    lastSeenAt: row.last_seen_at.getTime(),
    ip: row.ip,
    userAgent: row.user_agent,
  };
}
