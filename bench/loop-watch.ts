import { openSync, readSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { answerParent } from './processes.ts';

/**
 * Loaded into a server process (`StartOptions.loads`): watches its event loop. What a timer was late counts everything
 * that kept the loop, other processes included; the CPU of a turn is what the loop's own thread did between two runs of
 * its timers: one slice, and what of the turn's I/O was answered.
 */
export interface LoopReport {
  /** By which a timer was late at most, ms. */
  longestDelayMs: number;
  /** CPU of the main thread in the longest turn, ms; what other threads collect or compile meanwhile does not count. */
  longestTurnMs: number;
  /** CPU of the main thread in all, ms. */
  cpuMs: number;
}

const RESOLUTION_MS = 1;

// Linux gives the time a thread was on a processor in ns; Node 20 gives that of the whole process only.
const schedstat = openSync('/proc/thread-self/schedstat', 'r');
const text = Buffer.alloc(64);

function cpuMs(): number {
  const length = readSync(schedstat, text, 0, text.length, 0);
  return Number(text.toString('latin1', 0, length).split(' ', 1)[0]) / 1e6;
}

const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();
let longestTurnMs = 0;
let before = cpuMs();
let beganAt = before;
setInterval(() => {
  const now = cpuMs();
  longestTurnMs = Math.max(longestTurnMs, now - before);
  before = now;
}, RESOLUTION_MS).unref();

export const loopWatchHandlers = {
  /** What was seen since the last time. */
  take: (_nothing: null): LoopReport => {
    const now = cpuMs();
    const report = {
      longestDelayMs: Math.max(0, delay.max / 1e6 - RESOLUTION_MS),
      longestTurnMs,
      cpuMs: now - beganAt,
    };
    delay.reset();
    longestTurnMs = 0;
    beganAt = now;
    return report;
  },
};

answerParent(loopWatchHandlers);
process.channel?.unref();
