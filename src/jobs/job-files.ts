import type { JobKey } from './job.ts';

/**
 * Files that jobs work on. They are in the database, so that another process can go on with one; sealed, because they
 * have values of people; and gone when their job has ended.
 */
export interface JobFileStore {
  /** The next part, from 0. */
  append(part: JobKey & { part: number; content: Uint8Array; now: number }): Promise<void>;
  /** Its parts in order; none: it is gone. */
  read(key: JobKey): AsyncIterable<Uint8Array>;
  remove(key: JobKey): Promise<void>;
}
