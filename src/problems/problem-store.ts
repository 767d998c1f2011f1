import type { FailureTally, ProblemMark } from './problem.ts';

/** Reads what failed, from what is counted. */
export interface FailureStore {
  /** Of every kind of failure of an account that counts as a problem and occurred from `since` on, epoch ms. */
  listFailures(request: {
    accountId: string;
    flowIds?: readonly string[] | undefined;
    recipientIds?: readonly string[] | undefined;
    since: number;
    now: number;
  }): Promise<{
    tallies: FailureTally[];
    /** All before this time, epoch ms, is counted; null: everything is. */
    countedUntil: number | null;
  }>;
}

/** What people said about problems. */
export interface ProblemStore {
  listMarks(accountId: string): Promise<ProblemMark[]>;
  /** `name`: what fails, for the activity log. */
  setMark(request: { accountId: string; mark: ProblemMark; name: string }): Promise<void>;
  /** Its leads were tried again. */
  recordRetry(request: {
    accountId: string;
    id: string;
    name: string;
    counts: Readonly<Record<string, number>>;
  }): Promise<void>;
}
