import type { Ids } from '../lib/ids.ts';
import type { KeyRequest, KeyRequestStore } from './key-requests.ts';

/** Requests that wait to be written, of one process: some megabytes, and more than an API answers in some seconds. */
export const WAITING_MAX = 10_000;
/** Rows of one statement. */
const ROWS_MAX = 1_000;
/** Statements of one call: all that may wait at its beginning. */
const BATCHES_MAX = WAITING_MAX / ROWS_MAX;
/** Keys whose missing requests are counted; those of further keys are in the sum alone. */
const COUNTED_KEYS_MAX = 1_000;

/** Keeps requests of keys until they are written, off the way of the answers. */
export interface KeyRequestLog {
  /** What does not fit is counted: the next request of its key says how many are missing. */
  add(request: Omit<KeyRequest, 'id' | 'skipped'>): void;
  /** Writes what waits; returns how many, and how many were lost since the last call. Rejects when the store does. */
  write(): Promise<{ written: number; skipped: number }>;
}

export function createKeyRequestLog(deps: {
  store: Pick<KeyRequestStore, 'write'>;
  ids: Pick<Ids, 'next'>;
  /** Does an error say that the database is away? Then rows wait; any other loses those that it was about. */
  isUnavailable(error: unknown): boolean;
}): KeyRequestLog {
  let waiting: KeyRequest[] = [];
  const missing = new Map<string, number>();
  let skipped = 0;

  function skip(keyId: string, count: number): void {
    skipped += count;
    if (missing.has(keyId) || missing.size < COUNTED_KEYS_MAX) missing.set(keyId, (missing.get(keyId) ?? 0) + count);
  }

  function add(request: Omit<KeyRequest, 'id' | 'skipped'>): void {
    const { keyId } = request;
    if (waiting.length >= WAITING_MAX) {
      skip(keyId, 1);
      return;
    }
    waiting.push({ ...request, id: deps.ids.next(), skipped: missing.get(keyId) ?? 0 });
    missing.delete(keyId);
  }

  async function writeNext(): Promise<number> {
    const rows = waiting.slice(0, ROWS_MAX);
    try {
      await deps.store.write(rows);
      return rows.length;
    } catch (error) {
      if (deps.isUnavailable(error)) return Promise.reject(error);
      for (const row of rows) skip(row.keyId, row.skipped + 1);
      waiting = waiting.slice(rows.length);
      throw error;
    }
  }

  return {
    add,
    async write() {
      let written = 0;
      for (let batch = 0; batch < BATCHES_MAX && waiting.length > 0; batch += 1) {
        const count = await writeNext();
        waiting = waiting.slice(count);
        written += count;
      }
      const lost = skipped;
      skipped = 0;
      return { written, skipped: lost };
    },
  };
}
