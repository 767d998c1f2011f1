import type { Clock } from '../../lib/clock.ts';
import type { Ids } from '../../lib/ids.ts';
import { fail, ok, type Result } from '../../lib/result.ts';
import type { Role } from '../roles.ts';
import { type PasswordHasher, PasswordsBusy } from './password-hash.ts';
import { findPasswordFault } from './password-rules.ts';
import { createToken, hashToken } from './token.ts';
import type { User } from './user.ts';
import type { Invitation, Names, UserKey, UserStore } from './user-store.ts';

/** How long an invitation may wait to be accepted. */
export const INVITATION_MS_MAX = 7 * 24 * 3_600_000;

export interface InvitationDeps {
  users: UserStore;
  clock: Clock;
  ids: Ids;
  /** Must be cryptographic. */
  randomBytes: (count: number) => Buffer;
}

/** A user and the link's token, the only time it can be read. */
export interface InvitedUser {
  user: User;
  token: string;
  /** Epoch ms. */
  expiresAt: number;
}

export interface WantedUser extends Names {
  accountId: string;
  /** As `parseUserEmail` returns it. */
  email: string;
  role: Role;
}

/** Adds a user who is to set a password with the returned token; null: the address belongs to a user already. */
export async function inviteUser(deps: InvitationDeps, wanted: WantedUser): Promise<InvitedUser | null> {
  const { token, invitation } = createInvitation(deps);
  const user: User = {
    ...wanted,
    id: deps.ids.next(),
    status: 'invited',
    hasSecondFactor: false,
    createdAt: deps.clock.now(),
    lastLoginAt: null,
  };
  const isNew = await deps.users.invite(user, invitation);
  return isNew ? { user, token, expiresAt: invitation.expiresAt } : null;
}

/**
 * A new link for a user who lost the first one, or the password. Earlier links end. null: there is no such user, or the
 * user is disabled.
 */
export async function inviteAgain(deps: InvitationDeps, key: UserKey): Promise<InvitedUser | null> {
  const { token, invitation } = createInvitation(deps);
  const user = await deps.users.replaceInvitation(key, { invitation, now: deps.clock.now() });
  return user && { user, token, expiresAt: invitation.expiresAt };
}

function createInvitation({ clock, randomBytes }: InvitationDeps): { token: string; invitation: Invitation } {
  const token = createToken(randomBytes);
  return { token, invitation: { tokenHash: hashToken(token), expiresAt: clock.now() + INVITATION_MS_MAX } };
}

export interface Acceptance {
  token: string;
  password: string;
  names: Partial<Names>;
}

export type NotAccepted = { kind: 'missing' } | { kind: 'bad_password'; message: string } | { kind: 'busy' };

/** Uses a link up and sets the password. It does not sign the user in: a sign-in asks for the second factor, where there is one. */
export async function acceptInvitation(
  { users, clock, passwords }: Pick<InvitationDeps, 'users' | 'clock'> & { passwords: PasswordHasher },
  { token, password, names }: Acceptance,
): Promise<Result<User, NotAccepted>> {
  const tokenHash = hashToken(token);
  // Before the password is hashed: strangers cost nothing.
  const invited = await users.findInvited(tokenHash, clock.now());
  if (!invited) return fail({ kind: 'missing' });
  const message = findPasswordFault(password, invited.user.email);
  if (message !== undefined) return fail({ kind: 'bad_password', message });
  try {
    const passwordHash = await passwords.hash(password);
    const user = await users.acceptInvitation({ tokenHash, passwordHash, names, now: clock.now() });
    return user ? ok(user) : fail({ kind: 'missing' });
  } catch (error) {
    if (error instanceof PasswordsBusy) return fail({ kind: 'busy' });
    throw error;
  }
}
