import { formatCount, formatShare } from './format-number.ts';

/** The columns of statistics and reports, in the order of docs/reference/api.md. */
const OF = ['source', 'recipient', 'return-received', 'return-sent', 'conversion-received', 'conversion-sent'] as const;
const OUTCOMES = ['submitted', 'success', 'failure', 'error'] as const;

export const COLUMN_GROUPS: readonly { name: string; columns: readonly string[] }[] = [
  { name: 'Leads of sources', columns: columnsOf('source') },
  { name: 'Deliveries to recipients', columns: columnsOf('recipient') },
  {
    name: 'Returns and conversions from recipients',
    columns: ['return-received', 'conversion-received'].flatMap(columnsOf),
  },
  { name: 'Returns and conversions to sources', columns: ['return-sent', 'conversion-sent'].flatMap(columnsOf) },
  {
    name: 'Money, USD',
    columns: [
      ...['cost', 'revenue', 'profit', 'avg-cost-per-lead', 'avg-revenue-per-lead'],
      'cost-per-conversion-received-success',
    ],
  },
  {
    name: 'Pings and bids',
    columns: [
      ...['ping-submitted', 'ping-success', 'ping-success-rate', 'ping-win-rate'],
      ...['bids-asked', 'bids-made', 'bids-won'],
    ],
  },
];

function columnsOf(of: (typeof OF)[number] | string): string[] {
  return OUTCOMES.map((outcome) => `${of}-${outcome}`);
}

export type ColumnUnit = 'count' | 'dollars' | 'ratio';

const DOLLARS = new Set(COLUMN_GROUPS.find(({ name }) => name.startsWith('Money'))?.columns);

export function unitOf(column: string): ColumnUnit {
  if (DOLLARS.has(column)) return 'dollars';
  return column.endsWith('-rate') ? 'ratio' : 'count';
}

/** `Source success`; money has its unit: `Cost, USD`. */
export function nameColumn(column: string): string {
  const words = column.replaceAll('-', ' ');
  const name = words.charAt(0).toUpperCase() + words.slice(1);
  return unitOf(column) === 'dollars' ? `${name}, USD` : name;
}

const MONEY = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 4 });
const MEAN = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** What does not add up: parts of it are no parts of the whole. */
export function isMean(column: string): boolean {
  return unitOf(column) === 'ratio' || column.startsWith('avg-') || column.startsWith('cost-per-');
}

/** A value of a column; the unit is in its header. null: something would be divided by 0. */
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
export const GROUPINGS: Readonly<Record<string, string>> = {
  'vars.flow.id': 'Flow',
  'vars.source.id': 'Source',
  'vars.recipient.id': 'Recipient',
  outcome: 'Outcome',
  reason: 'Reason',
  purchase_price: 'Purchase price, USD',
  sale_price: 'Sale price, USD',
};

/** Of a grouping; a value of the lead has its own name. */
export function nameGrouping(property: string): string {
  return GROUPINGS[property] ?? property.replace(/^vars\./, '');
}
