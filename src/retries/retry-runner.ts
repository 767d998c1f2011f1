import type { OrphanedRun } from '../pipeline/run-store.ts';
import { settleInterruptedAttempt } from './interrupted-attempt.ts';
import type { LateTurn } from './late-turn.ts';
import type { Claim } from './retry.ts';
import type { AttemptEnd, AttemptKey, RetryStore } from './retry-store.ts';
import { type AttemptDeps, runAttempt } from './run-attempt.ts';

/** How often due retries are looked for. */
export const LOOK_EVERY_MS = 1_000;
/** Attempts under way in this process, and of one recipient: one that hangs must not take all places. */
const ATTEMPTS_AT_ONCE = 64;
const ATTEMPTS_PER_RECIPIENT = 8;
/** How often an end is stored that cannot be stored, and how long between: 10 minutes in all. */
const END_TRIES_MAX = 600;
const END_PAUSE_MS = 1_000;

export interface RetryRunner {
  /** Starts what is due, as far as there is room; attempts go on after it has answered. */
  runDue(): Promise<void>;
  /** Ids of attempts under way here, by which they hold places. */
  runningIds(): string[];
  /** Ends an attempt whose process is gone. Returns whether there was one to end. */
  settleOrphan(orphan: OrphanedRun): Promise<boolean>;
  /** Claims nothing more; resolves when no attempt is under way. */
  drained(): Promise<void>;
}

export function createRetryRunner(deps: AttemptDeps & { store: RetryStore }): RetryRunner {
  const { store, phases } = deps;
  const running = new Map<string, { recipientId: string; ended: Promise<void> }>();
  let looking: Promise<void> | null = null;
  let hasMore = false;
  let isStopped = false;

  function runDue(): Promise<void> {
    looking ??= look().finally(() => {
      looking = null;
    });
    return looking;
  }

  async function look(): Promise<void> {
    const limit = ATTEMPTS_AT_ONCE - running.size;
    if (isStopped || limit <= 0 || !phases.isLeaseHeld()) return;
    const claims = await store.claimDue({ limit, perRecipient: ATTEMPTS_PER_RECIPIENT, busy: busyRecipients() });
    hasMore = claims.length > 0;
    for (const claim of claims) start(claim);
  }

  function busyRecipients(): Map<string, number> {
    const busy = new Map<string, number>();
    for (const { recipientId } of running.values()) busy.set(recipientId, (busy.get(recipientId) ?? 0) + 1);
    return busy;
  }

  function start(claim: Claim): void {
    const ended = attempt(claim)
      .catch((error) => phases.report({ leadId: claim.retry.leadId, where: 'retry', error }))
      .finally(() => {
        running.delete(claim.attemptId);
        // A long queue is worked off as fast as recipients answer, not by the second.
        if (hasMore) void runDue().catch(leftToTheLoop);
      });
    running.set(claim.attemptId, { recipientId: claim.retry.recipientId, ended });
  }

  async function attempt(claim: Claim): Promise<void> {
    const result = await runAttempt(claim, deps);
    if (result.kind === 'postponed') {
      await store.giveBack(keyOf(claim), result.until);
      return;
    }
    const stored = await storeEnd(result.end);
    if (stored === 'ended' && result.turn) await takeLateTurn(result.turn, claim.retry.leadId);
  }

  /** After the sale is stored: a process that ends between the two loses one turn. */
  async function takeLateTurn({ key, changes }: LateTurn, leadId: string): Promise<void> {
    const taken = Object.fromEntries(Object.entries(changes).map(([id, change]) => [id, -change]));
    const answer = await phases.takeTurn?.({ key, sharers: [], returned: [taken] });
    if (answer?.kind !== 'unavailable') return;
    phases.report({ leadId, where: 'turn of a late sale', error: new Error(answer.reason) });
  }

  /**
   * An end waits for a database that is away, as a lead's does: it knows what the recipient answered. Past the bound a
   * recovery ends it by its run row, as unknown. Storing it twice does nothing: the fence sees to it.
   */
  async function storeEnd(end: AttemptEnd): Promise<'ended' | 'fenced'> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await store.endAttempt(end);
      } catch (error) {
        if (tries >= END_TRIES_MAX) throw error;
      }
      await new Promise<void>((resolve) => phases.startTimer(END_PAUSE_MS, resolve));
    }
  }

  async function settleOrphan(orphan: OrphanedRun): Promise<boolean> {
    const { accountId, retryId, runId: attemptId } = orphan.run;
    const key = { accountId, retryId: retryId ?? '', attemptId };
    const claim = await store.findClaim(key);
    const end =
      claim && orphan.intents.length > 0 ? settleInterruptedAttempt(orphan, { claim, clock: phases.clock }) : null;
    return (end ? await store.endAttempt(end) : await store.giveBack(key, null)) === 'ended';
  }

  return {
    runDue,
    runningIds: () => [...running.keys()],
    settleOrphan,
    drained: async () => {
      isStopped = true;
      await looking?.catch(leftToTheLoop);
      await Promise.all([...running.values()].map(({ ended }) => ended));
    },
  };
}

function keyOf({ retry, attemptId }: Claim): AttemptKey {
  return { accountId: retry.accountId, retryId: retry.id, attemptId };
}

/** The loop that looks every second meets the same fault, and reports it. */
function leftToTheLoop(): void {}
