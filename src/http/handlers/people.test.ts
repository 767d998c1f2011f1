import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codeOf } from '../../../test/contract/person.ts';
import { createApiKey, OWNERS_KEY } from '../../access/create-api-key.ts';
import type { Role } from '../../access/roles.ts';
import { IDLE_MS_MAX } from '../../access/users/sessions.ts';
import { createIds } from '../../lib/ids.ts';
import { createApiKeyStore } from '../../store/postgres/api-keys.ts';
import { type Answer, type AskOptions, createTestApi, TEST_NOW, type TestApi } from '../testing/test-server.ts';

const PASSWORD = 'purple tractor sings';
const NEW_PASSWORD = 'green lantern hums low';
const CLOCKED = { now: () => TEST_NOW, random: Math.random };
const MISSING = '5fd4371e940df5a34a3888b2';

let api: TestApi;
let names = 0;
beforeAll(async () => {
  api = await createTestApi();
});
beforeEach(async () => {
  api.clock.set(TEST_NOW);
  await api.pool.query('truncate users, sign_in_failures cascade');
});
afterAll(() => api.close());

const invite = async (role: Role = 'editor') => {
  names += 1;
  const body = { email: `person${names}@example.com`, role };
  return (await api.ask({ method: 'POST', url: '/users', body })).body;
};
const tokenIn = (invited: { invitation: { url: string } }) => invited.invitation.url.split('#')[1] ?? '';
const accept = (token: string, password = PASSWORD) =>
  api.ask({ method: 'POST', url: '/invitations/accept', key: null, body: { token, password } });
const createUser = async (role: Role = 'editor') => {
  const invited = await invite(role);
  return (await accept(tokenIn(invited))).body;
};
const signIn = (email: string, password = PASSWORD, headers: Record<string, string> = {}) =>
  api.ask({ method: 'POST', url: '/session', key: null, headers, body: { email, password } });

/** What a browser keeps of a session. */
interface Browser {
  cookie: string;
  csrf: string;
}
const browserOf = (answer: Answer): Browser => ({
  cookie: String(answer.headers['set-cookie']).split(';')[0] ?? '',
  csrf: answer.body.csrf_token,
});
const openBrowser = async (email: string) => browserOf(await signIn(email));
/** Asks as a page of the console does. */
const browse = (browser: Browser, request: AskOptions) =>
  api.ask({
    ...request,
    key: null,
    headers: { cookie: browser.cookie, 'x-csrf-token': browser.csrf, ...request.headers },
  });

/** The entries of the activity log about a user as a whole, newest first. */
const detailsOf = async (userId: string, query = '') => {
  const { body } = await api.ask({ url: `/activity?subject_id=${userId}${query}` });
  return Promise.all(body.map(async ({ id }: { id: string }) => (await api.ask({ url: `/activity/${id}` })).body));
};

