/** Work repeated with a pause between its runs; never two at a time. */
export interface Loop {
  /** Ends after the run under way. */
  stop(): Promise<void>;
}

/** Starts with a pause. What a run throws is reported, and the loop goes on. */
export function startLoop(options: { everyMs: number; run(): Promise<unknown>; report(error: unknown): void }): Loop {
  let isStopped = false;
  let current: Promise<void> = Promise.resolve();
  let timer = schedule();

  function schedule(): NodeJS.Timeout {
    const next = setTimeout(() => {
      current = turn();
    }, options.everyMs);
    next.unref();
    return next;
  }

  async function turn(): Promise<void> {
    try {
      await options.run();
    } catch (error) {
      options.report(error);
    }
    if (!isStopped) timer = schedule();
  }

  return {
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
      return current;
    },
  };
}
