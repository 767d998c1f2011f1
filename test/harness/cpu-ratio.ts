/**
 * Returns how much CPU something takes, in units of a reference loop that is timed just before and after it (the loop
 * takes 1.4 to 4 ms on the machines seen so far). It is the smallest of a few rounds after one that warms the code up:
 * what else the machine does only adds to a round, and a slow or busy processor slows the loop as well.
 */
export function cpuRatio(run: () => unknown): number {
  run();
  return Math.min(...Array.from({ length: ROUNDS }, () => runRound(run)));
}

/** The same for work that is too long to repeat, or that the first time is the interesting one of. */
export function cpuRatioOnce(run: () => unknown): number {
  countWords();
  return runRound(run);
}

/** CPU of the reference loop now, in µs; the smallest of a few, once it is warm. */
export function referenceUs(): number {
  countWords();
  return Math.min(...Array.from({ length: ROUNDS }, () => cpuMs(countWords))) * 1_000;
}

const ROUNDS = 4;

function runRound(run: () => unknown): number {
  const before = cpuMs(countWords);
  const ms = cpuMs(run);
  return ms / ((before + cpuMs(countWords)) / 2);
}

/** Texts, maps and numbers, as the engine's own work is. */
function countWords(): void {
  const counts = new Map<string, number>();
  for (let turn = 0; turn < 30_000; turn += 1) {
    const word = `w${turn % 97}`.toUpperCase();
    counts.set(word, (counts.get(word) ?? 0) + turn);
  }
}

function cpuMs(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
