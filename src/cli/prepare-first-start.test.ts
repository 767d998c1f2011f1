import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts';
import { hashApiKey } from '../access/create-api-key.ts';
import { hashToken } from '../access/users/token.ts';
import { DEMO_FLOW_ID } from '../demo/demo-flow.ts';
import { createSecretBox } from '../store/secret-box.ts';
import { prepareFirstStart } from './prepare-first-start.ts';

const URL = 'http://127.0.0.1:8401/';
const KEY = 'a-key-of-the-operators-own';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const SECRET_KEY = { secretKey: Buffer.alloc(32, 1), secretKeyFrom: 'SLUICE_SECRET_KEY' };

const prepare = async (given: { adminApiKey?: string; demo?: boolean; secretKey?: Buffer } = {}) => {
  const { adminApiKey = null, demo = false, secretKey = SECRET_KEY.secretKey } = given;
  const demoRecipientUrl = demo ? URL : null;
  return prepareFirstStart({
    ...SECRET_KEY,
    connection: database.connection,
    adminApiKey,
    secretKey,
    demoRecipientUrl,
  });
};

async function rows(sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(database.connection);
  await client.connect();
  const result = await client.query(sql, values);
  await client.end();
  return result.rows;
}

describe('prepareFirstStart', () => {
  it('makes an account and a key that is shown once', async () => {
    const first = await prepare();
    expect(first).toMatchObject({ ok: true, value: { newAdminApiKey: expect.stringMatching(/^slk_[0-9a-f]{64}$/) } });
    expect(await prepare()).toMatchObject({ ok: true, value: { newAdminApiKey: null } });
    expect(await rows('select count(*)::int as n from accounts')).toEqual([{ n: 1 }]);
  });

  it('makes a link for the first administrator at each start, until somebody has signed in', async () => {
    const tokens = [await prepare(), await prepare()].map((first) => (first.ok ? first.value.welcomeToken : null));
    expect(tokens).toEqual([expect.stringMatching(/^[\w-]{43}$/), expect.stringMatching(/^[\w-]{43}$/)]);
    expect(new Set(tokens).size).toBe(2);
    expect(await rows('select token_hash from welcome_links order by created_at')).toEqual(
      tokens.map((token) => ({ token_hash: hashToken(token ?? '') })),
    );
    await rows(
      `insert into users (account_id, id, email, first_name, last_name, role, created_at, last_login_at)
       select id, 'u', 'ann@example.com', '', '', 'owner', now(), now() from accounts`,
    );
    expect(await prepare()).toMatchObject({ ok: true, value: { welcomeToken: null } });
    expect(await rows('select from welcome_links')).toEqual([]);
  });

  it('takes the operator’s key and stores only its hash', async () => {
    expect(await prepare({ adminApiKey: KEY })).toMatchObject({ ok: true, value: { newAdminApiKey: null } });
    expect(await rows('select key_hash, role from api_keys join api_key_secrets on key_id = id')).toEqual([
      { key_hash: hashApiKey(KEY), role: 'owner' },
    ]);
  });

  it('adds the operator’s key at a later start, so that a lost key locks no operator out', async () => {
    await prepare();
    expect(await prepare({ adminApiKey: KEY })).toMatchObject({ value: { otherAdminKeys: 1 } });
    expect(await prepare({ adminApiKey: KEY })).toMatchObject({ value: { otherAdminKeys: 0 } });
    expect(await rows('select count(*)::int as n from api_keys')).toEqual([{ n: 2 }]);
  });

  it('does not bring a revoked key back', async () => {
    await prepare({ adminApiKey: KEY });
    await rows('update api_keys set revoked_at = now()');
    const rejected = { ok: false, error: expect.stringMatching(/^SLUICE_ADMIN_API_KEY/) };
    expect(await prepare({ adminApiKey: KEY })).toEqual(rejected);
    // As the nightly job does in the end.
    await rows('delete from api_keys');
    expect(await prepare({ adminApiKey: KEY })).toEqual(rejected);
    expect(await rows('select from api_keys')).toEqual([]);
  });

  it('does everything once when several processes start together', async () => {
    const all = await Promise.all([1, 2, 3].map(() => prepare({ demo: true })));
    const shown = all.filter((one) => one.ok && one.value.newAdminApiKey !== null);
    expect(shown).toHaveLength(1);
    expect(await rows('select count(*)::int as n from accounts')).toEqual([{ n: 1 }]);
  });

  it('makes and deploys the demo flow, and leaves a deleted one deleted', async () => {
    await prepare({ demo: true });
    const deployed = 'select deployed_revision, deleted_at is not null as gone from flows where id = $1';
    expect(await rows(deployed, [DEMO_FLOW_ID])).toEqual([{ deployed_revision: 1, gone: false }]);
    await rows('update flows set deleted_at = now()');
    await prepare({ demo: true });
    expect(await rows(deployed, [DEMO_FLOW_ID])).toEqual([{ deployed_revision: 1, gone: true }]);
  });

  it('deploys a demo flow that an interrupted start only saved', async () => {
    await prepare({ demo: true });
    await rows('update flows set deployed_revision = null');
    await prepare({ demo: true });
    expect(await rows('select deployed_revision from flows')).toEqual([{ deployed_revision: 1 }]);
  });
});

describe('the key of stored credentials', () => {
  const wrong = { secretKey: Buffer.alloc(32, 2) };
  const refused = {
    ok: false,
    error: expect.stringMatching(/^SLUICE_SECRET_KEY does not decrypt.*restore the earlier key/),
  };

  it('is known from the first start on: another one does not start, the same one does', async () => {
    expect(await prepare()).toMatchObject({ ok: true });
    expect(await prepare(wrong)).toEqual(refused);
    expect(await prepare()).toMatchObject({ ok: true });
  });

  it('is compared with what was sealed before there was a check value', async () => {
    await prepare();
    const [account] = await rows('select id from accounts');
    const box = createSecretBox(SECRET_KEY.secretKey, randomBytes);
    await rows(
      `insert into destinations (account_id, instance_id, name, integration_name, actions, sealed_secret, created_at, updated_at)
       values ($1, 'aaaaaaaaaaaaaaaaaaaaaaaa', 'CRM', 'x', '[]', $2, now(), now())`,
      [account?.['id'], box.seal('key', 'destination:aaaaaaaaaaaaaaaaaaaaaaaa')],
    );
    await rows(`delete from installation where name = 'secret_key_check'`);
    expect(await prepare(wrong)).toEqual(refused);
    expect(await prepare()).toMatchObject({ ok: true });
    expect(await rows(`select 1 from installation where name = 'secret_key_check'`)).toHaveLength(1);
  });
});
