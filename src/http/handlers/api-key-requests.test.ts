import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, TEST_NOW, type TestApi } from '../testing/test-server.ts';

const DAY_MS = 86_400_000;

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.close());

const makeKey = async (permissions: string[]): Promise<{ id: string; key: string }> =>
  (await api.ask({ method: 'POST', url: '/api_keys', body: { name: 'Program', permissions } })).body;
const listOf = async (id: string, query = '') => {
  await api.writeKeyRequests();
  return api.ask({ url: `/api_keys/${id}/requests${query}` });
};
const operationsOf = async (id: string, query: string) =>
  (await listOf(id, query)).body.map(({ operation, status }: Row) => `${operation} ${status}`);

interface Row {
  operation: string;
  status: number;
  id: string;
}

describe('GET /api_keys/{id}/requests', () => {
  it('has what the key asked for, newest first: routes without values', async () => {
    const { id, key } = await makeKey(['flows.read', 'flows.write']);
    const traceparent = `00-${'4bf92f3577b34da6a3ce929d0e0e4736'}-00f067aa0ba902b7-01`;
    const flows = await api.ask({ url: '/flows?include=name', key, headers: { traceparent } });
    await api.ask({ url: '/flows/5f1c09ab5f1c09ab5f1c09ab', key });
    await api.ask({ method: 'POST', url: '/flows', body: { name: 'Secret name' }, key });
    await api.ask({ method: 'GET', url: '/leads?q=ada@example.com', key });
    const { status, body, text } = await listOf(id);
    expect(status).toBe(200);
    const [lacking, made, missing, first] = body;
    expect(body).toHaveLength(4);
    expect(lacking).toMatchObject({ operation: 'listLeads', method: 'GET', path: '/leads', status: 403 });
    expect(made).toMatchObject({ operation: 'createFlow', method: 'POST', path: '/flows' });
    expect(missing).toMatchObject({ operation: 'readFlow', method: 'GET', path: '/flows/{id}', status: 404 });
    expect(first).toEqual({
      ...{ id: expect.stringMatching(/^[0-9a-f]{24}$/), at: new Date(TEST_NOW).toISOString(), operation: 'listFlows' },
      ...{ method: 'GET', path: '/flows', status: 200, ms: expect.any(Number), skipped: 0 },
      ...{ bytes: Buffer.byteLength(flows.text), trace_id: '4bf92f3577b34da6a3ce929d0e0e4736' },
    });
    expect(text).not.toMatch(/ada|Secret|5f1c09ab|include/);
  });

  it('picks by status, operation and time, and goes on from an id', async () => {
    const { id, key } = await makeKey(['flows.read']);
    for (const url of ['/flows', '/flows/5f1c09ab5f1c09ab5f1c09ab', '/fields', '/flows?limit=x', '/leads']) {
      await api.ask({ url, key });
    }
    expect(await operationsOf(id, '?status=4xx,5xx')).toEqual(['listLeads 403', 'listFlows 400', 'readFlow 404']);
    expect(await operationsOf(id, '?operation=listFlows')).toEqual(['listFlows 400', 'listFlows 200']);
    expect(await operationsOf(id, '?operation=listFlows&status=2xx')).toEqual(['listFlows 200']);
    expect(await operationsOf(id, '?sort=asc&limit=2')).toEqual(['listFlows 200', 'readFlow 404']);
    const { body } = await listOf(id, '?limit=2');
    expect(await operationsOf(id, `?limit=2&before_id=${body[1].id}`)).toEqual(['listFields 200', 'readFlow 404']);
    expect(await operationsOf(id, `?after_id=${body[1].id}`)).toEqual(['listLeads 403']);
    expect(await operationsOf(id, '?end=2025-03-02')).toEqual([]);
    expect(await listOf(id, '?status=404')).toMatchObject({ status: 400, body: { code: 'malformed_query' } });
  });

  it('has nothing of a stranger, of another key, and of 7 days ago', async () => {
    const { id, key } = await makeKey(['flows.read']);
    await api.ask({ url: '/flows', key: `${key}x` });
    expect((await listOf(id)).body).toEqual([]);
    await api.ask({ method: 'HEAD', url: '/flows', key });
    expect((await listOf(id)).body).toMatchObject([{ operation: 'listFlows', method: 'HEAD', status: 200 }]);
    api.clock.set(TEST_NOW + 7 * DAY_MS);
    expect((await listOf(id)).body).toHaveLength(1);
    api.clock.set(TEST_NOW + 7 * DAY_MS + 1_000);
    expect((await listOf(id)).body).toEqual([]);
    expect((await listOf(id, '?start=2025-03-01')).body).toEqual([]);
    api.clock.set(TEST_NOW);
  });

  it('is read by who manages keys of the account', async () => {
    const { id, key } = await makeKey(['flows.read']);
    const url = `/api_keys/${id}/requests`;
    expect(await api.ask({ url, key })).toMatchObject({ status: 403, body: { code: 'permission_required' } });
    expect(await api.ask({ url, key: api.strangerKey })).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});
