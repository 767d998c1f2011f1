import { misspeltName } from '../lib/misspelt-name.ts';

/** What a row is split by that is kept in the counts themselves. */
export type Dimension = 'flow' | 'source' | 'recipient' | 'outcome' | 'reason' | 'purchase_price' | 'sale_price';

export interface Grouping {
  /** The property of events, as the API spells it. */
  property: string;
  /** null: it is read from the events, so the question reads events. */
  dimension: Dimension | null;
  what: string;
  /** The property that its name is returned as; absent: it has none. */
  nameProperty?: string;
}

/** The groupings that are counted ahead (spec behaviour 16), in the order of the reference. */
export const GROUPINGS = [
  { property: 'vars.flow.id', dimension: 'flow', nameProperty: 'vars.flow.name', what: 'The flow' },
  { property: 'vars.source.id', dimension: 'source', nameProperty: 'vars.source.name', what: 'The source' },
  {
    ...{ property: 'vars.recipient.id', dimension: 'recipient', nameProperty: 'vars.recipient.name' },
    what: 'The recipient; what has none is left out',
  },
  { property: 'outcome', dimension: 'outcome', what: 'success, failure or error' },
  {
    ...{ property: 'reason', dimension: 'reason' },
    what: 'The reason without what differs from lead to lead: `…` stands for numbers, addresses and quoted texts',
  },
  { property: 'purchase_price', dimension: 'purchase_price', what: 'What the lead cost, in dollars' },
  {
    ...{ property: 'sale_price', dimension: 'sale_price' },
    what: 'What a delivery was sold for, in dollars; what has none is left out',
  },
] as const satisfies readonly Grouping[];

/** Of one question. */
export const GROUPINGS_MAX = 5;

const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ['flow_id', 'vars.flow.id'],
  ['flow', 'vars.flow.id'],
  ['vars.flow.name', 'vars.flow.id'],
  ['source_id', 'vars.source.id'],
  ['source', 'vars.source.id'],
  ['vars.source.name', 'vars.source.id'],
  ['recipient_id', 'vars.recipient.id'],
  ['recipient', 'vars.recipient.id'],
  ['vars.recipient.name', 'vars.recipient.id'],
  ['price', 'purchase_price'],
]);

/** A value of the lead or of what steps appended; what comes below `vars` may be a step's key. */
const VALUE = /^vars(\.[\w-]+)+$|^step_id$|^type$/;
const PROPERTY_CHARACTERS_MAX = 200;

/** The grouping of a property, or why there is none: a sentence with the remedy. */
export function findGrouping(property: string): Grouping | string {
  const counted = GROUPINGS.find((each) => each.property === property);
  if (counted) return counted;
  const names = GROUPINGS.map((each) => each.property);
  const meant = OTHER_NAMES.get(property) ?? (VALUE.test(property) ? undefined : misspeltName(property, names));
  if (meant !== undefined || !VALUE.test(property) || property.length > PROPERTY_CHARACTERS_MAX) {
    const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
    return `Must be one of ${names.join(', ')}, or a value such as vars.lead.state.${hint}`;
  }
  return { property, dimension: null, what: 'A value of the lead' };
}
