import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_VIEWS } from '../../views/default-views.ts';
import { VIEWS_MAX } from '../../views/view.ts';
import { createTestApi, type TestApi } from '../testing/test-server.ts';

const NOW = Date.UTC(2025, 3, 20, 12);
const FLOW = '5fd0c0de00000000000000aa';
const REJECTED = { name: 'Rejected', section: 'leads', query: { outcome: 'failure', flow_id: [FLOW], range: '7d' } };

let api: TestApi;
/** Reads leads and changes nothing. */
let readerKey: string;
let otherReaderKey: string;
beforeAll(async () => {
  api = await createTestApi();
  api.clock.set(NOW);
  const newKey = async () =>
    (await api.ask({ method: 'POST', url: '/api_keys', body: { name: 'test', permissions: ['leads.read'] } })).body.key;
  [readerKey, otherReaderKey] = [await newKey(), await newKey()];
});
afterAll(() => api.close());
beforeEach(async () => {
  await api.pool.query('delete from views');
});

const save = (body: object, key?: string) =>
  api.ask({ method: 'POST', url: '/views', body, ...(key !== undefined && { key }) });
const listSaved = async (key?: string): Promise<string[]> => {
  const { body } = await api.ask({ url: '/views', ...(key !== undefined && { key }) });
  return body.filter((view: { read_only: boolean }) => !view.read_only).map((view: { name: string }) => view.name);
};

describe('views', () => {
  it('are kept as they were given, changed and deleted, each in the activity log', async () => {
    const made = await save(REJECTED);
    expect([made.status, made.headers['location']]).toEqual([201, `/views/${made.body.id}`]);
    expect(made.body).toMatchObject({
      ...{ name: 'Rejected', section: 'leads', is_shared: false, read_only: false },
      query: { outcome: 'failure', flow_id: FLOW, range: '7d' },
      ...{ created_at: new Date(NOW).toISOString(), updated_at: new Date(NOW).toISOString() },
    });
    const changed = await api.ask({
      method: 'PUT',
      url: `/views/${made.body.id}`,
      body: { ...REJECTED, name: ' Refused ', query: { outcome: ['failure', 'error'] }, is_shared: true },
    });
    expect(changed.body).toEqual({
      ...made.body,
      ...{ name: 'Refused', query: { outcome: ['failure', 'error'] }, is_shared: true },
    });
    expect((await api.ask({ method: 'DELETE', url: `/views/${made.body.id}` })).body).toEqual(changed.body);
    expect((await api.ask({ method: 'DELETE', url: `/views/${made.body.id}` })).status).toBe(404);
    const { rows } = await api.pool.query(`select action from activity where kind = 'view' order by id`);
    expect(rows.map(({ action }) => action)).toEqual(['create', 'update', 'delete']);
  });

  it('that every account has come first, work as filters, and are changed by nobody', async () => {
    const { body } = await api.ask({ url: '/views' });
    expect(body.map((view: { id: string }) => view.id)).toEqual(DEFAULT_VIEWS.map(({ id }) => id));
    for (const { section, query } of DEFAULT_VIEWS) {
      const parameters = new URLSearchParams(query as Record<string, string>);
      expect((await api.ask({ url: `/${section}?${parameters}` })).status, `${section} ${parameters}`).toBe(200);
      expect((await save({ name: 'Copy', section, query })).status).toBe(201);
    }
    const change = await api.ask({ method: 'PUT', url: '/views/leads-all', body: REJECTED });
    expect([change.status, change.body.code]).toEqual([409, 'conflict']);
  });

  it('of one section are listed alone', async () => {
    const { body } = await api.ask({ url: '/views?section=events' });
    expect(new Set(body.map((view: { section: string }) => view.section))).toEqual(new Set(['events']));
  });

  it('belong to who saved them until they are shared', async () => {
    const mine = await save({ ...REJECTED, name: 'Mine' }, readerKey);
    expect(mine.status).toBe(201);
    expect([await listSaved(readerKey), await listSaved(otherReaderKey), await listSaved()]).toEqual([
      ['Mine'],
      [],
      [],
    ]);
    const url = `/views/${mine.body.id}`;
    expect((await api.ask({ method: 'DELETE', url, key: otherReaderKey })).status).toBe(404);
    const share = { method: 'PUT' as const, url, body: { ...REJECTED, is_shared: true } };
    expect((await api.ask({ ...share, key: readerKey })).body.code).toBe('permission_required');
    expect((await save({ ...REJECTED, is_shared: true }, readerKey)).body.code).toBe('permission_required');
  });

  it('that are shared are for everybody, and changed by who may change flows', async () => {
    const shared = await save({ ...REJECTED, name: 'Ours', is_shared: true });
    expect(await listSaved(readerKey)).toEqual(['Ours']);
    const url = `/views/${shared.body.id}`;
    expect((await api.ask({ method: 'DELETE', url, key: readerKey })).body.code).toBe('permission_required');
    expect((await api.ask({ method: 'DELETE', url })).status).toBe(200);
  });

  it.each([
    ['an unknown section', { section: 'flows' }, 'section'],
    ['no name', { name: ' ' }, 'name'],
    ['an unknown outcome', { query: { outcome: 'sold' } }, 'query.outcome'],
    ['a parameter of the other list', { query: { type: 'source' } }, 'query.type'],
    ['a page', { query: { before_id: FLOW } }, 'query.before_id'],
    ['a whole reason, which may quote a lead', { query: { reason: 'bad' } }, 'query.reason'],
    ['two times', { query: { range: '7d', start: '2025-01-01' } }, 'query.range'],
    ['an unknown range', { query: { range: '2y' } }, 'query.range'],
    [
      'rules about values of leads',
      { section: 'events', query: { rules: '[{"lhv":"vars.lead.email","op":"is equal to","rhv":"a@example.com"}]' } },
      'query.rules',
    ],
    [
      'rules that cannot run',
      { section: 'events', query: { rules: '[{"lhv":"feedback_type","op":"is","rhv":"x"}]' } },
      'query.rules.0.op',
    ],
  ])('are refused with %s', async (_, given, path) => {
    const { status, body } = await save({ ...REJECTED, ...given });
    expect([status, body.code]).toEqual([422, 'invalid_document']);
    expect(body.details.map((each: { path: string }) => each.path)).toContain(path);
  });

  it('are at most so many of one person', async () => {
    const { body } = await save(REJECTED, readerKey);
    await api.pool.query(
      `insert into views (account_id, id, name, section, query, is_shared, owner_kind, owner_id, owner_name, created_at, updated_at)
       select account_id, lpad(to_hex(n), 24, '0'), name, section, query, is_shared, owner_kind, owner_id, owner_name, now(), now()
         from views, generate_series(2, $1::int) n where id = $2`,
      [VIEWS_MAX, body.id],
    );
    expect((await save(REJECTED, readerKey)).status).toBe(409);
    expect((await save(REJECTED, otherReaderKey)).status).toBe(201);
  });
});
