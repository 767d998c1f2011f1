import { openClient } from '../../bench/flow-api.ts';
import type { ServerProcess } from '../../bench/sluice-server.ts';
import { SluiceError } from '../../client/src/client.ts';
import { readDeliveries, readUnknowns } from './books.ts';
import type { Stage } from './stage.ts';

/**
 * Says of each delivery that may have arrived what its recipient knows, over the API and twice at once: one of the two
 * must be refused. Answers what went otherwise, a sentence each.
 */
export async function resolveAll(stage: Stage, server: ServerProcess): Promise<string[]> {
  const bought = new Set(
    readDeliveries(stage.recipientLogPath)
      .filter(({ isBought }) => isBought)
      .map(({ leadId, stepId }) => `${leadId} ${stepId}`),
  );
  const unknowns = await stage.withDatabase(readUnknowns);
  // Attempts under one key are one delivery, and what is said of one is said of all.
  const open = new Map(
    unknowns.filter(({ resolution }) => resolution === null).map((each) => [`${each.leadId} ${each.stepId}`, each]),
  );
  const client = openClient(server);
  const statuses: Record<string, number> = {};
  for (const [delivery, { eventId }] of open) {
    const resolution = bought.has(delivery) ? 'delivered' : 'not_delivered';
    const resolve = () => client.resolveUnknownDelivery(eventId, { resolution }).then(() => 200, statusOf);
    const pair = (await Promise.all([resolve(), resolve()])).sort().join(' and ');
    statuses[pair] = (statuses[pair] ?? 0) + 1;
  }
  console.log(`resolved ${open.size} deliveries that may have arrived: ${JSON.stringify(statuses)}`);
  return Object.entries(statuses)
    .filter(([pair]) => pair !== '200 and 409')
    .map(([pair, times]) => `${times} resolutions made twice at once were answered ${pair}`);
}

/** Of an answer that refuses; without one, the end of the run. */
function statusOf(error: unknown): number {
  if (error instanceof SluiceError && error.status !== null) return error.status;
  throw error;
}
