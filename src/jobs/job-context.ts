import type { ArtefactPart, Effect, JobLeave, JobProgress } from './job.ts';

/** What a job's work is given. */
export interface JobContext {
  accountId: string;
  id: string;
  input: unknown;
  /** As the work wrote it last; null: it begins. */
  checkpoint: unknown;
  done: number;
  counters: Readonly<Record<string, number>>;
  /** Aborts when the work is to end: it returns as soon as it can, with its progress written. */
  signal: AbortSignal;
  /** Writes how far the work is, with new parts of artefacts, in one transaction. */
  write(
    progress: Pick<JobProgress, 'checkpoint' | 'total' | 'done' | 'counters'>,
    parts?: ArtefactPart[],
  ): Promise<void>;
  /** The same with what the work does to tables in that transaction; null: the attempt was given up, and nothing is done. */
  writeWith<T>(
    effect: Effect<T>,
    after: (result: T) => { progress: Omit<JobProgress, 'lines'>; parts: ArtefactPart[] },
  ): Promise<T | null>;
  /** Ends the job as failed, whatever it has done; a sentence without values. The work returns then. */
  fail(reason: string): void;
  /**
   * Ends the attempt without ending the job: it waits for a person, or begins anew in the queue. Its progress is written;
   * the work returns then.
   */
  leave(left: JobLeave): void;
  /** A line of its log for people; no values of leads. */
  say(text: string): void;
  /** Resolves after a pause, or when the signal aborts. */
  pause(ms: number): Promise<void>;
  now(): number;
}
