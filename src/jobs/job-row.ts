import type { WatchedPass } from '../alerts/watch-caps.ts';
import type { Log } from '../observe/log.ts';
import type { ResubmitDeps } from '../resubmission/resubmit-leads.ts';
import type { ExportDeps } from './export-deps.ts';
import type { ImportFeedbackDeps } from './import-feedback-deps.ts';
import type { ImportLeadsDeps } from './import-leads-deps.ts';
import type { ImportListDeps } from './import-list-deps.ts';
import type { JobContext } from './job-context.ts';
import type { PrivacyDeps } from './privacy-deps.ts';
import type { TableKeeper } from './table-keeper.ts';

interface RowBase {
  /** Also the name of its file, and of its line in the log. */
  name: string;
  /** What it does, for the reference; Markdown. */
  does: string;
  /** A run that takes longer is cancelled where it can be, and reported in the log where it cannot. */
  timeoutMs: number;
}

/** Repeated in each process, with a pause between its runs; never two at a time, and never behind another row. */
export interface EveryRow extends RowBase {
  when: 'every';
  everyMs: number;
  where: 'each node';
  /** Returns what there is to say of the run; nothing: the line is for debugging. */
  run(deps: DutyDeps): Promise<DutyCounts>;
}

/** At a time of the day, UTC, in one process; the queue sees to it. */
export interface CronRow extends RowBase {
  when: 'cron';
  /** Minute, hour, day of the month, month, day of the week. */
  cron: string;
  where: 'one node';
  attemptsMax: number;
  run(deps: DutyDeps): Promise<DutyCounts>;
}

/** When somebody asks for it, in one process; people see a row of `jobs`. */
export interface QueueRow extends RowBase {
  when: 'queue';
  where: 'one node';
  /** Times it is begun; a stop of its process counts as one. */
  attemptsMax: number;
  /** The outcomes that count as failures; `judgeJob`. */
  failures: readonly string[];
  run(job: JobContext, deps: WorkDeps): Promise<void>;
}

export type JobRow = EveryRow | CronRow | QueueRow;

/** Fields of the log line of a run. */
export type DutyCounts = Record<string, number> | undefined;

/** What the duties of a server process do their work with. */
export interface DutyDeps {
  renewLease(): Promise<void>;
  refreshConfiguration(): Promise<void>;
  ensureListener(): Promise<void>;
  /** Settles leads that no process runs any more; returns how many. */
  recoverLeads(): Promise<number>;
  reportRecipients(): Promise<void>;
  runDueRetries(): Promise<void>;
  /** Resolves deliveries to other flows of this installation whose end was lost; returns how many. */
  resolveInnerLeads(): Promise<number>;
  /** Begins to send events for channels that have some; returns for how many. */
  sendOutbox(): Promise<number>;
  /** Adds what waits to be counted to the tables of statistics and search. */
  foldDigests(): Promise<{ rows: number; earlier: number }>;
  /** Writes what API keys asked for; returns how many requests were lost before they were written. */
  writeKeyRequests(): Promise<{ skipped: number }>;
  /** Records the thresholds that caps have reached, and sends the alerts that are due. */
  watchCaps(): Promise<WatchedPass>;
  /** Asks sources again, and decides what has waited too long; returns how many. */
  settleDueFeedback(): Promise<{ relayed: number; decided: number }>;
  /** Begins the runs of batches that are due; returns how many. */
  runDueBatches(): Promise<number>;
  /** Mails the ends of exports that are due. */
  mailExports(): Promise<{ mailed: number; failed: number }>;
  /** Mails the reports whose time has come. */
  mailReports(): Promise<{ mailed: number; failed: number }>;
  /** Finds the leads of persons under a legal hold that came since; returns how many. */
  searchHolds(): Promise<number>;
  /** Why this server's time is not to be trusted; undefined: it is. */
  clockProblem(): string | undefined;
  /** Starts to take work from the queue, unless this process does already. */
  ensureQueue(): Promise<void>;
  /** Encrypts anew what only the key of before opens; null: there is no such key. */
  sealAgain: (() => Promise<SealedAgain>) | null;
  tables: TableKeeper;
  log: Pick<Log, 'warn' | 'error'>;
}

/** A pass over all that is encrypted. */
export interface SealedAgain {
  /** Encrypted anew. */
  sealed: number;
  /** Not opened by any key. */
  unreadable: number;
  /** Opened by the key of before alone, at the end of the pass; 0: it is no longer needed. */
  left: number;
}

/**
 * Attempts of imports: then another one goes on from the checkpoint. Longer ones are possible, because a task that runs is locked
 * anew (src/store/postgres/job-queue.ts).
 */
export const ATTEMPT_MS_MAX = 3.5 * 3_600_000;

/** What queued work does its work with. */
export interface WorkDeps {
  resubmit: ResubmitDeps;
  importList: ImportListDeps;
  importFeedback: ImportFeedbackDeps;
  export: ExportDeps;
  importLeads: ImportLeadsDeps;
  privacy: PrivacyDeps;
}
