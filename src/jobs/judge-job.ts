import type { Job, JobEnd } from './job.ts';

/**
 * How a job ended that went through all of its pieces: by what came of them, never by having come to the end. None good
 * of some is a failure, and some good of more is `done_with_failures`.
 */
export function judgeJob(
  counters: Readonly<Record<string, number>>,
  isFailure: (outcome: string) => boolean,
): Pick<JobEnd, 'state'> & { failed: number; all: number } {
  const entries = Object.entries(counters);
  const all = sum(entries.map(([, count]) => count));
  const failed = sum(entries.filter(([outcome]) => isFailure(outcome)).map(([, count]) => count));
  const state = failed === 0 ? 'done' : failed === all ? 'failed' : 'done_with_failures';
  return { state, failed, all };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

export interface JobPace {
  /** Pieces a second of the attempt under way; null: nothing is known of it. */
  ratePerSecond: number | null;
  /** Until the end at that rate; null: not known. */
  etaSeconds: number | null;
}

/** How fast a running job is, measured from the start of its attempt to its last progress. */
export function measurePace({ state, total, done, begunAt, begunDone, updatedAt }: Job): JobPace {
  const seconds = begunAt === null ? 0 : (updatedAt - begunAt) / 1000;
  if (state !== 'running' || seconds <= 0 || done <= begunDone) return { ratePerSecond: null, etaSeconds: null };
  const rate = (done - begunDone) / seconds;
  const etaSeconds = total === null ? null : Math.ceil((total - done) / rate);
  return { ratePerSecond: Math.round(rate * 100) / 100, etaSeconds };
}
