import { createCustomModules } from './builtin/leadconduit-custom/create-custom-modules.ts';
import { inbound } from './builtin/leadconduit-default/inbound.ts';
import { createDefaultOutbound } from './builtin/leadconduit-default/outbound.ts';
import type { IntegrationModule } from './contract.ts';
import { type AllowedNetwork, isPrivateHostAllowed } from './forbidden-address.ts';

/** The modules that come with Sluice. Recipients may live on private hosts only where the operator says so. */
export function builtinModules(allowedNetworks: readonly AllowedNetwork[]): IntegrationModule[] {
  const allowsPrivateHosts = (hostname: string, port: number) => isPrivateHostAllowed(hostname, port, allowedNetworks);
  return [inbound, createDefaultOutbound({ allowsPrivateHosts }), ...createCustomModules({ allowsPrivateHosts })];
}
