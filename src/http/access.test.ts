import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiKey, OWNERS_KEY, type WantedApiKey } from '../access/create-api-key.ts';
import { permissionsOfScope } from '../access/key-principal.ts';
import { isPermission, PERMISSIONS, type Permission } from '../access/permissions.ts';
import { isRole, ROLES } from '../access/roles.ts';
import { createIds } from '../lib/ids.ts';
import { createApiKeyStore } from '../store/postgres/api-keys.ts';
import { ROUTES } from './routes.ts';
import { createTestApi, TEST_NOW, type TestApi } from './testing/test-server.ts';

/** What a key may do, by the name of the case: each role, and each permission alone. */
const SCOPES: Readonly<Record<string, WantedApiKey['scope']>> = {
  ...Object.fromEntries(
    Object.keys(ROLES)
      .filter(isRole)
      .map((role) => [role, { role, permissions: null }]),
  ),
  ...Object.fromEntries(
    Object.keys(PERMISSIONS)
      .filter(isPermission)
      .map((permission) => [`only ${permission}`, { role: null, permissions: [permission] }]),
  ),
};

const NOBODY_IN = ['no key', 'a wrong key', 'a revoked key', 'an expired key'] as const;

let api: TestApi;
const keys = new Map<string, string | null>();

beforeAll(async () => {
  api = await createTestApi();
  const apiKeys = createApiKeyStore(api.pool);
  const ids = createIds({ now: () => TEST_NOW, random: Math.random });
  const make = (wanted: Partial<WantedApiKey>) =>
    createApiKey(
      { apiKeys, ids, clock: api.clock, randomBytes },
      { ...OWNERS_KEY, accountId: api.account.id, name: 'test', ...wanted },
    );
  for (const [name, scope] of Object.entries(SCOPES)) keys.set(name, (await make({ scope })).key);
  const revoked = await make({});
  await apiKeys.revoke(revoked.record, TEST_NOW);
  keys.set('no key', null);
  keys.set('a wrong key', 'slk_wrong');
  keys.set('a revoked key', revoked.key);
  keys.set('an expired key', (await make({ expiresAt: TEST_NOW })).key);
});
afterAll(() => api.close());

/** The route as it is asked: for things that are not there, with a body that changes nothing. */
const ask = (route: (typeof ROUTES)[number], name: string, headers: Record<string, string> = {}) =>
  api.ask({
    headers,
    method: route.method,
    url: route.path.replace(/:\w+/g, '0123456789abcdef01234567'),
    key: keys.get(name) ?? null,
    ...(route.method === 'POST' || route.method === 'PUT' || route.method === 'PATCH' ? { body: [] } : {}),
  });

const named = (routes: readonly (typeof ROUTES)[number][]) =>
  routes.map((route) => [`${route.method} ${route.path}`, route] as const);
const open = named(ROUTES.filter(({ permission }) => permission === 'public'));
const personal = named(ROUTES.filter(({ permission }) => permission === 'session'));
const guarded = ROUTES.flatMap((route) => {
  const { permission } = route;
  return permission === 'public' || permission === 'session'
    ? []
    : [[`${route.method} ${route.path}`, route, permission] as const];
});

/** What a row needs beside its permission. */
const NEEDED_TOO: ReadonlyMap<string, Permission> = new Map([['GET /leads/:id/explain', 'personal_data.read']]);

describe.each(guarded)('%s', (name, route, permission) => {
  const needed = [permission, NEEDED_TOO.get(name) ?? permission];
  it('is open to the keys with its permission, and names it to all others', async () => {
    for (const [name, scope] of Object.entries(SCOPES)) {
      const { status, body } = await ask(route, name);
      const missing = needed.find((each) => !permissionsOfScope(scope).has(each));
      const isMissing = missing !== undefined;
      const seen = { name, isRefused: body?.code === 'permission_required', isUnknown: status === 401 };
      expect(seen).toEqual({ name, isRefused: isMissing, isUnknown: false });
      if (!isMissing) continue;
      expect(status).toBe(403);
      expect(body.error).toContain(`the permission ${missing}`);
    }
  });

  it.each(NOBODY_IN)('answers %s with 401 and no more', async (name) => {
    expect(await ask(route, name)).toMatchObject({ status: 401, text: '{"error":"authentication failed"}' });
  });
});

describe('a route about the person who is signed in', () => {
  it.each(personal)('%s refuses every key, and answers strangers with 401 and no more', async (_name, route) => {
    for (const name of Object.keys(SCOPES))
      expect(await ask(route, name)).toMatchObject({ status: 403, body: { code: 'session_required' } });
    for (const name of NOBODY_IN)
      expect(await ask(route, name)).toMatchObject({ status: 401, text: '{"error":"authentication failed"}' });
  });
});

/** An owner who is signed in, as a browser keeps it. */
async function openBrowser(): Promise<Record<'cookie' | 'x-csrf-token', string>> {
  const email = 'owner@example.com';
  const password = 'purple tractor sings';
  const invited = await api.ask({ method: 'POST', url: '/users', body: { email, role: 'owner' } });
  const token = invited.body.invitation.url.split('#')[1];
  await api.ask({ method: 'POST', url: '/invitations/accept', key: null, body: { token, password } });
  const answer = await api.ask({ method: 'POST', url: '/session', key: null, body: { email, password } });
  return {
    cookie: String(answer.headers['set-cookie']).split(';')[0] ?? '',
    'x-csrf-token': answer.body.csrf_token,
  };
}

describe('a change in a session', () => {
  const changes = named(ROUTES.filter(({ permission, method }) => permission !== 'public' && method !== 'GET'));
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  const change = (route: (typeof ROUTES)[number], headers: Record<string, string>) =>
    ask(route, 'no key', { ...browser, ...headers });

  it.each(changes)('%s is refused to pages of other sites, and without the CSRF token', async (_name, route) => {
    const forged = [
      [{ origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, 'origin_not_allowed'],
      // A sandboxed frame, and another port of the same host: the same site, so the cookie comes along.
      [{ origin: 'null' }, 'origin_not_allowed'],
      [
        { origin: 'http://localhost:8401', host: 'localhost:8400', 'sec-fetch-site': 'same-site' },
        'origin_not_allowed',
      ],
      [{ 'x-csrf-token': '' }, 'csrf_token_required'],
      [{ 'x-csrf-token': 'x'.repeat(43) }, 'csrf_token_required'],
      [{ 'x-csrf-token': '', 'content-type': 'text/plain' }, 'csrf_token_required'],
    ] as const;
    for (const [headers, code] of forged)
      expect([headers, await change(route, headers)]).toMatchObject([headers, { status: 403, body: { code } }]);
  });

  it('takes every method but GET, and the session is the one that may', async () => {
    expect(changes.length).toBeGreaterThan(100);
    const kept = await api.ask({ url: '/session', key: null, headers: browser });
    expect(kept).toMatchObject({ status: 200, body: { csrf_token: browser['x-csrf-token'] } });
    const own = { origin: 'http://localhost:8400', host: 'localhost:8400' };
    const made = await api.ask({
      ...{ method: 'POST', url: '/fields', key: null, headers: { ...browser, ...own } },
      body: { id: 'shoe_size_acme', name: 'Shoe size', type: 'number' },
    });
    expect(made.status).toBe(201);
  });
});

describe('a public route', () => {
  it.each(open)('%s asks for no key', async (_name, route) => {
    // 404: a link that was never given.
    expect([200, 404, 422]).toContain((await ask(route, 'no key')).status);
  });
});
