import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, createTestApi, TEST_NOW, type TestApi } from '../testing/test-server.ts';

const DAY_MS = 86_400_000;
const SOURCE_ID = '5462c7fb745fb567baf2e093';
const FLOW = {
  name: 'Mortgage',
  enabled: true,
  sources: [{ entity: { id: SOURCE_ID }, integration: { module_id: 'leadconduit-default.inbound' } }],
  steps: [],
  fields: ['email'],
};

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.close());

const make = (body: unknown, key = api.key): Promise<Answer> =>
  api.ask({ method: 'POST', url: '/api_keys', body, key });
const rotate = (id: string, body: unknown = {}, key = api.key): Promise<Answer> =>
  api.ask({ method: 'POST', url: `/api_keys/${id}/rotate`, body, key });
const revoke = (id: string): Promise<Answer> => api.ask({ method: 'DELETE', url: `/api_keys/${id}` });
/** What a key gets where every role but the vendor may read. */
const statusOf = async (key: string): Promise<number> => (await api.ask({ url: '/flows', key })).status;

describe('POST /api_keys', () => {
  it('shows the key once, and keeps only its hash', async () => {
    const made = await make({ name: ' Reports ', role: 'analyst' });
    expect(made.status).toBe(201);
    const { key, ...record } = made.body;
    expect(key).toMatch(/^slk_[0-9a-f]{64}$/);
    expect(record).toMatchObject({ name: 'Reports', prefix: key.slice(0, 12), role: 'analyst', flow_ids: null });
    expect(record.created_by).toMatchObject({ kind: 'key', name: 'test' });
    expect((await api.ask({ url: `/api_keys/${record.id}` })).body).toEqual({ ...record, last_used_at: null });
    expect(await statusOf(key)).toBe(200);
    const listed = await api.ask({ url: '/api_keys' });
    expect(listed.text).not.toContain(key);
    const { rows } = await api.pool.query('select to_jsonb(k) as row from api_keys k where id = $1', [record.id]);
    expect(JSON.stringify(rows)).not.toContain(key);
  });

  it('takes a list of permissions of its own', async () => {
    const made = await make({ name: 'Deployer', permissions: ['flows.read', 'flows.deploy', 'flows.read'] });
    expect(made.body).toMatchObject({ role: null, permissions: ['flows.read', 'flows.deploy'] });
    expect(await statusOf(made.body.key)).toBe(200);
    const refused = await api.ask({ url: '/leads', key: made.body.key });
    expect(refused).toMatchObject({ status: 403, body: { code: 'permission_required' } });
    expect(refused.body.error).toContain('leads.read');
  });

  it('limits a key that submits to flows and sources that there are', async () => {
    const { body: flow } = await api.ask({ method: 'POST', url: '/flows', body: FLOW });
    expect(flow).not.toHaveProperty('error');
    const limits = { flow_ids: [flow.id], source_ids: [SOURCE_ID] };
    expect(await make({ name: 'Vendor', role: 'vendor', ...limits })).toMatchObject({ status: 201, body: limits });
    const own = { name: 'Vendor', role: 'vendor', source_ids: [flow.sources[0].id] };
    expect(await make(own)).toMatchObject({ status: 201 });
    const elsewhere = { name: 'Vendor', role: 'vendor', source_ids: ['0123456789abcdef01234567'] };
    expect(await make(elsewhere)).toMatchObject({ status: 422, body: { details: [{ path: 'source_ids.0' }] } });
  });

  const INVALID: [string, object, string][] = [
    ['no name', { role: 'owner' }, 'name'],
    ['an empty name', { name: ' ', role: 'owner' }, 'name'],
    ['neither role nor permissions', { name: 'x' }, 'role'],
    ['both', { name: 'x', role: 'owner', permissions: ['flows.read'] }, 'role'],
    ['an unknown role', { name: 'x', role: 'superuser' }, 'role'],
    ['an unknown permission', { name: 'x', permissions: ['flows.fly'] }, 'permissions.0'],
    ['no permission', { name: 'x', permissions: [] }, 'permissions'],
    ['an end that has passed', { name: 'x', role: 'owner', expires_at: '2025-03-03T12:00:00Z' }, 'expires_at'],
    ['an end that is no time', { name: 'x', role: 'owner', expires_at: 'tomorrow' }, 'expires_at'],
    ['a limit beside other permissions', { name: 'x', role: 'owner', source_ids: ['a'] }, 'source_ids'],
    ['a flow that there is not', { name: 'x', role: 'vendor', flow_ids: ['0123456789abcdef01234567'] }, 'flow_ids.0'],
    ['a misspelt name', { name: 'x', role: 'vendor', source_id: 'a' }, 'source_id'],
  ];

  it.each(INVALID)('%s is 422', async (_name, body, path) => {
    const refused = await make(body);
    expect(refused.status).toBe(422);
    expect(refused.body.details.map((each: { path: string }) => each.path)).toContain(path);
  });

  it('cannot have more permissions than its creator', async () => {
    const manager = (await make({ name: 'Keys', permissions: ['keys.manage', 'leads.submit'] })).body;
    expect(await make({ name: 'Owner', role: 'owner' }, manager.key)).toMatchObject({ status: 403 });
    expect(await make({ name: 'Vendor', role: 'vendor' }, manager.key)).toMatchObject({ status: 201 });
    const owner = (await make({ name: 'Owner', role: 'owner' })).body;
    expect(await rotate(owner.id, {}, manager.key)).toMatchObject({ status: 403 });
  });
});

