import type { FuzzTarget } from './target.ts';

/** Every evaluation of the flow language ends in 50 ms (decision 40), and a target evaluates an input three times. */
export const INPUT_MS_MAX = 150;
/** A slow try is tried again: only the machine is slow once, an input is slow every time. */
const TRIES_MAX = 4;

export type Trial = { kind: 'ended'; end: string } | { kind: 'slow'; ms: number } | { kind: 'threw'; message: string };

/** Runs an input and says how it ended; never throws. */
export function tryInput(target: FuzzTarget, input: string): Trial {
  let fastestMs = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const startedAt = performance.now();
    try {
      const end = target.run(input);
      const ms = performance.now() - startedAt;
      if (ms <= INPUT_MS_MAX) return { kind: 'ended', end };
      fastestMs = Math.min(fastestMs, ms);
    } catch (error) {
      return { kind: 'threw', message: error instanceof Error ? `${error.stack}` : String(error) };
    }
  }
  return { kind: 'slow', ms: fastestMs };
}
