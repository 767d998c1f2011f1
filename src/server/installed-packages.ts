import { type Config, integrationsDirectory } from '../config.ts';
import { type OpenPackages, openPackages } from '../integrations/packages/open-packages.ts';
import { PACKAGE_WORKER_FILE } from '../integrations/packages/worker-file.ts';
import { systemClock } from '../lib/clock.ts';
import type { Log } from '../observe/log.ts';

/** Packages the operator installed. One that does not load is missing, which flows that use its modules say. */
export async function openInstalledPackages(config: Config, log: Log): Promise<OpenPackages> {
  const packages = await openPackages({
    clock: systemClock,
    directory: integrationsDirectory(config),
    workerFile: PACKAGE_WORKER_FILE,
    allowedNetworks: config.allowPrivateNetworks,
    env: process.env,
  });
  for (const { packageName, reason } of packages.broken)
    log.error({ package: packageName, reason }, 'an integration package cannot be loaded; its modules are missing');
  return packages;
}
