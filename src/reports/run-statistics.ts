import { fail, ok, type Result } from '../lib/result.ts';
import { addMeasured, listMeasures, type Measured, pickOutcome } from '../statistics/columns.ts';
import { COUNTED_OUTCOMES } from '../statistics/measures.ts';
import type { TimeFrame } from '../statistics/time-frame.ts';
import type { Cell } from './cell.ts';
import { planReading, type ReadingPlan } from './plan-reading.ts';
import type { ScanStatistics } from './scan-statistics.ts';
import type { StatisticsQuestion } from './statistics-question.ts';
import type { StatisticsCell, StatisticsStore } from './statistics-store.ts';

export interface StatisticsDeps {
  statistics: StatisticsStore;
  scan: ScanStatistics;
}

/** What was counted in one part of the frame, for one choice of the values that rows are split by. */
export interface CountedRow {
  part: number;
  /** In the order of `groupBy`; null: the event has no such value. */
  group: readonly (string | null)[];
  measured: Measured;
}

export interface CountedAnswer {
  /** By part, then by the values of the groups. */
  rows: CountedRow[];
  /** Everything with a smaller id is counted. */
  until: string;
}

/** Rows of one answer. */
export const ROWS_MAX = 10_000;

interface StatisticsRequest {
  accountId: string;
  question: StatisticsQuestion;
  /** Epoch ms. */
  now: number;
}

/**
 * Answers a question from what is counted ahead, and reads events only where that does not know: for rules and values of
 * leads, and for the quarters of an hour that the time frame cuts. The error is a sentence with the remedy.
 */
export async function runStatistics(
  deps: StatisticsDeps,
  { accountId, question, now }: StatisticsRequest,
): Promise<Result<CountedAnswer, string>> {
  const plan = planReading(question, now);
  const counted = await readCounts(deps, { accountId, question, plan });
  if (counted.cells.length > ROWS_MAX) return fail(TOO_MANY_ROWS);
  const cells = [...counted.cells];
  for (const frame of plan.scans) {
    const scanned = await deps.scan({ accountId, question, frame });
    if (!scanned.ok) return scanned;
    cells.push(...scanned.value);
  }
  const rows = listRows(question, cells);
  return rows.length > ROWS_MAX ? fail(TOO_MANY_ROWS) : ok({ rows, until: counted.until });
}

const TOO_MANY_ROWS = `The answer would have more than ${ROWS_MAX} rows: ask for less time, a longer interval or fewer groupings.`;

/**
 * The same without groups and parts: the row of totals. Where a lead counts once for each recipient, value or price it counts
 * once here, so rows may add up to more.
 */
export async function runTotals(deps: StatisticsDeps, request: StatisticsRequest): Promise<Result<Measured, string>> {
  const { question } = request;
  const whole: StatisticsQuestion = { ...question, groupBy: [], parts: [question.frame], interval: undefined };
  const answer = await runStatistics(deps, { ...request, question: whole });
  return answer.ok ? ok(answer.value.rows[0]?.measured ?? {}) : answer;
}

async function readCounts(
  { statistics }: StatisticsDeps,
  { accountId, question, plan }: { accountId: string; question: StatisticsQuestion; plan: ReadingPlan },
): Promise<{ cells: Cell[]; until: string }> {
  const { buckets, reading } = plan;
  const dimensions = reading.dimensions;
  const request = { accountId, buckets, dimensions, filter: question.filter, cellsMax: ROWS_MAX };
  // Without a bucket nothing is read but how far events are counted.
  if (reading.kind === 'kinds') return regroup(question, await statistics.sumKinds(request));
  const measures = listNeededMeasures(question);
  return regroup(question, await statistics.sumLevel({ ...request, level: reading.level, measures }));
}

/** Outcomes are picked from the measures of each, so all of them are read. */
function listNeededMeasures({ columns, isByLead, groupBy, filter }: StatisticsQuestion): string[] {
  const measures = listMeasures(columns, isByLead);
  const picksOutcome = filter.outcomes !== undefined || groupBy.some(({ dimension }) => dimension === 'outcome');
  if (!picksOutcome) return measures;
  const outcomes = measures.flatMap((measure) => {
    const submitted = /^(\w+_leads)_submitted$/.exec(measure)?.[1];
    if (submitted !== undefined) return COUNTED_OUTCOMES.map((outcome) => `${submitted}_${outcome}`);
    return measure === 'ping_submitted' ? ['ping_success'] : [];
  });
  return [...new Set([...measures, ...outcomes])];
}

