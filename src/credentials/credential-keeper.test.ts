import { describe, expect, it } from 'vitest';
import type { DeliveryResult } from '../integrations/contract.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { withResolvers } from '../lib/with-resolvers.ts';
import type { LiveCredential } from '../model/credential.ts';
import { createCredentialKeeper } from './credential-keeper.ts';
import type { CredentialVault, FetchedToken } from './credential-store.ts';

const KEY = { accountId: 'acc', credentialId: 'c' };
const OAUTH: LiveCredential = {
  ...{ id: 'c', name: 'CRM', type: 'oauth2', package: null, accountId: 'acc' },
  settings: { token_url: 'https://auth.example.com/token', client_id: 'acme' },
  secrets: { client_secret: 's' },
  ...{ createdAt: 0, updatedAt: 1, lastUsedAt: null, tokenExpiresAt: null },
};
const TOKEN: LiveCredential = { ...OAUTH, type: 'token', settings: {}, secrets: { token: 't', accessToken: 'old' } };

/** A keeper over a vault in memory, a clock that a test moves, and a token URL that numbers its tokens. */
async function open(live: LiveCredential = OAUTH, { lifeSeconds = 3600 } = {}) {
  let now = 1_000_000;
  let current: LiveCredential | null = live;
  let stored: FetchedToken | null = null;
  const uses: number[] = [];
  const timers: (() => void)[] = [];
  const at = { fetched: 0, isDown: false, isDatabaseDown: false, reported: 0 };
  const vault: CredentialVault = {
    readAll: async () => (current ? [current] : []),
    find: async () => {
      if (at.isDatabaseDown) throw new Error('gone');
      return current;
    },
    readToken: async () => stored,
    writeToken: async (_, { updatedAt, ...token }) => {
      if (updatedAt === current?.updatedAt) stored = token;
    },
    noteUse: async (_, time) => {
      uses.push(time);
    },
    update: async (_, { changed, now: updatedAt }) => {
      if (at.isDatabaseDown) throw new Error('gone');
      if (!current?.secrets) return null;
      current = { ...current, updatedAt, secrets: { ...current.secrets, ...changed } };
      return current;
    },
  };
  const keeper = createCredentialKeeper({
    vault,
    deliver: async (): Promise<DeliveryResult> => {
      at.fetched += 1;
      const times = { sentAt: now, receivedAt: now };
      if (at.isDown) return { kind: 'unsent', reason: 'refused', ...times };
      const body = JSON.stringify({
        access_token: `token-${at.fetched}`,
        token_type: 'Bearer',
        expires_in: lifeSeconds,
      });
      const response = { status: 200, version: '1.1', headers: {}, body };
      return { kind: 'answered', response, truncated: false, url: '', ...times };
    },
    clock: { now: () => now, monotonic: () => now },
    startTimer: (_, onEnd) => {
      timers.push(onEnd);
      return () => undefined;
    },
    report: () => {
      at.reported += 1;
    },
  });
  await keeper.follow('acc');
  return {
    ...{ keeper, at, uses },
    move: (ms: number) => {
      now += ms;
    },
    store: (next: LiveCredential | null) => {
      current = next;
    },
    storeToken: (token: FetchedToken | null) => {
      stored = token;
    },
    endTimers: () => {
      for (const onEnd of timers.splice(0)) onEnd();
    },
    openToken: async () => {
      const opening = await keeper.open(KEY, { timeoutMs: 1_000 });
      return opening.kind === 'open' ? opening.credential.accessToken : opening.reason;
    },
  };
}

describe('a token of an oauth2 credential', () => {
  it('is fetched once for all who ask while it is fetched, and used until its last seconds', async () => {
    const { openToken, at, move } = await open();
    expect(await Promise.all([openToken(), openToken(), openToken()])).toEqual(['token-1', 'token-1', 'token-1']);
    move(3_500_000);
    expect(await openToken()).toBe('token-1');
    expect(at.fetched).toBe(1);
  });

  it('is renewed in the background in its last minute, and waited for in its last five seconds', async () => {
    const { openToken, at, move, keeper } = await open(OAUTH, { lifeSeconds: 100 });
    await openToken();
    move(50_000);
    const opening = keeper.open(KEY, { timeoutMs: 1_000 });
    expect(opening).not.toBeInstanceOf(Promise);
    await new Promise((resolve) => setImmediate(resolve));
    expect(at.fetched).toBe(2);
    expect(await openToken()).toBe('token-2');
    move(96_000);
    expect(keeper.open(KEY, { timeoutMs: 1_000 })).toBeInstanceOf(Promise);
    expect(await openToken()).toBe('token-3');
  });

  it('that another process has stored is used, unless it is the refused one', async () => {
    const { keeper, at, storeToken } = await open();
    storeToken({ accessToken: 'of another', expiresAt: 9_000_000 });
    const opening = await keeper.open(KEY, { timeoutMs: 1_000 });
    expect(opening).toMatchObject({ credential: { accessToken: 'of another' } });
    expect(at.fetched).toBe(0);
    const renewed = await keeper.renew(KEY, { accessToken: 'of another', timeoutMs: 1_000 });
    expect(renewed).toMatchObject({ credential: { accessToken: 'token-1' } });
    // The lead that still has the first one gets what was fetched meanwhile.
    const late = await keeper.renew(KEY, { accessToken: 'of another', timeoutMs: 1_000 });
    expect(late).toMatchObject({ credential: { accessToken: 'token-1' } });
    expect(at.fetched).toBe(1);
  });

  it('that cannot be had is asked for again after a second', async () => {
    const { openToken, at, move } = await open();
    at.isDown = true;
    expect(await openToken()).toMatch(/^No token for the credential "CRM": its token URL /);
    await openToken();
    expect(at.fetched).toBe(1);
    move(1_000);
    at.isDown = false;
    expect(await openToken()).toBe('token-2');
  });

  it('is fetched anew when the credential has changed', async () => {
    const { openToken, store, storeToken, keeper } = await open();
    await openToken();
    store({ ...OAUTH, updatedAt: 2 });
    storeToken(null);
    await keeper.follow('acc');
    expect(await openToken()).toBe('token-2');
  });
});

