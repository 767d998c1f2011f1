import type { OrphanedRun, SettleRequest, SettleResult } from './store.ts';

/** How often a node looks for runs that nobody looks after. With the lease of 15 s: settled well within 30 s (decision 9). */
export const RECOVER_EVERY_MS = 5_000;

export interface RecoveryOptions {
  /** Runs of nodes that lost their lease, now ours. */
  takeOver(): Promise<OrphanedRun[]>;
  /** Run rows of this node. */
  listOwn(): Promise<OrphanedRun[]>;
  /** Is a lead of this process under way? */
  isRunning(leadId: string): boolean;
  /** The end of a lead whose process is gone. */
  tell(orphan: OrphanedRun): SettleRequest;
  settle(request: SettleRequest): Promise<SettleResult>;
}

/**
 * Tells the end of runs whose process is gone, and of our own that were given up (their sender got 503). Answers how
 * many. Ending a run twice does nothing: the fence sees to it.
 */
export async function recover(options: RecoveryOptions): Promise<number> {
  const taken = await options.takeOver();
  const abandoned = (await options.listOwn()).filter((orphan) => !options.isRunning(orphan.run.leadId));
  const known = new Set(taken.map((orphan) => orphan.run.leadId));
  const orphans = [...taken, ...abandoned.filter((orphan) => !known.has(orphan.run.leadId))];
  const ends = await Promise.all(orphans.map((orphan) => options.settle(options.tell(orphan))));
  return ends.filter((end) => end.kind === 'settled').length;
}
