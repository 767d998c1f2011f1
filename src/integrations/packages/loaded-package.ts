import type { DocumentationPage } from './front-matter.ts';
import type { InstalledPackage } from './installed-packages.ts';
import type { PackageThreads } from './package-threads.ts';
import { readDocumentation } from './read-documentation.ts';
import type { DescribedModule } from './worker-messages.ts';

/** A package that loads: what its files, its pages and its exports say (spec modules a1, a5). */
export interface LoadedPackage extends InstalledPackage {
  /** Who offers the service. */
  provider: string;
  /** For people. */
  name: string;
  link: string | null;
  modules: LoadedModule[];
}

export interface LoadedModule extends DescribedModule {
  id: string;
  /** For people. */
  name: string;
  description: string;
  link: string | null;
  tag: string | null;
  integrationType: string | null;
}

/**
 * Loads a package once, in a thread that ends at once, and answers what it is. Rejects with a PackageFault when it
 * cannot be loaded.
 */
export async function loadPackage(installed: InstalledPackage, threads: PackageThreads): Promise<LoadedPackage> {
  const { modules, exportedName } = await threads.describe(installed);
  const page = await readDocumentation(installed, 'index');
  const name = page.keys['name'] || exportedName || capitalised(installed.id.replace(/^leadconduit-/, ''));
  return {
    ...installed,
    provider: page.keys['provider'] || name,
    name,
    description: page.body || installed.description,
    link: page.keys['link'] || null,
    modules: await Promise.all(
      modules.map(async (module) => loadedModule(installed, module, await readDocumentation(installed, module.path))),
    ),
  };
}

function loadedModule(of: InstalledPackage, module: DescribedModule, page: DocumentationPage): LoadedModule {
  return {
    ...module,
    id: module.path === '' ? of.id : `${of.id}.${module.path}`,
    name: page.keys['name'] || module.exportedName || nameOfPath(module.path),
    description: page.body,
    link: page.keys['link'] || null,
    tag: page.keys['tag'] || null,
    integrationType: page.keys['integration_type'] || null,
  };
}

/** `outbound.form_post` is Form Post. */
function nameOfPath(path: string): string {
  const words = path.split('.').filter((part) => part !== 'inbound' && part !== 'outbound');
  return words.join(' ').split(/[_ ]+/).map(capitalised).join(' ') || capitalised(path);
}

function capitalised(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
