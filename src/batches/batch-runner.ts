import { type RunBatchDeps, runBatch } from './run-batch.ts';

/** How often a process looks for batches that are due. */
export const LOOK_EVERY_MS = 2_000;
/** Runs of one process at a time: one target that hangs keeps no other batch waiting, and memory stays bounded. */
const RUNS_MAX = 4;

export interface BatchRunnerDeps extends RunBatchDeps {
  nodeId: string;
  /** May this process still act? */
  isLeaseHeld(): boolean;
}

export interface BatchRunner {
  /** Begins the runs that are due, as far as there is room; returns how many. */
  runDue(): Promise<number>;
  /** Ends those under way as soon as they can, and waits for them. */
  stop(): Promise<void>;
}

export function createBatchRunner(deps: BatchRunnerDeps): BatchRunner {
  const { store, clock, ids, nodeId, isLeaseHeld, report } = deps;
  const running = new Map<string, Promise<void>>();
  const stopping = new AbortController();

  async function takeOne(): Promise<boolean> {
    const runId = ids.next();
    const run = await store.takeDue({ now: clock.now(), nodeId, runId, running: [...running.keys()] });
    if (run === null) return false;
    const ended = runBatch(run, deps, stopping.signal).then(() => undefined, report);
    running.set(
      runId,
      ended.finally(() => running.delete(runId)),
    );
    return true;
  }

  return {
    runDue: async () => {
      let begun = 0;
      while (running.size < RUNS_MAX && !stopping.signal.aborted && isLeaseHeld()) {
        if (!(await takeOne())) break;
        begun += 1;
      }
      return begun;
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(running.values());
    },
  };
}
