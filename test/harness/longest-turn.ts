/** Watches the event loop of this process from now on. */
export interface TurnWatch {
  /** CPU of the longest turn so far, µs, and starts anew. */
  take(): number;
  stop(): void;
}

/**
 * The longest turn of the event loop by the CPU it took: what another process does meanwhile does not count. Turns are
 * made to follow each other, so that each one is measured.
 */
export function watchTurns(): TurnWatch {
  let isOn = true;
  let longest = 0;
  let before = process.cpuUsage();
  const turn = () => {
    const { user, system } = process.cpuUsage(before);
    longest = Math.max(longest, user + system);
    before = process.cpuUsage();
    if (isOn) setImmediate(turn);
  };
  setImmediate(turn);
  return {
    take: () => {
      const taken = longest;
      longest = 0;
      return taken;
    },
    stop: () => {
      isOn = false;
    },
  };
}
