import { addressKey, emailKey } from './lockout.ts';
import { PasswordsBusy } from './password-hash.ts';
import type { PeopleDeps } from './people.ts';
import { isSecondFactor } from './second-factor.ts';
import { type Browser, createSession } from './sessions.ts';
import { hashToken } from './token.ts';
import { parseUserEmail, type Session, type User } from './user.ts';
import type { Claim, UserSecrets } from './user-store.ts';

export interface SignInAttempt {
  email: string;
  password: string;
  /** Of the second factor; undefined: none is given yet. */
  code?: string | undefined;
  browser: Browser;
  /** The token of a session the browser has, which ends with the sign-in. */
  priorToken?: string | undefined;
}

export type SignInResult =
  | { kind: 'signed_in'; user: User; session: Session; token: string }
  /** Of an unknown address, a wrong password, a disabled user and an invitation that is not accepted: all the same. */
  | { kind: 'wrong' }
  /** The password is right, and the user has a second factor. */
  | { kind: 'code_required' }
  | { kind: 'locked'; waitMs: number }
  /** Too many passwords are being checked; nothing was counted. */
  | { kind: 'busy' };

/**
 * Signs a person in. Every attempt that gets as far as the password costs one scrypt, whether the address is known or not,
 * and counts under the address and the e-mail until it succeeds.
 */
export async function signIn(deps: PeopleDeps, attempt: SignInAttempt): Promise<SignInResult> {
  const { users, failures, clock } = deps;
  const email = parseUserEmail(attempt.email);
  const keys = [addressKey(attempt.browser.ip), emailKey(email ?? attempt.email)];
  const claim = await failures.claim(keys, clock.now());
  if (claim.kind === 'locked') return claim;
  const known = email === undefined ? null : await users.findByEmail(email);
  try {
    const user = await checkPassword(deps, { known, password: attempt.password });
    if (!user) return await recordWrong(deps, { claim, known });
    if (user.hasSecondFactor && attempt.code === undefined) {
      // No guess was made. Earlier ones stay counted: asking without a code must not buy more guesses at codes.
      await failures.giveBack(keys);
      return { kind: 'code_required' };
    }
    if (user.hasSecondFactor && !(await isSecondFactor(deps, { user, code: attempt.code ?? '' })))
      return await recordWrong(deps, { claim, known });
    await failures.forget(emailKey(user.email));
    await failures.giveBack([addressKey(attempt.browser.ip)]);
    if (attempt.priorToken !== undefined) await deps.sessions.remove(hashToken(attempt.priorToken));
    return { kind: 'signed_in', user, ...(await createSession(deps, { user, browser: attempt.browser })) };
  } catch (error) {
    if (!(error instanceof PasswordsBusy)) throw error;
    await failures.giveBack(keys);
    return { kind: 'busy' };
  }
}

/**
 * The activity log has the failure that locks a user out. An unknown address is answered without this write: a difference
 * that shows once an hour at most, beside a scrypt of 0.2 s whose time varies more (assumed).
 */
async function recordWrong(
  { users }: PeopleDeps,
  { claim, known }: { claim: Claim; known: UserSecrets | null },
): Promise<SignInResult> {
  if (claim.locksUser && known) await users.recordLockOut({ accountId: known.user.accountId, userId: known.user.id });
  return { kind: 'wrong' };
}

/** The user when the password is right and the user may sign in, else null. */
async function checkPassword(
  { users, passwords }: PeopleDeps,
  { known, password }: { known: UserSecrets | null; password: string },
): Promise<User | null> {
  const stored = known?.user.status === 'active' ? known.passwordHash : null;
  const isRight = await passwords.matches(password, stored);
  if (!isRight || !known || stored === null) return null;
  const { user } = known;
  if (passwords.isOutdated(stored)) {
    const change = { from: stored, to: await passwords.hash(password) };
    await users.rehashPassword({ accountId: user.accountId, userId: user.id }, change);
  }
  return user;
}
