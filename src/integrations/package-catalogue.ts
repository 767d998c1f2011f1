import type { IntegrationModule, IntegrationPackage, ModuleFacts, ModuleRegistry } from './contract.ts';

/** A module that can be used here, with what its package says of it. */
export interface CatalogueModule {
  of: IntegrationPackage;
  facts: ModuleFacts;
  module: IntegrationModule;
}

/** Everything that can be installed in a flow, for people and for the console (spec modules a1, api 17). */
export interface PackageCatalogue {
  packages(): readonly IntegrationPackage[];
  modules(): readonly CatalogueModule[];
}

/**
 * The packages with the modules of the registry, and each of these once. An installed package takes the place of the one
 * that came with the server and of its modules of the same ids, as in the registry; the others stay beside its own. A
 * module that is not in the registry is left out.
 */
export function createPackageCatalogue(options: {
  registry: ModuleRegistry;
  builtin: readonly IntegrationPackage[];
  installed: readonly IntegrationPackage[];
}): PackageCatalogue {
  const { registry, builtin, installed } = options;
  const packages = [...withoutReplaced(builtin, installed), ...installed.map((each) => withRemaining(each, builtin))]
    .map((each) => ({ ...each, modules: each.modules.filter(({ id }) => registry.find(id) !== undefined) }))
    .filter(({ modules }) => modules.length > 0);
  const modules = packages.flatMap((of) =>
    of.modules.flatMap((facts): CatalogueModule[] => {
      const module = registry.find(facts.id);
      return module ? [{ of, facts, module }] : [];
    }),
  );
  return { packages: () => packages, modules: () => modules };
}

type Packages = readonly IntegrationPackage[];

function withoutReplaced(builtin: Packages, installed: Packages): IntegrationPackage[] {
  return builtin.filter(({ id }) => installed.every((each) => each.id !== id));
}

function withRemaining(installed: IntegrationPackage, builtin: Packages): IntegrationPackage {
  const own = new Set(installed.modules.map(({ id }) => id));
  const replaced = builtin.find(({ id }) => id === installed.id)?.modules ?? [];
  return { ...installed, modules: [...installed.modules, ...replaced.filter(({ id }) => !own.has(id))] };
}
