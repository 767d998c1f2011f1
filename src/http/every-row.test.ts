import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takesBody } from './route.ts';
import { ROUTES } from './routes.ts';
import { createTestApi, type TestApi } from './testing/test-server.ts';

describe('every row', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await createTestApi();
  });
  afterAll(() => api.close());

  const urlOf = (path: string) => path.replaceAll(/:\w+/g, '5fd4371e940df5a34a3888b2');
  const reading = ROUTES.filter((row) => takesBody(row) && row.permission !== 'session');

  it.each(ROUTES)('$method $path answers 405 to PATCH', async ({ path }) => {
    const answer = await api.ask({ method: 'PATCH', url: urlOf(path) });
    expect(answer).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } });
  });

  it.each(reading)('$method $path answers 400 to malformed JSON', async ({ method, path }) => {
    const answer = await api.ask({ method, url: urlOf(path), text: '{"a":' });
    expect(answer).toMatchObject({ status: 400, body: { code: 'malformed_body' } });
  });

  it.each(reading)('$method $path answers 415 to another media type', async ({ method, path }) => {
    const headers = { 'content-type': 'text/csv' };
    const answer = await api.ask({ method, url: urlOf(path), text: 'a,b', headers });
    expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
  });
});
