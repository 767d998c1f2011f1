import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../lib/clock.ts';
import type { Ids } from '../../lib/ids.ts';
import { createToken, hashToken } from './token.ts';
import type { Session, User } from './user.ts';
import type { RenewedSession, SessionStore } from './user-store.ts';

/** A session that is unused for so long has ended. */
export const IDLE_MS_MAX = 12 * 3_600_000;
/** A session ends so long after the sign-in, used or not. */
export const SESSION_MS_MAX = 7 * 24 * 3_600_000;
/** Of one user at once; a further sign-in ends the oldest. */
const SESSIONS_MAX = 20;
/** How old `lastSeenAt` may get before it is written again: not a write for every request. */
const TOUCH_MS = 60_000;
const USER_AGENT_CHARACTERS_MAX = 300;

export interface SessionDeps {
  sessions: SessionStore;
  clock: Clock;
  ids: Ids;
  /** Must be cryptographic. */
  randomBytes: (count: number) => Buffer;
}

/** Where a sign-in comes from. */
export interface Browser {
  ip: string;
  userAgent: string;
}

/**
 * Begins a session of a user and returns it with its token, the only time the token can be read. Always a new token: one
 * that the browser had before is never adopted, so an attacker cannot plant one (session fixation).
 */
export async function createSession(
  { sessions, clock, ids, randomBytes }: SessionDeps,
  { user, browser }: { user: User; browser: Browser },
): Promise<{ session: Session; token: string }> {
  const token = createToken(randomBytes);
  const now = clock.now();
  const session: Session = {
    accountId: user.accountId,
    id: ids.next(),
    userId: user.id,
    createdAt: now,
    lastSeenAt: now,
    ip: browser.ip,
    userAgent: browser.userAgent.slice(0, USER_AGENT_CHARACTERS_MAX),
  };
  const endedBefore = now - SESSION_MS_MAX;
  await sessions.insert(session, { tokenHash: hashToken(token), endedBefore, keepMax: SESSIONS_MAX });
  return { session, token };
}

/** A new token for a session that goes on after its rights changed. */
export function renewToken(
  { randomBytes }: Pick<SessionDeps, 'randomBytes'>,
  session: Session,
): { token: string; keep: RenewedSession } {
  const token = createToken(randomBytes);
  return { token, keep: { sessionId: session.id, tokenHash: hashToken(token) } };
}

/** A request's session, its user as of now, and the token that says so. */
export interface LiveSession {
  session: Session;
  user: User;
  token: string;
}

/**
 * The session of a cookie's token; null: there is none, it has expired, or its user is disabled. Asks the store for each
 * request, so that a user who is disabled or changed is so at once on every server.
 */
export async function findLiveSession(
  { sessions, clock }: Pick<SessionDeps, 'sessions' | 'clock'>,
  token: string,
): Promise<LiveSession | null> {
  const tokenHash = hashToken(token);
  const found = await sessions.find(tokenHash);
  if (!found) return null;
  const { session, user } = found;
  const now = clock.now();
  if (isExpired(session, now)) {
    await sessions.remove(tokenHash);
    return null;
  }
  if (now - session.lastSeenAt >= TOUCH_MS) {
    await sessions.touch({ accountId: session.accountId, sessionId: session.id }, now);
  }
  return { session, user, token };
}

/** When a session ends unless it is used, in epoch ms. */
export function computeExpiry({ createdAt, lastSeenAt }: Session): number {
  return Math.min(createdAt + SESSION_MS_MAX, lastSeenAt + IDLE_MS_MAX);
}

function isExpired(session: Session, now: number): boolean {
  return now >= computeExpiry(session);
}

/**
 * What a page must send with a request that changes something. Computed from the session's token, so it changes with it
 * and is stored nowhere; the token cannot be computed back.
 */
export function computeCsrfToken(token: string): string {
  return createHash('sha256').update(`csrf:${token}`, 'utf8').digest('base64url');
}

/** Is it the CSRF token of this session? Takes the same time wherever they differ. */
export function isCsrfToken(given: string, token: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(computeCsrfToken(token))];
  return left.length === right.length && timingSafeEqual(left, right);
}
