import type pg from 'pg';
import { describeActor } from '../../access/users/describe-actor.ts';
import type { User } from '../../access/users/user.ts';
import type {
  AcceptedInvitation,
  Invitation,
  UserChange,
  UserKey,
  UserSecrets,
  UserStore,
  WantedChange,
} from '../../access/users/user-store.ts';
import { assert } from '../../lib/assert.ts';
import { lockAccount } from './accounts.ts';
import { RECORD_NOTHING, type RecordChange } from './activity.ts';
import { inTransaction } from './in-transaction.ts';
import { renewSession } from './sessions.ts';
import { buildUserChange, recordOfUser } from './user-changes.ts';
import { USER_COLUMNS, type UserRow, userOf } from './user-row.ts';

export function createUserStore(pool: pg.Pool, record: RecordChange = RECORD_NOTHING): UserStore {
  return {
    list: (accountId) => listUsers(pool, accountId),
    find: async (key) => (await findSecrets(pool, key))?.user ?? null,
    findByEmail: (email) => findByEmail(pool, email),
    findSecrets: (key) => findSecrets(pool, key),
    invite: (user, invitation) => insertInvited(pool, { user, invitation, record }),
    replaceInvitation: (key, { invitation, now }) => replaceInvitation(pool, { key, invitation, now, record }),
    findInvited: (tokenHash, now) => findInvited(pool, { tokenHash, now }),
    acceptInvitation: (accepted) => acceptInvitation(pool, accepted, record),
    recordLockOut: (key) => inTransaction(pool, (client) => recordOfUser(client, record, { key, action: 'lock_out' })),
    change: (key, wanted) =>
      changeUser(pool, {
        key,
        record,
        losesOwner: wanted.isDisabled === true || (wanted.role !== undefined && wanted.role !== 'owner'),
        change: (client, before) => applyChange(client, { key, before, wanted }),
      }),
    remove: (key) =>
      changeUser(pool, {
        key,
        record,
        losesOwner: true,
        // Sessions and invitation go with the row.
        change: async (client) =>
          void (await client.query('delete from users where account_id = $1 and id = $2', valuesOf(key))),
      }),
    changeNames: (key, { firstName, lastName }) =>
      inTransaction(pool, async (client) => {
        const { rows } = await client.query<UserRow>(
          `update users u set first_name = $3, last_name = $4 where account_id = $1 and id = $2 returning ${USER_COLUMNS}`,
          [...valuesOf(key), firstName, lastName],
        );
        const user = rows[0] && userOf(rows[0]);
        // The documents are the same: the log holds no more of a person than the name it has now.
        if (user) await record(client, key.accountId, buildUserChange({ before: user, after: user }));
        return user ?? null;
      }),
    changePassword: (key, { passwordHash, keep }) =>
      inTransaction(pool, async (client) => {
        await client.query('update users set password_hash = $3 where account_id = $1 and id = $2', [
          ...valuesOf(key),
          passwordHash,
        ]);
        await endInvitation(client, key);
        await renewSession(client, { key, keep });
        await recordOfUser(client, record, { key, action: 'change_password' });
      }),
    rehashPassword: async (key, { from, to }) => {
      // Only the hash it was made for: the password may have been changed meanwhile.
      await pool.query('update users set password_hash = $4 where account_id = $1 and id = $2 and password_hash = $3', [
        ...valuesOf(key),
        from,
        to,
      ]);
    },
  };
}

/** Along the primary key; an account has a handful of users. */
async function listUsers(pool: pg.Pool, accountId: string): Promise<User[]> {
  const { rows } = await pool.query<UserRow>(
    `select ${USER_COLUMNS} from users u where account_id = $1 order by created_at, id`,
    [accountId],
  );
  return rows.map(userOf);
}

