import { describe, expect, it } from 'vitest';
import type { ApiKey, FoundKey } from './api-key-store.ts';
import { createKeyAuthentication } from './authenticate-api-key.ts';
import { hashApiKey } from './create-api-key.ts';

const KEY: ApiKey = {
  accountId: 'a1',
  id: 'k1',
  name: 'Test',
  prefix: null,
  scope: { role: 'vendor', permissions: null },
  flowIds: null,
  sourceIds: ['s1'],
  createdAt: 0,
  createdBy: null,
  expiresAt: null,
  lastUsedAt: null,
  revokedAt: null,
  previousValidUntil: null,
};

function basic(key: string): string {
  return `Basic ${Buffer.from(`API:${key}`).toString('base64')}`;
}

/** Keys by their text, and what the store was asked. */
function scripted(keys: Record<string, FoundKey>) {
  const stored = new Map(Object.entries(keys).map(([text, found]) => [hashApiKey(text).toString('hex'), found]));
  const asked = { lookUps: 0, uses: [] as number[], reports: [] as unknown[] };
  const clock = { at: 1_000_000, now: () => clock.at };
  const gate = { opened: Promise.resolve() };
  const authentication = createKeyAuthentication({
    apiKeys: {
      findByHash: async (hash) => {
        asked.lookUps += 1;
        const found = stored.get(hash.toString('hex')) ?? null;
        await gate.opened;
        return found;
      },
      noteUse: async (_key, now) => {
        asked.uses.push(now);
        if (asked.uses.length > 2) throw new Error('the database is away');
      },
    },
    clock,
    report: (error) => asked.reports.push(error),
  });
  const ask = (key: string) => authentication.authenticate(basic(key));
  return { ...authentication, ask, asked, clock, gate, stored };
}

describe('a key', () => {
  it('stands for its account, its actor, its permissions and its limits', async () => {
    expect(await scripted({ right: { key: KEY, validUntil: null } }).ask('right')).toEqual({
      accountId: 'a1',
      actor: { kind: 'key', id: 'k1', name: 'Test' },
      permissions: new Set(['leads.submit']),
      limits: { flowIds: null, sourceIds: new Set(['s1']) },
    });
  });

  it('is looked up once in five seconds', async () => {
    const { ask, asked, clock } = scripted({ right: { key: KEY, validUntil: null } });
    await ask('right');
    clock.at += 4_999;
    await ask('right');
    expect(asked.lookUps).toBe(1);
    clock.at += 1;
    await ask('right');
    expect(asked.lookUps).toBe(2);
  });

  it('ends at the millisecond of its expiry, also while it is remembered', async () => {
    const { ask, clock } = scripted({ right: { key: KEY, validUntil: 1_001_000 } });
    clock.at = 1_000_999;
    expect(await ask('right')).not.toBeNull();
    clock.at = 1_001_000;
    expect(await ask('right')).toBeNull();
  });

  it('that was revoked here is refused at once', async () => {
    const { ask, forget, stored } = scripted({ right: { key: KEY, validUntil: null } });
    await ask('right');
    stored.clear();
    expect(await ask('right')).not.toBeNull();
    forget('k1');
    expect(await ask('right')).toBeNull();
  });

  it('that was read before it was revoked is not remembered after', async () => {
    const { ask, forget, stored, gate } = scripted({ right: { key: KEY, validUntil: null } });
    let open: () => void = () => undefined;
    gate.opened = new Promise((resolve) => {
      open = resolve;
    });
    const read = ask('right');
    await Promise.resolve();
    stored.clear();
    forget('k1');
    open();
    await read;
    expect(await ask('right')).toBeNull();
  });

  it('has its use written once a minute, and a failure of that stops nothing', async () => {
    const { ask, asked, clock } = scripted({ right: { key: KEY, validUntil: null } });
    for (const [afterMs, uses] of [
      [0, 1],
      [59_999, 1],
      [1, 2],
      [60_000, 3],
    ] as const) {
      clock.at += afterMs;
      expect(await ask('right')).not.toBeNull();
      expect(asked.uses).toHaveLength(uses);
    }
    await Promise.resolve();
    expect(asked.reports).toHaveLength(1);
  });
});

describe('a stranger', () => {
  const HEADERS: [string, string | undefined][] = [
    ['without a header', undefined],
    ['with another scheme', 'Bearer right'],
    ['without a password', basic('')],
    ['with a header that is no base64', 'Basic %%%'],
    ['with a header that is too long', basic('x'.repeat(2_000))],
  ];

  it.each(HEADERS)('%s has no principal, and costs no query', async (_name, header) => {
    const { authenticate, asked } = scripted({ right: { key: KEY, validUntil: null } });
    expect(await authenticate(header)).toBeNull();
    expect(asked.lookUps).toBe(0);
  });

  it('costs one query a try, whether the key is wrong, nearly right, or has ended', async () => {
    const ended = { key: KEY, validUntil: 1 };
    const { ask, asked } = scripted({ right: { key: KEY, validUntil: null }, ended });
    const tries = ['wrong', 'righu', 'ended', 'ended', 'wrong', 'x'.repeat(200)];
    for (const [index, key] of tries.entries()) {
      expect(await ask(key)).toBeNull();
      expect(asked.lookUps).toBe(index + 1);
    }
    expect(asked.uses).toEqual([]);
  });
});
