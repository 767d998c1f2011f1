import { isMean, nameColumn, nameGrouping, unitOf } from './column-words.ts';
import type { ShownRow } from './shown-row.ts';

/** Lines that can be told apart; of more groups the others are added up. */
export const LINES_MAX = 6;
export const BARS_MAX = 20;

/** A picture of what the table says. Values are of `column`, or of columns of its unit. */
export type ReportChart = { title: string; column: string } & (
  | { kind: 'lines'; axis: readonly AxisPlace[]; lines: readonly ChartLine[] }
  /** `moreCount`: bars that are left out, the smallest. */
  | { kind: 'bars'; bars: readonly { name: string; value: number }[]; moreCount: number }
);

/** Where a part of the time begins. */
export interface AxisPlace {
  /** As rows have it. */
  at: string;
  name: string;
  /** Below it, where it is a round time; null: nothing. */
  tick: string | null;
}

export interface ChartLine {
  name: string;
  /** Of each place on the axis; null: there is no value. */
  values: readonly (number | null)[];
}

/**
 * The first column by its groups: over time a line for each, else a bar. Without groups the columns of its unit over time.
 * null: there is nothing to compare. `axis`: where the parts of the time begin, in order; null: the time is not split.
 */
export function buildReportChart(
  rows: readonly ShownRow[],
  {
    columns,
    groupBy,
    axis,
  }: { columns: readonly string[]; groupBy: readonly string[]; axis: readonly AxisPlace[] | null },
): ReportChart | null {
  const [column] = columns;
  if (column === undefined || rows.length === 0) return null;
  const by = groupBy.map((property) => nameGrouping(property).toLowerCase()).join(' and ');
  const title = by === '' ? nameColumn(column) : `${nameColumn(column)} by ${by}`;
  if (axis !== null && axis.length > 1) {
    const lines =
      groupBy.length === 0 ? linesOfColumns(rows, { columns, axis }) : linesOfGroups(rows, { column, axis });
    return { kind: 'lines', title: lines.length > 1 && by === '' ? 'Over time' : title, column, axis, lines };
  }
  if (groupBy.length === 0) return null;
  const sorted = rows.toSorted((one, other) => amountOf(other, column) - amountOf(one, column));
  const bars = sorted.slice(0, BARS_MAX).map((row) => ({ name: nameOf(row), value: amountOf(row, column) }));
  return { kind: 'bars', title, column, bars, moreCount: sorted.length - bars.length };
}

function nameOf({ groups }: ShownRow): string {
  return groups.join(', ');
}

function amountOf({ values }: ShownRow, column: string): number {
  return values[column] ?? 0;
}

function linesOfColumns(
  rows: readonly ShownRow[],
  { columns, axis }: { columns: readonly string[]; axis: readonly AxisPlace[] },
): ChartLine[] {
  const [first = ''] = columns;
  const drawn = columns.filter((column) => unitOf(column) === unitOf(first)).slice(0, LINES_MAX);
  const byStart = new Map(rows.map((row) => [row.at, row]));
  return drawn.map((column) => ({
    name: nameColumn(column),
    values: axis.map(({ at }) => valueIn(byStart.get(at), column)),
  }));
}

/** What was not counted is 0 of what is counted, and unknown of a quotient. */
function valueIn(row: ShownRow | undefined, column: string): number | null {
  return row?.values[column] ?? (isMean(column) ? null : 0);
}

function linesOfGroups(
  rows: readonly ShownRow[],
  { column, axis }: { column: string; axis: readonly AxisPlace[] },
): ChartLine[] {
  const groups = new Map<string, Map<string | null, ShownRow>>();
  for (const row of rows) {
    const known = groups.get(nameOf(row)) ?? new Map<string | null, ShownRow>();
    groups.set(nameOf(row), known.set(row.at, row));
  }
  const lines = [...groups].map(([name, byStart]) => ({
    name,
    values: axis.map(({ at }) => valueIn(byStart.get(at), column)),
  }));
  const sorted = lines.toSorted((one, other) => sum(other.values) - sum(one.values));
  if (sorted.length <= LINES_MAX || isMean(column)) return sorted.slice(0, LINES_MAX);
  const [largest, rest] = [sorted.slice(0, LINES_MAX - 1), sorted.slice(LINES_MAX - 1)];
  const others = axis.map((_, place) => sum(rest.map(({ values }) => values[place] ?? 0)));
  return [...largest, { name: `${rest.length} others`, values: others }];
}

function sum(values: readonly (number | null)[]): number {
  return values.reduce<number>((all, value) => all + (value ?? 0), 0);
}
