/** Work repeated with a pause between its runs; never two at a time. */
export interface Loop {
  /** Ends after the run under way. */
  stop(): Promise<void>;
}

export interface LoopOptions {
  everyMs: number;
  run(): Promise<unknown>;
  /** A run threw; called once until one succeeds again. */
  onFailing(error: unknown): void;
  onRecovered(): void;
}

/** Starts with a pause. A run that throws does not end the loop. */
export function startLoop(options: LoopOptions): Loop {
  let isStopped = false;
  let isFailing = false;
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
      if (isFailing) options.onRecovered();
      isFailing = false;
    } catch (error) {
      if (!isFailing) options.onFailing(error);
      isFailing = true;
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
