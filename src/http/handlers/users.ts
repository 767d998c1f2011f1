import { findLackingPermission } from '../../access/lacking-permission.ts';
import type { Principal } from '../../access/principal.ts';
import type { Role } from '../../access/roles.ts';
import { type InvitationDeps, type InvitedUser, inviteAgain, inviteUser } from '../../access/users/invitations.ts';
import type { PeopleDeps } from '../../access/users/people.ts';
import { parseUserEmail, type User } from '../../access/users/user.ts';
import type { UserChange, UserKey } from '../../access/users/user-store.ts';
import { fail, ok, type Result } from '../../lib/result.ts';
import { type ApiResult, answer } from '../api.ts';
import { type ApiError, apiError } from '../errors.ts';
import { invalidDocument } from '../read-body.ts';

export interface UserDeps extends InvitationDeps, Pick<PeopleDeps, 'secondFactors'> {
  /** The link of an invitation, as a person opens it. */
  buildInvitationUrl(token: string): string;
}

interface UserRequest {
  principal: Principal;
  params: { id: string };
}

const UNKNOWN_USER = apiError('not_found', 'There is no user with this id.');
const EMAIL_TAKEN = apiError('email_taken', 'A user with this e-mail address already exists.');
const LAST_OWNER = apiError(
  'last_owner',
  'This is the last owner who can sign in: first make another user an owner who has accepted the invitation.',
);
const DISABLED = apiError('conflict', 'The user is disabled: enable it first.');

/** `GET /users`: in the order they were invited. */
export async function listUsers({ users }: UserDeps, { principal }: { principal: Principal }): Promise<ApiResult> {
  return answer(200, (await users.list(principal.accountId)).map(describeUser));
}

/** `GET /users/{id}` */
export async function readUser({ users }: UserDeps, request: UserRequest): Promise<ApiResult> {
  return answerUser(await users.find(keyOf(request)));
}

/** `POST /users`: adds a user and returns the link that lets the person set a password. No mail is sent. */
export async function createInvitedUser(
  deps: UserDeps,
  {
    principal,
    body,
  }: { principal: Principal; body: { email: string; role: Role; first_name?: string; last_name?: string } },
): Promise<ApiResult> {
  const email = parseUserEmail(body.email);
  if (email === undefined) return invalidDocument([{ path: 'email', message: 'Must be an e-mail address.' }]);
  const { first_name: firstName = '', last_name: lastName = '', role } = body;
  const refusal = refuseBeyondOwn(principal, role);
  if (refusal) return refusal;
  const invited = await inviteUser(deps, { accountId: principal.accountId, email, role, firstName, lastName });
  return invited ? answer(201, describeInvited(deps, invited)) : EMAIL_TAKEN;
}

/** `POST /users/{id}/invite`: a new link, for a lost one or a lost password. Earlier links end. */
export async function inviteUserAgain(deps: UserDeps, request: UserRequest): Promise<ApiResult> {
  const found = await findManaged(deps, request);
  if (!found.ok) return found.error;
  const invited = await inviteAgain(deps, keyOf(request));
  return invited ? answer(200, describeInvited(deps, invited)) : DISABLED;
}

/** `PUT /users/{id}`: the role, and whether the user may sign in. Both end the user's sessions and link at once. */
export async function changeUser(
  deps: UserDeps,
  request: UserRequest & { body: { role?: Role; disabled?: boolean } },
): Promise<ApiResult> {
  const { role, disabled: isDisabled } = request.body;
  const found = await findManaged(deps, request);
  if (!found.ok) return found.error;
  const refusal = role && refuseBeyondOwn(request.principal, role);
  if (refusal) return refusal;
  const now = deps.clock.now();
  return answerChange(await deps.users.change(keyOf(request), { role, isDisabled, now }));
}

/** `DELETE /users/{id}`: returns the user as it was. */
export async function removeUser(deps: UserDeps, request: UserRequest): Promise<ApiResult> {
  const found = await findManaged(deps, request);
  return found.ok ? answerChange(await deps.users.remove(keyOf(request))) : found.error;
}

/** `DELETE /users/{id}/second_factor`: for a person who lost both the app and the recovery codes. */
export async function removeUsersSecondFactor(deps: UserDeps, request: UserRequest): Promise<ApiResult> {
  const found = await findManaged(deps, request);
  return found.ok ? answerUser(await deps.secondFactors.remove(keyOf(request), null)) : found.error;
}

/** The user of a request that changes one, who has no right that the caller lacks. */
async function findManaged({ users }: UserDeps, request: UserRequest): Promise<Result<User, ApiError>> {
  const user = await users.find(keyOf(request));
  if (!user) return fail(UNKNOWN_USER);
  const refusal = refuseBeyondOwn(request.principal, user.role);
  return refusal ? fail(refusal) : ok(user);
}

/** A caller cannot give a role, or change a user, with more permissions than its own. */
function refuseBeyondOwn(principal: Principal, role: Role): ApiError | undefined {
  const lacking = findLackingPermission(principal, role);
  if (lacking === undefined) return undefined;
  return apiError(
    'permission_required',
    `You cannot give the role ${role}: it has the permission ${lacking}, which you lack.`,
  );
}

/** A user as the API shows one. */
export function describeUser(user: User): object {
  return {
    id: user.id,
    email: user.email,
    first_name: user.firstName,
    last_name: user.lastName,
    role: user.role,
    status: user.status,
    has_second_factor: user.hasSecondFactor,
    created_at: new Date(user.createdAt).toISOString(),
    last_login_at: user.lastLoginAt === null ? null : new Date(user.lastLoginAt).toISOString(),
  };
}

function describeInvited({ buildInvitationUrl }: UserDeps, { user, token, expiresAt }: InvitedUser): object {
  const invitation = { url: buildInvitationUrl(token), expires_at: new Date(expiresAt).toISOString() };
  return { ...describeUser(user), invitation };
}

function answerUser(user: User | null): ApiResult {
  return user ? answer(200, describeUser(user)) : UNKNOWN_USER;
}

function answerChange(change: UserChange): ApiResult {
  if (change.kind === 'last_owner') return LAST_OWNER;
  return answerUser(change.kind === 'missing' ? null : change.user);
}

function keyOf({ principal, params }: UserRequest): UserKey {
  return { accountId: principal.accountId, userId: params.id };
}
