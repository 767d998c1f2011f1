import { DateTime } from 'luxon';
import { findGrouping } from '../../statistics/groupings.ts';
import { divideTimeFrame } from '../../statistics/intervals.ts';
import type { StatisticsAnswer } from '../answer-statistics.ts';
import { describeTimeFrame, type StatisticsRow } from '../describe-statistics.ts';
import type { Report } from '../report.ts';
import { nameColumn, nameGrouping } from './column-words.ts';
import { labelRoundTimes } from './label-round-times.ts';
import { type AxisPlace, buildReportChart, type ReportChart } from './report-chart.ts';
import type { ShownRow } from './shown-row.ts';

/** Rows of the page; the files have all of them. */
export const PAGE_ROWS_MAX = 500;

/** What a page of a report shows, and nothing else of the account. */
export interface ReportPage {
  name: string;
  description: string | null;
  /** `Nov 22 to Nov 28, 2026`. */
  time: string;
  /** Its first and its last day, as `2026-11-22`. */
  days: { start: string; end: string };
  /** The time of a viewer who names none, such as `this_7_days`. */
  timeframe: string;
  /** `America/Chicago (CST)`; over summer and winter `America/Chicago`. */
  zone: string;
  /** When the last event was counted that it shows. */
  countedUntil: string;
  /** When it was asked for: on paper it is when it was printed. */
  madeAt: string;
  /** When the link ends. */
  endsAt: string | null;
  heads: readonly ReportHead[];
  /** At most `PAGE_ROWS_MAX`, in the order of the answer. */
  rows: readonly ShownRow[];
  rowCount: number;
  total: ShownRow | null;
  columns: readonly string[];
  chart: ReportChart | null;
  /** Nothing was counted. */
  isEmpty: boolean;
}

export interface ReportHead {
  name: string;
  isNumber: boolean;
}

interface PageContext {
  timeZone: string;
  /** Epoch ms. */
  now: number;
}

/** The page of a report that was run. `now`: parts of the time that have not begun are not drawn. */
export function buildReportPage(
  report: Report,
  { rows: answered, timeframe, countedUntil }: StatisticsAnswer,
  { timeZone, now }: PageContext,
): ReportPage {
  const { columns, group_by: groupBy, interval, share_expires_at: endsAt } = report;
  const context = { columns, groupBy, isSplit: interval !== null, timeZone };
  const rows = answered.filter(({ total }) => total !== true).map((row) => readRow(row, context));
  const total = answered.find((row) => row['total'] === true);
  const axis = interval === null ? null : listStarts(timeframe, { interval, timeZone, now });
  return {
    name: report.name,
    description: report.description,
    time: describeFrame(timeframe),
    days: { start: timeframe.start.slice(0, DAY_CHARACTERS), end: timeframe.end.slice(0, DAY_CHARACTERS) },
    timeframe: report.timeframe ?? 'today',
    zone: nameZone(timeZone, timeframe),
    countedUntil: withZone(DateTime.fromMillis(countedUntil, { zone: timeZone })),
    madeAt: withZone(DateTime.fromMillis(now, { zone: timeZone })),
    endsAt: endsAt === null ? null : withZone(DateTime.fromISO(endsAt, { zone: timeZone })),
    heads: [
      ...(interval === null ? [] : [{ name: 'From', isNumber: false }]),
      ...groupBy.map((property) => ({ name: nameGrouping(property), isNumber: false })),
      ...columns.map((column) => ({ name: nameColumn(column), isNumber: true })),
    ],
    rows: rows.slice(0, PAGE_ROWS_MAX),
    rowCount: rows.length,
    total: total === undefined ? null : { ...readRow(total, context), at: null, part: null, groups: [] },
    columns,
    chart: buildReportChart(rows, { columns, groupBy, axis: axis && nameStarts(axis, timeZone) }),
    // Without groups and parts the total is the one row.
    isEmpty: rows.length === 0 && (groupBy.length > 0 || interval !== null || total === undefined),
  };
}

interface RowContext {
  columns: readonly string[];
  groupBy: readonly string[];
  isSplit: boolean;
  timeZone: string;
}

