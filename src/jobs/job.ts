import type { Actor } from '../access/principal.ts';

/*
 * Queued work as people see it: how far it is, what came of it, and what it left. The queue that runs it is a library's
 * (decision page 0053); the row of `jobs` is ours.
 */

export const JOB_STATES = [
  'queued',
  'running',
  'waiting',
  'paused',
  'done',
  'done_with_failures',
  'cancelled',
  'failed',
] as const;
export type JobState = (typeof JOB_STATES)[number];

/** A job that has not ended. `waiting`: for a person to confirm it; `paused`: a person stopped it for a time. */
export type OpenState = 'queued' | 'running' | 'waiting' | 'paused';

export interface JobLine {
  /** Epoch ms. */
  at: number;
  text: string;
}

export interface JobArtefact {
  name: string;
  contentType: string;
  /** Characters. */
  size: number;
  /** Epoch ms. */
  expiresAt: number;
}

export interface Job {
  accountId: string;
  id: string;
  /** A row of the table in jobs.ts. */
  kind: string;
  state: JobState;
  askedBy: Actor;
  /** null: not known yet. */
  total: number | null;
  done: number;
  /** Pieces by outcome; those of `failures` in its row count as failed. */
  counters: Readonly<Record<string, number>>;
  /** Why it failed, or was put back into the queue. */
  reason: string | null;
  /** The last ones. */
  lines: readonly JobLine[];
  /** How often it was begun. */
  attempt: number;
  /** Of the attempt under way: when it began, epoch ms, and how much was behind it then. */
  begunAt: number | null;
  begunDone: number;
  isCancelAsked: boolean;
  /** Epoch ms. */
  createdAt: number;
  startedAt: number | null;
  updatedAt: number;
  endedAt: number | null;
  artefacts: readonly JobArtefact[];
}

/** A job as the process that runs it needs it. */
export interface TakenJob {
  accountId: string;
  id: string;
  kind: string;
  attempt: number;
  input: unknown;
  checkpoint: unknown;
  total: number | null;
  done: number;
  counters: Readonly<Record<string, number>>;
  lines: readonly JobLine[];
}

export interface JobKey {
  accountId: string;
  id: string;
}

/** Names one attempt: what an attempt that was given up writes has no effect. */
export interface AttemptOfJob extends JobKey {
  attempt: number;
}

export interface NewJob extends JobKey {
  kind: string;
  /** The caller's name for it; null: none. */
  callId: string | null;
  askedBy: Actor;
  input: unknown;
  total: number | null;
  attemptsMax: number;
  now: number;
}

/** How far an attempt is; written as a whole, with the artefacts' new parts. */
export interface JobProgress {
  checkpoint: unknown;
  total: number | null;
  done: number;
  counters: Readonly<Record<string, number>>;
  lines: readonly JobLine[];
}

export interface ArtefactPart {
  name: string;
  part: number;
  contentType: string;
  content: string;
  /** Epoch ms. */
  expiresAt: number;
}

export interface JobEnd {
  state: Exclude<JobState, OpenState>;
  reason: string | null;
}

/** Where an attempt leaves its job: for a person, or in the queue for an attempt that starts anew. */
export interface JobLeave {
  state: 'waiting' | 'paused' | 'queued';
  /** A sentence for people, without values of leads. */
  reason: string | null;
}

/** How a job goes on that no attempt has. */
export interface JobGoOn extends JobKey {
  /** The states that it may be in. */
  from: readonly OpenState[];
  attemptsMax: number;
  /** Takes the place of what it was asked; absent: that stays. */
  input?: unknown;
  /** Forget how far it is. */
  isAnew?: boolean;
  now: number;
}

export interface JobStore {
  /**
   * Writes the job and puts it into the queue, in one transaction. `known`: the caller's name stands for a job that is
   * there already.
   */
  create(job: NewJob): Promise<{ kind: 'created' | 'known'; id: string }>;
  find(key: JobKey): Promise<Job | null>;
  /** Newest first; `before` is the id to go on from, exclusive. */
  page(request: {
    accountId: string;
    states: readonly JobState[] | undefined;
    kind: string | undefined;
    before: string | undefined;
    limit: number;
  }): Promise<Job[]>;
  /** `asked`: a running job stops soon; `ended`: it had ended before. */
  cancel(request: JobKey & { now: number }): Promise<'cancelled' | 'asked' | 'ended' | 'missing'>;
  /** `asked`: a running job pauses soon; `not-now`: it waits for a person, or has ended. */
  pause(request: JobKey & { now: number }): Promise<'paused' | 'asked' | 'not-now' | 'missing'>;
  /** Puts the job into the queue again, in one transaction with what is changed of it. */
  goOn(request: JobGoOn): Promise<'queued' | 'not-now' | 'missing'>;
  /** What a job of this kind was asked, and its own note of how far it is; null: there is none. */
  readWork(key: JobKey & { kind: string }): Promise<{ input: unknown; checkpoint: unknown } | null>;
  /** An artefact as a whole; null: there is none, or it has expired. */
  readArtefact(key: JobKey & { name: string; now: number }): Promise<{ contentType: string; content: string } | null>;

  /** Begins an attempt; null: the job has ended, or is gone. */
  take(key: JobKey & { nodeId: string; now: number }): Promise<TakenJob | null>;
  /** `lost`: the attempt is no longer the job's, or the job has ended. */
  write(
    attempt: AttemptOfJob,
    progress: JobProgress & { artefacts: readonly ArtefactPart[]; now: number },
  ): Promise<JobSign>;
  /**
   * The same, and in the same transaction what the work does to other tables; `progressOf` says how far it is after that.
   * An attempt that is given up does nothing, and has no result.
   */
  writeWith<T>(
    attempt: AttemptOfJob,
    effect: Effect<T>,
    progressOf: (result: T) => JobProgress & { artefacts: readonly ArtefactPart[]; now: number },
  ): Promise<{ sign: JobSign; result: T | null }>;
  /** Asks whether to go on without having progress to write. */
  askSign(attempt: AttemptOfJob): Promise<JobSign>;
  end(attempt: AttemptOfJob, end: JobEnd & { now: number }): Promise<void>;
  /** Ends the attempt without ending the job. */
  leave(attempt: AttemptOfJob, leave: JobLeave & { kind: string; attemptsMax: number; now: number }): Promise<void>;
  /** Back into the queue, for a later attempt. */
  putBack(attempt: AttemptOfJob, request: { reason: string; now: number }): Promise<void>;
}

/** What is done in the transaction of a job's progress; made by a store, for the same store's transactions. */
export type Effect<T> = (transaction: unknown) => Promise<T>;

/** Whether an attempt may go on. */
export type JobSign = 'go-on' | 'cancel' | 'pause' | 'lost';
