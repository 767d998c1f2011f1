import { makePartitions } from '../jobs/duties/partitions.ts';
import { startLoop } from '../lib/loop.ts';
import type { Log } from '../observe/log.ts';
import { settleInterrupted } from '../pipeline/interrupted.ts';
import { RENEW_EVERY_MS } from '../store/lease.ts';
import { processIdentity, processSpace } from '../store/process-identity.ts';
import { recover } from '../store/recovery.ts';
import { kindOf } from './report-fault.ts';
import type { ServerParts } from './server-parts.ts';

/** This process among the nodes that share the database. */
export interface NodeMembership {
  /** Finds processes of this machine that are gone, and settles the leads that they left running; returns how many. */
  recover(): Promise<number>;
  signOff(): Promise<void>;
}

/** Signs this process on and cleans up after those that stopped before it, so that the first lead finds all in order. */
export async function joinNodes(parts: ServerParts, log: Log): Promise<NodeMembership> {
  const { tables, nodeId, nodes, lease, phases, running, runStore, retries, liveFlows, listener } = parts;
  async function recoverRuns(): Promise<number> {
    const neighbours = await nodes.listOfHost(processSpace());
    const gone = neighbours.filter((each) => processIdentity(each.pid) !== each.processStarted);
    if (gone.length > 0) await nodes.declareGone(gone.map((each) => each.id));
    const runningIds = (): string[] => [...running.list().map((run) => run.leadId), ...retries.runningIds()];
    const count = await recover({
      takeOver: () => nodes.takeOver(nodeId),
      listOwn: () => nodes.listOwn(nodeId, runningIds()),
      isRunning: (runId) => runningIds().includes(runId),
      settle: async (orphan) => {
        const isUnsent = runStore.wasNotSent(orphan.run.runId);
        if (orphan.run.retryId) return retries.settleOrphan(isUnsent ? { ...orphan, intents: [] } : orphan);
        const known = { ...orphan, isUnsent };
        return (await runStore.settle(settleInterrupted(known, phases))).kind === 'settled';
      },
    });
    if (count > 0) log.warn({ leads: count }, 'settled leads whose server process had stopped');
    return count;
  }

  await makePartitions({ tables, log });
  await lease.renew();
  await recoverRuns();
  // All flows are compiled before the first lead is taken, which may take longer than a lease.
  const renewing = startLoop({ everyMs: RENEW_EVERY_MS, run: lease.renew, onFailing: ignore, onRecovered: ignore });
  await liveFlows.refresh().finally(renewing.stop);
  await listener.ensure();
  return {
    recover: recoverRuns,
    signOff: () =>
      nodes
        .unregister(nodeId)
        .catch((error) => log.warn({ cause: kindOf(error) }, 'the node could not sign off; its lease will expire')),
  };
}

/** The loops of the running server report what fails. */
function ignore(): void {}
