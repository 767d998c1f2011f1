import { fail, ok, type Result } from '../../lib/result.ts';
import { emailKey } from './lockout.ts';
import { PasswordsBusy } from './password-hash.ts';
import { findPasswordFault } from './password-rules.ts';
import type { PeopleDeps } from './people.ts';
import { type LiveSession, renewToken } from './sessions.ts';

export type PasswordNotChanged =
  | { kind: 'bad_password'; message: string }
  | { kind: 'wrong_password' }
  | { kind: 'locked'; waitMs: number }
  | { kind: 'busy' };

/**
 * Changes the password of the user of a session, who must know the present one. Returns the session's new token; every
 * other session of the user ends. A wrong present password counts like a failed sign-in.
 */
export async function changePassword(
  deps: PeopleDeps,
  { live, current, wanted }: { live: LiveSession; current: string; wanted: string },
): Promise<Result<{ token: string }, PasswordNotChanged>> {
  const { user, session } = live;
  const message = findPasswordFault(wanted, user.email);
  if (message !== undefined) return fail({ kind: 'bad_password', message });
  const proof = await provePassword(deps, { live, password: current });
  if (proof !== 'right') return fail(proof);
  try {
    const passwordHash = await deps.passwords.hash(wanted);
    const { token, keep } = renewToken(deps, session);
    await deps.users.changePassword({ accountId: user.accountId, userId: user.id }, { passwordHash, keep });
    return ok({ token });
  } catch (error) {
    if (error instanceof PasswordsBusy) return fail({ kind: 'busy' });
    throw error;
  }
}

export type PasswordNotProved = Exclude<PasswordNotChanged, { kind: 'bad_password' }>;

/** Does the person at a session know its password? Guesses are counted with those of the sign-in. */
export async function provePassword(
  { users, failures, passwords, clock }: PeopleDeps,
  { live, password }: { live: LiveSession; password: string },
): Promise<'right' | PasswordNotProved> {
  const { user } = live;
  const key = emailKey(user.email);
  const claim = await failures.claim([key], clock.now());
  if (claim.kind === 'locked') return claim;
  const userKey = { accountId: user.accountId, userId: user.id };
  const known = await users.findSecrets(userKey);
  try {
    if (!(await passwords.matches(password, known?.passwordHash ?? null))) {
      if (claim.locksUser) await users.recordLockOut(userKey);
      return { kind: 'wrong_password' };
    }
  } catch (error) {
    if (!(error instanceof PasswordsBusy)) throw error;
    await failures.giveBack([key]);
    return { kind: 'busy' };
  }
  await failures.giveBack([key]);
  return 'right';
}
