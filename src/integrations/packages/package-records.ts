import type { IntegrationPackage } from '../contract.ts';
import type { LoadedPackage } from './loaded-package.ts';

/** Installed packages as the catalogue lists them. */
export function packageRecords(packages: readonly LoadedPackage[]): IntegrationPackage[] {
  return packages.map(({ id, provider, name, description, link, version, repoUrl, modules }) => ({
    id,
    provider,
    name,
    description,
    link,
    version,
    repoUrl,
    isBuiltin: false,
    modules: modules.map(
      ({ id: moduleId, path, name: moduleName, tag, integrationType, description: text, link: page }) => ({
        id: moduleId,
        path,
        name: moduleName,
        tag,
        integrationType,
        description: text,
        link: page,
      }),
    ),
  }));
}
