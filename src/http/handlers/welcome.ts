import { hashToken } from '../../access/users/token.ts';
import { acceptWelcome, type WelcomeDeps } from '../../access/users/welcome.ts';
import { assert, unreachable } from '../../lib/assert.ts';
import { type ApiResult, answer } from '../api.ts';
import { apiError } from '../errors.ts';
import { invalidDocument } from '../read-body.ts';
import type { RequestBrowser } from '../route.ts';
import { answerSession, refuseBusy, type SessionRouteDeps } from './session.ts';

export interface WelcomeRouteDeps extends SessionRouteDeps, WelcomeDeps {}

const NO_WELCOME = apiError(
  'not_found',
  'The link was used, has expired, or somebody has signed in already. Each start of Sluice prints a new one while nobody has signed in; "node bin/sluice.js users invite" makes a link at any time.',
);
const EMAIL_TAKEN = apiError('email_taken', 'A user with this e-mail address already exists.');

/** `POST /welcome/read`: what the page of a link shows. The token is in the body, because URLs are written into logs. */
export async function readWelcomeLink(
  { welcome, accounts, clock }: WelcomeRouteDeps,
  { body }: { body: { token: string } },
): Promise<ApiResult> {
  const found = await welcome.find(hashToken(body.token), clock.now());
  if (!found) return NO_WELCOME;
  const account = await accounts.find(found.accountId);
  assert(account, 'a welcome link has an account');
  const expires = new Date(found.expiresAt).toISOString();
  return answer(200, { account: { name: account.name, time_zone: account.timeZone }, expires_at: expires });
}

interface AcceptedBody {
  token: string;
  email: string;
  password: string;
  first_name?: string;
  last_name?: string;
}

/** `POST /welcome/accept`: makes the first owner, who is signed in with the answer. */
export async function acceptWelcomeLink(
  deps: WelcomeRouteDeps,
  { body, browser }: { body: AcceptedBody; browser: RequestBrowser },
): Promise<ApiResult> {
  const { token, email, password, first_name: firstName = '', last_name: lastName = '' } = body;
  const { ip, userAgent } = browser;
  const names = { firstName, lastName };
  const accepted = await acceptWelcome(deps, { token, email, password, names, browser: { ip, userAgent } });
  if (accepted.ok) return answerSession(deps, { live: accepted.value, status: 201 });
  switch (accepted.error.kind) {
    case 'missing':
      return NO_WELCOME;
    case 'email_taken':
      return EMAIL_TAKEN;
    case 'bad_email':
      return invalidDocument([{ path: 'email', message: 'Must be an e-mail address.' }]);
    case 'bad_password':
      return invalidDocument([{ path: 'password', message: accepted.error.message }]);
    case 'busy':
      return refuseBusy();
    default:
      return unreachable(accepted.error);
  }
}
