import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { flowOf } from './flows.ts';

let server: ComposedServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

describe('the request log of a key', () => {
  it('has what the key asked for, without the leads it submits, and outlives a restart', async () => {
    const flow = await server.deploy(flowOf([]));
    const { id, key } = await server.client.createApiKey({ name: 'Program', role: 'editor' });
    const path = `/flows/${flow.id}/sources/${flow.sources[0].entity.id}/submit`;
    expect((await server.api('POST', path, { email: 'jdoe@test.com' }, { key })).status).toBe(201);
    for (const path of ['/flows', '/api_keys']) await server.api('GET', path, undefined, { key });
    const list = () => server.client.listApiKeyRequests(id);
    await until('the requests are written', async () => (await list()).length === 2);
    const found = await list();
    expect(found.map(({ operation, status, skipped }) => [operation, status, skipped])).toEqual([
      ['listApiKeys', 403, 0],
      ['listFlows', 200, 0],
    ]);
    // What waits when a server stops is written.
    await server.api('GET', '/fields', undefined, { key });
    await server.restart();
    expect((await list()).map(({ operation }) => operation)).toEqual(['listFields', 'listApiKeys', 'listFlows']);
  });
});
