import type { BatchDefinition, BatchFile, BatchKey, FileBuilder } from './batch.ts';

/** A run of a batch that a process has taken. */
export interface BatchRun extends BatchKey {
  /** Fences what the run writes. */
  runId: string;
  definition: BatchDefinition;
  /** Of the account. */
  timeZone: string;
  /** Of the batch, as it was taken: a change meanwhile keeps its own schedule. */
  updatedAt: number;
  /** Rows become files: the schedule says so, or a person. Else it only sends files again. */
  makesFiles: boolean;
  /** A person asked for it; null: no person did. Epoch ms. */
  askedAt: number | null;
  keepsRows: boolean;
}

/** How an attempt to send a file ended. */
export interface AttemptEnd {
  now: number;
  isDelivered: boolean;
  /** Why not, or what of it went wrong all the same. */
  reason: string | null;
  /** null: not by itself any more. */
  nextAttemptAt: number | null;
}

/** What the runs of batches read and write. Whatever a run writes after another process has taken it has no effect. */
export interface BatchRunStore {
  /**
   * Takes one that is due and that no living process runs; null: there is none. `running`: run ids of this process.
   */
  takeDue(request: {
    now: number;
    nodeId: string;
    runId: string;
    running: readonly string[];
  }): Promise<BatchRun | null>;
  /** Files that are not delivered, oldest first; those that are due now, or all of them. */
  listWaiting(run: BatchRun, request: { dueBy: number | null; limit: number }): Promise<BatchFile[]>;
  /**
   * Makes a file of the rows that wait, in their order, after the row `after`: file, content and what rows it has are one
   * transaction. `last` is its last row. null: there are no rows, and `isEmptySent` says that no file is made then, or the
   * run is another process's by now.
   */
  makeFile(
    run: BatchRun,
    made: {
      fileId: string;
      now: number;
      expiresAt: number;
      after: string;
      builder: FileBuilder;
      isEmptySent: boolean;
    },
  ): Promise<{ file: BatchFile; last: string } | null>;
  /** Its content; null: it is gone. */
  readContent(file: BatchFile): Promise<Buffer | null>;
  /** Notes that a file is about to be sent; false: the run is another process's by now. */
  beginAttempt(run: BatchRun, attempt: { fileId: string; now: number; target: string }): Promise<boolean>;
  endAttempt(run: BatchRun, attempt: AttemptEnd & { fileId: string }): Promise<void>;
  /** Gives up a run that met a fault of ours: what it was to do is due again then. */
  pauseRun(run: BatchRun, pause: { error: string; dueAt: number }): Promise<void>;
  /** `scheduledAt`: its next run by the schedule; `error`: why not everything was delivered. */
  endRun(run: BatchRun, end: { now: number; error: string | null; scheduledAt: number | null }): Promise<void>;
}
