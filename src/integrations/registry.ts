import type { IntegrationModule, ModuleRegistry, ModuleVariable } from './contract.ts';

/** Every outbound module has a setting for how long to wait; one that does not declare it gets it (spec modules a2). */
const TIMEOUT_VARIABLE: ModuleVariable = {
  name: 'timeout_seconds',
  type: 'number',
  required: false,
  description: 'Give up after this many seconds, 1 to 360; the outcome is then an error',
  examples: ['30'],
};

/**
 * The modules of this server by their ids. One of an installed package takes the place of our own with the same id:
 * an operator who installs it wants it. Throws for any other duplicate id, because which of two modules a flow meant must
 * not depend on the order they were loaded in; that happens at start, where the operator sees it.
 */
export function createModuleRegistry(
  builtin: readonly IntegrationModule[],
  installed: readonly IntegrationModule[] = [],
): ModuleRegistry {
  const byId = new Map<string, IntegrationModule>();
  const replacing = new Set(installed.map(({ id }) => id));
  for (const module of [...builtin.filter(({ id }) => !replacing.has(id)), ...installed]) {
    if (byId.has(module.id)) throw new Error(`Two integration modules have the id ${module.id}: remove one package.`);
    byId.set(module.id, withTimeout(module));
  }
  const all = [...byId.values()];
  return { find: (moduleId) => byId.get(moduleId), list: () => all };
}

function withTimeout(module: IntegrationModule): IntegrationModule {
  if (module.direction === 'inbound') return module;
  if (module.requestVariables.some(({ name }) => name === TIMEOUT_VARIABLE.name)) return module;
  return { ...module, requestVariables: [...module.requestVariables, TIMEOUT_VARIABLE] };
}
