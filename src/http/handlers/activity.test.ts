import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AskOptions, createTestApi, TEST_NOW, type TestApi } from '../testing/test-server.ts';

const FLOW = {
  name: 'Mortgage',
  enabled: true,
  sources: [{ entity: { name: 'Search Ads' }, integration: { module_id: 'leadconduit-default.inbound' } }],
  steps: [],
  fields: ['email'],
};
const FIELD = { id: 'shoe_size_acme', name: 'Shoe Size', type: 'number' };
const DESTINATION = {
  name: 'CRM',
  actions: [{ name: 'Add lead', webhook_url: 'https://crm.example.com/hook?token=hunter2hunter2' }],
};

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.close());

const latest = async (query = '') => (await api.ask({ url: `/activity?limit=1${query}` })).body[0];
const detailsOf = async (id: string) => (await api.ask({ url: `/activity/${id}` })).body;
/** Asks, and returns the answer with the whole of what was recorded of it. */
async function change(request: AskOptions) {
  const before = await latest();
  const { status, body } = await api.ask(request);
  const entry = await latest();
  return { status, body, recorded: entry?.id === before?.id ? null : await detailsOf(entry.id) };
}
const post = (url: string, body?: unknown) => change({ method: 'POST', url, ...(body === undefined ? {} : { body }) });

describe('the activity log', () => {
  it('has who made a field, changed and deleted it, with the documents before and after', async () => {
    const made = await post('/fields', FIELD);
    expect(made.recorded).toMatchObject({
      at: new Date(TEST_NOW).toISOString(),
      kind: 'field',
      action: 'create',
      subject: { id: FIELD.id, name: FIELD.name },
      actor: { kind: 'key', name: 'test' },
      ip: '127.0.0.1',
      before: null,
      after: FIELD,
    });
    const url = `/fields/${FIELD.id}`;
    const changed = await change({ method: 'PUT', url, body: { ...FIELD, name: 'Shoe' } });
    expect(changed.recorded).toMatchObject({ action: 'update', before: FIELD, after: { name: 'Shoe' } });
    const removed = await change({ method: 'DELETE', url });
    expect(removed.recorded).toMatchObject({ action: 'delete', before: { name: 'Shoe' }, after: null });
  });

  it('has every save, deploy and removal of a flow, with the whole flow', async () => {
    const made = await post('/flows', FLOW);
    const { id } = made.body;
    expect(made.recorded).toMatchObject({ kind: 'flow', action: 'create', before: null, after: FLOW });
    const saved = await change({ method: 'PUT', url: `/flows/${id}`, body: { ...FLOW, name: 'Loans' } });
    expect(saved.recorded).toMatchObject({ action: 'update', before: FLOW, after: { ...FLOW, name: 'Loans' } });
    const deployed = await post(`/flows/${id}/deploy`);
    expect(deployed.recorded).toMatchObject({ action: 'deploy', before: null, after: { name: 'Loans' } });
    const replaced = await change({ method: 'PUT', url: '/flows', body: [{ ...FLOW, id, name: 'All' }] });
    expect(replaced.recorded).toMatchObject({ action: 'update', before: { name: 'Loans' }, after: { name: 'All' } });
    const removed = await change({ method: 'DELETE', url: `/flows/${id}` });
    expect(removed.recorded).toMatchObject({ action: 'delete', before: { name: 'All' }, after: null });
    const all = await api.ask({ url: `/activity?subject_id=${id}&sort=asc` });
    expect(all.body.map(({ action }: { action: string }) => action)).toEqual([
      'create',
      'update',
      'deploy',
      'update',
      'delete',
    ]);
  });

  it('has no secret: not of a destination, not of a mapping, not of a key', async () => {
    const made = await post('/destinations', DESTINATION);
    expect(made.status).toBe(201);
    const rotated = await post(`/destinations/${made.body.instance_id}/rotate_secret`);
    expect(rotated.recorded).toMatchObject({ kind: 'destination', action: 'rotate' });
    const mappings = [{ property: 'header.Authorization', value: 'Basic QVBJOmh1bnRlcjI=' }];
    const step = {
      type: 'recipient',
      entity: { name: 'CRM' },
      integration: { module_id: 'leadconduit-custom.outbound.json', mappings },
    };
    const flow = await post('/flows', { ...FLOW, steps: [step] });
    expect(flow.recorded.after.steps[0].integration.mappings[0]).toMatchObject({ value: '[redacted]' });
    const key = await post('/api_keys', { name: 'Reports', role: 'analyst' });
    const { rows } = await api.pool.query('select json_agg(a) as all from activity a');
    const texts = JSON.stringify([rows, rotated.recorded, flow.recorded, key.recorded]);
    for (const secret of [made.body.secret, rotated.body.secret, 'hunter2', 'QVBJOmh1bnRlcjI', key.body.key])
      expect(texts).not.toContain(secret);
  });

  it('has what became of keys and of the account', async () => {
    const made = await post('/api_keys', { name: 'Reports', role: 'analyst' });
    expect(made.recorded).toMatchObject({ kind: 'api_key', action: 'create', after: { role: 'analyst' } });
    const rotated = await post(`/api_keys/${made.body.id}/rotate`, {});
    expect(rotated.recorded).toMatchObject({ action: 'rotate', before: { prefix: made.body.prefix } });
    const revoked = await change({ method: 'DELETE', url: `/api_keys/${made.body.id}` });
    expect(revoked.recorded).toMatchObject({ action: 'revoke', before: { revoked_at: null } });
    const renamed = await change({ method: 'PUT', url: '/account', body: { name: 'Acme Leads' } });
    expect(renamed.recorded).toMatchObject({
      kind: 'account',
      before: { name: 'Acme' },
      after: { name: 'Acme Leads' },
    });
  });

  it('has who was invited, changed and removed, without their addresses', async () => {
    const made = await post('/users', { email: 'jane@example.com', role: 'editor' });
    expect(made.status).toBe(201);
    expect(made.recorded).toMatchObject({ kind: 'user', action: 'create', after: { role: 'editor' } });
    const url = `/users/${made.recorded.subject.id}`;
    const changed = await change({ method: 'PUT', url, body: { role: 'analyst' } });
    expect(changed.recorded).toMatchObject({ before: { role: 'editor' }, after: { role: 'analyst' } });
    const removed = await change({ method: 'DELETE', url });
    expect(removed.recorded).toMatchObject({ action: 'delete', after: null });
    expect(JSON.stringify([made.recorded, changed.recorded, removed.recorded])).not.toContain('jane');
  });

  it('has nothing of what was refused or only read', async () => {
    const refused = [
      await post('/fields', { id: 'x' }),
      await change({ method: 'DELETE', url: '/fields/no_such_field' }),
      await change({ method: 'DELETE', url: '/flows/0123456789abcdef01234567' }),
      await post('/rules/evaluate', {}),
      await change({ method: 'POST', url: '/fields', body: FIELD, key: null }),
    ];
    expect(refused.map(({ recorded }) => recorded)).toEqual([null, null, null, null, null]);
  });

  it('is written with the change or neither is', async () => {
    await api.pool.query('alter table activity rename to activity_away');
    const made = await api.ask({ method: 'POST', url: '/fields', body: { ...FIELD, id: 'never_acme' } });
    await api.pool.query('alter table activity_away rename to activity');
    expect(made.status).toBe(500);
    expect((await api.ask({ url: '/fields/never_acme' })).status).toBe(404);
  });
});

