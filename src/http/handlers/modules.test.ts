import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtinModules } from '../../integrations/builtin-modules.ts';
import { BUILTIN_PACKAGES, WRAPPED_MODULES } from '../../integrations/builtin-packages.ts';
import type {
  IntegrationModule,
  IntegrationPackage,
  ModuleFacts,
  ModuleVariable,
} from '../../integrations/contract.ts';
import { createPackageCatalogue } from '../../integrations/package-catalogue.ts';
import { createModuleRegistry } from '../../integrations/registry.ts';
import { createTestApi, type TestApi } from '../testing/test-server.ts';
import { moduleAnswer } from './modules.ts';

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

  // What the published check of packages asks for (spec modules a4), and more: groups are described, too.
  it.each(catalogue.modules().map((each) => [each.module.id, each] as const))(
    '%s names, types and describes every variable',
    (id, { module, facts }) => {
      const { requestVariables, responseVariables = [] } = module;
      for (const { name, type, description } of [...requestVariables, ...responseVariables]) {
        expect(name).toBe(name.toLowerCase());
        expect(type, `${id} ${name}`).toMatch(/\S/);
        expect(description, `${id} ${name}`).toMatch(/^[A-Za-z0-9].{2,}[^.]$/);
      }
      for (const { name, required } of requestVariables) expect(required, `${id} ${name}`).toBeTypeOf('boolean');
      expect(facts.description).toMatch(/^[A-Z].{10,138}\.$/);
      expect(facts.description).not.toMatch(/lead_?conduit/i);
    },
  );

  it('say how long a delivery may take, which every outbound module can be set to', () => {
    const counts = catalogue.modules().map(({ module }) => ({
      id: module.id,
      timeouts: module.requestVariables.filter(({ name }) => name === 'timeout_seconds').length,
      direction: module.direction,
    }));
    for (const { id, timeouts, direction } of counts)
      expect([id, timeouts]).toEqual([id, Number(direction === 'outbound')]);
  });

  it('a thin wrapper has what the module it wraps has, but its own id and name', () => {
    for (const [id, wrapped] of Object.entries(WRAPPED_MODULES)) {
      const [wrapper, original] = [id, wrapped].map((each) => registry.find(each));
      expect(wrapper).toMatchObject({
        id,
        direction: 'outbound',
        requestVariables: original?.requestVariables,
        responseVariables: original?.responseVariables,
      });
    }
  });
});

describe('an installed package', () => {
  const moduleOf = (id: string, requestVariables: ModuleVariable[]): IntegrationModule => ({
    id,
    version: '9.0.0',
    name: 'Lookup',
    direction: 'outbound',
    style: 'handle',
    envVariables: ['LOOKUP_KEY'],
    requestVariables,
    responseVariables: [],
    validate: () => undefined,
    handle: () => Promise.reject(new Error('not called')),
  });
  const factsOf = (id: string): ModuleFacts => ({
    id,
    path: id.replace(/^[^.]*\./, ''),
    name: 'Lookup',
    description: '',
    tag: null,
    integrationType: null,
    link: null,
  });
  const packageOf = (id: string, ids: string[]): IntegrationPackage => ({
    id,
    provider: 'Example',
    name: 'Lookup',
    description: '',
    link: null,
    version: '9.0.0',
    repoUrl: null,
    isBuiltin: false,
    modules: ids.map(factsOf),
  });

  it('shows what it takes: types of standard fields, defaults, what is deprecated, the environment', () => {
    const module = moduleOf('lookup.outbound', [
      { name: 'phone_1' },
      { name: 'mode', required: true, default: 'fast' },
      { name: 'old', type: 'boolean', deprecated: true },
    ]);
    const registry = createModuleRegistry([], [module]);
    const installed = [packageOf('lookup', ['lookup.outbound', 'lookup.outbound.gone'])];
    const [found, ...others] = createPackageCatalogue({ registry, builtin: [], installed }).modules();
    expect(others).toEqual([]);
    expect(found && moduleAnswer(found)).toMatchObject({
      package: 'lookup',
      package_version: '9.0.0',
      env_variables: ['LOOKUP_KEY'],
      pingable: false,
      request_variables: [
        { name: 'phone_1', type: 'phone', required: false, description: null },
        { name: 'mode', type: 'string', required: true, default: 'fast' },
        { name: 'old', type: 'boolean', deprecated: true },
        { name: 'timeout_seconds', type: 'number' },
      ],
    });
  });

  it('takes the place of a built-in one, not of another installed one', () => {
    const id = 'leadconduit-custom.outbound.form';
    const registry = createModuleRegistry(builtinModules([]), [moduleOf(id, [])]);
    expect(registry.find(id)?.version).toBe('9.0.0');
    expect(registry.list().filter((module) => module.id === id)).toHaveLength(1);
    const installed = [packageOf('leadconduit-custom', [id])];
    const replaced = createPackageCatalogue({ registry, builtin: BUILTIN_PACKAGES, installed });
    const [custom, ...others] = replaced.packages().filter((each) => each.id === 'leadconduit-custom');
    expect(custom).toMatchObject({ version: '9.0.0', isBuiltin: false });
    expect(others).toEqual([]);
    // Those the installed package lacks still run, so they are still listed.
    expect(custom?.modules.map(({ path }) => path)).toEqual([
      'outbound.form',
      'outbound.json',
      'outbound.query',
      'outbound.xml',
      'outbound.soap',
    ]);
    expect(replaced.modules()).toHaveLength(registry.list().length);
    expect(() => createModuleRegistry([], [moduleOf(id, []), moduleOf(id, [])])).toThrow(id);
  });
});
