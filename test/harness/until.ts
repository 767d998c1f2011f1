import { setTimeout as wait } from 'node:timers/promises';

const POLL_MS = 20;
const MS_MAX = 90_000;

/** Asks again and again until it is so; fails the test with `what` when it takes longer than `msMax`. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>, msMax = MS_MAX): Promise<void> {
  const deadline = performance.now() + msMax;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`not within ${msMax} ms: ${what}`);
    await wait(POLL_MS);
  }
}
