import { escapeHtml } from '../lib/escape-html.ts';
import { findGrouping } from '../statistics/groupings.ts';
import type { StatisticsRow } from './describe-statistics.ts';
import type { ReportDefinition } from './report.ts';

/** Rows as a table in HTML: parts of the time frame, groups by their names, and columns. Every value is escaped. */
export function writeReportTable(
  rows: readonly StatisticsRow[],
  { group_by, columns, interval }: Pick<ReportDefinition, 'group_by' | 'columns' | 'interval'>,
): string {
  const time = interval === null ? [] : ['start'];
  const head = [...time, ...group_by, ...columns].map((name) => `<th>${escapeHtml(name)}</th>`).join('');
  const body = rows.map((row) => {
    const groups = [...time.map(() => startOf(row)), ...group_by.map((property) => groupOf(row, property))];
    // The row of totals has no groups.
    if (row['total'] === true)
      groups.splice(0, groups.length, ...groups.map((_, place) => (place === 0 ? 'Total' : '')));
    const cells = [...groups, ...columns.map((name) => textOf(row[name]))];
    return `<tr>${cells.map((text) => `<td>${escapeHtml(text)}</td>`).join('')}</tr>`;
  });
  return `<table border="1" cellpadding="4" cellspacing="0">\n<tr>${head}</tr>\n${body.join('\n')}\n</table>\n`;
}

function startOf({ timeframe }: StatisticsRow): string {
  const { start = '' }: { start?: string } = typeof timeframe === 'object' && timeframe !== null ? timeframe : {};
  return start;
}

function groupOf(row: StatisticsRow, property: string): string {
  const grouping = findGrouping(property);
  const name = typeof grouping === 'string' ? undefined : grouping.nameProperty;
  return textOf((name === undefined ? undefined : row[name]) ?? row[property]);
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
