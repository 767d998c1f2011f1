import { firstIdAt } from '../lib/ids.ts';

/** A stretch of ids, which sort by time; both ends excluded. */
export interface IdRange {
  after: string;
  before: string;
}

/** Less than every id, and greater than every id, where texts compare bytewise. */
export const NO_AFTER = '';
export const NO_BEFORE = 'g';

/** The last second that the eight hexadecimal digits of an id can hold: in February 2106. */
const LAST_SECOND_MS = 0xffff_ffff * 1000;

/** The ids of a time, in epoch ms, both ends included and to the second, because an id is no finer; null: open. */
export function computeIdRange(start: number | null, end: number | null): IdRange {
  return {
    after: start === null ? NO_AFTER : beginningOf(start),
    before: end === null ? NO_BEFORE : lastIdBefore(end),
  };
}

/** The second alone, without the rest of an id, is less than every id of that second and more than all before. */
function beginningOf(start: number): string {
  return start > LAST_SECOND_MS + 999 ? NO_BEFORE : firstIdAt(start).slice(0, 8);
}

function lastIdBefore(end: number): string {
  if (end >= LAST_SECOND_MS) return NO_BEFORE;
  return end < 0 ? NO_AFTER : firstIdAt(end + 1000);
}

/** What two ranges have in common. */
export function intersect(one: IdRange, other: IdRange): IdRange {
  const [, after = NO_AFTER] = [one.after, other.after].sort();
  const [before = NO_BEFORE] = [one.before, other.before].sort();
  return { after, before };
}
