import { SluiceError } from './sluice-error.ts';

/** What waiting needs of the world. */
export interface RetryTools {
  /** From 0 to 1, without 1. */
  random(): number;
  /** Epoch ms. */
  now(): number;
  /** Rejects with the reason of the signal when that aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

const WAIT_MS_BASE = 200;
const WAIT_MS_MAX = 8_000;
/** What may pass by itself: slowness, overload, a proxy without its server. A 500 seldom does. */
const PASSING = [408, 429, 502, 503, 504];

/**
 * Repeats a call that changes nothing: after a connection that failed and after 408, 429, 502, 503 and 504, at most
 * `attemptsMax` times in all. Waits a random part of 0.2, 0.4, 0.8 … 8 s, after what `Retry-After` asks for. A wait that
 * would end after the deadline is not begun: the last error is thrown at once.
 */
export async function retry<T>(
  limits: { attemptsMax: number; deadline: number; signal: AbortSignal; tools: RetryTools },
  call: () => Promise<T>,
): Promise<T> {
  const { attemptsMax, deadline, signal, tools } = limits;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (attempt >= attemptsMax || !isPassing(error)) throw error;
      const waitMs =
        (error.retryAfterMs ?? 0) + tools.random() * Math.min(WAIT_MS_MAX, WAIT_MS_BASE * 2 ** (attempt - 1));
      if (tools.now() + waitMs >= deadline) throw error;
      await tools.sleep(waitMs, signal);
    }
  }
}

function isPassing(error: unknown): error is SluiceError {
  if (!(error instanceof SluiceError)) return false;
  return error.code === 'connection_failed' || (error.status !== null && PASSING.includes(error.status));
}

/** The sleep of this platform. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', end);
      resolve();
    }, ms);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
