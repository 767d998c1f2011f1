/*
 * Counts are kept by the day, by the hour and by the quarter of an hour (UTC), so that a question reads as few rows as its
 * boundaries let it: a day counts in one part of the time, and what of it is in another part is moved there by hours, and by
 * quarters where a boundary cuts an hour.
 */

export const QUARTERS_OF_HOUR = 4;
export const QUARTERS_OF_DAY = 96;

/** Rows from one place to another, the end excluded, in the unit of their grain. */
export interface Run {
  from: number;
  to: number;
}

/** Rows of a unit of time, and the part that they count in. */
export interface Placed {
  unit: number;
  part: number;
}

/** Rows of a unit that are counted in a part, and belong to another, one of which may be outside: −1, or past the last. */
export interface Moved {
  unit: number;
  counted: number;
  own: number;
}

/** Which rows answer a question. */
export interface Grains {
  days: Placed[];
  hours: Moved[];
  /** The first quarter of an hour has no row: it is always in the part of its hour. */
  quarters: Moved[];
}

/** Runs of one grain; where a question has more, it reads finer rows in fewer runs, because each is looked up by itself. */
export const RUNS_MAX = 128;

/**
 * `boundaries`: where each part begins and where the last one ends, in quarters, in order. A day counts where its middle is, an hour
 * where it begins.
 */
export function chooseGrains(boundaries: readonly number[]): Grains {
  const ofHours = boundaries.map((boundary) => Math.ceil(boundary / QUARTERS_OF_HOUR) * QUARTERS_OF_HOUR);
  const partOfHour = (quarter: number) => partOf(boundaries, quarter - (quarter % QUARTERS_OF_HOUR));
  return {
    days: listDaysByMiddle(ofHours, boundaries),
    hours: listMoved(boundaries, {
      runs: ofHours.map(runToMiddle),
      step: QUARTERS_OF_HOUR,
      partAt: (quarter) => partOfDay(boundaries, quarter),
    }),
    quarters: listMoved(boundaries, {
      runs: boundaries.map((boundary, index) => ({ from: boundary, to: ofHours[index] ?? boundary })),
      step: 1,
      partAt: partOfHour,
    }),
  };
}

/**
 * For counts by the day and by the quarter alone, which are added up. So days of a zone read the quarters of its distance from UTC
 * alone, and at most half of them.
 */
export function chooseDaysToMove(boundaries: readonly number[]): { days: Placed[]; quarters: Moved[] } {
  return {
    days: listDaysByMiddle(boundaries, boundaries),
    quarters: listMoved(boundaries, {
      runs: boundaries.map(runToMiddle),
      step: 1,
      partAt: (quarter) => partOfDay(boundaries, quarter),
    }),
  };
}

/** The same hours of some days, which are moved together; `unit` of a move is the day. */
export interface HoursOfDays {
  /** 0 to 23, UTC. */
  hours: number[];
  moved: Moved[];
}

/** Of one question; one with more, such as one by the hour, reads quarters: each set is a scan of the days. */
export const HOUR_SETS_MAX = 8;

/**
 * For counts by the day with their hours in the same row, and by the quarter. So days of a zone of whole hours read days alone,
 * and those of half hours two quarters at each boundary.
 */
export function chooseDaysWithHours(boundaries: readonly number[]): {
  days: Placed[];
  hours: HoursOfDays[];
  quarters: Moved[];
} {
  const { days, hours, quarters } = chooseGrains(boundaries);
  const sets = groupByHours(hours);
  return sets.length > HOUR_SETS_MAX ? { ...chooseDaysToMove(boundaries), hours: [] } : { days, hours: sets, quarters };
}

const HOURS_OF_DAY = QUARTERS_OF_DAY / QUARTERS_OF_HOUR;

function groupByHours(moved: readonly Moved[]): HoursOfDays[] {
  const moves = new Map<string, Moved & { hours: number[] }>();
  for (const { unit, counted, own } of moved) {
    const day = Math.floor(unit / HOURS_OF_DAY);
    const key = `${day} ${counted} ${own}`;
    const move = moves.get(key) ?? { unit: day, counted, own, hours: [] };
    move.hours.push(unit - day * HOURS_OF_DAY);
    moves.set(key, move);
  }
  const sets = new Map<string, HoursOfDays>();
  for (const { hours, ...move } of moves.values()) {
    const key = hours.join(' ');
    const set = sets.get(key) ?? { hours, moved: [] };
    set.moved.push(move);
    sets.set(key, set);
  }
  return [...sets.values()];
}

