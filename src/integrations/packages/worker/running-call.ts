import { AsyncLocalStorage } from 'node:async_hooks';
import type { Transaction } from '../../../model/event.ts';

/** A `handle` that runs. Everything it starts, however late, finds it through the storage. */
export interface RunningCall {
  callId: number;
  /** Aborted: the caller no longer waits, and nothing further may be sent. */
  controller: AbortController;
  /** Requests that left and have no answer yet. */
  unanswered: Set<object>;
  note(transaction: Transaction): void;
}

/** Which `handle` the code runs for. */
export const runningCall = new AsyncLocalStorage<RunningCall>();
