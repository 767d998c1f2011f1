import { describe, expect, it } from 'vitest';
import { createCustomModules } from './builtin/leadconduit-custom/create-custom-modules.ts';
import { inbound } from './builtin/leadconduit-default/inbound.ts';
import { createDefaultOutbound } from './builtin/leadconduit-default/outbound.ts';
import { createModuleRegistry } from './registry.ts';

const options = { allowsPrivateHosts: () => false };
const modules = [inbound, createDefaultOutbound(options), ...createCustomModules(options)];

describe('the registry', () => {
  it('finds each module by its id and nothing else', () => {
    const registry = createModuleRegistry(modules);
    expect(registry.list().map(({ id }) => registry.find(id)?.id)).toEqual(modules.map(({ id }) => id));
    expect(['toString', '__proto__', '', 'leadconduit-custom.outbound'].map((id) => registry.find(id))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('refuses two modules of one id', () => {
    expect(() => createModuleRegistry([inbound, inbound])).toThrow('leadconduit-default.inbound');
  });

  it('gives every outbound module timeout_seconds, once', () => {
    const registered = createModuleRegistry(createModuleRegistry(modules).list()).list();
    for (const module of registered) {
      const count = module.requestVariables.filter(({ name }) => name === 'timeout_seconds').length;
      expect([module.id, count]).toEqual([module.id, module.direction === 'outbound' ? 1 : 0]);
    }
  });

  it.each(modules.map((module) => [module.id, module] as const))(
    '%s declares lower-case names with descriptions',
    (_id, module) => {
      for (const { name, description, type } of module.requestVariables) {
        expect(name).toBe(name.toLowerCase());
        expect(type === 'wildcard' || (description ?? '').length > 0).toBe(true);
      }
    },
  );
});
