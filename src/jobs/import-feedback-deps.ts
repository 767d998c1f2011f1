import type { JobFileStore } from './job-files.ts';

/** A row of a file, as it is given. */
export interface RowToGive {
  accountId: string;
  /** Of the feedback that is made of it; the same for each attempt at the row. */
  id: string;
  type: 'return' | 'conversion';
  reason: string;
  eventId: string;
  leadId: string;
  recipientId: string;
}

export interface GivenFeedbackRow {
  /** The name of its counter. */
  outcome: string;
  reason: string | null;
}

/** What an import of feedback works with. */
export interface ImportFeedbackDeps {
  files: JobFileStore;
  /** Gives it once, however often it is called. null: not now; try again in a moment. */
  give(row: RowToGive): Promise<GivenFeedbackRow | null>;
}
