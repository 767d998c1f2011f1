import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { POSTING_LINKS_MAX } from '../../posting/posting-link.ts';
import { createTestApi, type TestApi } from '../testing/test-server.ts';

const ENTITY_ID = '5462c7fb745fb567baf2e093';
const UNKNOWN = '5462c7fb745fb567baf2e099';
const source = (id: string, entityId: string, name: string) => ({
  id,
  entity: { id: entityId, name },
  integration: { module_id: 'leadconduit-default.inbound', mappings: [] },
});
const FLOW = {
  name: 'Solar',
  enabled: true,
  fields: ['email', 'state'],
  sources: [source('src001', ENTITY_ID, 'Search Ads'), source('src002', '5462c7fb745fb567baf2e094', 'Rival Media')],
  steps: [],
};

describe('posting links', () => {
  let api: TestApi;
  let flowId = '';
  beforeAll(async () => {
    api = await createTestApi();
    flowId = (await api.ask({ method: 'POST', url: '/flows', body: FLOW })).body.id;
    await api.ask({ method: 'POST', url: `/flows/${flowId}/deploy` });
  });
  afterAll(() => api.close());

  const linksOf = (sourceId: string) => `/flows/${flowId}/sources/${sourceId}/posting_links`;
  const make = async (body: object = {}, sourceId = ENTITY_ID) =>
    (await api.ask({ method: 'POST', url: linksOf(sourceId), body })).body;
  const open = (url: string, path = '.json') => api.ask({ url: new URL(url).pathname + path, key: null });

  it('are made with what they show, listed with their URLs, and changed without a new URL', async () => {
    const made = await make({ contact: ' Ann ', shows_caps: true }, 'src001');
    expect(made).toMatchObject({
      flow_id: flowId,
      source_id: ENTITY_ID,
      contact: 'Ann',
      shows_caps: true,
      shows_prices: false,
      hides_rules: false,
      allows_live_tests: false,
    });
    // 256 random bits.
    expect(new URL(made.url).pathname).toMatch(/^\/submission\/[\w-]{43}$/);
    expect((await api.ask({ url: linksOf(ENTITY_ID) })).body).toEqual([made]);
    const changed = await api.ask({
      method: 'PUT',
      url: `${linksOf(ENTITY_ID)}/${made.id}`,
      body: { hides_rules: true },
    });
    expect(changed.body).toMatchObject({ url: made.url, contact: null, shows_caps: false, hides_rules: true });
    await api.ask({ method: 'DELETE', url: `${linksOf(ENTITY_ID)}/${made.id}` });
  });

  it('open the page of their source until they are revoked, and then nothing is there', async () => {
    const made = await make();
    const page = await open(made.url);
    expect(page).toMatchObject({ status: 200, body: { source: { name: 'Search Ads' }, flow: { name: 'Solar' } } });
    expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
    expect((await api.ask({ method: 'DELETE', url: `${linksOf(ENTITY_ID)}/${made.id}` })).body).toMatchObject({
      id: made.id,
      url: null,
    });
    const [revoked, never] = [await open(made.url), await open('http://localhost/submission/never')];
    expect(revoked).toMatchObject({ status: 404, body: { error: 'There is nothing at this URL.', code: 'not_found' } });
    expect(never.text).toBe(revoked.text);
  });

  it('are in the activity log without their tokens', async () => {
    const made = await make();
    await api.ask({ method: 'DELETE', url: `${linksOf(ENTITY_ID)}/${made.id}` });
    const { rows } = await api.pool.query(
      "select action, before::text || after::text as sides, coalesce(before, after)::text as side from activity where kind = 'posting_link' and subject_id = $1 order by id",
      [made.id],
    );
    expect(rows.map(({ action }) => action)).toEqual(['create', 'revoke']);
    expect(JSON.stringify(rows)).not.toContain(new URL(made.url).pathname.slice('/submission/'.length));
  });

  it('are of one source and one account', async () => {
    const made = await make();
    const one = `${linksOf('src002')}/${made.id}`;
    expect((await api.ask({ method: 'PUT', url: one, body: {} })).status).toBe(404);
    expect((await api.ask({ method: 'DELETE', url: one })).status).toBe(404);
    expect((await api.ask({ url: linksOf('src002') })).body).toEqual([]);
    expect((await api.ask({ url: linksOf(ENTITY_ID), key: api.strangerKey })).status).toBe(404);
    expect((await api.ask({ method: 'POST', url: linksOf(UNKNOWN), body: {} })).status).toBe(404);
    await api.ask({ method: 'DELETE', url: `${linksOf(ENTITY_ID)}/${made.id}` });
  });

  it('are bounded for each source', async () => {
    for (let count = 0; count < POSTING_LINKS_MAX; count += 1) await make({}, 'src002');
    expect(await make({}, 'src002')).toMatchObject({ code: 'conflict' });
  });

  it('show a source that was not deployed yet as a test', async () => {
    const added = source('src003', '5462c7fb745fb567baf2e095', 'New Vendor');
    await api.ask({ method: 'PUT', url: `/flows/${flowId}`, body: { ...FLOW, sources: [...FLOW.sources, added] } });
    const made = await make({}, 'src003');
    expect((await open(made.url)).body).toMatchObject({ state: { kind: 'test' }, source: { name: 'New Vendor' } });
  });

  it('names what changed for vendors with a deploy', async () => {
    const made = await make();
    api.clock.set(api.clock.now() + 1_000);
    await api.ask({ method: 'PUT', url: `/flows/${flowId}`, body: { ...FLOW, fields: ['email', 'city'] } });
    expect((await open(made.url)).body.changes).toEqual([]);
    await api.ask({ method: 'POST', url: `/flows/${flowId}/deploy` });
    expect((await open(made.url)).body.changes).toMatchObject([
      { kind: 'added', sentence: 'The parameter "city" was added.' },
      { kind: 'removed', sentence: 'The parameter "state" was removed; it is ignored.' },
    ]);
  });
});
