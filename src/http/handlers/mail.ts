import type { Principal } from '../../access/principal.ts';
import type { UserStore } from '../../access/users/user-store.ts';
import type { MailAddress, MailServer } from '../../integrations/mail-message.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Ids } from '../../lib/ids.ts';
import { openSupplies, type TakeOne } from '../../lib/supplies.ts';
import type { SupplyBounds } from '../../lib/supply.ts';
import type { SendInstallationMail } from '../../mail/installation-mail.ts';
import { type ApiResult, answer } from '../api.ts';
import { apiError } from '../errors.ts';
import { tooManyRequests } from '../too-many-requests.ts';

/** Test messages to one user by one process: so many at once, then one a minute. */
export const TEST_MAILS: SupplyBounds = { most: 5, perSecond: 1 / 60 };
/** A message of a few lines. */
const TIMEOUT_MS = 20_000;

/** The mail of the installation as its operator set it; null: not set, so none is sent. */
export interface InstallationMail {
  server: MailServer;
  from: MailAddress;
  send: SendInstallationMail;
}

export interface MailDeps {
  installationMail: InstallationMail | null;
  testMails: TakeOne;
  users: Pick<UserStore, 'list'>;
  ids: Ids;
  clock: Pick<Clock, 'now' | 'monotonic'>;
}

/** By the id of a user. */
export function createTestMails(clock: Pick<Clock, 'monotonic'>): TakeOne {
  return openSupplies(TEST_MAILS, clock);
}

/** `GET /account/mail`: what the operator set, but for the login. */
export async function readMailSettings({ installationMail }: Pick<MailDeps, 'installationMail'>): Promise<ApiResult> {
  if (installationMail === null) return answer(200, { is_set: false, server: null, from: null });
  const { server, from } = installationMail;
  const { host, port, security, username } = server;
  return answer(200, { is_set: true, server: { host, port, security, has_login: username !== undefined }, from });
}

/** `POST /account/mail/test`: one message to the address of the user who asks, and what became of it. */
export async function testMail(
  { installationMail, testMails, users, ids, clock }: MailDeps,
  { principal: { accountId, actor } }: { principal: Principal },
): Promise<ApiResult> {
  const isPerson = actor.kind === 'session' || actor.kind === 'user';
  const user = isPerson ? (await users.list(accountId)).find(({ id }) => id === actor.id) : undefined;
  if (!user) return NO_ADDRESS;
  const waitMs = testMails(user.id);
  if (waitMs > 0) return tooManyRequests('test messages', waitMs);
  if (installationMail === null) return answer(200, { to: user.email, fault: NOT_SET, ms: 0 });
  const startedAt = clock.monotonic();
  const asked = new Date(clock.now()).toISOString();
  const message = {
    to: [{ name: '', address: user.email }],
    subject: 'Test message of Sluice',
    text: `This message was asked for in the settings of Sluice at ${asked}.\nAlerts, reports and notices of exports come from the same address.\n`,
    messageId: `mail_test_${ids.next()}@sluice.invalid`,
  };
  const result = await installationMail.send(message, { timeoutMs: TIMEOUT_MS });
  const fault = result.kind === 'sent' ? null : result.reason;
  return answer(200, { to: user.email, fault, ms: Math.round(clock.monotonic() - startedAt) });
}

const NO_ADDRESS = apiError(
  'session_required',
  'The message goes to the user who asks, and this API key is of none: sign in with POST /session, or use a key of your own.',
);
const NOT_SET = 'this installation has no mail server: its operator sets one with SLUICE_SMTP_URL and SLUICE_MAIL_FROM';
