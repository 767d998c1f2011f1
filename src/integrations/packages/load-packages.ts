import { listInstalledPackages } from './installed-packages.ts';
import { type LoadedPackage, loadPackage } from './loaded-package.ts';
import { PackageFault } from './package-thread.ts';
import type { PackageThreads } from './package-threads.ts';

export interface LoadedPackages {
  packages: LoadedPackage[];
  /** Those that do not load: their modules are missing, and flows that use them say so. */
  broken: { packageName: string; reason: string }[];
}

/** Loads what is installed in a directory, one package after another. */
export async function loadPackages(directory: string, threads: PackageThreads): Promise<LoadedPackages> {
  const loaded: LoadedPackages = { packages: [], broken: [] };
  for (const installed of await listInstalledPackages(directory)) {
    const { id, packageName } = installed;
    if (loaded.packages.some((one) => one.id === id)) {
      loaded.broken.push({ packageName, reason: `Another folder of ${directory} holds a package ${id}` });
      continue;
    }
    try {
      loaded.packages.push(await loadPackage(installed, threads));
    } catch (error) {
      if (!(error instanceof PackageFault)) throw error;
      loaded.broken.push({ packageName, reason: error.reason });
    }
  }
  return loaded;
}