/** By the unique index on the address. Of any account: a person signs in by the address alone. */
async function findByEmail(pool: pg.Pool, email: string): Promise<UserSecrets | null> {
  const { rows } = await pool.query<SecretsRow>(
    `select ${USER_COLUMNS}, u.password_hash from users u where email = $1`,
    [email],
  );
  return rows[0] ? secretsOf(rows[0]) : null;
}

/** By primary key. */
async function findSecrets(db: Pick<pg.ClientBase, 'query'>, key: UserKey): Promise<UserSecrets | null> {
  const { rows } = await db.query<SecretsRow>(
    `select ${USER_COLUMNS}, u.password_hash from users u where account_id = $1 and id = $2`,
    valuesOf(key),
  );
  return rows[0] ? secretsOf(rows[0]) : null;
}

function insertInvited(
  pool: pg.Pool,
  { user, invitation, record }: { user: User; invitation: Invitation; record: RecordChange },
): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    const { rows: inserted } = await client.query(
      `insert into users (account_id, id, email, first_name, last_name, role, created_at)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict (email) do nothing returning id`,
      [user.accountId, user.id, user.email, user.firstName, user.lastName, user.role, new Date(user.createdAt)],
    );
    if (inserted.length === 0) return false;
    const key = { accountId: user.accountId, userId: user.id };
    await writeInvitation(client, { key, invitation, now: user.createdAt });
    await record(client, user.accountId, buildUserChange({ before: null, after: user }));
    return true;
  });
}

interface NewInvitation {
  key: UserKey;
  invitation: Invitation;
  now: number;
}

async function replaceInvitation(
  pool: pg.Pool,
  { record, ...given }: NewInvitation & { record: RecordChange },
): Promise<User | null> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<UserRow>(
      `select ${USER_COLUMNS} from users u where account_id = $1 and id = $2 and disabled_at is null for update`,
      valuesOf(given.key),
    );
    if (!rows[0]) return null;
    await writeInvitation(client, given);
    const user = userOf(rows[0]);
    await record(client, user.accountId, { ...buildUserChange({ before: user, after: user }), action: 'invite' });
    return user;
  });
}

async function writeInvitation(client: pg.ClientBase, { key, invitation, now }: NewInvitation): Promise<void> {
  await client.query(
    `insert into invitations (account_id, user_id, token_hash, created_at, expires_at) values ($1, $2, $3, $4, $5)
     on conflict (account_id, user_id) do update
       set token_hash = excluded.token_hash, created_at = excluded.created_at, expires_at = excluded.expires_at`,
    [...valuesOf(key), invitation.tokenHash, new Date(now), new Date(invitation.expiresAt)],
  );
}

/** By the unique index on the token's hash. Of any account: a link names none. */
async function findInvited(
  pool: pg.Pool,
  { tokenHash, now }: { tokenHash: Buffer; now: number },
): Promise<{ user: User; expiresAt: number } | null> {
  const { rows } = await pool.query<UserRow & { expires_at: Date }>(
    `select ${USER_COLUMNS}, i.expires_at from invitations i
       join users u on u.account_id = i.account_id and u.id = i.user_id
      where i.token_hash = $1 and i.expires_at > $2 and u.disabled_at is null`,
    [tokenHash, new Date(now)],
  );
  return rows[0] ? { user: userOf(rows[0]), expiresAt: rows[0].expires_at.getTime() } : null;
}

/**
 * Removing the invitation is what uses it up: of two at the same time one finds it. The user is locked before, in the
 * order of every other change of a user, so that no two of them wait for each other.
 */
