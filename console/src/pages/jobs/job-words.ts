import type { Job } from '../../../../client/src/client.ts';
import { formatCount } from '../../parts/format-number.ts';

export type ResultTone = 'success' | 'failure' | 'error';

/** What came of a piece that is no success; any other outcome is one (docs/reference/jobs.md). */
const TONES: Readonly<Record<string, ResultTone>> = {
  failure: 'failure',
  rejected: 'failure',
  refused: 'failure',
  missing: 'failure',
  not_found: 'failure',
  invalid: 'failure',
  error: 'error',
  running: 'error',
  under_way: 'error',
};

/** The color of an outcome: that of the result, whether or not the job came to its end. */
export function toneOf(outcome: string): ResultTone {
  return TONES[outcome] ?? 'success';
}

export interface CountedPart {
  outcome: string;
  pieces: number;
  tone: ResultTone;
}

/** Counts of a job that are not 0, successes first, then the most frequent. */
export function listCounts({ counters }: Pick<Job, 'counters'>): CountedPart[] {
  return Object.entries(counters)
    .filter(([, pieces]) => pieces > 0)
    .map(([outcome, pieces]) => ({ outcome, pieces, tone: toneOf(outcome) }))
    .sort((one, other) => rankOf(one) - rankOf(other) || other.pieces - one.pieces);
}

const rankOf = ({ tone }: CountedPart) => ['success', 'failure', 'error'].indexOf(tone);

/** `not found` of `not_found`. */
export function nameOutcome(outcome: string): string {
  return outcome.replaceAll('_', ' ');
}

/** `1,200 of 5,000`; of what cannot be counted before, what is done. */
export function describeProgress({ progress: { done, total } }: Pick<Job, 'progress'>): string {
  return total === null ? formatCount(done) : `${formatCount(done)} of ${formatCount(total)}`;
}

/** `24.5 a second`; null: it is not known. */
export function describeRate(rate: number | null): string {
  if (rate === null) return '–';
  return `${new Intl.NumberFormat('en-US', { maximumFractionDigits: rate < 10 ? 1 : 0 }).format(rate)} a second`;
}

/** `about 36 s`, `about 12 min`, `about 3 h`; null: it is not known. */
export function describeEta(seconds: number | null): string {
  if (seconds === null) return '–';
  if (seconds < 90) return `about ${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5_400) return `about ${Math.round(seconds / 60)} min`;
  return `about ${Math.round(seconds / 3_600)} h`;
}

/** `412 B`, `12.4 kB`, `3.9 MB`. */
export function describeSize(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const [size, unit] = bytes < 1_000_000 ? [bytes / 1_000, 'kB'] : [bytes / 1_000_000, 'MB'];
  return `${new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 }).format(size)} ${unit}`;
}
