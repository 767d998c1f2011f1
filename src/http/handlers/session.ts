import { permissionsOfRole } from '../../access/principal.ts';
import type { PeopleDeps } from '../../access/users/people.ts';
import { computeCsrfToken, computeExpiry, type LiveSession } from '../../access/users/sessions.ts';
import { signIn } from '../../access/users/sign-in.ts';
import { hashToken } from '../../access/users/token.ts';
import type { AccountStore } from '../../accounts/account-store.ts';
import { assert, unreachable } from '../../lib/assert.ts';
import { type ApiResult, answer } from '../api.ts';
import { type ApiError, apiError } from '../errors.ts';
import type { RequestBrowser } from '../route.ts';
import type { SessionCookies } from '../session-cookie.ts';
import { describeUser } from './users.ts';

export interface SessionRouteDeps extends PeopleDeps {
  accounts: AccountStore;
  cookies: SessionCookies;
}

const SIGN_IN_FAILED = apiError('sign_in_failed', 'The e-mail address, the password or the code is wrong.');
const CODE_REQUIRED = apiError('second_factor_required', 'Send the code of the second factor as code, too.');
const BUSY = apiError('unavailable', 'Too many passwords are being checked; try again in a moment.');

/** `POST /session`: signs in. The answer sets the cookie and holds the CSRF token. */
export async function createSession(
  deps: SessionRouteDeps,
  { body, browser }: { body: { email: string; password: string; code?: string }; browser: RequestBrowser },
): Promise<ApiResult> {
  const { ip, userAgent, sessionToken: priorToken } = browser;
  const result = await signIn(deps, { ...body, browser: { ip, userAgent }, priorToken });
  switch (result.kind) {
    case 'signed_in': {
      const { user, session, token } = result;
      return answerSession(deps, { live: { user, session, token }, status: 201 });
    }
    case 'wrong':
      return SIGN_IN_FAILED;
    case 'code_required':
      return CODE_REQUIRED;
    case 'locked':
      return refuseLocked(result.waitMs);
    case 'busy':
      return BUSY;
    default:
      return unreachable(result);
  }
}

/** `GET /session`: who is signed in, what they may do, and the CSRF token. */
export async function readSession(deps: SessionRouteDeps, { live }: { live: LiveSession }): Promise<ApiResult> {
  return { ...answer(200, await describeSession(deps, live)), headers: { 'Cache-Control': 'no-store' } };
}

/** `DELETE /session`: signs out. */
export async function removeSession(
  { sessions, cookies }: SessionRouteDeps,
  { live }: { live: LiveSession },
): Promise<ApiResult> {
  await sessions.remove(hashToken(live.token));
  return { ...answer(200, {}), headers: { 'Set-Cookie': cookies.cleared } };
}

/** A session with its cookie, after a sign-in or when its token changed. */
export async function answerSession(
  deps: Pick<SessionRouteDeps, 'accounts' | 'cookies'>,
  { live, status }: { live: LiveSession; status: 200 | 201 },
): Promise<ApiResult> {
  const headers = { 'Set-Cookie': deps.cookies.set(live.token), 'Cache-Control': 'no-store' };
  return { ...answer(status, await describeSession(deps, live)), headers };
}

async function describeSession({ accounts }: Pick<SessionRouteDeps, 'accounts'>, live: LiveSession): Promise<object> {
  const { user, session, token } = live;
  const account = await accounts.find(user.accountId);
  assert(account, 'a user has an account');
  return {
    id: session.id,
    user: describeUser(user),
    account: { id: account.id, name: account.name, time_zone: account.timeZone },
    permissions: [...permissionsOfRole(user.role)],
    csrf_token: computeCsrfToken(token),
    created_at: new Date(session.createdAt).toISOString(),
    expires_at: new Date(computeExpiry(session)).toISOString(),
  };
}

/** 429 with the seconds to wait. */
export function refuseLocked(waitMs: number): ApiError {
  const seconds = Math.ceil(waitMs / 1000);
  const message = `Too many attempts have failed: try again in ${seconds} seconds.`;
  return { ...apiError('too_many_attempts', message), headers: { 'Retry-After': String(seconds) } };
}

/** 503 while more passwords wait than can be checked soon. */
export function refuseBusy(): ApiError {
  return BUSY;
}
