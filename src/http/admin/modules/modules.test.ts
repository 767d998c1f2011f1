import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtinModules } from '../../../integrations/builtin-modules.ts';
import { BUILTIN_PACKAGES } from '../../../integrations/builtin-packages.ts';
import { createPackageCatalogue } from '../../../integrations/package-catalogue.ts';
import { createModuleRegistry } from '../../../integrations/registry.ts';
import { createTestApi, type TestApi } from '../../testing/test-server.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.close());

describe('GET /modules and /packages', () => {
  it('list what flows can use', async () => {
    const { status, body } = await api.ask({ url: '/modules' });
    expect(status).toBe(200);
    expect(body).toMatchObject([
      { id: 'leadconduit-default.inbound', package: 'leadconduit-default', type: 'inbound' },
    ]);
    expect((await api.ask({ url: '/packages' })).body).toMatchObject([
      { id: 'leadconduit-default', paths: ['inbound'], built_in: true, ui: false },
    ]);
  });

  it.each([
    ['/modules/leadconduit-default.inbound', 200],
    ['/modules/leadconduit-nothing.outbound', 404],
    ['/packages/leadconduit-default', 200],
    ['/packages/leadconduit-nothing', 404],
    ['/modules?type=sideways', 400],
    ['/modules?type=outbound&package=leadconduit-default', 200],
  ])('%s is %i', async (url, status) => {
    expect((await api.ask({ url })).status).toBe(status);
    expect((await api.ask({ url, key: null })).status).toBe(401);
  });
});

describe('the built-in modules', () => {
  const registry = createModuleRegistry(builtinModules([]));
  const catalogue = createPackageCatalogue({ registry, builtin: BUILTIN_PACKAGES, installed: [] });

  it('are all in the catalogue', () => {
    expect(
      catalogue
        .modules()
        .map(({ module }) => module.id)
        .sort(),
    ).toEqual(
      registry
        .list()
        .map(({ id }) => id)
        .sort(),
    );
  });

  it('describe every variable, in lower case', () => {
    for (const { module } of catalogue.modules()) {
      for (const { name, type, description } of module.requestVariables) {
        expect(name).toBe(name.toLowerCase());
        if (type !== 'wildcard') expect(description, `${module.id} ${name}`).toMatch(/\S/);
      }
    }
  });
});
