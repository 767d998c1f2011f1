import { builtinModules, systemTools } from '../integrations/builtin-modules.ts';
import { BUILTIN_PACKAGES } from '../integrations/builtin-packages.ts';
import { isPrivateHostAllowed } from '../integrations/forbidden-address.ts';
import { deliveryUrlProblem } from '../integrations/formats/delivery-url.ts';
import { createPackageCatalogue } from '../integrations/package-catalogue.ts';
import { packageRecords } from '../integrations/packages/package-records.ts';
import { createModuleRegistry } from '../integrations/registry.ts';
import type { Clock } from '../lib/clock.ts';
import { openInstalledPackages } from './installed-packages.ts';
import type { ServerOptions } from './server-options.ts';

/** The modules of flows, our own and those of installed packages, and which addresses they may deliver to. */
export async function openModules({ config, log }: ServerOptions, clock: Clock) {
  const { allowPrivateNetworks } = config;
  const packages = await openInstalledPackages(config, log);
  const modules = createModuleRegistry(
    builtinModules(allowPrivateNetworks, systemTools(clock), { publicUrl: config.publicUrl, env: process.env }),
    packages.modules,
  );
  const catalogue = createPackageCatalogue({
    registry: modules,
    builtin: BUILTIN_PACKAGES,
    installed: packageRecords(packages.packages),
  });
  const urlProblem = (url: string) =>
    deliveryUrlProblem(url, (hostname, port) => isPrivateHostAllowed(hostname, port, allowPrivateNetworks));
  const foreign = new Set(packages.modules.map(({ id }) => id));
  return { modules, foreign, catalogue, urlProblem, close: packages.close };
}