describe('/users', () => {
  it('are invited, listed, read, changed and removed by an owner', async () => {
    const invited = await invite('editor');
    expect(invited).toMatchObject({ status: 'invited', role: 'editor', last_login_at: null, has_second_factor: false });
    expect(invited.invitation.expires_at).toBe('2025-03-10T12:00:00.000Z');
    const { invitation: _link, ...user } = invited;
    expect((await api.ask({ url: '/users' })).body).toEqual([user]);
    expect((await api.ask({ url: `/users/${user.id}` })).body).toEqual(user);
    const changed = await api.ask({ method: 'PUT', url: `/users/${user.id}`, body: { role: 'analyst' } });
    expect(changed).toMatchObject({ status: 200, body: { ...user, role: 'analyst' } });
    expect(await api.ask({ method: 'DELETE', url: `/users/${user.id}` })).toMatchObject({ status: 200 });
    expect((await api.ask({ url: '/users' })).body).toEqual([]);
  });

  it.each([
    ['GET', `/users/${MISSING}`, undefined],
    ['PUT', `/users/${MISSING}`, { role: 'owner' }],
    ['DELETE', `/users/${MISSING}`, undefined],
    ['POST', `/users/${MISSING}/invite`, undefined],
    ['DELETE', `/users/${MISSING}/second_factor`, undefined],
  ] as const)('%s %s without an owner is 404', async (method, url, body) => {
    expect(await api.ask({ method, url, body })).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('of another account are not there', async () => {
    const user = await createUser();
    const url = `/users/${user.id}`;
    expect((await api.ask({ url, key: api.strangerKey })).status).toBe(404);
    expect((await api.ask({ method: 'DELETE', url, key: api.strangerKey })).status).toBe(404);
    expect((await api.ask({ url: '/users', key: api.strangerKey })).body).toEqual([]);
  });

  it.each([
    ['no address', { email: 'ann', role: 'editor' }, 'email'],
    ['no role', { email: 'ann@example.com' }, 'role'],
    ['an unknown role', { email: 'ann@example.com', role: 'king' }, 'role'],
    ['an unknown property', { email: 'ann@example.com', role: 'editor', admin: true }, 'admin'],
  ])('with %s are 422 and named', async (_, body, path) => {
    const answer = await api.ask({ method: 'POST', url: '/users', body });
    expect(answer).toMatchObject({ status: 422, body: { details: [{ path }] } });
  });

  it('are invited once an address', async () => {
    const { email } = await invite();
    const again = await api.ask({ method: 'POST', url: '/users', body: { email: email.toUpperCase(), role: 'owner' } });
    expect(again).toMatchObject({ status: 409, body: { code: 'email_taken' } });
  });

  it('keep the last owner', async () => {
    const owner = await createUser('owner');
    const url = `/users/${owner.id}`;
    for (const change of [
      { method: 'PUT', url, body: { role: 'editor' } },
      { method: 'PUT', url, body: { disabled: true } },
      { method: 'DELETE', url },
    ] as const)
      expect(await api.ask(change)).toMatchObject({ status: 409, body: { code: 'last_owner' } });
  });

  it('need the permission to manage users', async () => {
    const browser = await openBrowser((await createUser('editor')).email);
    const answer = await browse(browser, { url: '/users' });
    expect(answer).toMatchObject({ status: 403, body: { code: 'permission_required' } });
    expect(answer.body.error).toContain('users.manage');
  });

  it('are never given more than the caller has, nor changed by one who has less', async () => {
    const deps = { apiKeys: createApiKeyStore(api.pool), ids: createIds(CLOCKED), clock: api.clock, randomBytes };
    const scope = { role: null, permissions: ['users.manage' as const, 'leads.submit' as const] };
    const { key } = await createApiKey(deps, { ...OWNERS_KEY, accountId: api.account.id, name: 'people', scope });
    const owner = await createUser('owner');
    const vendor = await createUser('vendor');
    const post = (url: string, body?: object) => api.ask({ method: 'POST', url, key, body });
    const put = (id: string, body: object) => api.ask({ method: 'PUT', url: `/users/${id}`, key, body });
    const refused = { status: 403, body: { code: 'permission_required' } };
    expect(await post('/users', { email: 'mallory@example.com', role: 'owner' })).toMatchObject(refused);
    expect(await put(vendor.id, { role: 'owner' })).toMatchObject(refused);
    expect(await put(owner.id, { disabled: true })).toMatchObject(refused);
    expect(await post(`/users/${owner.id}/invite`)).toMatchObject(refused);
    expect(await api.ask({ method: 'DELETE', url: `/users/${owner.id}`, key })).toMatchObject(refused);
    expect(await api.ask({ method: 'DELETE', url: `/users/${owner.id}/second_factor`, key })).toMatchObject(refused);
    const link = await post(`/users/${vendor.id}/invite`);
    expect(link.status).toBe(200);
    await api.ask({ method: 'PUT', url: `/users/${vendor.id}`, body: { role: 'owner' } });
    expect((await accept(tokenIn(link.body))).status).toBe(404);
  });

  it('who are disabled get no link', async () => {
    const user = await createUser();
    await api.ask({ method: 'PUT', url: `/users/${user.id}`, body: { disabled: true } });
    const answer = await api.ask({ method: 'POST', url: `/users/${user.id}/invite` });
    expect(answer).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });
});

describe('an invitation', () => {
  const read = (token: string) => api.ask({ method: 'POST', url: '/invitations/read', key: null, body: { token } });

  it('says whom it is for, and is used up once it is accepted', async () => {
    const invited = await invite('analyst');
    const token = tokenIn(invited);
    expect((await read(token)).body).toMatchObject({ email: invited.email, role: 'analyst', is_new: true });
    const body = { token, password: PASSWORD, first_name: 'Ann' };
    const accepted = await api.ask({ method: 'POST', url: '/invitations/accept', key: null, body });
    expect(accepted).toMatchObject({ status: 200, body: { status: 'active', first_name: 'Ann' } });
    expect(accepted.headers['set-cookie']).toBeUndefined();
    for (const again of [await read(token), await accept(token)])
      expect(again).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('expires', async () => {
    const token = tokenIn(await invite());
    api.clock.set(Date.parse('2025-03-10T12:00:00Z'));
    expect((await read(token)).status).toBe(404);
    expect((await accept(token)).status).toBe(404);
  });

  it('refuses a password that is guessed first, and keeps waiting', async () => {
    const token = tokenIn(await invite());
    const refused = await accept(token, 'password12345');
    expect(refused).toMatchObject({ status: 422, body: { details: [{ path: 'password' }] } });
    expect(refused.text).not.toContain('password12345');
    expect((await accept(token)).status).toBe(200);
  });

  it('is not taken from a page of another site', async () => {
    const token = tokenIn(await invite());
    const headers = { origin: 'https://evil.example' };
    const body = { token, password: PASSWORD };
    const answer = await api.ask({ method: 'POST', url: '/invitations/accept', key: null, headers, body });
    expect(answer).toMatchObject({ status: 403, body: { code: 'origin_not_allowed' } });
  });
});

describe('/session', () => {
  it('begins with a cookie that pages cannot read and other sites do not send', async () => {
    const { email, id } = await createUser('editor');
    const answer = await signIn(email.toUpperCase());
    expect(answer).toMatchObject({ status: 201, body: { user: { id, email }, account: { name: 'Acme' } } });
    expect(answer.body.permissions).toContain('flows.write');
    expect(answer.headers['set-cookie']).toMatch(
      /^sluice_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=604800$/,
    );
    expect(answer.text).not.toContain(browserOf(answer).cookie.split('=')[1]);
  });

  it('says who is signed in, and ends', async () => {
    const { email } = await createUser();
    const browser = await openBrowser(email);
    const here = await browse(browser, { url: '/session' });
    expect(here).toMatchObject({ status: 200, body: { user: { email }, csrf_token: browser.csrf } });
    const out = await browse(browser, { method: 'DELETE', url: '/session' });
    expect(out).toMatchObject({ status: 200, body: {} });
    expect(out.headers['set-cookie']).toBe('sluice_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0');
    expect((await browse(browser, { url: '/session' })).status).toBe(401);
  });

  it('answers the same to an unknown address, a wrong password and a user who may not', async () => {
    const active = await createUser();
    const invited = await invite();
    const disabled = await createUser();
    await api.ask({ method: 'PUT', url: `/users/${disabled.id}`, body: { disabled: true } });
    const answers = [
      await signIn(active.email, 'wrong'),
      await signIn('stranger@example.com'),
      await signIn('no address'),
      await signIn(invited.email),
      await signIn(disabled.email),
    ];
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 401, body: { code: 'sign_in_failed' } });
    expect(new Set(answers.map(({ headers }) => JSON.stringify({ ...headers, date: '' }))).size).toBe(1);
  });

  it('is locked after five failures, and says how long', async () => {
    const { email } = await createUser();
    for (let times = 0; times < 6; times += 1) await signIn(email, 'wrong');
    const locked = await signIn(email);
    expect(locked).toMatchObject({ status: 429, body: { code: 'too_many_attempts' } });
    expect(locked.headers['retry-after']).toBe('1');
    api.clock.set(TEST_NOW + 1_000);
    expect((await signIn(email)).status).toBe(201);
  });

  it('never takes over a token that the browser came with (session fixation)', async () => {
    const victim = await createUser();
    const attacker = await openBrowser((await createUser()).email);
    const planted = `sluice_session=${'A'.repeat(43)}`;
    for (const cookie of [planted, attacker.cookie]) {
      const begun = await signIn(victim.email, PASSWORD, { cookie });
      expect(browserOf(begun).cookie).not.toBe(cookie);
      expect((await api.ask({ url: '/session', key: null, headers: { cookie } })).status).toBe(401);
    }
  });

  it('does not begin from a page of another site', async () => {
    const { email } = await createUser();
    const answer = await signIn(email, PASSWORD, { origin: 'https://evil.example' });
    expect(answer).toMatchObject({ status: 403, body: { code: 'origin_not_allowed' } });
    expect((await signIn(email, PASSWORD, { origin: 'https://localhost', host: 'localhost' })).status).toBe(201);
  });

  it.each([
    ['a password too long', { password: 'purple tractor '.repeat(100) }],
    ['a password that is a list', { password: ['purple tractor'] }],
    ['a password in another property', { password: 'x', passwort: 'purple tractor' }],
  ])('with %s is 422, which does not repeat it', async (_, given) => {
    const body = { email: 'ann@example.com', ...given };
    const answer = await api.ask({ method: 'POST', url: '/session', key: null, body });
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_document' } });
    expect(answer.text).not.toContain('tractor');
  });

  it('ends when it was unused', async () => {
    const browser = await openBrowser((await createUser()).email);
    api.clock.set(TEST_NOW + IDLE_MS_MAX);
    expect((await browse(browser, { url: '/session' })).status).toBe(401);
  });

  it.each([
    ['is disabled', { method: 'PUT', body: { disabled: true } }],
    ['gets another role', { method: 'PUT', body: { role: 'analyst' } }],
    ['is removed', { method: 'DELETE' }],
  ] as const)('ends at once when its user %s', async (_, change) => {
    const user = await createUser();
    const browser = await openBrowser(user.email);
    expect((await browse(browser, { url: '/flows' })).status).toBe(200);
    await api.ask({ ...change, url: `/users/${user.id}` });
    expect((await browse(browser, { url: '/flows' })).status).toBe(401);
  });

  it('has the rights of the new role after the next sign-in', async () => {
    const user = await createUser('analyst');
    const field = { method: 'POST', url: '/fields', body: { id: 'x', name: 'X', type: 'string' } } as const;
    expect(await browse(await openBrowser(user.email), field)).toMatchObject({ status: 403 });
    await api.ask({ method: 'PUT', url: `/users/${user.id}`, body: { role: 'editor' } });
    expect(await browse(await openBrowser(user.email), field)).toMatchObject({ status: 201 });
    await api.pool.query('delete from fields');
  });

  it('loses against an Authorization header, right or wrong', async () => {
    const { cookie } = await openBrowser((await createUser()).email);
    expect((await api.ask({ url: '/flows', key: 'wrong', headers: { cookie } })).status).toBe(401);
    expect((await api.ask({ url: '/users', headers: { cookie } })).status).toBe(200);
  });

  it('is not what an API key has', async () => {
    for (const url of ['/session', '/user'])
      expect(await api.ask({ url })).toMatchObject({ status: 403, body: { code: 'session_required' } });
  });
});

describe('a change in a session', () => {
  const change = { method: 'PUT', url: '/user', body: { first_name: 'Eve' } } as const;

  it.each([
    ['no CSRF token', { 'x-csrf-token': '' }, 'csrf_token_required'],
    ['another CSRF token', { 'x-csrf-token': 'x'.repeat(43) }, 'csrf_token_required'],
    ['the origin of another site', { origin: 'https://evil.example' }, 'origin_not_allowed'],
    ['no origin a page has', { origin: 'null' }, 'origin_not_allowed'],
  ])('with %s is 403', async (_, headers, code) => {
    const browser = await openBrowser((await createUser()).email);
    expect(await browse(browser, { ...change, headers })).toMatchObject({ status: 403, body: { code } });
    expect((await browse(browser, { url: '/user' })).body.first_name).toBe('');
  });

  it('with the CSRF token of another session is 403', async () => {
    const { email } = await createUser();
    const [one, other] = [await openBrowser(email), await openBrowser(email)];
    const answer = await browse({ ...one, csrf: other.csrf }, change);
    expect(answer).toMatchObject({ status: 403, body: { code: 'csrf_token_required' } });
  });

  it('from a page of the server is made', async () => {
    const browser = await openBrowser((await createUser()).email);
    const headers = { origin: 'http://leads.example.com', host: 'leads.example.com' };
    expect(await browse(browser, { ...change, headers })).toMatchObject({ status: 200, body: { first_name: 'Eve' } });
  });
});

describe('/user', () => {
  it('changes the password, with another cookie and without the other sessions', async () => {
    const { email } = await createUser();
    const [here, other] = [await openBrowser(email), await openBrowser(email)];
    const body = { current_password: PASSWORD, password: NEW_PASSWORD };
    const changed = await browse(here, { method: 'PUT', url: '/user/password', body });
    expect(changed.status).toBe(200);
    const after = browserOf(changed);
    expect(after.cookie).not.toBe(here.cookie);
    expect((await browse(here, { url: '/user' })).status).toBe(401);
    expect((await browse(other, { url: '/user' })).status).toBe(401);
    expect((await browse(after, { method: 'PUT', url: '/user', body: { last_name: 'M' } })).status).toBe(200);
    expect((await signIn(email)).status).toBe(401);
    expect((await signIn(email, NEW_PASSWORD)).status).toBe(201);
  });

  it.each([
    ['a wrong present password', { current_password: 'wrong', password: NEW_PASSWORD }, 'current_password'],
    ['a short new password', { current_password: PASSWORD, password: 'short' }, 'password'],
  ])('keeps the password at %s', async (_, body, path) => {
    const browser = await openBrowser((await createUser()).email);
    const answer = await browse(browser, { method: 'PUT', url: '/user/password', body });
    expect(answer).toMatchObject({ status: 422, body: { details: [{ path }] } });
    expect(answer.text).not.toContain(body.password);
  });

  it('has what happened to a user in the activity log, without passwords, codes, links and addresses', async () => {
    const user = await createUser();
    const first = await openBrowser(user.email);
    const change = (as: Browser, method: 'PUT' | 'POST', url: string, body: object) =>
      browse(as, { method, url, body });
    await change(first, 'PUT', '/user', { first_name: 'Ann' });
    const passwords = { current_password: PASSWORD, password: NEW_PASSWORD };
    const second = browserOf(await change(first, 'PUT', '/user/password', passwords));
    await change(second, 'PUT', '/user/password', { ...passwords, current_password: 'wrong' });
    const begun = await change(second, 'POST', '/user/second_factor', { password: NEW_PASSWORD });
    const code = codeOf(begun.body.secret, 0, TEST_NOW);
    const confirmed = await change(second, 'POST', '/user/second_factor/confirm', { code });
    expect(confirmed.status).toBe(200);
    expect((await api.ask({ method: 'DELETE', url: `/users/${user.id}/second_factor` })).status).toBe(200);
    const again = await api.ask({ method: 'POST', url: `/users/${user.id}/invite` });
    const { body: log } = await api.ask({ url: `/activity?subject_id=${user.id}&sort=asc` });
    const own = { kind: 'session', id: user.id };
    expect(log).toMatchObject([
      { kind: 'user', action: 'create', actor: { kind: 'key' } },
      { action: 'accept_invitation', actor: { ...own, name: user.id } },
      { action: 'sign_in', actor: own },
      { action: 'update', actor: own, subject: { name: 'Ann' } },
      { action: 'change_password', actor: own },
      { action: 'enable_second_factor', actor: own },
      { action: 'disable_second_factor', actor: { kind: 'key' } },
      { action: 'invite', actor: { kind: 'key' } },
    ]);
    const { rows } = await api.pool.query('select * from activity where subject_id = $1', [user.id]);
    const texts = JSON.stringify(rows);
    for (const secret of [PASSWORD, NEW_PASSWORD, begun.body.secret, code, user.email, tokenIn(again.body)])
      expect(texts).not.toContain(secret);
  });

  it('has who accepted an invitation and signed in, and from where, in the activity log', async () => {
    const invited = await invite('analyst');
    const body = { token: tokenIn(invited), password: PASSWORD, first_name: 'Ann', last_name: 'Lee' };
    const headers = { 'user-agent': 'a browser' };
    expect(await api.ask({ method: 'POST', url: '/invitations/accept', key: null, body })).toMatchObject({
      status: 200,
    });
    api.clock.set(TEST_NOW + 60_000);
    expect((await signIn(invited.email, PASSWORD, headers)).status).toBe(201);
    const [signedIn, accepted] = await detailsOf(invited.id);
    const common = {
      ...{ kind: 'user', ip: '127.0.0.1', subject: { id: invited.id, name: 'Ann Lee' } },
      actor: { kind: 'session', id: invited.id, name: 'Ann Lee' },
    };
    const document = { id: invited.id, role: 'analyst', status: 'active' };
    expect(accepted).toMatchObject({
      ...{ ...common, action: 'accept_invitation', at: new Date(TEST_NOW).toISOString() },
      before: { ...document, status: 'invited' },
      after: document,
    });
    expect(signedIn).toMatchObject({
      ...{ ...common, action: 'sign_in', at: new Date(TEST_NOW + 60_000).toISOString() },
      before: document,
      after: document,
    });
    for (const secret of [invited.email, PASSWORD, body.token, 'a browser'])
      expect(JSON.stringify([signedIn, accepted])).not.toContain(secret);
  });

  it('has nothing in the activity log of an invitation and a sign-in that are refused', async () => {
    const invited = await invite();
    const entries = async () => (await api.ask({ url: '/activity?limit=1000' })).body.length;
    const before = await entries();
    expect((await accept(tokenIn(invited), 'short')).status).toBe(422);
    expect((await accept('A'.repeat(43))).status).toBe(404);
    expect((await signIn(invited.email, 'wrong')).status).toBe(401);
    expect(await entries()).toBe(before);
  });

  it('has one entry in the activity log when failed sign-ins lock a user out, and none of a stranger', async () => {
    const user = await createUser();
    const lockOuts = async () => (await api.ask({ url: '/activity?action=lock_out&limit=1000' })).body.length;
    const before = await lockOuts();
    for (let times = 0; times < 4; times += 1) await signIn(user.email, 'wrong');
    expect(await lockOuts()).toBe(before);
    await signIn(user.email, 'wrong');
    expect((await signIn(user.email)).status).toBe(429);
    for (let waited = 1; waited < 4; waited += 1) {
      api.clock.set(TEST_NOW + waited * 60_000);
      expect((await signIn(user.email, 'wrong')).status).toBe(401);
    }
    for (let times = 0; times < 6; times += 1) await signIn('stranger@example.com', 'wrong');
    expect(await lockOuts()).toBe(before + 1);
    const [entry] = await detailsOf(user.id, '&action=lock_out');
    expect(entry).toMatchObject({
      ...{ kind: 'user', at: new Date(TEST_NOW).toISOString(), ip: '127.0.0.1', subject: { id: user.id } },
      actor: { kind: 'session', id: user.id, name: user.id },
      before: { id: user.id, status: 'active' },
      after: { id: user.id, status: 'active' },
    });
    api.clock.set(TEST_NOW + 2 * 3_600_000);
    for (let times = 0; times < 5; times += 1) await signIn(user.email, 'wrong');
    expect(await lockOuts()).toBe(before + 2);
  });

  it('has a lock-out by wrong passwords and codes in a session, too', async () => {
    const user = await createUser();
    const browser = await openBrowser(user.email);
    const body = { current_password: 'wrong', password: NEW_PASSWORD };
    for (let times = 0; times < 5; times += 1) await browse(browser, { method: 'PUT', url: '/user/password', body });
    expect(await detailsOf(user.id, '&action=lock_out')).toHaveLength(1);
    const other = await createUser();
    const second = await openBrowser(other.email);
    const post = (url: string, sent: object) => browse(second, { method: 'POST', url, body: sent });
    expect((await post('/user/second_factor', { password: PASSWORD })).status).toBe(200);
    for (let times = 0; times < 5; times += 1) await post('/user/second_factor/confirm', { code: '000000' });
    expect(await detailsOf(other.id, '&action=lock_out')).toHaveLength(1);
  });

  it.each([
    ['at the sign-in', 'POST', '/session'],
    ['when the second factor is switched off', 'POST', '/user/second_factor/remove'],
  ] as const)('has a lock-out by wrong codes %s', async (_, method, url) => {
    const user = await createUser();
    const browser = await openBrowser(user.email);
    await browse(browser, { method: 'POST', url: '/user/second_factor', body: { password: PASSWORD } });
    await api.pool.query('update users set sealed_totp = pending_totp where id = $1', [user.id]);
    const code = '000000';
    for (let times = 0; times < 5; times += 1) {
      expect(await detailsOf(user.id, '&action=lock_out')).toEqual([]);
      if (url === '/session')
        await api.ask({ method, url, key: null, body: { email: user.email, password: PASSWORD, code } });
      else await browse(browser, { method, url, body: { password: PASSWORD, code } });
    }
    expect(await detailsOf(user.id, '&action=lock_out')).toHaveLength(1);
  });

  it('sets up a second factor, which the next sign-in asks for', async () => {
    const user = await createUser();
    const browser = await openBrowser(user.email);
    const post = (url: string, body: object, as = browser) => browse(as, { method: 'POST', url, body });
    expect(await post('/user/second_factor/confirm', { code: '000000' })).toMatchObject({ status: 409 });
    expect(await post('/user/second_factor/remove', { password: PASSWORD, code: '1' })).toMatchObject({ status: 409 });
    expect(await post('/user/second_factor', { password: 'wrong' })).toMatchObject({ status: 422 });
    const begun = await post('/user/second_factor', { password: PASSWORD });
    expect(begun.body.otpauth_url).toContain(`secret=${begun.body.secret}`);
    expect(await post('/user/second_factor/confirm', { code: '12' })).toMatchObject({
      status: 422,
      body: { details: [{ path: 'code' }] },
    });
    // Codes themselves are in src/store/postgres/users.test.ts.
    await api.pool.query('update users set sealed_totp = pending_totp where id = $1', [user.id]);
    expect(await signIn(user.email)).toMatchObject({ status: 401, body: { code: 'second_factor_required' } });
    const wrong = { email: user.email, password: PASSWORD, code: '000000' };
    expect(await api.ask({ method: 'POST', url: '/session', key: null, body: wrong })).toMatchObject({
      status: 401,
      body: { code: 'sign_in_failed' },
    });
    const removed = await api.ask({ method: 'DELETE', url: `/users/${user.id}/second_factor` });
    expect(removed).toMatchObject({ status: 200, body: { has_second_factor: false } });
    expect((await browse(browser, { url: '/user' })).status).toBe(401);
    expect((await signIn(user.email)).status).toBe(201);
  });
});

describe('/user/settings', () => {
  it('keep what a person wrote, as it was written', async () => {
    const [one, other] = [await openBrowser((await createUser()).email), await openBrowser((await createUser()).email)];
    const url = '/user/settings';
    expect(await browse(one, { url })).toMatchObject({ status: 200, body: {} });
    const body = { zebra: 1, apple: { list: [null, 'x'] } };
    expect((await browse(one, { method: 'PUT', url, body: { first: true } })).status).toBe(200);
    expect(await browse(one, { method: 'PUT', url, body })).toMatchObject({ status: 200, body });
    expect((await browse(one, { url })).text).toBe(JSON.stringify(body));
    expect((await browse(other, { url })).body).toEqual({});
  });

  it.each([
    ['no object', [], 422],
    ['more than 16 KiB', { x: 'y'.repeat(16 * 1024) }, 413],
  ])('do not take %s', async (_, body, status) => {
    const browser = await openBrowser((await createUser()).email);
    expect((await browse(browser, { method: 'PUT', url: '/user/settings', body })).status).toBe(status);
  });
});

describe('/user/sessions', () => {
  it('lists where a person is signed in, and signs out there', async () => {
    const { email } = await createUser();
    const [here, other] = [await openBrowser(email), await openBrowser(email)];
    const stranger = await openBrowser((await createUser()).email);
    const { body } = await browse(here, { url: '/user/sessions' });
    expect(body).toMatchObject([
      { is_current: true, ip: '127.0.0.1', last_seen_at: '2025-03-03T12:00:00.000Z' },
      { is_current: false },
    ]);
    const remove = (browser: Browser) => browse(browser, { method: 'DELETE', url: `/user/sessions/${body[1].id}` });
    expect((await remove(stranger)).status).toBe(404);
    expect((await browse(other, { url: '/user' })).status).toBe(200);
    expect((await remove(here)).status).toBe(200);
    expect((await browse(other, { url: '/user' })).status).toBe(401);
    expect((await remove(here)).status).toBe(404);
  });
});

describe('/account', () => {
  it('is read and changed by who may', async () => {
    const before = await api.ask({ url: '/account' });
    expect(before.body).toEqual({
      id: api.account.id,
      name: 'Acme',
      time_zone: 'America/Chicago',
      data_retention_in_days: 90,
      facts_retention_in_days: 90,
      data_truncated_at: null,
      lead_ping_enabled: true,
    });
    const version = () => api.pool.query('select config_version from accounts where id = $1', [api.account.id]);
    const { rows: old } = await version();
    const changed = await api.ask({ method: 'PUT', url: '/account', body: { ...before.body, name: 'Acme Leads' } });
    expect(changed).toMatchObject({ status: 200, body: { ...before.body, name: 'Acme Leads' } });
    expect((await api.ask({ url: '/account' })).body.name).toBe('Acme Leads');
    expect(Number((await version()).rows[0].config_version)).toBe(Number(old[0].config_version) + 1);
    await api.ask({ method: 'PUT', url: '/account', body: { name: 'Acme' } });
  });

  it.each([
    [{ time_zone: 'Mars/Olympus' }, 'time_zone'],
    [{ data_retention_in_days: 0 }, 'data_retention_in_days'],
    [{ name: ' ' }, 'name'],
    [{ name: 'Acme', features: {} }, 'features'],
    [{}, ''],
  ])('with %j is 422', async (body, path) => {
    const answer = await api.ask({ method: 'PUT', url: '/account', body });
    expect(answer).toMatchObject({ status: 422, body: { details: [{ path }] } });
  });

  it('says what is kept for how long, in the days of the account', async () => {
    const change = (body: object) => api.ask({ method: 'PUT', url: '/account', body });
    await change({ data_retention_in_days: 1, facts_retention_in_days: 400 });
    const { status, body } = await api.ask({ url: '/account/retention' });
    await change({ data_retention_in_days: 90, facts_retention_in_days: null });
    expect(status).toBe(200);
    const periodOf = (table: string) => body.find(({ tables }: { tables: string[] }) => tables.includes(table));
    expect(periodOf('lead_data')).toEqual({
      ...{ what: 'Values of leads, requests and answers', tables: ['lead_data'], values_of_people: 'yes' },
      ...{ kept: '1 day after the lead', deleted_by: 'retention' },
    });
    expect(periodOf('resubmissions')).toMatchObject({ kept: '400 days after the lead', values_of_people: 'no' });
    expect(periodOf('pings')).toMatchObject({
      kept: '35 days, or 1 day where that is less',
      deleted_by: 'ended-pings',
    });
    expect(JSON.stringify(body)).not.toMatch(/`|retention_in_days/);
  });

  it('is not changed by an editor', async () => {
    const browser = await openBrowser((await createUser('editor')).email);
    expect((await browse(browser, { url: '/account' })).status).toBe(200);
    const change = await browse(browser, { method: 'PUT', url: '/account', body: { name: 'Mine' } });
    expect(change).toMatchObject({ status: 403, body: { code: 'permission_required' } });
  });
});
