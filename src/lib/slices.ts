/** Work in pieces: each `yield` is a place where it may pause. Pure work is written so, and its caller decides. */
export type Sliced<T> = Generator<undefined, T, undefined>;

/** Runs the work in slices between which everything else of the process gets its turn. */
export type RunSliced = <T>(work: Sliced<T>) => Promise<T>;

/** How long one slice holds the event loop. Ten times less than what is promised, because a slice ends at a `yield`. */
export const SLICE_MS = 5;

/** Runs the work to its end without a pause. */
export function finish<T>(work: Sliced<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** What ends before its first pause is done at once; the rest waits for its turn. */
export async function finishOrSlice<T>(work: Sliced<T>, runSliced: RunSliced): Promise<T> {
  const step = work.next();
  return step.done ? step.value : runSliced(work);
}

interface Job {
  /** Goes on to the next `yield`; answers whether the work has ended. */
  advance(): boolean;
}

/**
 * One slice a turn of the event loop, whatever the number of jobs: they take turns, so that a small one does not wait
 * for the end of a large one. `schedule` calls back in the next turn, after I/O had its own (`setImmediate`).
 */
export function createSlicer({
  now,
  schedule,
  sliceMs = SLICE_MS,
}: {
  now(): number;
  schedule(turn: () => void): void;
  sliceMs?: number;
}): RunSliced {
  const jobs: Job[] = [];

  function turn(): void {
    const job = jobs.shift();
    if (!job) return;
    const endsAt = now() + sliceMs;
    let isDone = false;
    while (!isDone && now() < endsAt) isDone = job.advance();
    if (!isDone) jobs.push(job);
    if (jobs.length > 0) schedule(turn);
  }

  return (work) =>
    new Promise((resolve, reject) => {
      const advance = (): boolean => {
        try {
          const step = work.next();
          if (step.done) resolve(step.value);
          return step.done === true;
        } catch (error) {
          reject(error);
          return true;
        }
      };
      jobs.push({ advance });
      if (jobs.length === 1) schedule(turn);
    });
}
