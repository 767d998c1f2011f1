import type { Job } from '../../../../client/src/client.ts';
import { listCounts, nameOutcome } from './job-words.ts';
import classes from './jobs.module.css';

/**
 * How far a job is, in the colors of what came of its pieces. What it says is beside it as text; pieces of no outcome
 * are gray.
 */
export function ResultBar({ job }: { job: Job }) {
  const { done, total } = job.progress;
  const counts = listCounts(job);
  const counted = counts.reduce((sum, { pieces }) => sum + pieces, 0);
  const whole = Math.max(1, total ?? 0, done, counted);
  let at = 0;
  const parts = counts.map(({ outcome, pieces, tone }) => {
    const part = { outcome, tone, from: at, width: (pieces / whole) * 100 };
    at += part.width;
    return part;
  });
  const rest = Math.max(0, (done - counted) / whole) * 100;
  return (
    <svg className={classes['bar']} viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden>
      <rect width="100" height="8" data-ground />
      {parts.map(({ outcome, tone, from, width }) => (
        <rect key={outcome} x={from} width={width} height="8" data-tone={tone}>
          <title>{nameOutcome(outcome)}</title>
        </rect>
      ))}
      {rest > 0 && <rect x={at} width={rest} height="8" data-tone="plain" />}
    </svg>
  );
}
