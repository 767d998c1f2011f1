import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../test/harness/until.ts';
import { packageRoot } from '../../package-root.ts';
import { createTestApi, type TestApi } from '../testing/test-server.ts';

const ADS = { name: 'Search Ads', module_ids: ['leadconduit-default.inbound'], source: 'form', recipient: null };
const SOURCE_ID = '5fd0c0de00000000000000e1';
const BUYER_ID = '5fd0c0de00000000000000e2';
const MISSING = '5fd0c0de00000000000000ff';
const MODULE = 'leadconduit-custom.outbound.json';
const FLOW = {
  name: 'Mortgage',
  enabled: true,
  sources: [{ entity: { id: SOURCE_ID, name: 'Blog' }, integration: { module_id: 'leadconduit-default.inbound' } }],
  steps: [
    { type: 'recipient', entity: { id: BUYER_ID.toUpperCase(), name: 'Buyer' }, integration: { module_id: MODULE } },
    { type: 'recipient', entity: { id: BUYER_ID, name: 'Buyer 2' }, integration: { module_id: `${MODULE}x` } },
  ],
  fields: ['email'],
};

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.close());

const post = (url: string, body?: unknown) => api.ask({ method: 'POST', url, ...(body === undefined ? {} : { body }) });
const put = (url: string, body: unknown) => api.ask({ method: 'PUT', url, body });
const remove = (url: string) => api.ask({ method: 'DELETE', url });
const latest = async () => {
  const [{ id }] = (await api.ask({ url: '/activity?limit=1' })).body;
  return (await api.ask({ url: `/activity/${id}` })).body;
};

describe('/entities', () => {
  it('are made, read, listed, replaced and removed, and the log has each change', async () => {
    const made = await post('/entities', { ...ADS, website: 'https://ads.example.com', field_suffix: 'ads1' });
    expect(made).toMatchObject({ status: 201 });
    const { id } = made.body;
    expect(made.body).toEqual({
      ...ADS,
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      website: 'https://ads.example.com',
      field_suffix: 'ads1',
      logo_url: null,
      time_zone: null,
      trustedform_certified_vendor: false,
      standard: false,
      account: false,
      pending: false,
      connected: null,
      deprecated: false,
      invitation_id: null,
      flow_ids: [],
      created_at: '2025-03-03T12:00:00.000Z',
      updated_at: '2025-03-03T12:00:00.000Z',
    });
    expect(await latest()).toMatchObject({
      kind: 'entity',
      action: 'create',
      before: null,
      after: { name: 'Search Ads' },
    });
    const url = `/entities/${id}`;
    expect((await api.ask({ url })).body).toEqual(made.body);
    expect((await api.ask({ url: '/entities' })).body).toContainEqual(made.body);
    const changed = await put(url, {
      ...made.body,
      name: 'Ads',
      recipient: 'crm',
      field_suffix: null,
      time_zone: 'Europe/Berlin',
      trustedform_certified_vendor: true,
      description: 'Bought clicks',
    });
    expect(changed).toMatchObject({
      status: 200,
      body: {
        ...made.body,
        name: 'Ads',
        recipient: 'crm',
        field_suffix: null,
        time_zone: 'Europe/Berlin',
        trustedform_certified_vendor: true,
        description: 'Bought clicks',
      },
    });
    expect(await latest()).toMatchObject({ action: 'update', before: { name: 'Search Ads' }, after: { name: 'Ads' } });
    expect(await remove(url)).toMatchObject({ status: 200, body: changed.body });
    expect(await latest()).toMatchObject({ action: 'delete', before: { name: 'Ads' }, after: null });
    for (const gone of [await api.ask({ url }), await put(url, ADS), await remove(url)]) expect(gone.status).toBe(404);
  });

  it('take an id of the caller once', async () => {
    expect(await post('/entities', { ...ADS, id: '5FD0C0DE00000000000000E9' })).toMatchObject({
      status: 201,
      body: { id: '5fd0c0de00000000000000e9' },
    });
    expect(await post('/entities', { ...ADS, id: '5fd0c0de00000000000000e9' })).toMatchObject({
      status: 409,
      body: { code: 'id_taken' },
    });
  });

  it.each([
    [{ name: ' ' }, 'name'],
    [{ module_ids: undefined }, 'module_ids'],
    [{ module_ids: [7] }, 'module_ids.0'],
    [{ source: undefined }, 'source'],
    [{ source: 'seler' }, 'source'],
    [{ recipient: 'form' }, 'recipient'],
    [{ field_suffix: 'ab' }, 'field_suffix'],
    [{ logo_url: 'javascript:alert(1)' }, 'logo_url'],
    [{ website: 'example.com' }, 'website'],
    [{ time_zone: 'Mars/Olympus' }, 'time_zone'],
    [{ naem: 'x' }, 'naem'],
    [{ id: 'short' }, 'id'],
  ])('refuse %j at %s', async (part, path) => {
    const { status, body } = await post('/entities', { ...ADS, ...part });
    expect([status, body.details?.map((each: { path: string }) => each.path)]).toEqual([422, [path]]);
  });

  it('are of the own account alone, and an analyst changes none', async () => {
    const { body } = await post('/entities', ADS);
    const url = `/entities/${body.id}`;
    expect((await api.ask({ url, key: api.strangerKey })).status).toBe(404);
    expect((await api.ask({ method: 'DELETE', url, key: api.strangerKey })).status).toBe(404);
    const { key } = (await post('/api_keys', { name: 'Reports', role: 'analyst' })).body;
    expect((await api.ask({ url, key })).status).toBe(200);
    expect(await api.ask({ method: 'DELETE', url, key })).toMatchObject({
      status: 403,
      body: { code: 'permission_required' },
    });
  });

  it('have the account itself among them, which is renamed with it and stays', async () => {
    const { id } = (await api.ask({ url: '/account' })).body;
    const own = { id, name: 'Acme', account: true, source: 'other', recipient: 'other' };
    expect((await api.ask({ url: `/entities/${id}` })).body).toMatchObject(own);
    await put('/account', { name: 'Acme Leads' });
    expect((await api.ask({ url: `/entities/${id}` })).body).toMatchObject({ ...own, name: 'Acme Leads' });
    expect(await remove(`/entities/${id}`)).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });
});

