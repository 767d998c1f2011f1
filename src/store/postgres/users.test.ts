import { randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import type { Role } from '../../access/roles.ts';
import { changePassword } from '../../access/users/change-password.ts';
import { acceptInvitation, INVITATION_MS_MAX, inviteAgain, inviteUser } from '../../access/users/invitations.ts';
import { createPasswordHasher, PasswordsBusy, type Scrypt } from '../../access/users/password-hash.ts';
import type { PeopleDeps } from '../../access/users/people.ts';
import { confirmSecondFactor, enrolSecondFactor, removeSecondFactor } from '../../access/users/second-factor.ts';
import { findLiveSession, IDLE_MS_MAX, SESSION_MS_MAX } from '../../access/users/sessions.ts';
import { signIn } from '../../access/users/sign-in.ts';
import { computeTotp } from '../../access/users/totp.ts';
import type { User } from '../../access/users/user.ts';
import { ensureAccount } from '../../accounts/ensure-account.ts';
import { createIds } from '../../lib/ids.ts';
import { createSecretBox } from '../secret-box.ts';
import { createAccountStore } from './accounts.ts';
import { createSecondFactorStore } from './second-factors.ts';
import { createSessionStore } from './sessions.ts';
import { createSignInFailureStore } from './sign-in-failures.ts';
import { createUserStore } from './users.ts';

const PASSWORD = 'purple tractor sings';
const START = Date.UTC(2025, 2, 3, 12);

let database: TestDatabase;
let pool: pg.Pool;
let accountId: string;
let now = START;
let scryptCalls = 0;
let isBusy = false;
const run: Scrypt = promisify(scrypt);
const counted: Scrypt = (...given) => {
  scryptCalls += 1;
  return isBusy ? Promise.reject(new PasswordsBusy()) : run(...given);
};
const clock = { now: () => now, monotonic: () => now };
const ids = createIds({ now: () => now, random: Math.random });
const passwords = createPasswordHasher({ scrypt: counted, randomBytes, cost: { N: 16, r: 1, p: 1 } });
let deps: PeopleDeps;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ ...database.connection, max: 10 });
  deps = {
    users: createUserStore(pool),
    sessions: createSessionStore(pool),
    failures: createSignInFailureStore(pool),
    secondFactors: createSecondFactorStore(pool, createSecretBox(randomBytes(32), randomBytes)),
    passwords,
    clock,
    ids,
    randomBytes,
  };
  const account = await ensureAccount(
    { accounts: createAccountStore(pool), ids, clock },
    { name: 'Acme', timeZone: 'UTC' },
  );
  accountId = account.id;
});
beforeEach(async () => {
  await pool.query('truncate users, sign_in_failures cascade');
  now = START;
  scryptCalls = 0;
  isBusy = false;
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const invite = async (role: Role = 'editor', email = `${ids.next()}@example.com`) => {
  const invited = await inviteUser(deps, { accountId, email, role, firstName: '', lastName: '' });
  if (!invited) throw new Error('taken');
  return invited;
};
const accept = (token: string, password = PASSWORD) => acceptInvitation(deps, { token, password, names: {} });
const createUser = async (role: Role = 'editor'): Promise<User> => {
  const { token } = await invite(role);
  const accepted = await accept(token);
  if (!accepted.ok) throw new Error(accepted.error.kind);
  return accepted.value;
};
const keyOf = (user: User) => ({ accountId: user.accountId, userId: user.id });
const attempt = (email: string, password = PASSWORD, ip = '203.0.113.7', code?: string) =>
  signIn(deps, { email, password, code, browser: { ip, userAgent: 'test' } });
const signedIn = async (user: User) => {
  const result = await attempt(user.email);
  if (result.kind !== 'signed_in') throw new Error(result.kind);
  return result;
};
const isAlive = async (token: string) => (await findLiveSession(deps, token)) !== null;

describe('an invitation', () => {
  it('lets its user set a password and sign in', async () => {
    const { token, user } = await invite();
    expect(user.status).toBe('invited');
    expect(await acceptInvitation(deps, { token, password: PASSWORD, names: { firstName: 'Ann' } })).toMatchObject({
      ok: true,
      value: { status: 'active', firstName: 'Ann', lastName: '' },
    });
    expect(await attempt(user.email.toUpperCase())).toMatchObject({ kind: 'signed_in', user: { id: user.id } });
  });

  it('works once, even when it is used many times at once', async () => {
    const { token } = await invite();
    const results = await Promise.all(Array.from({ length: 5 }, () => accept(token)));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await accept(token)).toEqual({ ok: false, error: { kind: 'missing' } });
  });

  it('expires, and costs no scrypt then', async () => {
    const { token } = await invite();
    now += INVITATION_MS_MAX;
    expect(await accept(token)).toEqual({ ok: false, error: { kind: 'missing' } });
    expect(scryptCalls).toBe(0);
  });

  it('survives a password that is refused', async () => {
    const { token } = await invite();
    expect(await accept(token, 'password1234')).toMatchObject({ error: { kind: 'bad_password' } });
    expect(await accept(token)).toMatchObject({ ok: true });
  });

  it('ends when a new one is made, and with its user', async () => {
    const { token, user } = await invite();
    const again = await inviteAgain(deps, keyOf(user));
    expect(await accept(token)).toMatchObject({ error: { kind: 'missing' } });
    await deps.users.change(keyOf(user), { isDisabled: true, now });
    expect(await accept(again?.token ?? '')).toMatchObject({ error: { kind: 'missing' } });
    expect(await inviteAgain(deps, keyOf(user))).toBeNull();
  });

  it('is accepted, replaced and ended at the same time without a fault', async () => {
    const rounds = Array.from({ length: 10 }, async () => {
      const { token, user } = await invite();
      await Promise.all([
        accept(token),
        inviteAgain(deps, keyOf(user)),
        deps.users.change(keyOf(user), { role: 'analyst', now }),
      ]);
    });
    await Promise.all(rounds);
  });

  it('of a user who has sessions ends them when it is accepted', async () => {
    const user = await createUser();
    const { token } = await signedIn(user);
    const again = await inviteAgain(deps, keyOf(user));
    expect(await isAlive(token)).toBe(true);
    await accept(again?.token ?? '', 'another purple tractor');
    expect(await isAlive(token)).toBe(false);
    expect((await attempt(user.email)).kind).toBe('wrong');
  });

  it('is not made for an address that a user has, in whatever case', async () => {
    await invite('editor', 'taken@example.com');
    const wanted = { accountId, email: 'taken@example.com', role: 'owner' as const, firstName: '', lastName: '' };
    expect(await inviteUser(deps, wanted)).toBeNull();
  });

  it('keeps only the hash of its token', async () => {
    const { token } = await invite();
    const { rows } = await pool.query<{ text: string }>('select invitations::text as text from invitations');
    expect(rows[0]?.text).not.toContain(token);
    expect(rows[0]?.text).not.toContain(Buffer.from(token).toString('hex'));
  });
});

describe('a sign-in', () => {
  it('gives the same answer and the same work to everyone who may not', async () => {
    const active = await createUser();
    const { user: invited } = await invite();
    const disabled = await createUser();
    await deps.users.change(keyOf(disabled), { isDisabled: true, now });
    const cases: [string, string][] = [
      [active.email, 'not the password'],
      ['stranger@example.com', PASSWORD],
      ['no address', PASSWORD],
      [invited.email, PASSWORD],
      [disabled.email, PASSWORD],
    ];
    for (const [email, password] of cases) {
      scryptCalls = 0;
      expect(await attempt(email, password)).toEqual({ kind: 'wrong' });
      expect(scryptCalls).toBe(1);
    }
  });

  it('ends the session the browser had and gives a token of its own', async () => {
    const user = await createUser();
    const first = await signedIn(user);
    const browser = { ip: '203.0.113.7', userAgent: 'test' };
    const second = await signIn(deps, { email: user.email, password: PASSWORD, browser, priorToken: first.token });
    expect(second).toMatchObject({ kind: 'signed_in' });
    expect(second.kind === 'signed_in' && second.token).not.toBe(first.token);
    expect(await isAlive(first.token)).toBe(false);
  });

  it('makes passwords of earlier parameters anew', async () => {
    const user = await createUser();
    const old = await createPasswordHasher({ scrypt: run, randomBytes, cost: { N: 32, r: 1, p: 1 } }).hash(PASSWORD);
    await pool.query('update users set password_hash = $1', [old]);
    await signedIn(user);
    expect((await deps.users.findSecrets(keyOf(user)))?.passwordHash).toMatch(/^scrypt\$16\$/);
    await signedIn(user);
  });

  it('counts nothing while too many passwords are checked', async () => {
    const user = await createUser();
    isBusy = true;
    for (let times = 0; times < 10; times += 1) expect(await attempt(user.email)).toEqual({ kind: 'busy' });
    isBusy = false;
    await signedIn(user);
  });
});

describe('guessing', () => {
  it('one user is locked after five attempts, longer each time, for known and unknown addresses alike', async () => {
    const user = await createUser();
    for (const email of [user.email, 'stranger@example.com']) {
      for (let times = 0; times < 5; times += 1)
        expect((await attempt(email, 'wrong', `198.51.100.${times}`)).kind).toBe('wrong');
      scryptCalls = 0;
      expect(await attempt(email, PASSWORD, '198.51.100.9')).toEqual({ kind: 'locked', waitMs: 1_000 });
      expect(scryptCalls).toBe(0);
      now += 1_000;
      expect((await attempt(email, 'wrong')).kind).toBe('wrong');
      expect(await attempt(email)).toEqual({ kind: 'locked', waitMs: 2_000 });
    }
  });

  it('at the same time gets no further', async () => {
    const user = await createUser();
    scryptCalls = 0;
    const results = await Promise.all(Array.from({ length: 20 }, () => attempt(user.email, 'wrong')));
    expect(results.filter(({ kind }) => kind === 'wrong')).toHaveLength(5);
    expect(scryptCalls).toBe(5);
  });

  it('is counted for all servers together', async () => {
    const user = await createUser();
    const otherPool = new pg.Pool({ ...database.connection, max: 1 });
    const otherServer = { ...deps, users: createUserStore(otherPool), failures: createSignInFailureStore(otherPool) };
    const browser = { ip: '198.51.100.77', userAgent: 'test' };
    for (let times = 0; times < 5; times += 1) await attempt(user.email, 'wrong');
    const elsewhere = await signIn(otherServer, { email: user.email, password: PASSWORD, browser });
    await otherPool.end();
    expect(elsewhere).toEqual({ kind: 'locked', waitMs: 1_000 });
  });

  it('many users from one address is locked after thirty', async () => {
    for (let times = 0; times < 30; times += 1)
      expect((await attempt(`stranger${times}@example.com`)).kind).toBe('wrong');
    const user = await createUser();
    expect(await attempt(user.email)).toEqual({ kind: 'locked', waitMs: 1_000 });
    expect((await attempt(user.email, PASSWORD, '198.51.100.1')).kind).toBe('signed_in');
  });

  it('that is refused leaves nothing behind', async () => {
    for (let times = 0; times < 30; times += 1) await attempt(`stranger${times}@example.com`);
    for (let times = 30; times < 40; times += 1)
      expect((await attempt(`stranger${times}@example.com`)).kind).toBe('locked');
    const { rows } = await pool.query<{ count: number }>('select count(*)::integer as count from sign_in_failures');
    expect(rows[0]?.count).toBe(31);
  });

  it('is forgotten after a right password, of the user alone', async () => {
    const user = await createUser();
    for (let times = 0; times < 4; times += 1) await attempt(user.email, 'wrong');
    await signedIn(user);
    for (let times = 0; times < 4; times += 1) expect((await attempt(user.email, 'wrong')).kind).toBe('wrong');
    const { rows } = await pool.query<{ failures: number }>(
      `select failures from sign_in_failures where key like 'address:%'`,
    );
    expect(rows).toEqual([{ failures: 8 }]);
  });

  it('is counted where a password is changed, too', async () => {
    const user = await createUser();
    const live = { ...(await signedIn(user)) };
    const guess = () => changePassword(deps, { live, current: 'wrong', wanted: 'another purple tractor' });
    for (let times = 0; times < 5; times += 1)
      expect(await guess()).toMatchObject({ error: { kind: 'wrong_password' } });
    expect(await guess()).toMatchObject({ error: { kind: 'locked' } });
  });
});

describe('a session', () => {
  it('ends when it was unused for so long, and goes on when it was used', async () => {
    const { token } = await signedIn(await createUser());
    now += IDLE_MS_MAX - 1;
    expect(await isAlive(token)).toBe(true);
    now += IDLE_MS_MAX - 1;
    expect(await isAlive(token)).toBe(true);
    now += IDLE_MS_MAX;
    expect(await isAlive(token)).toBe(false);
  });

  it('ends a week after the sign-in however it is used', async () => {
    const { token } = await signedIn(await createUser());
    for (; now < START + SESSION_MS_MAX - IDLE_MS_MAX; now += IDLE_MS_MAX / 2) expect(await isAlive(token)).toBe(true);
    now = START + SESSION_MS_MAX;
    expect(await isAlive(token)).toBe(false);
    const { rows } = await pool.query('select from sessions');
    expect(rows).toHaveLength(0);
  });

  it.each([
    ['is disabled', (user: User) => deps.users.change(keyOf(user), { isDisabled: true, now })],
    ['is removed', (user: User) => deps.users.remove(keyOf(user))],
    ['gets another role', (user: User) => deps.users.change(keyOf(user), { role: 'analyst', now })],
  ])('ends at once when its user %s', async (_, change) => {
    const user = await createUser();
    const { token } = await signedIn(user);
    await change(user);
    expect(await isAlive(token)).toBe(false);
  });

  it('has another token after a change of password, and is the only one left', async () => {
    const user = await createUser();
    const other = await signedIn(user);
    const here = await signedIn(user);
    const changed = await changePassword(deps, { live: here, current: PASSWORD, wanted: 'another purple tractor' });
    const token = changed.ok ? changed.value.token : '';
    expect(await Promise.all([isAlive(other.token), isAlive(here.token), isAlive(token)])).toEqual([
      false,
      false,
      true,
    ]);
    expect((await attempt(user.email)).kind).toBe('wrong');
    expect((await attempt(user.email, 'another purple tractor')).kind).toBe('signed_in');
  });

  it('of the twenty-first sign-in ends the oldest', async () => {
    const user = await createUser();
    const first = await signedIn(user);
    for (let times = 0; times < 19; times += 1) await signedIn(user);
    expect(await isAlive(first.token)).toBe(true);
    await signedIn(user);
    expect(await isAlive(first.token)).toBe(false);
    expect(await deps.sessions.listOfUser(keyOf(user))).toHaveLength(20);
  });

  it('keeps only the hash of its token', async () => {
    const { token } = await signedIn(await createUser());
    const { rows } = await pool.query<{ text: string }>('select sessions::text as text from sessions');
    expect(rows[0]?.text).not.toContain(token);
  });
});

describe('a second factor', () => {
  const decode = (base32: string): Buffer => {
    const bits = [...base32].map((each) =>
      'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(each).toString(2).padStart(5, '0'),
    );
    return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  };
  const codeNow = (secret: Buffer, steps = 0) => computeTotp(secret, Math.floor(now / 30_000) + steps);
  /** A user whose second factor was confirmed a minute ago. */
  const createGuarded = async () => {
    const user = await createUser();
    const before = await signedIn(user);
    const begun = await enrolSecondFactor(deps, { live: before, password: PASSWORD });
    const secret = decode(begun.ok ? begun.value.secret : '');
    const confirmed = await confirmSecondFactor(deps, { live: before, code: codeNow(secret) });
    if (!confirmed.ok) throw new Error(confirmed.error.kind);
    now += 60_000;
    return { user, secret, before, ...confirmed.value };
  };
  const withCode = (user: User, code?: string) => attempt(user.email, PASSWORD, '203.0.113.7', code);

  it('is asked for once it is confirmed, and not before', async () => {
    const user = await createUser();
    const live = await signedIn(user);
    await enrolSecondFactor(deps, { live, password: PASSWORD });
    expect(await confirmSecondFactor(deps, { live, code: '000000' })).toEqual({
      ok: false,
      error: { kind: 'wrong_code' },
    });
    expect((await attempt(user.email)).kind).toBe('signed_in');
    const guarded = await createGuarded();
    expect(await withCode(guarded.user)).toEqual({ kind: 'code_required' });
    expect((await withCode(guarded.user, codeNow(guarded.secret))).kind).toBe('signed_in');
  });

  it('is not begun without the password', async () => {
    const live = await signedIn(await createUser());
    expect(await enrolSecondFactor(deps, { live, password: 'wrong' })).toMatchObject({
      error: { kind: 'wrong_password' },
    });
    expect(await confirmSecondFactor(deps, { live, code: '000000' })).toMatchObject({ error: { kind: 'not_begun' } });
  });

  it('gives the session another token and ends the others', async () => {
    const { before, token } = await createGuarded();
    expect(await Promise.all([isAlive(before.token), isAlive(token)])).toEqual([false, true]);
  });

  it('takes the code of one step before and after, and none beyond', async () => {
    const { user, secret } = await createGuarded();
    expect((await withCode(user, codeNow(secret, -2))).kind).toBe('wrong');
    expect((await withCode(user, codeNow(secret, 2))).kind).toBe('wrong');
    expect((await withCode(user, codeNow(secret, -1))).kind).toBe('signed_in');
    expect((await withCode(user, codeNow(secret, 1))).kind).toBe('signed_in');
  });

  it('takes each code once, even of many at the same time', async () => {
    const { user, secret } = await createGuarded();
    const code = codeNow(secret);
    const results = await Promise.all(Array.from({ length: 4 }, () => withCode(user, code)));
    expect(results.map(({ kind }) => kind).sort()).toEqual(['signed_in', 'wrong', 'wrong', 'wrong']);
    expect((await withCode(user, code)).kind).toBe('wrong');
  });

  it('takes no code from before one that was used', async () => {
    const { user, secret } = await createGuarded();
    await withCode(user, codeNow(secret));
    expect((await withCode(user, codeNow(secret, -1))).kind).toBe('wrong');
  });

  it('takes each recovery code once', async () => {
    const { user, recoveryCodes } = await createGuarded();
    expect(new Set(recoveryCodes).size).toBe(10);
    const [code = ''] = recoveryCodes;
    expect((await withCode(user, code.toLowerCase())).kind).toBe('signed_in');
    expect((await withCode(user, code)).kind).toBe('wrong');
    expect((await withCode(user, recoveryCodes[1])).kind).toBe('signed_in');
  });

  it('is guessed no faster by asking without a code in between', async () => {
    const { user } = await createGuarded();
    for (let times = 0; times < 5; times += 1) {
      expect((await withCode(user, '000000')).kind).toBe('wrong');
      if (times < 4) expect((await withCode(user)).kind).toBe('code_required');
    }
    expect((await withCode(user)).kind).toBe('locked');
  });

  it('is removed with the password and a code', async () => {
    const { user, secret, before, token } = await createGuarded();
    const live = { ...before, token };
    const remove = (password: string, code: string) => removeSecondFactor(deps, { live, password, code });
    expect(await remove('wrong', codeNow(secret))).toMatchObject({ error: { kind: 'wrong_password' } });
    expect(await remove(PASSWORD, '000000')).toMatchObject({ error: { kind: 'wrong_code' } });
    expect(await remove(PASSWORD, codeNow(secret))).toMatchObject({ ok: true });
    expect((await withCode(user)).kind).toBe('signed_in');
  });

  it('stays when a new invitation is accepted', async () => {
    const { user } = await createGuarded();
    const again = await inviteAgain(deps, keyOf(user));
    await accept(again?.token ?? '');
    expect(await withCode(user)).toEqual({ kind: 'code_required' });
  });

  it('is in no table as text', async () => {
    const { secret, recoveryCodes } = await createGuarded();
    const { rows } = await pool.query<{ text: string }>('select users::text as text from users');
    const stored = rows.map(({ text }) => text).join();
    expect(stored).not.toContain(secret.toString('hex'));
    expect(stored).not.toContain(Buffer.from(recoveryCodes[0]?.replaceAll('-', '') ?? '').toString('hex'));
  });
});

describe('the last owner', () => {
  it.each([
    ['removed', (user: User) => deps.users.remove(keyOf(user))],
    ['disabled', (user: User) => deps.users.change(keyOf(user), { isDisabled: true, now })],
    ['demoted', (user: User) => deps.users.change(keyOf(user), { role: 'editor', now })],
  ])('cannot be %s, however many are invited', async (_, change) => {
    const owner = await createUser('owner');
    await invite('owner');
    expect(await change(owner)).toEqual({ kind: 'last_owner' });
    await createUser('owner');
    expect(await change(owner)).toMatchObject({ kind: 'done' });
  });

  it('stays when two owners remove each other at the same time', async () => {
    const owners = await Promise.all([createUser('owner'), createUser('owner')]);
    const results = await Promise.all(owners.map((owner) => deps.users.remove(keyOf(owner))));
    expect(results.map(({ kind }) => kind).sort()).toEqual(['done', 'last_owner']);
  });
});
