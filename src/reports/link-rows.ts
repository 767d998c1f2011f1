import { COLUMNS } from '../statistics/columns.ts';
import { findGrouping, type Grouping } from '../statistics/groupings.ts';
import { COUNTED_OUTCOMES } from '../statistics/measures.ts';
import type { StatisticsRow } from './describe-statistics.ts';
import type { ReportDefinition } from './report.ts';

/** An answer with more rows has no links. */
export const LINKED_ROWS_MAX = 1_000;
/** A longer URL is left out; servers refuse those that are very long. */
const LINK_CHARACTERS_MAX = 4_000;

/** What `/events` is asked for the events behind a column. */
interface EventsOfColumn {
  types: readonly string[];
  outcomes: readonly string[];
  feedback: 'return' | 'conversion' | null;
  /** The one price that such events have. */
  price: 'purchase_price' | 'sale_price' | null;
}

/**
 * Adds to each row `events`: by column the URL of the events that it counts, with the same rules and the same time. A column
 * without events of its own has none, nor has a 0.
 */
export function linkRows(
  rows: readonly StatisticsRow[],
  { group_by, rules, columns }: Pick<ReportDefinition, 'group_by' | 'rules' | 'columns'>,
): StatisticsRow[] {
  if (rows.length > LINKED_ROWS_MAX) return [...rows];
  const groupings = group_by.map(findGrouping).filter((each) => typeof each !== 'string');
  return rows.map((row) => {
    const links = columns.flatMap((name) => {
      const url = row[name] === 0 || row[name] === null ? null : linkOf(row, { name, groupings, rules });
      return url === null || url.length > LINK_CHARACTERS_MAX ? [] : [[name, url]];
    });
    return { ...row, events: Object.fromEntries(links) };
  });
}

function linkOf(
  row: StatisticsRow,
  { name, groupings, rules }: { name: string; groupings: readonly Grouping[]; rules: readonly unknown[] },
): string | null {
  const asked = eventsOf(name);
  const { timeframe } = row;
  if (asked === null || typeof timeframe !== 'object' || timeframe === null) return null;
  const { start = '', end = '' }: { start?: string; end?: string } = timeframe;
  const query = new URLSearchParams({ start, end, type: asked.types.join(',') });
  const added: object[] = [];
  let outcomes = asked.outcomes;
  if (asked.feedback !== null) added.push(equal('feedback_type', asked.feedback));
  // The row of totals has no groups.
  for (const { property, dimension } of row['total'] === true ? [] : groupings) {
    const value = row[property] ?? null;
    if (dimension === 'outcome') outcomes = outcomes.filter((each) => each === value);
    else if (value !== null && dimension === 'flow') query.set('flow_id', String(value));
    else if (value !== null && dimension === 'source') query.set('source_id', String(value));
    else if (value !== null && dimension === 'recipient') query.set('recipient_id', String(value));
    else if (value !== null && dimension === 'reason') query.set('reason_class', String(value));
    else if ((dimension === 'purchase_price' || dimension === 'sale_price') && dimension !== asked.price) return null;
    else added.push(value === null ? { lhv: property, op: 'is blank' } : equal(property, String(value)));
  }
  if (outcomes.length === 0) return null;
  query.set('outcome', outcomes.join(','));
  const all = [...rules, ...added];
  if (all.length > 0) query.set('rules', JSON.stringify(all));
  return `/events?${query}`;
}

function equal(lhv: string, rhv: string): object {
  return { lhv, op: 'is equal to', rhv };
}

/** null: it is a ratio, or made of pings or of several kinds of events. */
function eventsOf(name: string): EventsOfColumn | null {
  if (name === 'cost') return { types: ['source'], outcomes: ['success'], feedback: null, price: 'purchase_price' };
  if (name === 'revenue') return { types: DELIVERIES, outcomes: ['success'], feedback: null, price: 'sale_price' };
  const of = COLUMNS.find((column) => column.name === name)?.of ?? null;
  if (of === null) return null;
  const suffix = name.slice(of.length + 1);
  const outcomes = suffix === 'submitted' ? COUNTED_OUTCOMES : [suffix];
  switch (of) {
    case 'source':
      return { types: ['source'], outcomes, feedback: null, price: 'purchase_price' };
    case 'recipient':
      return { types: DELIVERIES, outcomes, feedback: null, price: 'sale_price' };
    case 'return-received':
      return { types: ['feedback-received'], outcomes, feedback: 'return', price: null };
    case 'conversion-received':
      return { types: ['feedback-received'], outcomes, feedback: 'conversion', price: null };
    case 'return-sent':
      return { types: ['feedback-sent'], outcomes, feedback: 'return', price: null };
    case 'conversion-sent':
      return { types: ['feedback-sent'], outcomes, feedback: 'conversion', price: null };
  }
}

const DELIVERIES = ['recipient', 'retry'];
