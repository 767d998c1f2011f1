import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts';
import { hashApiKey } from '../accounts/create-api-key.ts';
import { DEMO_FLOW_ID } from '../demo/demo-flow.ts';
import { prepareFirstStart } from './prepare-first-start.ts';

const URL = 'http://127.0.0.1:8401/';
const KEY = 'a-key-of-the-operators-own';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const prepare = async (given: { adminApiKey?: string; demo?: boolean } = {}) => {
  const { adminApiKey = null, demo = false } = given;
  return prepareFirstStart({ connection: database.connection, adminApiKey, demoRecipientUrl: demo ? URL : null });
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
    expect(first).toMatchObject({ ok: true, value: { newAdminApiKey: expect.stringMatching(/^[0-9a-f]{64}$/) } });
    expect(await prepare()).toMatchObject({ ok: true, value: { newAdminApiKey: null } });
    expect(await rows('select count(*)::int as n from accounts')).toEqual([{ n: 1 }]);
  });

  it('takes the operator’s key and stores only its hash', async () => {
    expect(await prepare({ adminApiKey: KEY })).toMatchObject({ ok: true, value: { newAdminApiKey: null } });
    expect(await rows('select key_hash, is_superuser from api_keys')).toEqual([
      { key_hash: hashApiKey(KEY), is_superuser: true },
    ]);
  });

  it('adds the operator’s key at a later start, so that a lost key locks nobody out', async () => {
    await prepare();
    await prepare({ adminApiKey: KEY });
    await prepare({ adminApiKey: KEY });
    expect(await rows('select count(*)::int as n from api_keys')).toEqual([{ n: 2 }]);
  });

  it('does not bring a revoked key back', async () => {
    await prepare({ adminApiKey: KEY });
    await rows('update api_keys set revoked_at = now()');
    expect(await prepare({ adminApiKey: KEY })).toEqual({
      ok: false,
      error: expect.stringMatching(/^SLUICE_ADMIN_API_KEY/),
    });
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
