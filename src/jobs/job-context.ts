import type { ArtefactPart, JobProgress } from './job.ts';

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
  /** A line of its log for people; no values of leads. */
  say(text: string): void;
  /** Resolves after a pause, or when the signal aborts. */
  pause(ms: number): Promise<void>;
  now(): number;
}