describe('GET /activity', () => {
  const ask = (query: string) => api.ask({ url: `/activity${query}` });

  it('is paged by id, oldest or newest first', async () => {
    const all = (await ask('?sort=asc')).body.map(({ id }: { id: string }) => id);
    expect((await ask('')).body.map(({ id }: { id: string }) => id)).toEqual([...all].reverse());
    const page = await ask(`?sort=asc&limit=2&after_id=${all[0]}`);
    expect(page.body.map(({ id }: { id: string }) => id)).toEqual(all.slice(1, 3));
  });

  it('picks by kind, action, actor and time', async () => {
    const kinds = (await ask('?kind=field,account')).body.map(({ kind }: { kind: string }) => kind);
    expect(new Set(kinds)).toEqual(new Set(['field', 'account']));
    expect((await ask('?action=deploy')).body).toHaveLength(1);
    const [{ actor }] = (await ask('?limit=1')).body;
    expect((await ask(`?actor_id=${actor.id}`)).body.length).toBeGreaterThan(5);
    expect((await ask('?actor_id=nobody')).body).toEqual([]);
    expect((await ask('?end=2025-03-02')).body).toEqual([]);
    expect((await ask('?start=2025-03-03&limit=1')).body).toHaveLength(1);
    expect((await ask('?kind=leads')).status).toBe(400);
  });

  it('is of the own account alone', async () => {
    const [{ id }] = (await ask('?limit=1')).body;
    expect((await api.ask({ url: '/activity', key: api.strangerKey })).body).toEqual([]);
    expect((await api.ask({ url: `/activity/${id}`, key: api.strangerKey })).status).toBe(404);
    expect((await api.ask({ url: '/activity/0123456789abcdef01234567' })).status).toBe(404);
  });
});
