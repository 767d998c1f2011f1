/** How one process sees one recipient at one origin. */
export interface RecipientHealth {
  accountId: string;
  recipientId: string;
  /** Scheme, host and port. */
  origin: string;
  state: 'closed' | 'open' | 'half_open';
  running: number;
  waiting: number;
  /** Requests that had to wait for a place, since the process first sent there. */
  waited: number;
  /** Of the last minute; of an open circuit those that opened it. */
  requests: number;
  errors: number;
  /** Epoch ms; null: the circuit is closed. */
  openedAt: number | null;
  nextProbeAt: number | null;
}

export type RecipientKey = Pick<RecipientHealth, 'accountId' | 'recipientId' | 'origin'>;

/** The same with the process that saw it. */
export interface ReportedHealth extends RecipientHealth {
  nodeId: string;
  host: string;
  pid: number;
  /** Epoch ms. */
  reportedAt: number;
}

/** Where the processes that share a database exchange the health of their recipients. */
export interface RecipientHealthStore {
  /** Writes what changed in this process, as of `now`, and removes what is gone. */
  report(reported: {
    changed: readonly RecipientHealth[];
    gone: readonly RecipientKey[];
    /** Epoch ms. */
    now: number;
  }): Promise<void>;
  /** What living processes reported of an account's recipients; at most HEALTH_ROWS_MAX, circuits that are not closed first. */
  list(accountId: string): Promise<ReportedHealth[]>;
  /** Asks every process to close its circuits to a recipient; answers those that were not closed. */
  askToClose(asked: { accountId: string; recipientId: string }): Promise<ReportedHealth[]>;
  /** The circuits this process was asked to close; each is answered once. */
  takeAsked(): Promise<RecipientKey[]>;
}

/** More would be no list that anybody reads. */
export const HEALTH_ROWS_MAX = 1_000;
