import { createHash } from 'node:crypto';
import type { Clock } from '../../../../lib/clock.ts';
import type { Vars } from '../../../../model/vars.ts';
import { isTruthy, textOf } from '../../../../variables/rich-value.ts';
import { basicLogin } from '../request-headers.ts';
import { scalarText } from '../write-xml.ts';
import { escapedText } from './write-arguments.ts';

/** How a step shows who it is: the first of these that is mapped whole (spec modules c4). */
export type SoapSecurity =
  | { kind: 'none' }
  /** HTTP Basic or a bearer token. */
  | { kind: 'http'; authorization: string }
  | { kind: 'wsse'; username: string; password: string; isDigest: boolean };

export function readSecurity(vars: Vars): SoapSecurity {
  const { username, password } = basicLogin(vars);
  if (username !== '' && password !== '') {
    return { kind: 'http', authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
  }
  const token = textOf(vars['bearer_token']).trim();
  if (token !== '') return { kind: 'http', authorization: `Bearer ${token}` };
  const wsse = { username: textOf(vars['wss_username']), password: textOf(vars['wss_password']) };
  if (wsse.username === '' || wsse.password === '') return { kind: 'none' };
  return { kind: 'wsse', ...wsse, isDigest: isTruthy(vars['wss_digest_password']) };
}

/** What a header that proves something at one moment is made with. */
export interface SoapTools {
  clock: Clock;
  randomBytes(size: number): Uint8Array;
}

/** How long the recipient may take the header for fresh. */
const EXPIRES_MS = 600_000;
const NONCE_BYTES = 20;

const OASIS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss';
const UTILITY = `${OASIS}-wssecurity-utility-1.0.xsd`;
const TOKEN = `${OASIS}-username-token-profile-1.0`;
const BASE_64 = `${OASIS}-soap-message-security-1.0#Base64Binary`;

/** Stands for a password, or for its digest, in what the event keeps. */
const MASKED = '********';

/** A header as it is sent and as the event keeps it. */
export interface SecurityHeader {
  sent: string;
  recorded: string;
}

/** `wsse:Security` with a user name token (OASIS WS-Security UsernameToken Profile 1.0, 3.1). */
export function writeSecurity(
  { username, password, isDigest }: SoapSecurity & { kind: 'wsse' },
  { clock, randomBytes }: SoapTools,
): SecurityHeader {
  const now = clock.now();
  const created = formatSecond(now);
  const nonce = randomBytes(NONCE_BYTES);
  const secret = isDigest ? computeDigest(password, { created, nonce }) : escapedText(scalarText(password));
  const encoded = Buffer.from(nonce).toString('base64');
  const kind = isDigest ? 'PasswordDigest' : 'PasswordText';
  const proof = isDigest ? `<wsse:Nonce EncodingType="${BASE_64}">${encoded}</wsse:Nonce>` : '';
  const withSecret = (shown: string): string =>
    `<wsse:Security xmlns:wsse="${OASIS}-wssecurity-secext-1.0.xsd" xmlns:wsu="${UTILITY}">` +
    `<wsu:Timestamp wsu:Id="Timestamp-${created}"><wsu:Created>${created}</wsu:Created>` +
    `<wsu:Expires>${formatSecond(now + EXPIRES_MS)}</wsu:Expires></wsu:Timestamp>` +
    `<wsse:UsernameToken xmlns:wsu="${UTILITY}" wsu:Id="SecurityToken-${created}">` +
    `<wsse:Username>${escapedText(scalarText(username))}</wsse:Username>` +
    `<wsse:Password Type="${TOKEN}#${kind}">${shown}</wsse:Password>${proof}` +
    `<wsu:Created>${created}</wsu:Created></wsse:UsernameToken></wsse:Security>`;
  return { sent: withSecret(secret), recorded: withSecret(MASKED) };
}

/** SHA-1 because the profile says so; the nonce and the moment keep it from being used again. */
function computeDigest(password: string, { created, nonce }: { created: string; nonce: Uint8Array }): string {
  return createHash('sha1').update(nonce).update(created).update(password).digest('base64');
}

function formatSecond(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}
