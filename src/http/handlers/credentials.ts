import type { Principal } from '../../access/principal.ts';
import { authorizeRequest } from '../../credentials/authorize-request.ts';
import type { CredentialKeeper } from '../../credentials/credential-keeper.ts';
import type { CredentialStore, CredentialUse, CredentialVault } from '../../credentials/credential-store.ts';
import { CREDENTIAL_TYPE_ROWS } from '../../credentials/credential-types.ts';
import { describeCredential } from '../../credentials/describe-credential.ts';
import { describeUnreadable, type Opening, openCredential } from '../../credentials/open-credential.ts';
import { type GivenCredential, readCredential } from '../../credentials/read-credential.ts';
import type { Deliver } from '../../integrations/contract.ts';
import { mailServerOf } from '../../integrations/mail-message.ts';
import { assert, unreachable } from '../../lib/assert.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Ids } from '../../lib/ids.ts';
import type { Mailer } from '../../mail/mailer.ts';
import { CREDENTIAL_TYPES, type LiveCredential } from '../../model/credential.ts';
import { readSftpLogin } from '../../sftp/sftp-login.ts';
import type { SftpBounds, SftpEnd, SftpLogin } from '../../sftp/upload-file.ts';
import { createScrubber } from '../../variables/scrub-secrets.ts';
import { type ApiResult, answer } from '../api.ts';
import { apiError } from '../errors.ts';
import { invalidDocument } from '../read-body.ts';

export interface CredentialDeps {
  credentials: CredentialStore;
  credentialTests: {
    vault: Pick<CredentialVault, 'find'>;
    fetchAnew: CredentialKeeper['fetchAnew'];
    /** The client itself, which refuses private addresses. */
    deliver: Deliver;
    /** Refuses private addresses, too. */
    checkMail: Mailer['check'];
    /** Likewise. */
    trySftp(login: SftpLogin, bounds: SftpBounds): Promise<SftpEnd>;
  };
  /** Why a URL cannot be asked; undefined: it can. */
  urlProblem(url: string): string | undefined;
  ids: Ids;
  clock: Pick<Clock, 'now' | 'monotonic'>;
}

interface CredentialRequest {
  principal: Principal;
  params: { id: string };
}

const UNKNOWN_CREDENTIAL = apiError('not_found', 'There is no credential with this id.');
const MALFORMED = 'The credential is not valid; details says where.';

/** `GET /credentials`. */
export async function listCredentials(
  { credentials }: Pick<CredentialDeps, 'credentials'>,
  { principal }: { principal: Principal },
): Promise<ApiResult> {
  return answer(200, (await credentials.list(principal.accountId)).map(describeCredential));
}

/** `GET /credential_types`: what each type consists of; the same for every account. */
export async function listCredentialTypes(): Promise<ApiResult> {
  return answer(200, TYPES);
}

const TYPES = CREDENTIAL_TYPES.map((name) => {
  const { label, does, test, attributes } = CREDENTIAL_TYPE_ROWS[name];
  return {
    ...{ name, label, does, test },
    attributes: attributes.map((each) => ({
      ...{ name: each.name, does: each.does },
      ...{ secret: each.isSecret === true, required: each.isRequired === true, lines: each.hasLines === true },
      ...{ port: each.isPort === true, choices: each.choices ?? null, default: each.default ?? null },
    })),
  };
});

/** `POST /credentials`. */
export async function createCredential(
  { credentials, urlProblem, ids, clock }: Pick<CredentialDeps, 'credentials' | 'urlProblem' | 'ids' | 'clock'>,
  { principal, body }: { principal: Principal; body: GivenCredential },
): Promise<ApiResult> {
  const read = readCredential(body, { isChange: false, urlProblem });
  if (!read.ok) return invalidDocument(read.error, MALFORMED);
  const key = { accountId: principal.accountId, credentialId: ids.next() };
  const made = await credentials.insert(key, { definition: read.value, now: clock.now() });
  return answer(201, describeCredential(made));
}

/** `GET /credentials/{id}`. */
export async function readCredentialById(
  { credentials }: Pick<CredentialDeps, 'credentials'>,
  request: CredentialRequest,
): Promise<ApiResult> {
  const found = await credentials.find(keyOf(request));
  return found ? answer(200, describeCredential(found)) : UNKNOWN_CREDENTIAL;
}

