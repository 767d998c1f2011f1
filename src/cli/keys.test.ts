import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts';
import { createKeyAuthentication } from '../access/authenticate-api-key.ts';
import { createApiKey, OWNERS_KEY } from '../access/create-api-key.ts';
import { systemClock } from '../lib/clock.ts';
import { createIds } from '../lib/ids.ts';
import { createApiKeyStore } from '../store/postgres/api-keys.ts';
import { listKeys, resetKey, revokeKey } from './keys.ts';
import { prepareFirstStart } from './prepare-first-start.ts';
import type { CommandOutput } from './with-database.ts';

let database: TestDatabase;
let pool: pg.Pool;
beforeEach(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ ...database.connection, max: 2 });
});
afterEach(async () => {
  await pool.end();
  await database.drop();
});

interface Printed {
  code: number;
  stdout: string;
  stderr: string;
}

async function print(command: (output: CommandOutput) => Promise<number>): Promise<Printed> {
  const printed = { stdout: '', stderr: '' };
  const code = await command({
    stdout: { write: (text) => (printed.stdout += text) },
    stderr: { write: (text) => (printed.stderr += text) },
  });
  return { code, ...printed };
}

async function firstStart(): Promise<{ accountId: string; key: string }> {
  const first = await prepareFirstStart({
    connection: database.connection,
    adminApiKey: null,
    secretKey: Buffer.alloc(32, 1),
    secretKeyFrom: 'SLUICE_SECRET_KEY',
    demoRecipientUrl: null,
  });
  if (!first.ok || first.value.newAdminApiKey === null) throw new Error('an empty database gets a key');
  return { accountId: first.value.account.id, key: first.value.newAdminApiKey };
}

const signIn = async (key: string) => {
  const apiKeys = createApiKeyStore(pool);
  const { authenticate } = createKeyAuthentication({ apiKeys, clock: systemClock, report: () => undefined });
  const principal = await authenticate(`Basic ${Buffer.from(`API:${key}`).toString('base64')}`);
  return principal?.actor.id;
};

const list = () => print((output) => listKeys(pool, output));
const reset = () => print((output) => resetKey(pool, output));
const revoke = (id: string) => print((output) => revokeKey(pool, output, id));

describe('keys list', () => {
  it('shows the keys in force by id, role, prefix and name, and no key', async () => {
    const { accountId, key } = await firstStart();
    const deps = { apiKeys: createApiKeyStore(pool), clock: systemClock, randomBytes };
    const ids = createIds({ now: Date.now, random: Math.random });
    const past = { ...OWNERS_KEY, accountId, name: 'Past', expiresAt: Date.now() - 1 };
    await createApiKey({ ...deps, ids }, past);
    const { code, stdout, stderr } = await list();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const id = await signIn(key);
    expect(stdout).toMatch(new RegExp(`^${id}  \\S+Z  owner    ${key.slice(0, 12)}  not used  Administrator\n$`));
    expect(stdout).not.toContain(key);
  });
});

describe('keys revoke', () => {
  it('ends a key for good, and says so', async () => {
    const { key } = await firstStart();
    const id = String(await signIn(key));
    expect(await revoke(id.toUpperCase())).toMatchObject({ code: 0, stdout: expect.stringContaining(id) });
    expect(await signIn(key)).toBeUndefined();
    expect(await list()).toMatchObject({ stdout: '' });
    const { rows } = await pool.query('select * from activity');
    expect(rows).toMatchObject([
      { actor_kind: 'machine', actor_id: 'keys revoke', kind: 'api_key', action: 'revoke', subject_id: id },
    ]);
    expect(JSON.stringify(rows)).not.toContain(key);
  });

  it('refuses an id that names no key in force', async () => {
    const { key } = await firstStart();
    const id = String(await signIn(key));
    const none = { code: 1, stdout: '', stderr: expect.stringContaining('There is no valid key with the id') };
    expect(await revoke('0123456789abcdef01234567')).toEqual(none);
    await revoke(id);
    expect(await revoke(id)).toEqual(none);
  });
});

describe('admin reset-key', () => {
  it('shows a new key of an owner once, and leaves the others', async () => {
    const { key: lost } = await firstStart();
    const { code, stdout, stderr } = await reset();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^slk_[0-9a-f]{64}\n$/);
    expect(stderr).toContain('shown only once');
    expect(await signIn(stdout.trim())).toEqual(expect.any(String));
    expect(await signIn(lost)).toEqual(expect.any(String));
    expect((await list()).stdout).toMatch(/owner .*Reset on the server/);
    const { rows } = await pool.query('select * from activity');
    expect(rows).toMatchObject([
      { actor_kind: 'machine', actor_id: 'admin reset-key', kind: 'api_key', action: 'create' },
    ]);
    expect(JSON.stringify(rows)).not.toContain(stdout.trim());
  });

  it('needs an account', async () => {
    expect(await reset()).toEqual({ code: 1, stdout: '', stderr: expect.stringContaining('sluice start') });
  });
});
