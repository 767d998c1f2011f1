import type { Principal } from '../../access/principal.ts';
import { buildTestBody } from '../../alerts/build-alert.ts';
import { type CapAlertDefinition, type CapAlertStore, THRESHOLDS_DEFAULT } from '../../alerts/cap-alert.ts';
import type { MailAlert } from '../../alerts/mail-alert.ts';
import type { SendAlert } from '../../alerts/send-alert.ts';
import { parseMailAddress } from '../../integrations/formats/mail-text.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Ids } from '../../lib/ids.ts';
import type { Problem } from '../../model/problem.ts';
import { type ApiResult, answer } from '../api.ts';
import { apiError } from '../errors.ts';
import { invalidDocument } from '../read-body.ts';
import { newSigningSecret } from './new-signing-secret.ts';

export interface CapAlertDeps {
  capAlerts: CapAlertStore;
  sendAlert: SendAlert;
  mailAlert: MailAlert;
  /** Has the installation a mail server? */
  isMailSet: boolean;
  /** Why a URL cannot be posted to; undefined: it can. */
  urlProblem(url: string): string | undefined;
  randomBytes(count: number): Buffer;
  ids: Ids;
  clock: Pick<Clock, 'now' | 'monotonic'>;
}

interface Caller {
  principal: Principal;
}

/** Alerts that the answer shows. */
const RECENT_MAX = 20;

const NONE = apiError('not_found', 'This account has no alerts of caps: PUT /account/cap_alerts makes them.');

/** `GET /account/cap_alerts`: the setting, and what became of the last alerts. */
export async function readCapAlerts(
  { capAlerts }: Pick<CapAlertDeps, 'capAlerts'>,
  { principal: { accountId } }: Caller,
): Promise<ApiResult> {
  const settings = await capAlerts.find(accountId);
  if (!settings) return NONE;
  return answer(200, { ...settings, recent: await capAlerts.listRecorded(accountId, RECENT_MAX) });
}

/** `PUT /account/cap_alerts`: the answer that makes the setting alone has the secret. */
export async function replaceCapAlerts(
  { capAlerts, urlProblem, isMailSet, randomBytes, clock }: CapAlertDeps,
  { principal: { accountId }, body }: Caller & { body: GivenAlerts },
): Promise<ApiResult> {
  const url = body.url?.trim() || null;
  const emails = [...new Set((body.emails ?? []).map((each) => each.trim()))];
  const problems = findProblems({ url, emails }, { urlProblem, isMailSet });
  if (problems.length > 0) return invalidDocument(problems);
  const thresholds = [...new Set(body.thresholds ?? THRESHOLDS_DEFAULT)].sort((one, other) => one - other);
  const definition: CapAlertDefinition = { url, emails, thresholds };
  const secret = newSigningSecret(randomBytes);
  const { settings, isNew } = await capAlerts.write(accountId, { definition, secret, now: clock.now() });
  return isNew ? answer(201, { ...settings, secret }) : answer(200, settings);
}

interface GivenAlerts {
  url?: string | null;
  emails?: string[];
  thresholds?: number[];
}

function findProblems(
  { url, emails }: { url: string | null; emails: readonly string[] },
  { urlProblem, isMailSet }: Pick<CapAlertDeps, 'urlProblem' | 'isMailSet'>,
): Problem[] {
  if (url === null && emails.length === 0) return [{ path: 'url', message: 'Give a url, emails, or both.' }];
  const problem = url === null ? undefined : urlProblem(url);
  const wrong = emails.findIndex((each) => parseMailAddress(each) === undefined);
  return [
    ...(problem === undefined ? [] : [{ path: 'url', message: `${problem}.` }]),
    ...(wrong === -1 ? [] : [{ path: `emails.${wrong}`, message: 'Must be an e-mail address.' }]),
    ...(emails.length > 0 && !isMailSet ? [{ path: 'emails', message: NO_MAIL }] : []),
  ];
}

const NO_MAIL = 'This installation has no mail server: its operator sets one with SLUICE_SMTP_URL.';

/** `DELETE /account/cap_alerts`: alerts that were not received yet are given up. */
export async function removeCapAlerts(
  { capAlerts, clock }: Pick<CapAlertDeps, 'capAlerts' | 'clock'>,
  { principal: { accountId } }: Caller,
): Promise<ApiResult> {
  const removed = await capAlerts.remove(accountId, clock.now());
  return removed ? answer(200, removed) : NONE;
}

/** `POST /account/cap_alerts/rotate_secret`: alerts are signed with the new secret from now on. */
export async function rotateCapAlertSecret(
  { capAlerts, randomBytes, clock }: Pick<CapAlertDeps, 'capAlerts' | 'randomBytes' | 'clock'>,
  { principal: { accountId } }: Caller,
): Promise<ApiResult> {
  const secret = newSigningSecret(randomBytes);
  const settings = await capAlerts.writeSecret(accountId, { secret, now: clock.now() });
  return settings ? answer(200, { ...settings, secret }) : NONE;
}

/** `POST /account/cap_alerts/test`: sends one alert of no cap and says what became of it. */
export async function testCapAlert(
  {
    capAlerts,
    sendAlert,
    mailAlert,
    ids,
    clock,
  }: Pick<CapAlertDeps, 'capAlerts' | 'sendAlert' | 'mailAlert' | 'ids' | 'clock'>,
  { principal: { accountId } }: Caller,
): Promise<ApiResult> {
  const target = await capAlerts.findTarget(accountId);
  if (!target) return NONE;
  const body = buildTestBody(clock.now());
  const startedAt = clock.monotonic();
  const alert = { id: `cap_alert_test_${ids.next()}`, body };
  const [{ fault, response }, mailFault] = await Promise.all([
    sendAlert(target, alert),
    target.emails.length === 0 ? null : mailAlert(target.emails, alert),
  ]);
  return answer(200, {
    fault,
    mail_fault: mailFault,
    ms: Math.round(clock.monotonic() - startedAt),
    request: body,
    response,
  });
}
