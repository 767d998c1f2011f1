import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createWelcome, WELCOME_MS_MAX } from '../../access/users/welcome.ts';
import { createWelcomeStore } from '../../store/postgres/welcome-links.ts';
import { createTestApi, TEST_NOW, type TestApi } from '../testing/test-server.ts';

const PASSWORD = 'purple tractor sings';

let api: TestApi;
let accountId: string;
beforeAll(async () => {
  api = await createTestApi();
  accountId = (await api.ask({ url: '/account' })).body.id;
});
beforeEach(async () => {
  api.clock.set(TEST_NOW);
  await api.pool.query('truncate users, welcome_links, activity cascade');
});
afterAll(() => api.close());

/** The token of a link as a start prints it; null: it prints none. */
const newLink = () =>
  createWelcome({ welcome: createWelcomeStore(api.pool), clock: api.clock, randomBytes }, accountId);
const printed = async () => {
  const token = await newLink();
  if (token === null) throw new Error('a link is printed');
  return token;
};
const read = (token: string) => api.ask({ method: 'POST', url: '/welcome/read', key: null, body: { token } });
const accept = (token: string, changes: object = {}) =>
  api.ask({
    method: 'POST',
    url: '/welcome/accept',
    key: null,
    body: { token, email: 'Ann@Example.com', password: PASSWORD, first_name: 'Ann', ...changes },
  });

describe('a welcome link', () => {
  it('makes the first owner and signs that person in', async () => {
    const token = await printed();
    expect(await read(token)).toMatchObject({
      status: 200,
      body: { account: { name: 'Acme', time_zone: 'America/Chicago' }, expires_at: '2025-03-04T12:00:00.000Z' },
    });
    const { status, body, headers } = await accept(token);
    expect([status, body.user.role, body.user.email, body.user.first_name]).toEqual([
      201,
      'owner',
      'ann@example.com',
      'Ann',
    ]);
    expect(body.permissions).toContain('account.manage');
    expect(headers['cache-control']).toBe('no-store');
    const cookie = String(headers['set-cookie']).split(';')[0] ?? '';
    const session = await api.ask({ url: '/session', key: null, headers: { cookie } });
    expect(session).toMatchObject({ status: 200, body: { user: { id: body.user.id, status: 'active' } } });
    const again = await api.ask({
      method: 'POST',
      url: '/session',
      key: null,
      body: { email: 'ann@example.com', password: PASSWORD },
    });
    expect(again.status).toBe(201);
  });

  it('is stored as a hash alone, and is in no answer of the activity log', async () => {
    const token = await printed();
    const { rows } = await api.pool.query<{ text: string }>('select welcome_links::text as text from welcome_links');
    expect(rows).toHaveLength(1);
    expect(rows[0]?.text).not.toContain(token);
    const { body } = await accept(token);
    const log = await api.ask({ url: '/activity' });
    expect(log.body.map(({ action, actor }: { action: string; actor: object }) => ({ action, actor }))).toEqual([
      { action: 'sign_in', actor: { kind: 'session', id: body.user.id, name: 'Ann' } },
      { action: 'create', actor: { kind: 'session', id: body.user.id, name: 'Ann' } },
    ]);
    expect(log.text).not.toContain(token);
    expect(log.text).not.toContain('example.com');
  });

  it.each([
    ['is used', async (token: string) => void (await accept(token))],
    ['has expired', async () => api.clock.set(TEST_NOW + WELCOME_MS_MAX)],
    [
      'is of an account somebody has signed in to by an invitation',
      async () => {
        const invited = await api.ask({
          method: 'POST',
          url: '/users',
          body: { email: 'bob@example.com', role: 'editor' },
        });
        const token = invited.body.invitation.url.split('#')[1];
        const body = { token, password: PASSWORD };
        await api.ask({ method: 'POST', url: '/invitations/accept', key: null, body });
        const signedIn = { email: 'bob@example.com', password: PASSWORD };
        await api.ask({ method: 'POST', url: '/session', key: null, body: signedIn });
      },
    ],
    ['is older than ten others', async () => void (await printMore(10))],
  ])('that %s is 404', async (_, happen) => {
    const token = await printed();
    // Those that are printed later are later.
    api.clock.set(TEST_NOW + 1);
    await happen(token);
    expect(await read(token)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect((await accept(token, { email: 'eve@example.com' })).status).toBe(404);
  });

  it('of ten servers that start together works', async () => {
    const token = await printed();
    await printMore(9);
    expect((await read(token)).status).toBe(200);
    expect((await accept(token)).status).toBe(201);
    expect((await api.pool.query('select from welcome_links')).rowCount).toBe(0);
  });

  it('is not printed once somebody has signed in', async () => {
    await accept(await printed());
    expect(await newLink()).toBeNull();
  });

  it('is printed while users are only invited', async () => {
    await api.ask({ method: 'POST', url: '/users', body: { email: 'bob@example.com', role: 'editor' } });
    expect(await newLink()).not.toBeNull();
  });

  it('used by several at once makes one owner', async () => {
    const tokens = await Promise.all([printed(), printed()]);
    const given = [...tokens, ...tokens].map((token, index) => accept(token, { email: `p${index}@example.com` }));
    const statuses = (await Promise.all(given)).map(({ status }) => status).sort();
    expect(statuses).toEqual([201, 404, 404, 404]);
    expect((await api.ask({ url: '/users' })).body).toHaveLength(1);
  });

  it.each([
    ['a short password', { password: 'short' }, 'password'],
    ['the address as the password', { password: 'ann@example.com' }, 'password'],
    ['no address', { email: 'ann' }, 'email'],
    ['an unknown property', { role: 'owner' }, 'role'],
  ])('with %s stays good, and says where', async (_, changes, path) => {
    const token = await printed();
    expect(await accept(token, changes)).toMatchObject({
      status: 422,
      body: { code: 'invalid_document', details: [{ path }] },
    });
    expect((await accept(token)).status).toBe(201);
  });

  it('with the address of a user stays good', async () => {
    await api.ask({ method: 'POST', url: '/users', body: { email: 'ann@example.com', role: 'editor' } });
    const token = await printed();
    expect(await accept(token)).toMatchObject({ status: 409, body: { code: 'email_taken' } });
    expect((await accept(token, { email: 'ben@example.com' })).status).toBe(201);
  });

  it('from a page of another origin is refused', async () => {
    const token = await printed();
    const body = { token, email: 'ann@example.com', password: PASSWORD };
    const headers = { origin: 'https://evil.example' };
    const foreign = await api.ask({ method: 'POST', url: '/welcome/accept', key: null, headers, body });
    expect([foreign.status, foreign.body.code]).toEqual([403, 'origin_not_allowed']);
  });
});

async function printMore(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await printed();
}