function readRow(row: StatisticsRow, { columns, groupBy, isSplit, timeZone }: RowContext): ShownRow {
  const at = isSplit ? startOf(row) : null;
  return {
    at,
    part: at === null ? null : formatPart(at, timeZone),
    groups: groupBy.map((property) => nameGroup(row, property)),
    values: Object.fromEntries(
      columns.map((column) => {
        const value = row[column];
        return [column, typeof value === 'number' ? value : null];
      }),
    ),
  };
}

function startOf({ timeframe }: StatisticsRow): string {
  const { start = '' }: { start?: string } = typeof timeframe === 'object' && timeframe !== null ? timeframe : {};
  return start;
}

/** By its name where it has one; deleted things are known by their ids. */
function nameGroup(row: StatisticsRow, property: string): string {
  const grouping = findGrouping(property);
  const name = typeof grouping === 'string' ? undefined : grouping.nameProperty;
  const value = (name === undefined ? undefined : row[name]) ?? row[property];
  return typeof value === 'string' || typeof value === 'number' ? String(value) || NONE : NONE;
}

const NONE = '(none)';
/** Of an instant in ISO 8601. */
const DAY_CHARACTERS = 10;

/** In the form that rows have them. */
function listStarts(
  { start, end }: { start: string; end: string },
  { interval, timeZone, now }: PageContext & { interval: NonNullable<Report['interval']> },
): string[] {
  const frame = {
    startsAt: Date.parse(start),
    endsAt: Math.min(Date.parse(end) + 1, Math.max(now, Date.parse(start) + 1)),
  };
  const parts = divideTimeFrame(frame, { interval, timeZone });
  return parts.ok ? parts.value.map((part) => describeTimeFrame(part, timeZone).start) : [];
}

/** Days where it is of whole days, else with the time of day. Both ends are in it. */
function describeFrame({ start, end }: { start: string; end: string }): string {
  const [from, to] = [DateTime.fromISO(start, { setZone: true }), DateTime.fromISO(end, { setZone: true })];
  const isWhole = from.equals(from.startOf('day')) && to.equals(to.endOf('day'));
  if (!isWhole) return `${formatMoment(from)} to ${formatMoment(to)}`;
  if (from.hasSame(to, 'day')) return to.toFormat(DAY);
  return `${from.toFormat(from.hasSame(to, 'year') ? DAY_OF_YEAR : DAY)} to ${to.toFormat(DAY)}`;
}

const DAY = 'LLL d, yyyy';
const DAY_OF_YEAR = 'LLL d';

/** In words: without the year, and without the hour where all of them begin days. */
function nameStarts(axis: readonly string[], timeZone: string): AxisPlace[] {
  const times = axis.map((at) => DateTime.fromISO(at, { zone: timeZone }));
  const isOfDays = times.every((time) => time.equals(time.startOf('day')));
  const ticks = labelRoundTimes(times);
  return axis.map((at, place) => ({
    at,
    tick: ticks[place] ?? null,
    name: times[place]?.toFormat(isOfDays ? DAY_OF_YEAR : `${DAY_OF_YEAR}, HH:mm`) ?? at,
  }));
}

/** The day alone where it begins one. */
function formatPart(at: string, timeZone: string): string {
  const time = DateTime.fromISO(at, { zone: timeZone });
  return time.equals(time.startOf('day')) ? time.toFormat(DAY) : formatMoment(time);
}

function formatMoment(time: DateTime): string {
  return time.setLocale('en-US').toFormat(`${DAY}, HH:mm`);
}

function withZone(time: DateTime): string {
  const short = time.setLocale('en-US').offsetNameShort;
  return short === null ? formatMoment(time) : `${formatMoment(time)} ${short}`;
}

/** With the short name that it has in that time, where it is one. */
function nameZone(timeZone: string, { start, end }: { start: string; end: string }): string {
  const [from, to] = [DateTime.fromISO(start, { zone: timeZone }), DateTime.fromISO(end, { zone: timeZone })];
  const part = to.diff(from).toMillis() / SEASONS;
  const names = new Set(
    Array.from({ length: SEASONS + 1 }, (_, place) => from.plus(part * place).setLocale('en-US').offsetNameShort),
  );
  const [short] = names;
  return names.size !== 1 || !short || short === timeZone ? timeZone : `${timeZone} (${short})`;
}

/** Parts of a time that are looked at: of a year half a month each. */
const SEASONS = 24;