/** The dimensions in the order of the groupings; of an outcome they know nothing yet. */
function regroup(
  { groupBy }: StatisticsQuestion,
  { cells, until }: { cells: readonly StatisticsCell[]; until: string },
): { cells: Cell[]; until: string } {
  const grouped = cells.map(({ part, dimensions, measured }) => ({
    part,
    measured,
    group: groupBy.map(({ dimension }) => {
      if (dimension === null || dimension === 'outcome') return null;
      const isPrice = dimension === 'purchase_price' || dimension === 'sale_price';
      return emptyAsNull(dimensions[isPrice ? 'price' : dimension]);
    }),
  }));
  return { until, cells: grouped };
}

function emptyAsNull(value: string | undefined): string | null {
  return value === undefined || value === '' ? null : value;
}

/** What has no recipient or no price is in no row of recipients or prices. */
const NEEDED: readonly (string | null)[] = ['recipient', 'purchase_price', 'sale_price'];

function listRows(question: StatisticsQuestion, cells: readonly Cell[]): CountedRow[] {
  const { groupBy, parts } = question;
  const sums = new Map<string, CountedRow>();
  const add = (row: CountedRow) => {
    const key = JSON.stringify([row.part, row.group]);
    const known = sums.get(key);
    sums.set(key, known ? { ...known, measured: addMeasured(known.measured, row.measured) } : row);
  };
  if (groupBy.length === 0) for (const part of parts.keys()) add({ part, group: [], measured: {} });
  for (const cell of cells) {
    const isLeftOut = groupBy.some(
      ({ dimension }, index) => NEEDED.includes(dimension) && isNothing(cell.group[index]),
    );
    if (!isLeftOut) for (const row of splitByOutcome(question, cell)) add(row);
  }
  return [...sums.values()].filter((row) => groupBy.length === 0 || hasCounted(question, row)).sort(compareRows);
}

function isNothing(value: string | null | undefined): boolean {
  return value === null || value === undefined || value === '-1';
}

function hasCounted({ columns, isByLead }: StatisticsQuestion, { measured }: CountedRow): boolean {
  return listMeasures(columns, isByLead).some((measure) => (measured[measure] ?? 0) !== 0);
}

/** One row an outcome, where rows are split by it; the outcomes that were asked for, where some were. */
function splitByOutcome({ groupBy, filter }: StatisticsQuestion, cell: Cell): CountedRow[] {
  const wanted = COUNTED_OUTCOMES.filter((outcome) => filter.outcomes?.includes(outcome) ?? true);
  const place = groupBy.findIndex(({ dimension }) => dimension === 'outcome');
  if (place < 0) {
    if (filter.outcomes === undefined) return [cell];
    const picked = wanted.map((outcome) => pickOutcome(cell.measured, outcome));
    return [{ ...cell, measured: picked.reduce(addMeasured, {}) }];
  }
  return wanted.map((outcome) => ({
    part: cell.part,
    group: cell.group.map((value, index) => (index === place ? outcome : value)),
    measured: pickOutcome(cell.measured, outcome),
  }));
}

function compareRows(one: CountedRow, other: CountedRow): number {
  if (one.part !== other.part) return one.part - other.part;
  for (const [index, value] of one.group.entries()) {
    const order = compareValues(value, other.group[index] ?? null);
    if (order !== 0) return order;
  }
  return 0;
}

/** Numbers by size, texts by their characters, nothing last. */
function compareValues(one: string | null, other: string | null): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  const difference = Number(one) - Number(other);
  if (
    Number.isFinite(difference) &&
    one !== '' &&
    other !== '' &&
    difference !== 0 &&
    one.length < 16 &&
    other.length < 16
  )
    return difference;
  return one < other ? -1 : Number(one > other);
}

/** Is the instant in the frame? */
export function isWithin({ startsAt, endsAt }: TimeFrame, instant: number): boolean {
  return instant >= startsAt && instant < endsAt;
}
