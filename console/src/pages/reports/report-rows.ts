import { nameGrouping } from '../../../../src/reports/page/column-words.ts';
import type { ReportRow } from '../../api/reports.ts';

/** A row as the table shows it. */
export interface ShownRow {
  key: string;
  /** Names of its groups, in their order; of the total none. */
  groups: string[];
  /** The beginning of its part of the time; null: the time is not split. */
  at: string | null;
  values: Readonly<Record<string, number | null>>;
  /** By column, where it is compared: the value before. */
  before: Readonly<Record<string, number | null>>;
  /** By column, paths of the API with the events behind the number. */
  links: Readonly<Record<string, string>>;
}

export interface ShownReport {
  rows: ShownRow[];
  total: ShownRow | null;
  /** Of the whole answer; null: there are no rows. */
  frame: { start: string; end: string } | null;
}

/** What an answer has in its rows, by the columns and groups of the report. */
export function readRows(
  answered: readonly ReportRow[],
  { columns, groupBy, isSplit }: { columns: readonly string[]; groupBy: readonly string[]; isSplit: boolean },
): ShownReport {
  const read = (row: ReportRow, place: number): ShownRow => ({
    key: row.total ? 'total' : String(place),
    groups: row.total ? [] : groupBy.map((property) => nameGroup(row, property)),
    at: isSplit && !row.total ? (row.timeframe?.start ?? null) : null,
    values: Object.fromEntries(columns.map((column) => [column, numberOf(row[column])])),
    before: Object.fromEntries(
      columns.flatMap((column) => {
        const compared = row.compared?.[column];
        return compared === undefined ? [] : [[column, compared.value]];
      }),
    ),
    links: row.events ?? {},
  });
  const total = answered.find((row) => row.total === true);
  const rows = answered.filter((row) => row.total !== true).map(read);
  return { rows, total: total ? read(total, -1) : null, frame: frameOf(answered) };
}

/** From the first part to the last. */
function frameOf(answered: readonly ReportRow[]): ShownReport['frame'] {
  const frames = answered.flatMap(({ timeframe }) => timeframe ?? []);
  const [first] = frames.toSorted((one, other) => Date.parse(one.start) - Date.parse(other.start));
  const [last] = frames.toSorted((one, other) => Date.parse(other.end) - Date.parse(one.end));
  return first && last ? { start: first.start, end: last.end } : null;
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

/** By its name where it has one; deleted things are known by their ids. */
function nameGroup(row: ReportRow, property: string): string {
  const name = row[property.replace(/\.id$/, '.name')];
  if (typeof name === 'string') return name;
  const value = row[property];
  return value === null || value === undefined || value === '' ? '(none)' : String(value);
}

export interface Sorting {
  key: string;
  direction: 'asc' | 'desc';
}

/** By a column, or by the name of a group (`group:0`) or the time (`at`); what has no number comes last. */
export function sortRows(rows: readonly ShownRow[], sorting: Sorting | undefined): readonly ShownRow[] {
  if (sorting === undefined) return rows;
  const { key, direction } = sorting;
  const sign = direction === 'asc' ? 1 : -1;
  const group = /^group:(\d)$/.exec(key)?.[1];
  return rows.toSorted((one, other) => {
    if (key === 'at') return sign * (one.at ?? '').localeCompare(other.at ?? '');
    if (group !== undefined)
      return sign * (one.groups[Number(group)] ?? '').localeCompare(other.groups[Number(group)] ?? '');
    const [a, b] = [one.values[key] ?? null, other.values[key] ?? null];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return sign * (a - b);
  });
}

export interface Series {
  name: string;
  /** Of each point on the axis, in its order; null: it is unknown. */
  values: (number | null)[];
}

export interface ChartOfRows {
  /** Of the parts of the time where it is split: epoch ms of their starts. */
  starts: number[];
  /** Names of groups, where it is not. */
  names: string[];
  isOverTime: boolean;
  series: Series[];
}

const SERIES_MAX = 6;
const BARS_MAX = 20;

/**
 * One column as a picture: over time a line for each group, six at most, of which the last may be the sum of the others (not of ratios
 * and means); else a bar for each group. null: there is nothing to draw. `starts`: of all parts of the time. A part without a row
 * is 0 of what is counted, and unknown of a quotient.
 */
export function chartRows(
  rows: readonly ShownRow[],
  given: { column: string; columnName: string; isAdditive: boolean; starts: readonly number[] },
): ChartOfRows | null {
  const { column, columnName, isAdditive } = given;
  if (rows.length === 0) return null;
  const nameOf = ({ groups }: ShownRow) => (groups.length === 0 ? columnName : groups.join(', '));
  const amountOf = ({ values }: ShownRow) => values[column] ?? 0;
  const isOverTime = rows.every(({ at }) => at !== null);
  if (!isOverTime) {
    const shown = rows.toSorted((one, other) => amountOf(other) - amountOf(one)).slice(0, BARS_MAX);
    return {
      starts: [],
      names: shown.map(nameOf),
      isOverTime,
      series: [{ name: columnName, values: shown.map(amountOf) }],
    };
  }
  const startOf = ({ at }: ShownRow) => Date.parse(at ?? '');
  const starts = [...new Set([...given.starts, ...rows.map(startOf)])].sort((one, other) => one - other);
  const places = new Map(starts.map((at, place) => [at, place]));
  const series = new Map<string, (number | null)[]>();
  for (const row of rows) {
    const values = series.get(nameOf(row)) ?? starts.map(() => (isAdditive ? 0 : null));
    series.set(nameOf(row), values);
    const place = places.get(startOf(row)) ?? 0;
    const value = row.values[column] ?? null;
    if (value !== null) values[place] = (values[place] ?? 0) + value;
  }
  const sum = (values: readonly (number | null)[]) => values.reduce<number>((all, each) => all + (each ?? 0), 0);
  const sorted = [...series]
    .map(([name, values]) => ({ name, values }))
    .sort((one, other) => sum(other.values) - sum(one.values));
  const shape = { starts, names: [], isOverTime };
  if (sorted.length <= SERIES_MAX) return { ...shape, series: sorted };
  if (!isAdditive) return { ...shape, series: sorted.slice(0, SERIES_MAX) };
  const largest = sorted.slice(0, SERIES_MAX - 1);
  const rest = sorted.slice(SERIES_MAX - 1);
  const others = {
    name: `${rest.length} others`,
    values: starts.map((_, place) => sum(rest.map(({ values }) => values[place] ?? 0))),
  };
  return { ...shape, series: [...largest, others] };
}

/** The headings of a report, in the order of its table. */
export function listHeadings(groupBy: readonly string[]): string[] {
  return groupBy.map(nameGrouping);
}
