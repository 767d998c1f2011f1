import { computeIdRange, type IdRange } from '../events/id-range.ts';
import { firstIdAt } from '../lib/ids.ts';
import type { ExportDefinition } from './export.ts';

const DAY_MS = 86_400_000;

/** What retention leaves of an account's events: those from then on, epoch ms. */
export function computeOldestKept(now: number, dataRetentionInDays: number): number {
  return now - dataRetentionInDays * DAY_MS;
}

/**
 * The ids from `start` up to `end`, which is excluded, to the second: an id is no finer. What lies ahead is left out, and
 * so is what is past the retention, by which the export is truncated.
 */
export function computeExportRange(
  { start, end }: Pick<ExportDefinition, 'start' | 'end'>,
  { now, dataRetentionInDays }: { now: number; dataRetentionInDays: number },
): { range: IdRange; isTruncated: boolean } {
  const oldest = computeOldestKept(now, dataRetentionInDays);
  const from = Date.parse(start);
  const until = Math.min(Date.parse(end), now);
  return {
    range: { after: computeIdRange(Math.max(from, oldest), null).after, before: firstIdAt(until).slice(0, 8) },
    isTruncated: from < oldest,
  };
}
