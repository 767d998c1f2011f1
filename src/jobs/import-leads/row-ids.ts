import { createHash } from 'node:crypto';
import type { Claim } from './import-leads-input.ts';

/**
 * The id of the lead that a row becomes: the second in which the row was claimed, so that leads sort by time, and what no
 * other row has. It is known before the lead runs, and the same for each attempt at the row.
 */
export function computeLeadId(jobId: string, { number, second }: { number: number; second: number }): string {
  const own = createHash('sha256').update(`${jobId}:${number}`).digest('hex');
  return second.toString(16).padStart(8, '0') + own.slice(0, 16);
}

/** undefined: the row was not claimed. */
export function findClaim(claims: readonly Claim[], number: number): Claim | undefined {
  return claims.find(({ from, to }) => number >= from && number <= to);
}
