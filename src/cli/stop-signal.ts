/** Signals that ask for an orderly end: Ctrl-C, and what service managers and containers send. */
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** Under npm a single Ctrl-C arrives twice, from the terminal and from npm, within milliseconds. */
const SECOND_SIGNAL_MS_MIN = 500;
const EXIT_CODE_AT_ONCE = 130;

/** Ends with the first signal. A second one ends the process at once, whatever is still under way. */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    const onSignal = (name: NodeJS.Signals) => {
      const now = performance.now();
      if (firstAt !== undefined && now - firstAt > SECOND_SIGNAL_MS_MIN) process.exit(EXIT_CODE_AT_ONCE);
      firstAt ??= now;
      resolve(name);
    };
    for (const name of SIGNALS) process.on(name, onSignal);
  });
}

/** For workers: the terminal signals every process at once, but only the primary decides. */
export function ignoreStopSignals(): void {
  for (const name of SIGNALS) process.on(name, () => undefined);
}
