import type { Clock } from '../../lib/clock.ts';
import { fail, ok, type Result } from '../../lib/result.ts';
import { PasswordsBusy } from './password-hash.ts';
import { findPasswordFault } from './password-rules.ts';
import type { PeopleDeps } from './people.ts';
import { type Browser, createSession } from './sessions.ts';
import { createToken, hashToken } from './token.ts';
import { parseUserEmail, type Session, type User } from './user.ts';
import type { Names } from './user-store.ts';

/** How long a link works that a start prints; the next start prints another. */
export const WELCOME_MS_MAX = 24 * 3_600_000;
/** Of an account at once: servers that start together each print one. A further one ends the oldest. */
const LINKS_MAX = 10;

export interface WelcomeLink {
  accountId: string;
  tokenHash: Buffer;
  /** Epoch ms. */
  expiresAt: number;
}

/** Links for the first administrator: good once, and while no user of the account has signed in. */
export interface WelcomeStore {
  /** Adds one and removes the oldest beyond `keepMax`; false: a user of the account has signed in. */
  insert(link: WelcomeLink, given: { now: number; keepMax: number }): Promise<boolean>;
  /** null: unknown, used or expired, or a user of the account has signed in. */
  find(tokenHash: Buffer, now: number): Promise<{ accountId: string; expiresAt: number } | null>;
  /** Adds the user of a link and removes every link of the account. */
  accept(given: AcceptedWelcome): Promise<AcceptedUser>;
}

export interface AcceptedWelcome {
  tokenHash: Buffer;
  user: Omit<User, 'accountId'>;
  passwordHash: string;
  now: number;
}

export type AcceptedUser = { kind: 'accepted'; user: User } | { kind: 'missing' } | { kind: 'email_taken' };

export interface WelcomeDeps {
  welcome: WelcomeStore;
  clock: Clock;
  /** Must be cryptographic. */
  randomBytes: (count: number) => Buffer;
}

/** The token of a new link, the only time it can be read; null: none is needed, somebody has signed in. */
export async function createWelcome(
  { welcome, clock, randomBytes }: WelcomeDeps,
  accountId: string,
): Promise<string | null> {
  const token = createToken(randomBytes);
  const now = clock.now();
  const link = { accountId, tokenHash: hashToken(token), expiresAt: now + WELCOME_MS_MAX };
  return (await welcome.insert(link, { now, keepMax: LINKS_MAX })) ? token : null;
}

export interface WelcomeAcceptance {
  token: string;
  email: string;
  password: string;
  names: Names;
  browser: Browser;
}

export type WelcomeRefusal =
  | { kind: 'missing' }
  | { kind: 'email_taken' }
  | { kind: 'bad_email' }
  | { kind: 'bad_password'; message: string }
  | { kind: 'busy' };

/** Uses a link up: adds the account's first owner and signs that person in, who has no second factor yet. */
export async function acceptWelcome(
  deps: WelcomeDeps & PeopleDeps,
  { token, email: given, password, names, browser }: WelcomeAcceptance,
): Promise<Result<{ user: User; session: Session; token: string }, WelcomeRefusal>> {
  const { welcome, clock, ids, passwords } = deps;
  const tokenHash = hashToken(token);
  // Before the password is hashed: strangers cost nothing.
  if (!(await welcome.find(tokenHash, clock.now()))) return fail({ kind: 'missing' });
  const email = parseUserEmail(given);
  if (email === undefined) return fail({ kind: 'bad_email' });
  const message = findPasswordFault(password, email);
  if (message !== undefined) return fail({ kind: 'bad_password', message });
  try {
    const passwordHash = await passwords.hash(password);
    const now = clock.now();
    const user = {
      ...{ ...names, id: ids.next(), email, role: 'owner' as const, status: 'active' as const },
      ...{ hasSecondFactor: false, createdAt: now, lastLoginAt: null },
    };
    const accepted = await welcome.accept({ tokenHash, user, passwordHash, now });
    if (accepted.kind !== 'accepted') return fail(accepted);
    return ok({ user: accepted.user, ...(await createSession(deps, { user: accepted.user, browser })) });
  } catch (error) {
    if (error instanceof PasswordsBusy) return fail({ kind: 'busy' });
    throw error;
  }
}
