import type pg from 'pg';
import type { ActivityAction, Change } from '../../access/activity.ts';
import { describeActor, fullName } from '../../access/users/describe-actor.ts';
import type { User } from '../../access/users/user.ts';
import type { UserKey } from '../../access/users/user-store.ts';
import type { RecordChange } from './activity.ts';
import { USER_COLUMNS, type UserRow, userOf } from './user-row.ts';

/** A change of a user for the activity log, without the address: the log holds no more of a person than the name. */
export function buildUserChange({ before, after }: { before: User | null; after: User | null }): Change {
  const user = after ?? before;
  return {
    kind: 'user',
    action: before === null ? 'create' : after === null ? 'delete' : 'update',
    subject: { id: user?.id ?? '', name: user && fullName(user) },
    before: before && documentOf(before),
    after: after && documentOf(after),
  };
}

/**
 * Records what happened to a user without a change of what the log has of one: passwords, codes and links are in
 * neither. Without a caller whom the server knows, as at a sign-in, the user is the actor.
 */
export async function recordOfUser(
  client: pg.ClientBase,
  record: RecordChange,
  { key, action }: { key: UserKey; action: ActivityAction },
): Promise<void> {
  const { rows } = await client.query<UserRow>(
    `select ${USER_COLUMNS} from users u where account_id = $1 and id = $2`,
    [key.accountId, key.userId],
  );
  const user = rows[0] && userOf(rows[0]);
  if (!user) return;
  const change = buildUserChange({ before: user, after: user });
  await record(client, key.accountId, { ...change, action, by: describeActor(user) });
}

function documentOf({ id, role, status }: User): { document: unknown } {
  return { document: { id, role, status } };
}
