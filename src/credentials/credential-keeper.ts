import type { CredentialRenewal, Deliver } from '../integrations/contract.ts';
import type { Clock } from '../lib/clock.ts';
import type { LiveCredential } from '../model/credential.ts';
import type { CredentialKey, CredentialVault, FetchedToken } from './credential-store.ts';
import { fetchToken, TOKEN_TIMEOUT_MS } from './fetch-token.ts';
import {
  type Credentials,
  describeMissing,
  describeUnreadable,
  type Opening,
  openCredential,
} from './open-credential.ts';

/** A token is renewed in the background when it has less left; leads go on with it meanwhile. */
const RENEWED_BEFORE_MS = 60_000;
/** One that has less left is not sent any more: it could end on the way. */
const USED_UNTIL_MS = 5_000;
/** After a fetch that failed, the next one waits so long, however many leads ask. */
const FAILED_FOR_MS = 1_000;
/** The time of the last use is written at most so often. */
const USE_WRITTEN_EVERY_MS = 60_000;

export interface CredentialKeeperDeps {
  vault: CredentialVault;
  /** The client itself: a token URL is no recipient. */
  deliver: Deliver;
  clock: Clock;
  startTimer(ms: number, onEnd: () => void): () => void;
  report(error: unknown): void;
}

/** The credentials of the accounts whose flows run here, in memory, with one token each that is renewed in time. */
export interface CredentialKeeper extends Credentials {
  /** Reads those of an account anew; called whenever its configuration has changed. */
  follow(accountId: string): Promise<void>;
  /** One token from the token URL, whatever is kept: for a test of the credential. */
  fetchAnew(live: LiveCredential): Promise<Opening>;
}

interface TokenState {
  /** Of the credential that the token was fetched with. */
  updatedAt: number;
  token: FetchedToken | null;
  /** The one fetch under way. */
  fetching: Promise<string | null> | null;
  /** Monotonic ms of the last failed obtain, and why it failed. */
  failedAt: number;
  fault: string;
}

interface RenewalState {
  /** The one renewal under way. */
  running: Promise<string | null> | null;
  /** Monotonic ms of the last one that failed, and why it failed. */
  failedAt: number;
  fault: string;
}

