import { serveParent } from './processes.ts';
import type { ReadingRequest } from './reading-requests.ts';
import { read } from './reading-stage.ts';

/**
 * Somebody who reads, as a process of its own: an answer of some hundred kB is read and unpacked in a turn of the event
 * loop, which in the sender's process would count as time of its leads.
 */
let over = new AbortController();
let reading: Promise<number> = Promise.resolve(0);

export interface ReadOn {
  server: { port: number; apiKey: string };
  requests: readonly ReadingRequest[];
  /** The first one it asks; the others follow, round and round. */
  from: number;
}

export const readerHandlers = {
  /** Begins to send one request after the other. */
  start(options: ReadOn): void {
    over = new AbortController();
    reading = readOn(options, over.signal);
    // Asked for by `stop`.
    reading.catch(() => undefined);
  },
  /** Ends after the one under way; how many were answered. */
  stop(_: null): Promise<number> {
    over.abort();
    return reading;
  },
};

async function readOn({ server, requests, from }: ReadOn, signal: AbortSignal): Promise<number> {
  let count = 0;
  while (!signal.aborted) {
    const request = requests[(from + count) % requests.length];
    if (!request) break;
    await read(server, request);
    count += 1;
  }
  return count;
}

serveParent(import.meta.url, readerHandlers);