describe('a credential', () => {
  it('that is gone or cannot be read is not opened, and the reason names no secret', async () => {
    const { keeper, store } = await open({ ...TOKEN, secrets: null });
    expect(keeper.open(KEY, { timeoutMs: 1 })).toMatchObject({ kind: 'failed', reason: /SLUICE_SECRET_KEY/ });
    store(null);
    await keeper.follow('acc');
    expect(keeper.open(KEY, { timeoutMs: 1 })).toMatchObject({ kind: 'failed', reason: /no credential with the id c/ });
  });

  it('has its last use written once a minute', async () => {
    const { keeper, uses, move } = await open(TOKEN);
    for (const ms of [0, 59_999, 1]) {
      move(ms);
      keeper.open(KEY, { timeoutMs: 1 });
    }
    expect(uses).toEqual([1_000_000, 1_060_000]);
  });
});

describe('a value that a module renews', () => {
  const renewal = (obtain: () => Promise<Result<string, string>>, refused = 'old') => ({
    ...{ name: 'accessToken', refused, timeoutMs: 1_000, obtain },
  });
  const never = async (): Promise<Result<string, string>> => {
    throw new Error('no fetch is expected');
  };
  const value = (opening: unknown) =>
    (opening as { credential: { vars: Record<string, unknown> } }).credential.vars['accessToken'];

  it('is got once for all who wait, kept, and not got again for who comes late', async () => {
    const { keeper } = await open(TOKEN);
    const latch = withResolvers<Result<string, string>>();
    const waiting = [1, 2, 3].map((each) => keeper.renewValue(KEY, renewal(each === 1 ? () => latch.promise : never)));
    latch.resolve(ok('new'));
    expect((await Promise.all(waiting)).map(value)).toEqual(['new', 'new', 'new']);
    expect(value(await keeper.renewValue(KEY, renewal(never)))).toBe('new');
    expect(value(await keeper.open(KEY, { timeoutMs: 1 }))).toBe('new');
  });

  it('that another process has stored is used', async () => {
    const { keeper, store } = await open(TOKEN);
    store({ ...TOKEN, secrets: { token: 't', accessToken: 'of another' } });
    expect(value(await keeper.renewValue(KEY, renewal(never)))).toBe('of another');
  });

  it('that cannot be had is not asked for within a second, and the reason is the same', async () => {
    const { keeper, move } = await open(TOKEN);
    const failing = renewal(async () => fail('no token'));
    expect(await keeper.renewValue(KEY, failing)).toEqual({ kind: 'failed', reason: 'no token' });
    expect(await keeper.renewValue(KEY, renewal(never))).toEqual({ kind: 'failed', reason: 'no token' });
    move(1_000);
    expect(
      value(
        await keeper.renewValue(
          KEY,
          renewal(async () => ok('new')),
        ),
      ),
    ).toBe('new');
  });

  it('is in memory while the database is away, and the fault is reported', async () => {
    const { keeper, at } = await open(TOKEN);
    at.isDatabaseDown = true;
    expect(
      value(
        await keeper.renewValue(
          KEY,
          renewal(async () => ok('new')),
        ),
      ),
    ).toBe('new');
    expect(value(await keeper.open(KEY, { timeoutMs: 1 }))).toBe('new');
    expect(at.reported).toBe(2);
  });

  it('is not waited for longer than the step has time', async () => {
    const { keeper, endTimers } = await open(TOKEN);
    const latch = withResolvers<Result<string, string>>();
    const waiting = keeper.renewValue(
      KEY,
      renewal(() => latch.promise),
    );
    endTimers();
    expect(await waiting).toMatchObject({ kind: 'failed', reason: /did not answer in time$/ });
    latch.resolve(ok('new'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(value(await keeper.open(KEY, { timeoutMs: 1 }))).toBe('new');
  });
});
