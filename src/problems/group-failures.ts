import { instantOfId } from '../lib/ids.ts';
import { type FailureTally, PROBLEM_HOURS, type Problem, type ProblemMark, type ProblemState } from './problem.ts';
import { causeOfReason } from './suspected-cause.ts';

/** Tallies of one id are one problem, in the state that was set for it, if that still holds. The last seen come first. */
export function groupFailures(
  tallies: readonly FailureTally[],
  { marks, now }: { marks: readonly ProblemMark[]; now: number },
): Problem[] {
  const groups = new Map<string, FailureTally & { hours: Map<number, number> }>();
  for (const tally of tallies) {
    const known = groups.get(tally.id);
    if (known) addTally(known, tally);
    else groups.set(tally.id, { ...tally, hours: new Map(tally.hours) });
  }
  const markById = new Map(marks.map((mark) => [mark.id, mark]));
  return [...groups.values()]
    .map((group) => problemOf(group, { mark: markById.get(group.id), now }))
    .sort((one, other) => (one.lastId < other.lastId ? 1 : -1));
}

function addTally(group: FailureTally & { hours: Map<number, number> }, tally: FailureTally): void {
  group.events += tally.events;
  group.leads += tally.leads;
  if (tally.firstId < group.firstId) group.firstId = tally.firstId;
  if (tally.lastId > group.lastId) group.lastId = tally.lastId;
  for (const [hour, events] of tally.hours) group.hours.set(hour, (group.hours.get(hour) ?? 0) + events);
}

function problemOf(
  { hours, ...group }: FailureTally,
  { mark, now }: { mark: ProblemMark | undefined; now: number },
): Problem {
  const current = hourOf(now);
  return {
    ...group,
    state: stateOf(mark, { lastSeen: instantOfId(group.lastId), now }),
    mutedUntil: mark?.state === 'muted' && (mark.mutedUntil ?? 0) > now ? mark.mutedUntil : null,
    note: mark?.note ?? null,
    changedAt: mark?.changedAt ?? null,
    cause: causeOfReason(group.key.reasonClass),
    perHour: Array.from({ length: PROBLEM_HOURS }, (_, each) => hours.get(current - PROBLEM_HOURS + 1 + each) ?? 0),
  };
}

/**
 * A resolved problem that happens again is open, and so is a muted one whose time is over. An id is no finer than a second: a
 * failure in the second in which a problem was resolved counts as before.
 */
function stateOf(mark: ProblemMark | undefined, { lastSeen, now }: { lastSeen: number; now: number }): ProblemState {
  if (mark === undefined) return 'open';
  if (mark.state === 'resolved' && lastSeen > mark.changedAt) return 'open';
  if (mark.state === 'muted' && (mark.mutedUntil ?? 0) <= now) return 'open';
  return mark.state;
}

function hourOf(now: number): number {
  return Math.floor(now / 3_600_000);
}
