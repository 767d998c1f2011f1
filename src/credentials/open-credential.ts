import type { CredentialRenewal } from '../integrations/contract.ts';
import {
  type AuthenticatingType,
  authenticatesRequests,
  type CredentialName,
  type CredentialTypeName,
  type LiveCredential,
} from '../model/credential.ts';
import type { CredentialKey } from './credential-store.ts';
import { attributesOf } from './credential-types.ts';

/** How a request says who sends it. */
export type Authorization =
  | { kind: 'header'; name: string; value: string }
  | { kind: 'query'; name: string; value: string };

/** A credential while one request is built with it; it is kept nowhere. */
export interface OpenedCredential extends CredentialName {
  /** What templates and modules read below `credential` (spec modules a4). */
  vars: Readonly<Record<string, unknown>>;
  /** Texts that are asterisks wherever something is stored or answered. */
  secrets: readonly string[];
  /** null: its type is no way to authenticate a request. */
  authorization: Authorization | null;
  /** The token it was opened with, for `renew`; null: its type has none. */
  accessToken: string | null;
}

/** `failed`: nothing may be sent without it; the reason names no value of it. */
export type Opening = { kind: 'open'; credential: OpenedCredential } | { kind: 'failed'; reason: string };

/** Opens the credentials of the accounts. A promise only where a token must be fetched first. */
export interface Credentials {
  open(key: CredentialKey, bounds: { timeoutMs: number }): Opening | Promise<Opening>;
  /** The same with another token than the one that a recipient refused. */
  renew(key: CredentialKey, used: { accessToken: string; timeoutMs: number }): Promise<Opening>;
  /** The same with another value of one attribute, which a module gets by itself and which is kept. */
  renewValue(key: CredentialKey, renewal: ValueRenewal): Promise<Opening>;
}

/** The value of an attribute that a recipient refused, and how another one is got. */
export interface ValueRenewal extends CredentialRenewal {
  timeoutMs: number;
}

const UNREADABLE =
  'Its secrets cannot be read with this SLUICE_SECRET_KEY: give them again with PUT /credentials, or restore the key.';

export function describeUnreadable({ name }: CredentialName): string {
  return `The credential "${name}" cannot be used. ${UNREADABLE}`;
}

export function describeMissing(credentialId: string): string {
  return `There is no credential with the id ${credentialId}: GET /credentials lists them.`;
}

/** null: its secrets cannot be read. `accessToken`: of an oauth2 credential. */
export function openCredential(live: LiveCredential, accessToken: string | null): OpenedCredential | null {
  if (live.secrets === null) return null;
  const { id, name, type, settings, secrets } = live;
  const token = accessToken === null ? {} : { token: accessToken, access_token: accessToken, accessToken };
  // What tokens are fetched with is not for recipients.
  const own = type === 'oauth2' ? {} : secrets;
  const vars = {
    ...{ id, name, type, package: live.package, account_id: live.accountId },
    ...{ created_at: new Date(live.createdAt).toISOString(), updated_at: new Date(live.updatedAt).toISOString() },
    ...settings,
    ...own,
    ...token,
  };
  const texts = [...Object.values(own).map(String), ...(accessToken === null ? [] : [accessToken])];
  return {
    ...{ id, name, type, vars, accessToken },
    authorization: authorizeWith(type, vars),
    secrets: [...new Set(texts.filter((text) => text !== ''))],
  };
}

/** What stands for secrets where nothing is sent. */
const MASK = '********';

/** The same of a flow that only shows what it would send: every secret is asterisks. */
export function openMasked({ id, name, type }: CredentialName): OpenedCredential {
  const secrets = attributesOf(type).map(({ name: attribute }) => [attribute, MASK]);
  const token = type === 'oauth2' ? { token: MASK, access_token: MASK, accessToken: MASK } : {};
  const vars = { id, name, type, ...Object.fromEntries(secrets), ...token };
  const accessToken = type === 'oauth2' ? MASK : null;
  return { id, name, type, vars, secrets: [], accessToken, authorization: authorizeWith(type, vars) };
}

type Authorize = (vars: Readonly<Record<string, unknown>>) => Authorization | null;

const AUTHORIZE: Readonly<Record<AuthenticatingType, Authorize>> = {
  user: ({ username, password }) => inHeader(`Basic ${encodeBase64(`${username}:${password}`)}`),
  token: ({ token }) => inHeader(`Bearer ${token}`),
  oauth2: ({ access_token: token }) => inHeader(`Bearer ${token}`),
  api_key: ({ key, location, parameter }) =>
    // Of a masked one neither is known; `none`: only mappings read it.
    location === 'header' || location === 'query'
      ? { kind: location, name: String(parameter), value: String(key) }
      : null,
};

function authorizeWith(type: CredentialTypeName, vars: Readonly<Record<string, unknown>>): Authorization | null {
  return authenticatesRequests(type) ? AUTHORIZE[type](vars) : null;
}

function inHeader(value: string): Authorization {
  return { kind: 'header', name: 'Authorization', value };
}

function encodeBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
