import { acceptInvitation } from '../../access/users/invitations.ts';
import type { PeopleDeps } from '../../access/users/people.ts';
import { hashToken } from '../../access/users/token.ts';
import type { Names } from '../../access/users/user-store.ts';
import type { AccountStore } from '../../accounts/account-store.ts';
import { assert, unreachable } from '../../lib/assert.ts';
import { type ApiResult, answer } from '../api.ts';
import { apiError } from '../errors.ts';
import { invalidDocument } from '../read-body.ts';
import { refuseBusy } from './session.ts';
import { describeUser } from './users.ts';

export interface InvitationRouteDeps extends Pick<PeopleDeps, 'users' | 'clock' | 'passwords'> {
  accounts: AccountStore;
}

const NO_INVITATION = apiError(
  'not_found',
  'The link was used, replaced by a newer one, or has expired: ask for a new invitation.',
);

/** `POST /invitations/read`: whom a link is for. The token is in the body, because URLs are written into logs. */
export async function readInvitation(
  { users, accounts, clock }: InvitationRouteDeps,
  { body }: { body: { token: string } },
): Promise<ApiResult> {
  const invited = await users.findInvited(hashToken(body.token), clock.now());
  if (!invited) return NO_INVITATION;
  const { user, expiresAt } = invited;
  const account = await accounts.find(user.accountId);
  assert(account, 'a user has an account');
  return answer(200, {
    account: { name: account.name },
    email: user.email,
    first_name: user.firstName,
    last_name: user.lastName,
    role: user.role,
    is_new: user.status === 'invited',
    expires_at: new Date(expiresAt).toISOString(),
  });
}

/** `POST /invitations/accept`: sets the password of the user a link is for. Signing in is another request. */
export async function acceptUsersInvitation(
  deps: InvitationRouteDeps,
  { body }: { body: { token: string; password: string; first_name?: string; last_name?: string } },
): Promise<ApiResult> {
  const { token, password, first_name: firstName, last_name: lastName } = body;
  const names: Partial<Names> = {
    ...(firstName === undefined ? {} : { firstName }),
    ...(lastName === undefined ? {} : { lastName }),
  };
  const accepted = await acceptInvitation(deps, { token, password, names });
  if (accepted.ok) return answer(200, describeUser(accepted.value));
  switch (accepted.error.kind) {
    case 'missing':
      return NO_INVITATION;
    case 'bad_password':
      return invalidDocument([{ path: 'password', message: accepted.error.message }]);
    case 'busy':
      return refuseBusy();
    default:
      return unreachable(accepted.error);
  }
}
