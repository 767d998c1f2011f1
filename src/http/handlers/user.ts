import { changePassword, type PasswordNotChanged } from '../../access/users/change-password.ts';
import {
  confirmSecondFactor,
  enrolSecondFactor,
  type NotConfirmed,
  type NotRemoved,
  removeSecondFactor,
} from '../../access/users/second-factor.ts';
import { computeCsrfToken, computeExpiry, type LiveSession } from '../../access/users/sessions.ts';
import type { UserSettingsStore } from '../../access/users/user-store.ts';
import { assert, unreachable } from '../../lib/assert.ts';
import { type ApiResult, answer } from '../api.ts';
import { type ApiError, apiError } from '../errors.ts';
import { invalidDocument } from '../read-body.ts';
import { answerSession, refuseBusy, refuseLocked, type SessionRouteDeps } from './session.ts';
import { describeUser } from './users.ts';

export interface UserSettingsDeps {
  userSettings: UserSettingsStore;
}

const UNKNOWN_SESSION = apiError('not_found', 'You have no session with this id.');
const NOT_BEGUN = apiError(
  'conflict',
  'The setup of a second factor has not started: start it with POST /user/second_factor.',
);
const NO_SECOND_FACTOR = apiError('conflict', 'There is no second factor to remove.');

/** `GET /user`: the person who is signed in (spec api 14). */
export async function readOwnUser(_deps: SessionRouteDeps, { live }: { live: LiveSession }): Promise<ApiResult> {
  return answer(200, describeUser(live.user));
}

/** `PUT /user`: the person's own name. */
export async function changeOwnUser(
  { users }: SessionRouteDeps,
  { live, body }: { live: LiveSession; body: { first_name?: string; last_name?: string } },
): Promise<ApiResult> {
  const { accountId, id: userId, firstName, lastName } = live.user;
  const names = { firstName: body.first_name ?? firstName, lastName: body.last_name ?? lastName };
  const user = await users.changeNames({ accountId, userId }, names);
  assert(user, 'a session has a user');
  return answer(200, describeUser(user));
}

/** `PUT /user/password`: returns the session with its new CSRF token; every other session of the user has ended. */
export async function changeOwnPassword(
  deps: SessionRouteDeps,
  { live, body }: { live: LiveSession; body: { current_password: string; password: string } },
): Promise<ApiResult> {
  const changed = await changePassword(deps, { live, current: body.current_password, wanted: body.password });
  if (!changed.ok) return refuse(changed.error, 'current_password');
  return answerSession(deps, { live: { ...live, token: changed.value.token }, status: 200 });
}

/** `GET /user/settings`: what was written last; an empty object at first. */
export async function readOwnSettings(
  { userSettings }: UserSettingsDeps,
  { live }: { live: LiveSession },
): Promise<ApiResult> {
  const { accountId, id: userId } = live.user;
  return answer(200, await userSettings.read({ accountId, userId }));
}

/** `PUT /user/settings`: replaces the whole document, whose shape is the caller's (spec api 14 names none). */
export async function replaceOwnSettings(
  { userSettings }: UserSettingsDeps,
  { live, body }: { live: LiveSession; body: Record<string, unknown> },
): Promise<ApiResult> {
  const { accountId, id: userId } = live.user;
  await userSettings.write({ accountId, userId }, body);
  return answer(200, body);
}

/** `GET /user/sessions`: where the person is signed in. */
export async function listOwnSessions(
  { sessions }: SessionRouteDeps,
  { live }: { live: LiveSession },
): Promise<ApiResult> {
  const { accountId, id: userId } = live.user;
  const listed = await sessions.listOfUser({ accountId, userId });
  return answer(
    200,
    listed.map((session) => ({
      id: session.id,
      is_current: session.id === live.session.id,
      ip: session.ip,
      user_agent: session.userAgent,
      created_at: new Date(session.createdAt).toISOString(),
      last_seen_at: new Date(session.lastSeenAt).toISOString(),
      expires_at: new Date(computeExpiry(session)).toISOString(),
    })),
  );
}

/** `DELETE /user/sessions/{id}`: signs the person out there. */
export async function removeOwnSession(
  { sessions }: SessionRouteDeps,
  { live, params }: { live: LiveSession; params: { id: string } },
): Promise<ApiResult> {
  const { accountId, id: userId } = live.user;
  return (await sessions.removeOfUser({ accountId, userId }, params.id)) ? answer(200, {}) : UNKNOWN_SESSION;
}

/** `POST /user/second_factor`: begins to set one up. */
export async function beginSecondFactor(
  deps: SessionRouteDeps,
  { live, body }: { live: LiveSession; body: { password: string } },
): Promise<ApiResult> {
  const begun = await enrolSecondFactor(deps, { live, password: body.password });
  if (!begun.ok) return refuse(begun.error, 'password');
  return unstored({ secret: begun.value.secret, otpauth_url: begun.value.otpauthUrl });
}

/** `POST /user/second_factor/confirm`: switches it on. */
export async function confirmOwnSecondFactor(
  deps: SessionRouteDeps,
  { live, body }: { live: LiveSession; body: { code: string } },
): Promise<ApiResult> {
  const confirmed = await confirmSecondFactor(deps, { live, code: body.code });
  if (!confirmed.ok) return refuse(confirmed.error, 'password');
  const { recoveryCodes, token } = confirmed.value;
  const result = unstored({ recovery_codes: recoveryCodes, csrf_token: computeCsrfToken(token) });
  return { ...result, headers: { ...result.headers, 'Set-Cookie': deps.cookies.set(token) } };
}

/** `POST /user/second_factor/remove`: switches it off. */
export async function removeOwnSecondFactor(
  deps: SessionRouteDeps,
  { live, body }: { live: LiveSession; body: { password: string; code: string } },
): Promise<ApiResult> {
  if (!live.user.hasSecondFactor) return NO_SECOND_FACTOR;
  const removed = await removeSecondFactor(deps, { live, ...body });
  if (!removed.ok) return refuse(removed.error, 'password');
  const user = { ...live.user, hasSecondFactor: false };
  return answerSession(deps, { live: { ...live, user, token: removed.value.token }, status: 200 });
}

/** An answer with something that is shown once. */
function unstored(body: object): Extract<ApiResult, { kind: 'answer' }> {
  return { kind: 'answer', status: 200, body, headers: { 'Cache-Control': 'no-store' } };
}

function refuse(error: PasswordNotChanged | NotConfirmed | NotRemoved, passwordPath: string): ApiError {
  switch (error.kind) {
    case 'bad_password':
      return invalidDocument([{ path: 'password', message: error.message }]);
    case 'wrong_password':
      return invalidDocument([{ path: passwordPath, message: 'The password is wrong.' }]);
    case 'wrong_code':
      return invalidDocument([{ path: 'code', message: 'The code is wrong, has expired or has been used.' }]);
    case 'not_begun':
      return NOT_BEGUN;
    case 'locked':
      return refuseLocked(error.waitMs);
    case 'busy':
      return refuseBusy();
    default:
      return unreachable(error);
  }
}
