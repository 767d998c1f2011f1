import type { OrphanedRun } from '../pipeline/run-store.ts';

/** How often a node looks for abandoned runs. With the lease of 15 s: settled well within 30 s (decision 9). */
export const RECOVER_EVERY_MS = 5_000;

export interface RecoveryOptions {
  /** Runs of nodes that lost their lease, now ours. */
  takeOver(): Promise<OrphanedRun[]>;
  /** Run rows of this node. */
  listOwn(): Promise<OrphanedRun[]>;
  /** Is a lead of this process under way? */
  isRunning(runId: string): boolean;
  /** Ends a run whose process is gone; returns whether it was ours to end. */
  settle(orphan: OrphanedRun): Promise<boolean>;
}

/** Groups of taken-over runs settled in one go; a node that had more leaves the rest for the next look. */
const GROUPS_MAX = 100;

/**
 * Ends runs whose process is gone, and our own that were given up (their sender got 503). Returns how many. Ending a run twice does nothing: the fence sees to it.
 */
export async function recover(options: RecoveryOptions): Promise<number> {
  let settled = 0;
  for (let group = 0; group < GROUPS_MAX; group += 1) {
    const taken = await options.takeOver();
    if (taken.length === 0) break;
    settled += await settleAll(taken, options);
  }
  return settled + (await settleAll(await findAbandoned(options), options));
}

/**
 * Run rows of ours whose lead is not under way. Asked twice: a lead that ended between the question and the look is
 * gone at the second. Without that, every look under load took a few leads that had just been settled for abandoned.
 */
async function findAbandoned(options: RecoveryOptions): Promise<OrphanedRun[]> {
  const suspects = (await options.listOwn()).filter((orphan) => !options.isRunning(orphan.run.runId));
  if (suspects.length === 0) return [];
  const listed = new Set((await options.listOwn()).map((orphan) => orphan.run.runId));
  return suspects.filter((orphan) => listed.has(orphan.run.runId));
}

async function settleAll(orphans: readonly OrphanedRun[], options: RecoveryOptions): Promise<number> {
  const ends = await Promise.allSettled(orphans.map((orphan) => options.settle(orphan)));
  // One that cannot be settled is tried again with the next look, and must not keep the others.
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
  return ends.filter((end) => end.status === 'fulfilled' && end.value).length;
}
