import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts';
import { hashToken } from '../access/users/token.ts';
import { ensureAccount } from '../accounts/ensure-account.ts';
import { systemClock } from '../lib/clock.ts';
import { createIds } from '../lib/ids.ts';
import { createAccountStore } from '../store/postgres/accounts.ts';
import { createUserStore } from '../store/postgres/users.ts';
import { inviteByCommand, listUsers } from './users.ts';
import type { CommandOutput } from './with-database.ts';

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ ...database.connection, max: 2 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

async function print(command: (output: CommandOutput) => Promise<number>) {
  const printed = { stdout: '', stderr: '' };
  const write = (name: keyof typeof printed) => ({
    write: (text: string) => {
      printed[name] += text;
    },
  });
  const code = await command({ stdout: write('stdout'), stderr: write('stderr') });
  return { code, ...printed };
}

const place = { publicUrl: 'https://leads.example.com', host: '127.0.0.1', port: 8400 };
const invite = (email: string, role?: string) =>
  print((output) => inviteByCommand(pool, { output, place, wanted: { email, role } }));

describe('users invite', () => {
  it('needs an account', async () => {
    expect(await invite('ann@example.com', 'owner')).toMatchObject({ code: 1, stdout: '' });
    const ids = createIds({ now: Date.now, random: Math.random });
    const deps = { accounts: createAccountStore(pool), ids, clock: systemClock };
    await ensureAccount(deps, { name: 'Acme', timeZone: 'UTC' });
  });

  it('prints the link that lets the first owner in', async () => {
    const { code, stdout, stderr } = await invite('Ann@Example.com', 'owner');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^https:\/\/leads\.example\.com\/app\/invitation#[\w-]{43}\n$/);
    expect(stderr).toContain('ann@example.com');
    const token = stdout.trim().split('#')[1] ?? '';
    const invited = await createUserStore(pool).findInvited(hashToken(token), Date.now());
    expect(invited?.user).toMatchObject({ email: 'ann@example.com', role: 'owner', status: 'invited' });
  });

  it('makes a new link for a user that exists, and changes no role', async () => {
    expect(await invite('ann@example.com')).toMatchObject({ code: 0, stdout: expect.stringContaining('#') });
    expect(await invite('ann@example.com', 'editor')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('is already a user with the role owner'),
    });
  });

  it('is in the activity log as the command, without address and token', async () => {
    const { rows } = await pool.query('select * from activity order by action');
    const machine = { actor_kind: 'machine', actor_id: 'users invite', actor_name: 'sluice users invite', ip: null };
    expect(rows).toMatchObject([
      { ...machine, kind: 'user', action: 'create', after: { role: 'owner', status: 'invited' } },
      { ...machine, kind: 'user', action: 'invite' },
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/ann@|token/);
  });

  it.each([
    ['no e-mail address', 'ann', 'owner', 'is not an e-mail address'],
    ['no role', 'ben@example.com', undefined, '--role: owner, editor, analyst, vendor'],
    ['an unknown role', 'ben@example.com', 'king', '--role: owner, editor, analyst, vendor'],
  ])('refuses %s', async (_, email, role, sentence) => {
    expect(await invite(email, role)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(sentence) });
  });
});

describe('users list', () => {
  it('shows who there is', async () => {
    const { code, stdout } = await print((output) => listUsers(pool, output));
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^[0-9a-f]{24} {2}owner {4}invited {3}not signed in yet {2}ann@example\.com\n$/),
    });
  });
});
