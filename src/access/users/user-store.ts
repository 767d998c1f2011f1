import type { Role } from '../roles.ts';
import type { SignInKey } from './lockout.ts';
import type { Session, User } from './user.ts';

export interface UserKey {
  accountId: string;
  userId: string;
}

/** What a sign-in needs of a user beside what may be shown. */
export interface UserSecrets {
  user: User;
  /** null: the invitation is not accepted yet. */
  passwordHash: string | null;
}

/** A link that lets a user set a password. */
export interface Invitation {
  tokenHash: Buffer;
  /** Epoch ms. */
  expiresAt: number;
}

/** What became of a change that the last owner of an account may not be lost by. */
export type UserChange = { kind: 'done'; user: User } | { kind: 'missing' } | { kind: 'last_owner' };

export interface UserStore {
  /** In the order they were created. */
  list(accountId: string): Promise<User[]>;
  find(key: UserKey): Promise<User | null>;
  /** `email` as `parseUserEmail` returns it. */
  findByEmail(email: string): Promise<UserSecrets | null>;
  findSecrets(key: UserKey): Promise<UserSecrets | null>;
  /** Adds a user with an invitation; false: the address belongs to a user of this installation. */
  invite(user: User, invitation: Invitation): Promise<boolean>;
  /** Replaces a user's invitation; null: there is no such user. */
  replaceInvitation(key: UserKey, given: { invitation: Invitation; now: number }): Promise<User | null>;
  /** The user whose invitation this is; null: unknown, used or expired. A disabled user has none. */
  findInvited(tokenHash: Buffer, now: number): Promise<{ user: User; expiresAt: number } | null>;
  /**
   * Uses an invitation up: sets the password and the names that are given, and ends the user's sessions. null: unknown,
   * used or expired.
   */
  acceptInvitation(given: AcceptedInvitation): Promise<User | null>;
  /** Another role, and disabling, end the user's sessions and invitation, because what they open changes. */
  change(key: UserKey, wanted: WantedChange): Promise<UserChange>;
  remove(key: UserKey): Promise<UserChange>;
  /** Records that failed attempts lock the user's sign-in from now on. */
  recordLockOut(key: UserKey): Promise<void>;
  changeNames(key: UserKey, names: Names): Promise<User | null>;
  /** Sets the password, gives the session that asked a new token, ends all others and the user's invitation. */
  changePassword(key: UserKey, given: { passwordHash: string; keep: RenewedSession }): Promise<void>;
  /** Replaces the hash of an unchanged password by one with other parameters. */
  rehashPassword(key: UserKey, change: { from: string; to: string }): Promise<void>;
}

export interface WantedChange {
  /** undefined: stays. */
  role?: Role | undefined;
  isDisabled?: boolean | undefined;
  now: number;
}

export interface Names {
  firstName: string;
  lastName: string;
}

export interface AcceptedInvitation {
  tokenHash: Buffer;
  passwordHash: string;
  names: Partial<Names>;
  now: number;
}

/** The session that goes on, and what its cookie holds from now on. */
export interface RenewedSession {
  sessionId: string;
  tokenHash: Buffer;
}

export interface SessionStore {
  /** The session of a token and its user; null: there is none, or the user is disabled. Judges no expiry. */
  find(tokenHash: Buffer): Promise<{ session: Session; user: User } | null>;
  touch(key: SessionKey, now: number): Promise<void>;
  /**
   * Adds a session and notes the sign-in with the user. Removes sessions that began before `endedBefore`, and the user's
   * oldest beyond `keepMax`.
   */
  insert(session: Session, given: { tokenHash: Buffer; endedBefore: number; keepMax: number }): Promise<void>;
  remove(tokenHash: Buffer): Promise<void>;
  /** In the order they began. */
  listOfUser(key: UserKey): Promise<Session[]>;
  /** Ends one session of a user; false: there is none of this id. */
  removeOfUser(key: UserKey, sessionId: string): Promise<boolean>;
}

export interface SessionKey {
  accountId: string;
  sessionId: string;
}

/** An attempt that may be made. `locksUser`: as the failure it is counted as, it is the one that locks the user out. */
export interface Claim {
  kind: 'claimed';
  locksUser: boolean;
}

/** Failed attempts to sign in, shared by all servers. */
export interface SignInFailureStore {
  /**
   * Counts an attempt under each key as failed before it is made, so that attempts at the same time cannot all pass. The
   * wait in ms until the next may be made, and nothing is counted, when one of the keys is locked.
   */
  claim(keys: readonly SignInKey[], now: number): Promise<Claim | { kind: 'locked'; waitMs: number }>;
  /** Takes back one claimed attempt under each key. */
  giveBack(keys: readonly SignInKey[]): Promise<void>;
  /** Forgets every failure under a key. */
  forget(key: SignInKey): Promise<void>;
}

/** The secrets of second factors. */
export interface SecondFactorStore {
  /** Keeps a secret that is to be confirmed, in the place of an earlier one. */
  begin(key: UserKey, secret: Buffer): Promise<void>;
  /** null: none is to be confirmed. */
  readPending(key: UserKey): Promise<Buffer | null>;
  /** Puts the pending secret into force, with the step that was used up; renews one session and ends the others. */
  confirm(
    key: UserKey,
    given: { step: number; recoveryHashes: readonly Buffer[]; keep: RenewedSession },
  ): Promise<void>;
  /** The secret in force; null: there is none, or the secret key is another one. */
  read(key: UserKey): Promise<Buffer | null>;
  /** Uses up a step and all before it; false: it was used. */
  takeStep(key: UserKey, step: number): Promise<boolean>;
  /** Uses up a recovery code; false: there is none with this hash. */
  takeRecoveryCode(key: UserKey, hash: Buffer): Promise<boolean>;
  /** Removes the secret and the recovery codes; renews one session, where one is given, and ends the others. */
  remove(key: UserKey, keep: RenewedSession | null): Promise<User | null>;
}

/** Documents that a console keeps for each user; their shape is the console's. */
export interface UserSettingsStore {
  /** Empty until something is written. */
  read(key: UserKey): Promise<Readonly<Record<string, unknown>>>;
  write(key: UserKey, document: Readonly<Record<string, unknown>>): Promise<void>;
}
