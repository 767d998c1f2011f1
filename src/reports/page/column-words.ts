import { formatCount, formatShare } from '../../lib/format-number.ts';
import { COLUMNS } from '../../statistics/columns.ts';
import type { GROUPINGS } from '../../statistics/groupings.ts';

/* Columns and groupings in words, as the console and the pages without it show them. */

const UNITS = new Map(COLUMNS.map(({ name, unit }) => [name, unit]));
/** Columns that are a quotient: parts of it are no parts of the whole. */
const MEANS = new Set(COLUMNS.filter(({ per }) => per !== undefined).map(({ name }) => name));

/** `count` of a name that is no column. */
export function unitOf(column: string): 'count' | 'dollars' | 'ratio' {
  return UNITS.get(column) ?? 'count';
}

/** Does it not add up? */
export function isMean(column: string): boolean {
  return MEANS.has(column);
}

/** `Source success`; money has its unit: `Cost, USD`. */
export function nameColumn(column: string): string {
  const words = column.replaceAll('-', ' ');
  const name = words.charAt(0).toUpperCase() + words.slice(1);
  return unitOf(column) === 'dollars' ? `${name}, USD` : name;
}

const MONEY = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 4 });
const MEAN = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** A value of a column; the unit is in its name. null: something would be divided by 0. */
export function formatColumn(column: string, value: number | null): string {
  if (value === null) return '–';
  switch (unitOf(column)) {
    case 'dollars':
      return (isMean(column) ? MEAN : MONEY).format(value);
    case 'ratio':
      return formatShare(value);
    case 'count':
      return formatCount(value);
  }
}

/** What rows are split by, by the names of the API. */
export const GROUPING_NAMES: Readonly<Record<string, string>> = {
  'vars.flow.id': 'Flow',
  'vars.source.id': 'Source',
  'vars.recipient.id': 'Recipient',
  outcome: 'Outcome',
  reason: 'Reason',
  purchase_price: 'Purchase price, USD',
  sale_price: 'Sale price, USD',
} satisfies Record<(typeof GROUPINGS)[number]['property'], string>;

/** Of what rows are grouped by; a value of the lead has its own name. */
export function nameGrouping(property: string): string {
  return GROUPING_NAMES[property] ?? property.replace(/^vars\./, '');
}
