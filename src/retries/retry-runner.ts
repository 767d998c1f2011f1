import type { OrphanedRun } from '../store/store.ts';
import { tellInterruptedAttempt } from './interrupted-attempt.ts';
import type { Claim } from './retry.ts';
import type { AttemptKey, RetryStore } from './retry-store.ts';
import { type AttemptDeps, runAttempt } from './run-attempt.ts';

/** How often due retries are looked for. */
export const LOOK_EVERY_MS = 1_000;
/** Attempts under way in this process, and of one recipient: one that hangs must not take all places. */
const ATTEMPTS_AT_ONCE = 64;
const ATTEMPTS_PER_RECIPIENT = 8;

export interface RetryRunner {
  /** Starts what is due, as far as there is room; attempts go on after it has answered. */
  runDue(): Promise<void>;
  /** Ids of attempts under way here, by which they hold places. */
  runningIds(): string[];
  /** Tells the end of an attempt whose process is gone. Answers whether there was one to tell. */
  tellOrphan(orphan: OrphanedRun): Promise<boolean>;
  /** Claims nothing more; resolves when no attempt is under way. */
  drained(): Promise<void>;
}

export function createRetryRunner(deps: AttemptDeps & { store: RetryStore }): RetryRunner {
  const { store, phases } = deps;
  const running = new Map<string, { recipientId: string; ended: Promise<void> }>();
  let isStopped = false;

  function roomOf(recipientId: string): number {
    let count = 0;
    for (const attempt of running.values()) if (attempt.recipientId === recipientId) count += 1;
    return ATTEMPTS_PER_RECIPIENT - count;
  }

  async function runDue(): Promise<void> {
    const limit = ATTEMPTS_AT_ONCE - running.size;
    if (isStopped || limit <= 0 || !phases.isLeaseHeld()) return;
    for (const claim of await store.claimDue({ limit, roomOf })) start(claim);
  }

  function start(claim: Claim): void {
    const ended = attempt(claim)
      .catch((error) => phases.report({ leadId: claim.retry.leadId, where: 'retry', error }))
      .finally(() => running.delete(claim.attemptId));
    running.set(claim.attemptId, { recipientId: claim.retry.recipientId, ended });
  }

  /** An end that cannot be stored is told by the next recovery: its run row says that it may have been sent. */
  async function attempt(claim: Claim): Promise<void> {
    const result = await runAttempt(claim, deps);
    if (result.kind === 'ended') await store.endAttempt(result.end);
    else await store.giveBack(keyOf(claim), result.until);
  }

  async function tellOrphan(orphan: OrphanedRun): Promise<boolean> {
    const { accountId, retryId, leadId: attemptId } = orphan.run;
    const key = { accountId, retryId: retryId ?? '', attemptId };
    const claim = await store.findClaim(key);
    const end = claim && orphan.state ? tellInterruptedAttempt(orphan, { claim, clock: phases.clock }) : null;
    return (end ? await store.endAttempt(end) : await store.giveBack(key, null)) === 'ended';
  }

  return {
    runDue,
    runningIds: () => [...running.keys()],
    tellOrphan,
    drained: async () => {
      isStopped = true;
      await Promise.all([...running.values()].map(({ ended }) => ended));
    },
  };
}

function keyOf({ retry, attemptId }: Claim): AttemptKey {
  return { accountId: retry.accountId, retryId: retry.id, attemptId };
}