/** `PUT /credentials/{id}`: flows that name it follow at once; secrets that are null or absent stay. */
export async function replaceCredential(
  { credentials, urlProblem, clock }: Pick<CredentialDeps, 'credentials' | 'urlProblem' | 'clock'>,
  { body, ...request }: CredentialRequest & { body: GivenCredential },
): Promise<ApiResult> {
  const read = readCredential(body, { isChange: true, urlProblem });
  if (!read.ok) return invalidDocument(read.error, MALFORMED);
  const replaced = await credentials.replace(keyOf(request), { definition: read.value, now: clock.now() });
  switch (replaced.kind) {
    case 'done':
      return answer(200, describeCredential(replaced.credential));
    case 'missing':
      return UNKNOWN_CREDENTIAL;
    case 'other-type': {
      const message = `Cannot be changed: this credential is of the type ${replaced.type}; make another one with POST /credentials.`;
      return invalidDocument([{ path: 'type', message }], MALFORMED);
    }
    case 'unreadable': {
      const message = 'The stored secrets cannot be read with this SLUICE_SECRET_KEY: give all of them again.';
      return invalidDocument([{ path: '', message }], MALFORMED);
    }
    default:
      return unreachable(replaced);
  }
}

/** `DELETE /credentials/{id}`: refused while a flow names it, as saved or as it runs. */
export async function removeCredential(
  { credentials }: Pick<CredentialDeps, 'credentials'>,
  request: CredentialRequest,
): Promise<ApiResult> {
  const removed = await credentials.remove(keyOf(request));
  if (removed.kind === 'missing') return UNKNOWN_CREDENTIAL;
  if (removed.kind === 'done') return answer(200, describeCredential(removed.credential));
  return apiError('conflict', describeUses(removed.uses));
}

/** `GET /credentials/{id}/uses`. */
export async function listCredentialUses(
  { credentials }: Pick<CredentialDeps, 'credentials'>,
  request: CredentialRequest,
): Promise<ApiResult> {
  if (!(await credentials.find(keyOf(request)))) return UNKNOWN_CREDENTIAL;
  const uses = await credentials.listUses(keyOf(request));
  return answer(
    200,
    uses.map(({ flow, pricingService, batch, path, isSaved, isDeployed }) => ({
      ...{ flow, pricing_service: pricingService, batch, path },
      ...{ saved: isSaved, deployed: isDeployed },
    })),
  );
}

/** How long a URL that a test asks may take, ms. */
const TEST_TIMEOUT_MS = 10_000;

/** `POST /credentials/{id}/test`: real requests, of which the answer has the status alone. */
export async function testCredential(
  { credentialTests, urlProblem, clock }: Pick<CredentialDeps, 'credentialTests' | 'urlProblem' | 'clock'>,
  { body, ...request }: CredentialRequest & { body: { url?: string } },
): Promise<ApiResult> {
  const live = await credentialTests.vault.find(keyOf(request));
  if (!live) return UNKNOWN_CREDENTIAL;
  const { test, label } = CREDENTIAL_TYPE_ROWS[live.type];
  const url = body.url?.trim();
  const problem = url === undefined ? (test === 'url' ? 'Is required for this type' : undefined) : urlProblem(url);
  if (problem !== undefined && (test === 'url' || test === 'token'))
    return invalidDocument([{ path: 'url', message: `${problem}.` }]);
  const startedAt = clock.monotonic();
  const tested = (end: Partial<TestEnd>): ApiResult =>
    answer(200, {
      ...{ outcome: 'failure', reason: null, status: null, expires_at: null, ...end },
      ms: Math.round(clock.monotonic() - startedAt),
    });
  if (test === 'none') return tested({ outcome: 'untested', reason: `${label}: this type cannot be tested yet.` });
  const opening = await openForTest(credentialTests, live);
  if (opening.kind === 'failed') return tested({ reason: opening.reason });
  const { credential } = opening;
  if (credential.authorization === null && credential.type === 'api_key')
    return tested({ outcome: 'untested', reason: 'Only mappings read this key: there is no request to test it with.' });
  if (test === 'mail') return tested(await testMailServer(credentialTests, credential.vars));
  if (test === 'sftp') return tested(await testSftpServer(credentialTests, credential.vars));
  const expires = await readExpiry(credentialTests, request);
  if (url === undefined) return tested({ outcome: 'success', expires_at: expires });
  const asked = authorizeRequest({ url, method: 'GET', headers: { Accept: '*/*' } }, credential.authorization);
  const result = await credentialTests.deliver({ ...asked, followAllRedirects: false }, { timeoutMs: TEST_TIMEOUT_MS });
  if (result.kind !== 'answered') {
    const reason = `The URL was not reached (${createScrubber(credential.secrets)(result.reason)}).`;
    return tested({ reason, expires_at: expires });
  }
  const { status } = result.response;
  return tested({
    ...{ outcome: status < 400 ? 'success' : 'failure', status, expires_at: expires },
    reason: status < 400 ? null : `The URL answered status ${status}.`,
  });
}

