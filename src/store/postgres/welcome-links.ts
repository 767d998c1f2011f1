import type pg from 'pg';
import { describeActor } from '../../access/users/describe-actor.ts';
import type { AcceptedUser, AcceptedWelcome, WelcomeLink, WelcomeStore } from '../../access/users/welcome.ts';
import { lockAccount } from './accounts.ts';
import { RECORD_NOTHING, type RecordChange } from './activity.ts';
import { inTransaction } from './in-transaction.ts';
import { buildUserChange } from './user-changes.ts';

export function createWelcomeStore(pool: pg.Pool, record: RecordChange = RECORD_NOTHING): WelcomeStore {
  return {
    insert: (link, given) => insertLink(pool, { link, ...given }),
    find: (tokenHash, now) => findLink(pool, { tokenHash, now }),
    accept: (accepted) => acceptLink(pool, accepted, record),
  };
}

/** Of the account of `w`, along the primary key of users: an account has a handful. */
const IS_UNVISITED = `not exists (
  select from users u where u.account_id = w.account_id and u.last_login_at is not null)`;

function insertLink(
  pool: pg.Pool,
  { link, now, keepMax }: { link: WelcomeLink; now: number; keepMax: number },
): Promise<boolean> {
  const { accountId, tokenHash, expiresAt } = link;
  return inTransaction(pool, async (client) => {
    const { rowCount } = await client.query(
      `insert into welcome_links (token_hash, account_id, created_at, expires_at)
       select $1, w.account_id, $3, $4 from (select $2::text collate "C" as account_id) w where ${IS_UNVISITED}`,
      [tokenHash, accountId, new Date(now), new Date(expiresAt)],
    );
    // Those that expired are beyond it in time.
    await client.query(
      `delete from welcome_links where account_id = $1 and token_hash in (
         select token_hash from welcome_links where account_id = $1 order by created_at desc, token_hash offset $2)`,
      [accountId, rowCount === 1 ? keepMax : 0],
    );
    return rowCount === 1;
  });
}

/** By primary key. Of any account: a link names none. */
async function findLink(
  db: Pick<pg.ClientBase, 'query'>,
  { tokenHash, now }: { tokenHash: Buffer; now: number },
): Promise<{ accountId: string; expiresAt: number } | null> {
  const { rows } = await db.query<{ account_id: string; expires_at: Date }>(
    `select w.account_id, w.expires_at from welcome_links w
      where w.token_hash = $1 and w.expires_at > $2 and ${IS_UNVISITED}`,
    [tokenHash, new Date(now)],
  );
  const [row] = rows;
  return row ? { accountId: row.account_id, expiresAt: row.expires_at.getTime() } : null;
}

/** The account's row puts those who use links of it in a row: of two at the same time one finds its link. */
function acceptLink(
  pool: pg.Pool,
  { tokenHash, user: given, passwordHash, now }: AcceptedWelcome,
  record: RecordChange,
): Promise<AcceptedUser> {
  return inTransaction(pool, async (client): Promise<AcceptedUser> => {
    const named = await findLink(client, { tokenHash, now });
    if (!named) return { kind: 'missing' };
    const { accountId } = named;
    await lockAccount(client, accountId);
    if (!(await findLink(client, { tokenHash, now }))) return { kind: 'missing' };
    const user = { ...given, accountId };
    const { rows } = await client.query(
      `insert into users (account_id, id, email, first_name, last_name, role, password_hash, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (email) do nothing
       returning id`,
      [
        accountId,
        user.id,
        user.email,
        user.firstName,
        user.lastName,
        user.role,
        passwordHash,
        new Date(user.createdAt),
      ],
    );
    if (rows.length !== 1) return { kind: 'email_taken' };
    await client.query('delete from welcome_links where account_id = $1', [accountId]);
    await record(client, accountId, { ...buildUserChange({ before: null, after: user }), by: describeActor(user) });
    return { kind: 'accepted', user };
  });
}
