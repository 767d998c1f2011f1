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
 * The packages with the modules of the registry. An installed package takes the place of the one that came with the
 * server; a module that is not in the registry is left out.
 */
export function createPackageCatalogue(options: {
  registry: ModuleRegistry;
  builtin: readonly IntegrationPackage[];
  installed: readonly IntegrationPackage[];
}): PackageCatalogue {
  const { registry, builtin, installed } = options;
  const replaced = new Set(installed.map(({ id }) => id));
  const packages = [...builtin.filter(({ id }) => !replaced.has(id)), ...installed]
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