interface TestEnd {
  outcome: 'success' | 'failure' | 'untested';
  reason: string | null;
  status: number | null;
  expires_at: string | null;
}

/** Connects, encrypts and logs in; no message is sent. */
async function testMailServer(
  { checkMail }: CredentialDeps['credentialTests'],
  vars: Readonly<Record<string, unknown>>,
): Promise<Partial<TestEnd>> {
  const server = mailServerOf(vars);
  assert(server, 'only credentials of mail servers are tested so');
  const fault = await checkMail(server, { timeoutMs: TEST_TIMEOUT_MS });
  if (fault === null) return { outcome: 'success' };
  return { reason: `${fault.reason}.`, status: fault.kind === 'refused' ? fault.code : null };
}

/** Connects and logs in; no file is sent. For a credential without a fingerprint the answer has the server's. */
async function testSftpServer(
  { trySftp }: CredentialDeps['credentialTests'],
  vars: Readonly<Record<string, unknown>>,
): Promise<Partial<TestEnd>> {
  const login = readSftpLogin(vars);
  if (!login.ok) return { reason: login.error };
  const end = await trySftp(login.value, { timeoutMs: TEST_TIMEOUT_MS, signal: NEVER_STOPPED });
  if (end.kind === 'failed') return { reason: `${end.reason}.` };
  if (login.value.hostKey !== undefined) return { outcome: 'success' };
  return { outcome: 'success', reason: `The server is not checked: its host_key is ${end.fingerprint}.` };
}

const NEVER_STOPPED = new AbortController().signal;

async function openForTest({ fetchAnew }: CredentialDeps['credentialTests'], live: LiveCredential): Promise<Opening> {
  if (live.type === 'oauth2' && live.secrets !== null) return fetchAnew(live);
  const credential = openCredential(live, null);
  return credential ? { kind: 'open', credential } : { kind: 'failed', reason: describeUnreadable(live) };
}

async function readExpiry(
  { vault }: CredentialDeps['credentialTests'],
  request: CredentialRequest,
): Promise<string | null> {
  const expiresAt = (await vault.find(keyOf(request)))?.tokenExpiresAt ?? null;
  return expiresAt === null ? null : new Date(expiresAt).toISOString();
}

function keyOf({ principal, params }: CredentialRequest): { accountId: string; credentialId: string } {
  return { accountId: principal.accountId, credentialId: params.id };
}

/** Places in a sentence; the count says how many others there are. */
const PLACES_NAMED_MAX = 10;

function describeUses(uses: readonly CredentialUse[]): string {
  const places = uses.slice(0, PLACES_NAMED_MAX).map(describeUse);
  const more = uses.length > places.length ? ` and ${uses.length - places.length} more` : '';
  const remedy = uses.some(({ flow }) => flow !== null)
    ? 'remove it there, save and deploy first'
    : 'remove it there first';
  return `The credential is used by ${places.join(', ')}${more}: ${remedy}.`;
}

function describeUse({ flow, pricingService, batch, path }: CredentialUse): string {
  if (flow !== null) return `the flow "${flow.name}" at ${path}`;
  return batch === null ? `the pricing service "${pricingService?.name ?? ''}"` : `the batch "${batch.name}"`;
}