export function createCredentialKeeper(deps: CredentialKeeperDeps): CredentialKeeper {
  const { vault, deliver, clock, startTimer, report } = deps;
  const accounts = new Map<string, Map<string, LiveCredential>>();
  /** By id, of oauth2 credentials; ids are unique among the accounts. */
  const tokens = new Map<string, TokenState>();
  const noted = new Map<string, number>();
  /** By id, of credentials whose values modules renew. */
  const renewals = new Map<string, RenewalState>();

  function find({ accountId, credentialId }: CredentialKey): LiveCredential | undefined {
    return accounts.get(accountId)?.get(credentialId);
  }

  function stateOf({ id, updatedAt }: LiveCredential): TokenState {
    const known = tokens.get(id);
    if (known && known.updatedAt === updatedAt) return known;
    const state = { updatedAt, token: null, fetching: null, failedAt: Number.NEGATIVE_INFINITY, fault: '' };
    tokens.set(id, state);
    return state;
  }

  function leftMs({ token }: TokenState): number {
    return token === null ? 0 : token.expiresAt - clock.now();
  }

  /** Off the path of the lead: it waits for nothing here. */
  function noteUse(live: LiveCredential): void {
    const now = clock.monotonic();
    if (now - (noted.get(live.id) ?? Number.NEGATIVE_INFINITY) < USE_WRITTEN_EVERY_MS) return;
    noted.set(live.id, now);
    vault.noteUse({ accountId: live.accountId, credentialId: live.id }, clock.now()).catch(report);
  }

  function opening(live: LiveCredential, accessToken: string | null): Opening {
    const credential = openCredential(live, accessToken);
    return credential ? { kind: 'open', credential } : { kind: 'failed', reason: describeUnreadable(live) };
  }

  /** One at a time; answers why there is no token, null: there is one. `refused`: the token that is not wanted again. */
  function fetchOnce(live: LiveCredential, refused: string | null): Promise<string | null> {
    const state = stateOf(live);
    state.fetching ??= fetchInto(live, { state, refused }).finally(() => {
      state.fetching = null;
    });
    return state.fetching;
  }

  async function fetchInto(
    live: LiveCredential,
    { state, refused }: { state: TokenState; refused: string | null },
  ): Promise<string | null> {
    if (clock.monotonic() - state.failedAt < FAILED_FOR_MS) return state.fault;
    const stored = await readStored(live);
    if (stored && stored.accessToken !== refused && stored.expiresAt - clock.now() > RENEWED_BEFORE_MS) {
      state.token = stored;
      return null;
    }
    const fetched = await fetchToken(live, { deliver, now: clock.now, timeoutMs: TOKEN_TIMEOUT_MS });
    if (!fetched.ok) {
      state.failedAt = clock.monotonic();
      state.fault = fetched.error;
      return fetched.error;
    }
    state.token = fetched.value;
    await keep(live, fetched.value);
    return null;
  }

  /** Another process may have fetched one; without the database each fetches its own. */
  async function readStored(live: LiveCredential): Promise<FetchedToken | null> {
    try {
      return await vault.readToken({ accountId: live.accountId, credentialId: live.id });
    } catch (error) {
      report(error);
      return null;
    }
  }

  async function keep(live: LiveCredential, token: FetchedToken): Promise<void> {
    try {
      const key = { accountId: live.accountId, credentialId: live.id };
      await vault.writeToken(key, { ...token, updatedAt: live.updatedAt });
    } catch (error) {
      // The token is in memory, and other processes fetch their own.
      report(error);
    }
  }

  async function fetched(
    live: LiveCredential,
    { refused, timeoutMs }: { refused: string | null; timeoutMs: number },
  ): Promise<Opening> {
    const fault = await within(timeoutMs, fetchOnce(live, refused));
    const { token } = stateOf(live);
    if (fault === null && token !== null) return opening(live, token.accessToken);
    return { kind: 'failed', reason: `No token for the credential "${live.name}": its token URL ${fault ?? LATE}` };
  }

  /** The fetch itself goes on for the others. */
  function within(timeoutMs: number, fetching: Promise<string | null>): Promise<string | null> {
    return new Promise((resolve, reject) => {
      const callOff = startTimer(Math.max(timeoutMs, 0), () => resolve(LATE));
      fetching.then(resolve, reject).finally(callOff);
    });
  }

  /** One at a time for a credential; answers why there is no other value, null: there is one. */
  function renewOnce(key: CredentialKey, renewal: CredentialRenewal): Promise<string | null> {
    const state = renewals.get(key.credentialId) ?? { running: null, failedAt: Number.NEGATIVE_INFINITY, fault: '' };
    renewals.set(key.credentialId, state);
    state.running ??= renewInto(key, { ...renewal, state }).finally(() => {
      state.running = null;
    });
    return state.running;
  }

  async function renewInto(
    key: CredentialKey,
    { name, refused, obtain, state }: CredentialRenewal & { state: RenewalState },
  ): Promise<string | null> {
    if (clock.monotonic() - state.failedAt < FAILED_FOR_MS) return state.fault;
    const stored = await readAnew(key);
    if (stored && attributeOf(stored, name) !== refused) return accept(stored);
    const fetched = await obtain();
    if (fetched.ok) return accept(await keepValue(key, { name, value: fetched.value }));
    state.failedAt = clock.monotonic();
    state.fault = fetched.error;
    return fetched.error;
  }

  /** Another process may have renewed it; without the database each renews its own. */
  async function readAnew(key: CredentialKey): Promise<LiveCredential | null> {
    try {
      return await vault.find(key);
    } catch (error) {
      report(error);
      return null;
    }
  }

  /** Where it cannot be stored it is in memory, until the credentials are read anew. */
  async function keepValue(
    key: CredentialKey,
    { name, value }: { name: string; value: string },
  ): Promise<LiveCredential | null> {
    try {
      return await vault.update(key, { changed: { [name]: value }, now: clock.now() });
    } catch (error) {
      report(error);
      const live = find(key);
      return live?.secrets ? { ...live, secrets: { ...live.secrets, [name]: value } } : null;
    }
  }

  function accept(live: LiveCredential | null): string | null {
    if (live === null) return 'The credential of the step is no longer there, or cannot be read';
    accounts.get(live.accountId)?.set(live.id, live);
    return null;
  }

  return {
    follow: async (accountId) => {
      const all = await vault.readAll(accountId);
      const ids = new Map(all.map((live) => [live.id, live]));
      for (const [id] of accounts.get(accountId) ?? []) {
        if (ids.has(id)) continue;
        tokens.delete(id);
        noted.delete(id);
        renewals.delete(id);
      }
      accounts.set(accountId, ids);
    },
    open: (key, { timeoutMs }) => {
      const live = find(key);
      if (!live) return { kind: 'failed', reason: describeMissing(key.credentialId) };
      noteUse(live);
      if (live.type !== 'oauth2' || live.secrets === null) return opening(live, null);
      const state = stateOf(live);
      const left = leftMs(state);
      if (state.token === null || left < USED_UNTIL_MS) return fetched(live, { refused: null, timeoutMs });
      if (left < RENEWED_BEFORE_MS) fetchOnce(live, state.token.accessToken).catch(report);
      return opening(live, state.token.accessToken);
    },
    renew: async (key, { accessToken, timeoutMs }) => {
      const live = find(key);
      if (!live) return { kind: 'failed', reason: describeMissing(key.credentialId) };
      const { token } = stateOf(live);
      // Another lead has renewed it meanwhile.
      if (token !== null && token.accessToken !== accessToken) return opening(live, token.accessToken);
      return fetched(live, { refused: accessToken, timeoutMs });
    },
    renewValue: async (key, { name, refused, obtain, timeoutMs }) => {
      const live = find(key);
      if (!live) return { kind: 'failed', reason: describeMissing(key.credentialId) };
      // Another lead, or another server, has renewed it meanwhile.
      if (attributeOf(live, name) !== refused) return opening(live, null);
      const fault = await within(timeoutMs, renewOnce(key, { name, refused, obtain }));
      const renewed = find(key);
      if (fault === null && renewed) return opening(renewed, null);
      const late = `No other ${name} for the credential "${live.name}": the request for it ${LATE}`;
      return { kind: 'failed', reason: fault === null || fault === LATE ? late : fault };
    },
    fetchAnew: async (live) => {
      const made = await fetchToken(live, { deliver, now: clock.now, timeoutMs: TOKEN_TIMEOUT_MS });
      if (!made.ok) return { kind: 'failed', reason: `The token URL ${made.error}` };
      await keep(live, made.value);
      return opening(live, made.value.accessToken);
    },
  };
}

const LATE = 'did not answer in time';

/** As a module reads it; '': the credential does not have it. */
function attributeOf({ secrets, settings }: LiveCredential, name: string): string {
  return String(secrets?.[name] ?? settings[name] ?? '');
}