const MIDDLE_OF_DAY = 48;

/** The part that a quarter is in: −1 before the first, and past the last at the end. */
function partOf(boundaries: readonly number[], quarter: number): number {
  let low = 0;
  let high = boundaries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((boundaries[middle] ?? 0) <= quarter) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Of the day that a quarter is in. */
function partOfDay(boundaries: readonly number[], quarter: number): number {
  return partOf(boundaries, Math.floor(quarter / QUARTERS_OF_DAY) * QUARTERS_OF_DAY + MIDDLE_OF_DAY);
}

function listDaysByMiddle(ends: readonly number[], boundaries: readonly number[]): Placed[] {
  // The first day whose middle is not before it.
  const dayAt = (boundary: number) => Math.floor((boundary + MIDDLE_OF_DAY - 1) / QUARTERS_OF_DAY);
  const from = dayAt(ends[0] ?? 0);
  const to = dayAt(ends.at(-1) ?? 0);
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index).map((day) => ({
    unit: day,
    part: partOfDay(boundaries, day * QUARTERS_OF_DAY),
  }));
}

/** `step`: quarters of a unit. */
function listMoved(
  boundaries: readonly number[],
  { runs, step, partAt }: { runs: readonly Run[]; step: number; partAt: (quarter: number) => number },
): Moved[] {
  const moved: Moved[] = [];
  const isInside = (part: number) => part >= 0 && part < boundaries.length - 1;
  for (const { from, to } of joinRuns(runs.filter(isFilled))) {
    for (let quarter = from; quarter < to; quarter += step) {
      const [counted, own] = [partAt(quarter), partOf(boundaries, quarter)];
      if (counted !== own && (isInside(counted) || isInside(own))) moved.push({ unit: quarter / step, counted, own });
    }
  }
  return moved;
}

/** The quarters of the day of a boundary that are on its side without the middle. */
function runToMiddle(boundary: number): Run {
  const start = Math.floor(boundary / QUARTERS_OF_DAY) * QUARTERS_OF_DAY;
  return boundary - start <= MIDDLE_OF_DAY
    ? { from: start, to: boundary }
    : { from: boundary, to: start + QUARTERS_OF_DAY };
}

/** None has a row of another. */
function joinRuns(runs: Run[]): Run[] {
  const joined: Run[] = [];
  for (const run of runs.toSorted((one, other) => one.from - other.from)) {
    const last = joined.at(-1);
    if (last && run.from <= last.to) last.to = Math.max(last.to, run.to);
    else joined.push({ ...run });
  }
  return joined;
}

/** For rows by the day and by the quarter alone that cannot be taken away, such as those with the smallest id. */
export function chooseDaysAndQuarters(boundaries: readonly number[]): { days: Run[]; quarters: Run[] } {
  const from = boundaries[0] ?? 0;
  const to = boundaries.at(-1) ?? 0;
  const days = listDays(boundaries);
  const quarters = leaveOut({ from, to }, days, QUARTERS_OF_DAY);
  return days.length <= RUNS_MAX && quarters.length <= RUNS_MAX
    ? { days, quarters }
    : { days: [], quarters: [{ from, to }].filter(isFilled) };
}

/** The days that are whole in one part. */
function listDays(boundaries: readonly number[]): Run[] {
  const days: Run[] = [];
  for (const [index, end] of boundaries.entries()) {
    const start = boundaries[index - 1];
    if (start === undefined) continue;
    const run = { from: Math.ceil(start / QUARTERS_OF_DAY), to: Math.floor(end / QUARTERS_OF_DAY) };
    if (!isFilled(run)) continue;
    const last = days.at(-1);
    if (last?.to === run.from) last.to = run.to;
    else days.push(run);
  }
  return days;
}

/** What is left of a run without these, whose unit is so many of its own. */
function leaveOut(run: Run, out: readonly Run[], times: number): Run[] {
  const left: Run[] = [];
  let { from } = run;
  for (const each of out) {
    left.push({ from, to: each.from * times });
    from = each.to * times;
  }
  left.push({ from, to: run.to });
  return left.filter(isFilled);
}

function isFilled({ from, to }: Run): boolean {
  return from < to;
}