function acceptInvitation(
  pool: pg.Pool,
  { tokenHash, passwordHash, names, now }: AcceptedInvitation,
  record: RecordChange,
): Promise<User | null> {
  return inTransaction(pool, async (client) => {
    // Of any account: a link names none.
    const { rows } = await client.query<UserRow>(
      `select ${USER_COLUMNS} from invitations i join users u on u.account_id = i.account_id and u.id = i.user_id
        where i.token_hash = $1 and i.expires_at > $2 and u.disabled_at is null for update of u`,
      [tokenHash, new Date(now)],
    );
    const before = rows[0] && userOf(rows[0]);
    if (!before) return null;
    const key = { accountId: before.accountId, userId: before.id };
    const { rowCount } = await client.query(
      'delete from invitations where account_id = $1 and user_id = $2 and token_hash = $3',
      [...valuesOf(key), tokenHash],
    );
    if (rowCount !== 1) return null;
    const { rows: users } = await client.query<UserRow>(
      `update users u
          set password_hash = $3, first_name = coalesce($4, first_name), last_name = coalesce($5, last_name)
        where account_id = $1 and id = $2 returning ${USER_COLUMNS}`,
      [...valuesOf(key), passwordHash, names.firstName ?? null, names.lastName ?? null],
    );
    await renewSession(client, { key, keep: null });
    const after = users[0] && userOf(users[0]);
    assert(after, 'the user of an invitation is locked');
    const change = buildUserChange({ before, after });
    await record(client, key.accountId, { ...change, action: 'accept_invitation', by: describeActor(after) });
    return after;
  });
}

interface OwnerChange {
  key: UserKey;
  record: RecordChange;
  /** Is the user no owner who can sign in, afterwards? */
  losesOwner: boolean;
  change(client: pg.ClientBase, before: User): Promise<void>;
}

/**
 * Changes a user unless the account would be left without an owner who can sign in. The account's row puts such changes
 * in a row: two owners who remove each other at the same time cannot both succeed.
 */
function changeUser(pool: pg.Pool, { key, record, losesOwner, change }: OwnerChange): Promise<UserChange> {
  return inTransaction(pool, async (client) => {
    await lockAccount(client, key.accountId);
    const found = await findSecrets(client, key);
    if (!found) return { kind: 'missing' };
    if (losesOwner && isActiveOwner(found.user) && (await countActiveOwners(client, key.accountId)) <= 1)
      return { kind: 'last_owner' };
    await change(client, found.user);
    const changed = await findSecrets(client, key);
    await record(client, key.accountId, buildUserChange({ before: found.user, after: changed?.user ?? null }));
    return { kind: 'done', user: changed?.user ?? found.user };
  });
}

async function applyChange(
  client: pg.ClientBase,
  { key, before, wanted }: { key: UserKey; before: User; wanted: WantedChange },
): Promise<void> {
  const { role = before.role, isDisabled, now } = wanted;
  await client.query(
    `update users set role = $3,
            disabled_at = case when $4 then coalesce(disabled_at, $5) when not $4 then null else disabled_at end
      where account_id = $1 and id = $2`,
    [...valuesOf(key), role, isDisabled ?? null, new Date(now)],
  );
  if (isDisabled !== true && role === before.role) return;
  // The link, too: who made it for a lesser role must not come in with a greater one.
  await endInvitation(client, key);
  await renewSession(client, { key, keep: null });
}

function isActiveOwner({ role, status }: User): boolean {
  return role === 'owner' && status === 'active';
}

/** Along the primary key. */
async function countActiveOwners(client: pg.ClientBase, accountId: string): Promise<number> {
  const { rows } = await client.query<{ owners: number }>(
    `select count(*)::integer as owners from users
      where account_id = $1 and role = 'owner' and password_hash is not null and disabled_at is null`,
    [accountId],
  );
  return rows[0]?.owners ?? 0;
}

async function endInvitation(client: pg.ClientBase, key: UserKey): Promise<void> {
  await client.query('delete from invitations where account_id = $1 and user_id = $2', valuesOf(key));
}

function valuesOf({ accountId, userId }: UserKey): [string, string] {
  return [accountId, userId];
}

interface SecretsRow extends UserRow {
  password_hash: string | null;
}

function secretsOf(row: SecretsRow): UserSecrets {
  return { user: userOf(row), passwordHash: row.password_hash };
}
