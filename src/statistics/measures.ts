/*
 * What is counted, and the columns of the table `statistics`. A new measure is a row here and a column in a migration.
 *
 * By lead: a lead counts in the bucket in which it first had such an event, of that column and at that level, so intervals add
 * up to the whole and no lead counts twice. By event: each event counts. A bucket is a quarter of an hour, because every time
 * zone in use is a multiple of it away from UTC; an event belongs to the second in its id.
 */

export const BUCKET_SECONDS = 900;
/** Of latencies, which have many slots. */
export const LATENCY_BUCKET_SECONDS = 3_600;

/**
 * By what a row of `statistics` is split. A lead has one flow and one source, so rows of a level `source` or
 * `purchase_price` add up for any choice of flows and sources. Rows of `recipient` and `sale_price` count a lead once for
 * each recipient (and sale price).
 */
export const LEVELS = ['source', 'recipient', 'purchase_price', 'sale_price'] as const;
export type Level = (typeof LEVELS)[number];

/** In `statistics.price` at levels without a price. */
export const NO_PRICE = -1;

/** What events are counted of: types of events, and the two kinds of feedback apart. */
export const COUNTED_OF = [
  'source',
  'recipient',
  'return-received',
  'return-sent',
  'conversion-received',
  'conversion-sent',
] as const;
export type CountedOf = (typeof COUNTED_OF)[number];

/** Outcomes that count; `skip` counts nowhere. */
export const COUNTED_OUTCOMES = ['success', 'failure', 'error'] as const;
export type CountedOutcome = (typeof COUNTED_OUTCOMES)[number];

export type MeasureUnit = 'leads' | 'events' | 'pings' | 'bids' | 'money';

export interface Measure {
  /** Of the API, and of the column. */
  name: string;
  unit: MeasureUnit;
  /** The events it counts; null: pings, bids or money. */
  of: CountedOf | null;
  what: string;
}

const WHAT_IS_COUNTED: Record<CountedOf, string> = {
  source: 'leads that sources submitted',
  recipient: 'deliveries, attempts to deliver again included',
  'return-received': 'returns that recipients sent',
  'return-sent': 'returns that sources were asked about',
  'conversion-received': 'conversions that recipients reported',
  'conversion-sent': 'conversions that were reported to sources',
};

/** All measures in the order of their columns. */
export const MEASURES: readonly Measure[] = [
  ...COUNTED_OF.flatMap(measuresOf),
  { name: 'ping_submitted', unit: 'pings', of: null, what: 'Pings' },
  { name: 'ping_success', unit: 'pings', of: null, what: 'Pings that were accepted' },
  { name: 'ping_won', unit: 'pings', of: null, what: 'Pings whose lead was accepted, when its lead ended' },
  { name: 'bids_asked', unit: 'bids', of: null, what: 'Recipients that were asked for a bid, or had a standing one' },
  { name: 'bids_made', unit: 'bids', of: null, what: 'Bids with a price' },
  { name: 'bids_won', unit: 'bids', of: null, what: 'Bids that the lead was sold at' },
  { name: 'cost', unit: 'money', of: null, what: 'What sources are paid, less returns, at the time of each' },
  { name: 'revenue', unit: 'money', of: null, what: 'What recipients pay, less returns, at the time of each' },
];

function measuresOf(of: CountedOf): Measure[] {
  const prefix = of.replace('-', '_');
  const what = WHAT_IS_COUNTED[of];
  return [
    { name: `${prefix}_leads_submitted`, unit: 'leads', of, what: `Leads with one of the ${what}` },
    ...COUNTED_OUTCOMES.map(
      (outcome): Measure => ({
        ...{ name: `${prefix}_leads_${outcome}`, unit: 'leads', of },
        what: `Leads with the outcome ${outcome} of the ${what}`,
      }),
    ),
    ...COUNTED_OUTCOMES.map(
      (outcome): Measure => ({
        ...{ name: `${prefix}_events_${outcome}`, unit: 'events', of },
        what: `Events with the outcome ${outcome} of the ${what}`,
      }),
    ),
  ];
}
