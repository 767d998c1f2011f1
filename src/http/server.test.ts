import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from './routes.ts';
import { basic, createTestApi, type TestApi } from './testing/test-server.ts';

describe('the API over HTTP', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await createTestApi();
  });
  afterAll(() => api.close());

  const guarded = ROUTES.filter((route) => route.permission !== 'public');

  it.each(guarded)('$method $path without a key is the documented 401', async ({ method, path }) => {
    const url = path.replaceAll(/:\w+/g, '5fd4371e940df5a34a3888b2');
    const answer = await api.ask({ method, url, key: null });
    expect(answer).toMatchObject({ status: 401, text: '{"error":"authentication failed"}' });
    expect(answer.headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8', 'content-length': '33' });
  });

  it.each([
    ['a wrong key', () => basic('0'.repeat(64))],
    ['the key as the user name', () => `Basic ${Buffer.from(`${api.key}:`).toString('base64')}`],
    ['a bearer token', () => `Bearer ${api.key}`],
    ['no base64', () => 'Basic %%%'],
    ['no colon', () => `Basic ${Buffer.from(api.key).toString('base64')}`],
    ['a huge header', () => `Basic ${'QQ=='.repeat(1_000)}`],
  ])('%s is 401', async (_name, authorization) => {
    const headers = { authorization: authorization() };
    expect((await api.ask({ url: '/flows', key: null, headers })).status).toBe(401);
  });

  it.each(['API', 'X', '', 'an:odd'.slice(0, 2)])('the user name %j is ignored', async (user) => {
    const headers = { authorization: `Basic ${Buffer.from(`${user}:${api.key}`).toString('base64')}` };
    expect((await api.ask({ url: '/flows', key: null, headers })).status).toBe(200);
  });

  it('a revoked key stops to work within seconds', async () => {
    const url = '/types';
    expect((await api.ask({ url, key: api.strangerKey })).status).toBe(200);
    await api.pool.query('update api_keys set revoked_at = now() where account_id <> $1', [api.account.id]);
    api.clock.set(api.clock.now() + 10_000);
    expect((await api.ask({ url, key: api.strangerKey })).status).toBe(401);
    await api.pool.query('update api_keys set revoked_at = null');
  });

  it.each([
    ['not JSON', '{"name":', 400, 'malformed_body'],
    ['a half surrogate pair', '{"name":"\\ud800"}', 400, 'malformed_body'],
    ['a NUL', '{"name":"a\\u0000b"}', 400, 'malformed_body'],
    ['a poisoned name', '{"__proto__":{"name":"x"}}', 400, 'malformed_body'],
    ['an empty body', '', 422, 'invalid_document'],
    ['a scalar', '1', 422, 'invalid_document'],
    ['a byte order mark in front', '\ufeff{}', 422, 'invalid_document'],
    ['an endless nesting', `${'['.repeat(200_000)}${']'.repeat(200_000)}`, 400, 'malformed_body'],
    ['a flow nested too deeply', `{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`, 400, 'malformed_body'],
  ])('%s: %#', async (_name, text, status, code) => {
    const answer = await api.ask({ method: 'POST', url: '/flows', text });
    expect(answer).toMatchObject({ status, body: { code } });
  });

  it('a body that is not JSON gets the place of the fault, and is not quoted', async () => {
    const { body } = await api.ask({ method: 'POST', url: '/flows', text: '{\n  "name": "Ann",\n}' });
    const error = 'The body is not valid JSON: expected a name in double quotes at line 3, column 1.';
    expect(body).toEqual({ error, code: 'malformed_body' });
  });

  it('another type of body is 415, a larger one 413', async () => {
    const headers = { 'content-type': 'text/plain' };
    const wrong = await api.ask({ method: 'POST', url: '/flows', text: 'a=b', headers });
    expect(wrong).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
    const large = await api.ask({ method: 'POST', url: '/fields', text: `"${'a'.repeat(1024 * 1024)}"` });
    expect(large).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
    const flow = await api.ask({ method: 'POST', url: '/flows', text: `"${'a'.repeat(2 * 1024 * 1024)}"` });
    expect(flow.status).toBe(422);
  });

  it.each([
    ['PATCH', '/flows', 'GET, POST, PUT'],
    ['POST', '/flows/5fd4371e940df5a34a3888b2', 'GET, PUT, DELETE'],
    ['GET', '/flows/5fd4371e940df5a34a3888b2/deploy', 'POST'],
    ['HEAD', '/flows/5fd4371e940df5a34a3888b2/deploy', 'POST'],
    ['DELETE', '/types', 'GET'],
    ['OPTIONS', '/status', 'GET'],
  ] as const)('%s %s is 405 and says what is allowed', async (method, url, allow) => {
    const answer = await api.ask({ method, url, key: null });
    expect(answer.status).toBe(405);
    expect(answer.headers['allow']).toBe(allow);
  });

  it.each(['/nothing', '/flows/5fd4371e940df5a34a3888b2/unheard', '/__proto__'])('%s is 404', async (url) => {
    const answer = await api.ask({ method: 'POST', url, key: null, text: 'x', headers: { 'content-type': 'a/b' } });
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('a GET with a body is 422, because what it says would be ignored; the {} that some clients send is none', async () => {
    const refused = await api.ask({ url: '/flows', text: '{"include":"id"}' });
    expect(refused).toMatchObject({ status: 422, body: { code: 'invalid_document' } });
    expect(refused.text).toContain('use parameters of the URL');
    expect(await api.ask({ url: '/flows', text: '{}' })).toMatchObject({ status: 200 });
  });

  it('a malformed URL is 400', async () => {
    expect(await api.ask({ url: '/flows/%E0%A4%A' })).toMatchObject({ status: 400, body: { code: 'malformed_url' } });
  });

  it('anybody may ask for the status', async () => {
    const { status, body } = await api.ask({ url: '/status', key: null });
    expect({ status, body }).toEqual({
      status: 200,
      body: { product: 'sluice', version: '0.0.0', status: 'ok', problems: [], pid: 1 },
    });
  });

  it('the process id is no business of other machines', async () => {
    const elsewhere = await api.app.inject({ url: '/status', remoteAddress: '203.0.113.9' });
    expect(elsewhere.json()).toEqual({ product: 'sluice', version: '0.0.0', status: 'ok', problems: [] });
  });

  it('types are listed with components and operators', async () => {
    const { body } = await api.ask({ url: '/types' });
    expect(body).toHaveLength(21);
    expect(body.find((type: { name: string }) => type.name === 'ssn')).toMatchObject({
      maskable: true,
      components: expect.arrayContaining([expect.objectContaining({ name: 'first_three', type: 'string' })]),
      operators: expect.arrayContaining(['is equal to']),
    });
  });
});
