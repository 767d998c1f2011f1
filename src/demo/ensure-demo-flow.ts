import { deployFlow } from '../flows/deploy-flow.ts';
import type { FlowStore } from '../flows/flow-store.ts';
import { bareSurroundings } from '../flows/flow-surroundings.ts';
import { createFlow } from '../flows/save-flow.ts';
import { assert } from '../lib/assert.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import { finish, type RunSliced } from '../lib/slices.ts';
import type { Account } from '../model/entity.ts';
import { DEMO_FLOW_ID, demoFlow } from './demo-flow.ts';

export interface DemoDeps {
  flows: FlowStore;
  clock: Clock;
  ids: Ids;
}

/**
 * Makes and deploys the demo flow where there never was one. A flow somebody has changed or deleted since stays so; one
 * that was saved but not deployed, because the start was interrupted in between, is deployed.
 */
export async function ensureDemoFlow(
  deps: DemoDeps,
  { account, recipientUrl }: { account: Account; recipientUrl: string },
): Promise<void> {
  // The document is a constant of ours whose problems a test looks for; only what people write is compiled to find them.
  const runSliced: RunSliced = async (work) => finish(work);
  const making = { ...deps, findProblems: async () => [], runSliced };
  const surroundings = bareSurroundings(account);
  const created = await createFlow(making, { surroundings, body: demoFlow(recipientUrl) });
  assert(created.ok || created.error.kind === 'id-taken', 'the demo flow is well-formed');
  const flow = await deps.flows.find({ accountId: account.id, flowId: DEMO_FLOW_ID });
  if (flow === null || flow.deployedRevision !== null) return;
  const deployed = await deployFlow(making, { surroundings, flowId: DEMO_FLOW_ID, expected: [] });
  assert(deployed === null || deployed.ok, 'the demo flow can be deployed');
}
