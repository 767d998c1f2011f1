import type { Problem } from '../../api/problems.ts';
import { titleOf } from './problem-words.ts';

/** A line of the list: a problem, and those that a reader could not tell from it. One lead may be in several: they are not added up. */
export interface ProblemRow extends Omit<Problem, 'leads'> {
  /** How many problems it is of. */
  ways: number;
}

/**
 * Problems of the same recipient, flow, state and cause in one row, with the sums of their counts: they differ in words of their
 * reasons alone. The order is kept.
 */
export function groupProblems(problems: readonly Problem[]): ProblemRow[] {
  const rows = new Map<string, ProblemRow>();
  for (const problem of problems) {
    const { id, kind, cause, flow, state, recipient } = problem;
    const isAlone = kind !== 'delivery' || cause === null || recipient === null;
    const key = isAlone ? id : [flow.id, recipient.id, titleOf(problem), state, cause].join(' ');
    const row = rows.get(key);
    rows.set(key, row === undefined ? { ...problem, ways: 1 } : join(row, problem));
  }
  return [...rows.values()];
}

function join(row: ProblemRow, other: Problem): ProblemRow {
  const [first = '', last = ''] = [
    [row.first_seen, other.first_seen].sort()[0],
    [row.last_seen, other.last_seen].sort()[1],
  ];
  return {
    ...row,
    ways: row.ways + 1,
    events: row.events + other.events,
    per_hour: row.per_hour.map((count, hour) => count + (other.per_hour[hour] ?? 0)),
    first_seen: first,
    last_seen: last,
  };
}
