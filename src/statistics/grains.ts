/*
 * Counts are kept by the day, by the hour and by the quarter of an hour (UTC), so that a question reads as few rows as its
 * boundaries let it: days where a whole day is in one part of its time, hours elsewhere, and quarters only at a boundary that
 * cuts an hour.
 */

export const QUARTERS_OF_HOUR = 4;
export const QUARTERS_OF_DAY = 96;
const HOURS_OF_DAY = 24;

/** Rows from one place to another, the end excluded, in the unit of their grain. */
export interface Run {
  from: number;
  to: number;
}

/** Which rows answer a question. */
export interface Grains {
  days: Run[];
  hours: Run[];
  /**
   * An hour counts in the part that it begins in. A quarter of these that is in another part is added there, and taken away
   * from the part of its hour; where either is outside, that is left out. The first quarter of an hour has no row: it is
   * always in the part of its hour.
   */
  quarters: Run[];
}

/** Runs of one grain; where a question has more, it reads finer rows in fewer runs, because each is looked up by itself. */
export const RUNS_MAX = 128;

/** `boundaries`: where each part begins and where the last one ends, in quarters, in order. */
export function chooseGrains(boundaries: readonly number[]): Grains {
  const from = boundaries[0] ?? 0;
  const to = boundaries.at(-1) ?? 0;
  if (from >= to) return { days: [], hours: [], quarters: [] };
  const days = listDays(boundaries);
  const hours = listHours({ from, to }, days);
  const whole = [{ from: Math.ceil(from / QUARTERS_OF_HOUR), to: Math.ceil(to / QUARTERS_OF_HOUR) }];
  const isFew = days.length <= RUNS_MAX && hours.length <= RUNS_MAX;
  const quarters = listCutQuarters(boundaries);
  return {
    days: isFew ? days : [],
    hours: (isFew ? hours : whole).filter(isFilled),
    quarters: quarters.length <= RUNS_MAX ? quarters : span(quarters),
  };
}

/** The middle of a day, in quarters from its beginning. */
export const MIDDLE_OF_DAY = 48;

/**
 * For counts by the day and by the quarter alone, which are added up: a day counts in the part that its middle is in, and a
 * quarter of these that is in another part is moved there, as above. So days of a zone read the quarters of its distance from
 * UTC alone, and at most half of them.
 */
export function chooseDaysToMove(boundaries: readonly number[]): { days: Run[]; quarters: Run[] } {
  const from = boundaries[0] ?? 0;
  const to = boundaries.at(-1) ?? 0;
  if (from >= to) return { days: [], quarters: [] };
  // The first day whose middle is not before it.
  const dayAt = (boundary: number) => Math.floor((boundary + MIDDLE_OF_DAY - 1) / QUARTERS_OF_DAY);
  const quarters = joinRuns(boundaries.map(runToMiddle).filter(isFilled));
  return {
    days: [{ from: dayAt(from), to: dayAt(to) }].filter(isFilled),
    quarters: quarters.length <= RUNS_MAX ? quarters : span(quarters),
  };
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

function listHours({ from, to }: Run, days: readonly Run[]): Run[] {
  const whole = { from: Math.ceil(from / QUARTERS_OF_HOUR), to: Math.ceil(to / QUARTERS_OF_HOUR) };
  return leaveOut(whole, days, HOURS_OF_DAY);
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

/** From each boundary that cuts an hour to the end of the hour. */
function listCutQuarters(boundaries: readonly number[]): Run[] {
  const runs: Run[] = [];
  for (const boundary of boundaries) {
    const run = { from: boundary, to: Math.ceil(boundary / QUARTERS_OF_HOUR) * QUARTERS_OF_HOUR };
    const isKnown = boundary < (runs.at(-1)?.to ?? 0);
    if (isFilled(run) && !isKnown) runs.push(run);
  }
  return runs;
}

function span(runs: readonly Run[]): Run[] {
  return [{ from: runs[0]?.from ?? 0, to: runs.at(-1)?.to ?? 0 }];
}

function isFilled({ from, to }: Run): boolean {
  return from < to;
}