describe('a key', () => {
  it('ends when it expires', async () => {
    const { key } = (await make({ name: 'Day', role: 'analyst', expires_at: '2025-03-04T12:00:00Z' })).body;
    expect(await statusOf(key)).toBe(200);
    api.clock.set(TEST_NOW + DAY_MS);
    expect(await statusOf(key)).toBe(401);
    api.clock.set(TEST_NOW);
  });

  it('is rotated under its id; what it was is valid for the grace', async () => {
    const made = (await make({ name: 'Rotated', role: 'analyst' })).body;
    expect(await statusOf(made.key)).toBe(200);
    const rotated = await rotate(made.id, { grace_seconds: 60 });
    expect(rotated).toMatchObject({ status: 200, body: { id: made.id, prefix: rotated.body.key.slice(0, 12) } });
    expect(rotated.body.previous_valid_until).toBe(new Date(TEST_NOW + 60_000).toISOString());
    expect([await statusOf(made.key), await statusOf(rotated.body.key)]).toEqual([200, 200]);
    api.clock.set(TEST_NOW + 60_000);
    expect([await statusOf(made.key), await statusOf(rotated.body.key)]).toEqual([401, 200]);
    const read = await api.ask({ url: `/api_keys/${made.id}` });
    expect(read.body.previous_valid_until).toBeNull();
    api.clock.set(TEST_NOW);
  });

  it('rotated twice does not lengthen the grace of its first text; without grace that ends at once', async () => {
    const made = (await make({ name: 'Leaked', role: 'analyst' })).body;
    expect(await statusOf(made.key)).toBe(200);
    const first = (await rotate(made.id, { grace_seconds: 0 })).body;
    expect(await statusOf(made.key)).toBe(401);
    await rotate(made.id);
    expect([await statusOf(made.key), await statusOf(first.key)]).toEqual([401, 200]);
  });

  it('that is revoked opens nothing from the next request on, nor what it was before', async () => {
    const made = (await make({ name: 'Revoked', role: 'analyst' })).body;
    const rotated = (await rotate(made.id)).body;
    expect([await statusOf(made.key), await statusOf(rotated.key)]).toEqual([200, 200]);
    expect(await revoke(made.id)).toMatchObject({
      status: 200,
      body: { revoked_at: new Date(TEST_NOW).toISOString() },
    });
    expect([await statusOf(made.key), await statusOf(rotated.key)]).toEqual([401, 401]);
    expect(await revoke(made.id)).toMatchObject({ status: 409 });
    expect(await rotate(made.id)).toMatchObject({ status: 409 });
  });

  it('of the last owner is not revoked', async () => {
    const owners = (await api.ask({ url: '/api_keys' })).body.filter(
      (key: { role: string; revoked_at: string | null }) => key.role === 'owner' && key.revoked_at === null,
    );
    const [last, ...others] = owners.reverse();
    const acting = owners.find((key: { name: string }) => key.name === 'test');
    expect([last, ...others].length).toBeGreaterThan(1);
    for (const { id } of owners) if (id !== acting.id) expect(await revoke(id)).toMatchObject({ status: 200 });
    expect(await revoke(acting.id)).toMatchObject({ status: 409 });
    expect(await statusOf(api.key)).toBe(200);
  });

  it('of another account is not there', async () => {
    const made = (await make({ name: 'Ours', role: 'analyst' })).body;
    const asked = { url: `/api_keys/${made.id}`, key: api.strangerKey };
    for (const method of ['GET', 'DELETE'] as const) expect((await api.ask({ ...asked, method })).status).toBe(404);
    expect((await rotate(made.id, {}, api.strangerKey)).status).toBe(404);
    expect((await api.ask({ url: '/api_keys/0123456789abcdef01234567' })).status).toBe(404);
    expect(await rotate(made.id, { grace_seconds: -1 })).toMatchObject({ status: 422 });
  });

  it('has its last use kept to the minute', async () => {
    const made = (await make({ name: 'Used', role: 'analyst' })).body;
    await statusOf(made.key);
    const lastUse = async () => (await api.ask({ url: `/api_keys/${made.id}` })).body.last_used_at;
    await expect.poll(lastUse).toBe(new Date(TEST_NOW).toISOString());
  });
});

describe('who guesses keys', () => {
  it('gets the same 401 for each, however many, and blocks no other caller', async () => {
    const { key } = (await make({ name: 'Ended', role: 'owner' })).body;
    const ended = (await api.ask({ url: '/api_keys' })).body.at(-1);
    await revoke(ended.id);
    const guesses = Array.from({ length: 300 }, (_each, index) => `slk_${String(index).padStart(64, '0')}`);
    const asked = [...guesses, key, api.key.slice(0, -1), `${api.key}0`].map((guess) =>
      api.ask({ url: '/api_keys', key: guess }),
    );
    const right = api.ask({ url: '/api_keys' });
    const answers = new Set((await Promise.all(asked)).map(({ status, text }) => `${status} ${text}`));
    expect([...answers]).toEqual(['401 {"error":"authentication failed"}']);
    expect((await right).status).toBe(200);
  });
});
