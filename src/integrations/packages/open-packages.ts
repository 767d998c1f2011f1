import type { Clock } from '../../lib/clock.ts';
import type { IntegrationModule } from '../contract.ts';
import { type AllowedNetwork, textOfAllowedNetwork } from '../forbidden-address.ts';
import { type LoadedPackages, loadPackages } from './load-packages.ts';
import { packageModules } from './package-modules.ts';
import { createPackageThreads } from './package-threads.ts';

export interface OpenPackagesOptions {
  clock: Clock;
  /** Where packages are installed. */
  directory: string;
  workerFile: string;
  allowedNetworks: readonly AllowedNetwork[];
  /** The server's environment; packages see of it what their modules declare. */
  env: Readonly<Record<string, string | undefined>>;
  /** `test`: for tests with recipients on `localhost`, which published modules refuse otherwise. */
  nodeEnv?: 'production' | 'test';
}

export interface OpenPackages extends LoadedPackages {
  modules: IntegrationModule[];
  /** Ends every thread. */
  close(): Promise<void>;
}

/** The installed packages, ready to be used. Those that do not load are reported and left out. */
export async function openPackages(options: OpenPackagesOptions): Promise<OpenPackages> {
  const allowedNetworks = options.allowedNetworks.map(textOfAllowedNetwork);
  const threads = createPackageThreads({ nodeEnv: 'production', ...options, allowedNetworks });
  const loaded = await loadPackages(options.directory, threads);
  const modules = loaded.packages.flatMap((one) => packageModules(one, threads));
  return { ...loaded, modules, close: threads.close };
}