describe('a flow that is saved', () => {
  it('makes the entities it names, once, and changes none that exist', async () => {
    const before = (await post('/entities', { ...ADS, id: SOURCE_ID, name: 'The Blog' })).body;
    const saved = await post('/flows', FLOW);
    expect(saved.status).toBe(201);
    expect((await api.ask({ url: `/entities/${SOURCE_ID}` })).body).toEqual({ ...before, flow_ids: [saved.body.id] });
    expect((await api.ask({ url: `/entities/${BUYER_ID}` })).body).toMatchObject({
      name: 'Buyer',
      module_ids: [MODULE, `${MODULE}x`],
      source: null,
      recipient: 'other',
      flow_ids: [saved.body.id],
    });
    const log = (await api.ask({ url: `/activity?kind=entity&subject_id=${SOURCE_ID},${BUYER_ID}` })).body;
    expect(log.map(({ subject }: { subject: { id: string } }) => subject.id)).toEqual([BUYER_ID, SOURCE_ID]);
  });

  it('keeps them from being deleted, as it is saved or as it runs', async () => {
    const { id } = (await post('/flows', { ...FLOW, name: 'Solar', steps: [] })).body;
    const entityId = '5fd0c0de00000000000000e4';
    const flow = {
      ...FLOW,
      name: 'Solar',
      steps: [],
      sources: [{ ...FLOW.sources[0], entity: { id: entityId, name: 'Shop' } }],
    };
    expect((await put(`/flows/${id}`, flow)).status).toBe(200);
    const used = { status: 409, body: { code: 'conflict', error: expect.stringContaining('"Solar"') } };
    expect(await remove(`/entities/${entityId}`)).toMatchObject(used);
    expect((await post(`/flows/${id}/deploy`)).status).toBe(200);
    await put(`/flows/${id}`, { ...FLOW, name: 'Solar', steps: [] });
    expect(await remove(`/entities/${entityId}`)).toMatchObject(used);
    await post(`/flows/${id}/deploy`);
    expect((await remove(`/entities/${entityId}`)).status).toBe(200);
    await remove(`/flows/${id}`);
  });

  it('has the name of its entity where it gives none, and a warning where there is no such entity', async () => {
    const { body } = await post('/entities', { ...ADS, name: 'Radio' });
    const sources = [{ ...FLOW.sources[0], entity: { id: body.id } }];
    const saved = (await post('/flows', { ...FLOW, steps: [], sources })).body;
    expect(saved.sources[0].entity).toEqual({ id: body.id, name: 'Radio' });
    expect(saved.warnings ?? []).toEqual([]);
    const unknown = [{ ...FLOW.sources[0], entity: { id: MISSING } }];
    const kept = (await post('/flows', { ...FLOW, steps: [], sources: unknown })).body;
    expect(kept.sources[0].entity).toEqual({ id: MISSING });
    expect(kept.errors).toEqual({});
    expect(kept.warnings).toMatchObject([{ check: 'unknown-entity', path: 'sources.0.entity' }]);
    expect((await api.ask({ url: `/entities/${MISSING}` })).status).toBe(404);
  });

  it('waits for a removal at the same time, and makes the entity again', async () => {
    const entityId = '5fd0c0de00000000000000e7';
    await post('/entities', { ...ADS, id: entityId, name: 'Raced' });
    const client = await api.pool.connect();
    await client.query('begin');
    await client.query('delete from entities where id = $1', [entityId]);
    const sources = [{ ...FLOW.sources[0], entity: { id: entityId, name: 'Raced' } }];
    const saving = post('/flows', { ...FLOW, steps: [], sources });
    await until('the save waits', async () => {
      const { rows } = await client.query(
        `select count(*)::integer as waiting from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return rows[0].waiting === 1;
    });
    await client.query('commit');
    client.release();
    expect((await saving).status).toBe(201);
    expect((await api.ask({ url: `/entities/${entityId}` })).body.flow_ids).toHaveLength(1);
  });
});

it('the migration makes the same entities of the flows that exist', async () => {
  const read = async () =>
    (await api.ask({ url: '/entities' })).body.filter(
      ({ account, flow_ids: flowIds }: { account: boolean; flow_ids: string[] }) => account || flowIds.length > 0,
    );
  const parts = ({ id, name, flow_ids }: { id: string; name: string; flow_ids: string[] }) => ({ id, name, flow_ids });
  const before = (await read()).filter(({ id }: { id: string }) => id !== SOURCE_ID).map(parts);
  const file = readdirSync(join(packageRoot, 'sql')).find((name) => name.endsWith('_entities.sql')) ?? '';
  await api.pool.query(`drop table entities; ${readFileSync(join(packageRoot, 'sql', file), 'utf8')}`);
  const after = await read();
  expect(after.map(parts)).toEqual(expect.arrayContaining(before));
  // One that existed before the flow keeps its own name; the migration knows the flow's alone.
  const byId = new Map(after.map((each: { id: string }) => [each.id, each]));
  expect(byId.get(SOURCE_ID)).toMatchObject({ name: 'Blog', source: 'other', recipient: null });
  expect(byId.get(BUYER_ID)).toMatchObject({ source: null, recipient: 'other', module_ids: [MODULE, `${MODULE}x`] });
});
