import type { Config } from '../config.ts';
import { DEMO_HOST } from '../demo/demo-recipient.ts';
import { parseAllowedNetwork } from '../integrations/forbidden-address.ts';
import { assert } from '../lib/assert.ts';

/** The settings with leave to deliver to exactly the demo recipient, which lives on a loopback address, and to test steps. */
export function withDemoRecipient(config: Config): Config {
  const network = parseAllowedNetwork(`${DEMO_HOST}/32:${config.demoPort}`);
  assert(network.ok, 'the demo recipient’s address is one');
  return {
    ...config,
    allowPrivateNetworks: [...config.allowPrivateNetworks, network.value],
    isDistributionStepEnabled: true,
  };
}
