import { writeCsvRow } from '../csv/write-csv-row.ts';
import type { StatisticsRow } from './describe-statistics.ts';

/**
 * Rows as CSV with a head: nested values have a column each, `timeframe.start`, `compared.cost.ratio`. Formulas are made
 * harmless; numbers below 0 stay numbers.
 */
export function writeStatisticsCsv(rows: readonly StatisticsRow[]): string {
  const flat = rows.map((row) => new Map(flatten(row, '')));
  const names = [...new Set(flat.flatMap((row) => [...row.keys()]))];
  return [names, ...flat.map((row) => names.map((name) => row.get(name) ?? null))]
    .map((cells) => writeCsvRow(cells))
    .join('');
}

type Cell = string | number | null;

/** Deeper values are none of statistics. */
const DEPTH_MAX = 3;

function flatten(row: object, prefix: string, depth = 0): [string, Cell][] {
  return Object.entries(row).flatMap(([name, value]: [string, unknown]): [string, Cell][] => {
    if (value === null || value === undefined) return [[prefix + name, null]];
    if (typeof value !== 'object') return [[prefix + name, typeof value === 'number' ? value : String(value)]];
    return depth < DEPTH_MAX ? flatten(value, `${prefix}${name}.`, depth + 1) : [];
  });
}
