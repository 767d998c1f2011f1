import { readdirSync, readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DOCUMENTED_ROUTES } from './routes.ts';
import { createTestApi, type TestApi } from './testing/test-server.ts';

describe('GET /openapi.json', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await createTestApi();
  });
  afterAll(() => api.close());

  it('needs no key, is valid OpenAPI 3.1 and has every route', async () => {
    const { status, body } = await api.ask({ url: '/openapi.json', key: null });
    expect(status).toBe(200);
    const validator = new Validator();
    expect(await validator.validate(structuredClone(body))).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
    const operations = Object.values<object>(body.paths).flatMap((path) => Object.values(path));
    expect(operations.map(({ operationId }) => operationId).sort()).toEqual(
      DOCUMENTED_ROUTES.map(({ name }) => name).sort(),
    );
  });

  it('names each route that is registered beside the table, because its answer is no JSON', async () => {
    const { text } = await api.ask({ url: '/openapi.json', key: null });
    const registered = readdirSync('src/http', { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
      .flatMap((path) =>
        [...readFileSync(`src/http/${path}`, 'utf8').matchAll(/\bapp\.get\('([^']+)'/g)].map(([, url = '']) => url),
      );
    expect(registered.sort()).toEqual([
      '/batches/:id/files/:file_id/download',
      '/events/stream',
      '/exports/:id/download',
      '/jobs/:id/artefacts/:name',
      '/jobs/:id/events',
    ]);
    const written = registered.map((url) => `GET ${url.replaceAll(/:(\w+)/g, '{$1}')}`);
    expect(written.filter((url) => !text.includes(url))).toEqual([]);
  });

  it('refers to nothing that is not there', async () => {
    const { body, text } = await api.ask({ url: '/openapi.json', key: null });
    const named = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name);
    expect(named.filter((name) => !Object.hasOwn(body.components.schemas, name ?? ''))).toEqual([]);
    expect(text).not.toContain('#/$defs/');
  });
});

describe('examples', () => {
  const withBody = DOCUMENTED_ROUTES.filter(({ doc }) => doc.example?.body !== undefined);
  it.each(withBody)('the body of $name is one that its schema takes', ({ body, doc }) => {
    expect(body && Compile(body).Check(doc.example?.body)).toBe(true);
  });

  const withAnswer = DOCUMENTED_ROUTES.filter(({ doc }) => doc.example?.answer !== undefined);
  it.each(withAnswer)('the answer of $name is one that its schema has', ({ answers, doc }) => {
    const schemas = [answers[200], answers[201], answers[202]].filter((schema) => schema !== undefined);
    expect(schemas.some((schema) => Compile(schema).Check(doc.example?.answer))).toBe(true);
  });
});
