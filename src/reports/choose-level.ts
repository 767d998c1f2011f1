import type { Grouping } from '../statistics/groupings.ts';
import type { Level } from '../statistics/measures.ts';
import type { PlainFilter } from './plain-rules.ts';

/** What says whose counts the rows of a question are. */
interface RowsOfQuestion {
  groupBy: readonly Grouping[];
  filter: PlainFilter;
}

/** Are its rows of recipients, or of what they paid? */
export function isOfRecipients(rows: RowsOfQuestion): boolean {
  const level = chooseLevel(rows);
  return level === 'recipient' || level === 'sale_price';
}

/** Once for what a lead counts: for itself, or for each recipient and sale price. */
export function chooseLevel({ groupBy, filter }: RowsOfQuestion): Level {
  const wanted = groupBy.map(({ dimension }) => dimension);
  if (wanted.includes('sale_price')) return 'sale_price';
  if (wanted.includes('recipient') || filter.recipientIds !== undefined) return 'recipient';
  return wanted.includes('purchase_price') ? 'purchase_price' : 'source';
}
