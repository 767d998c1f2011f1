import { dollars, type Money } from '../model/money.ts';
import { COUNTED_OF, COUNTED_OUTCOMES, type CountedOf, type CountedOutcome, MEASURES } from './measures.ts';

/** What was counted: the values of measures by name; absent: 0. Money in ten-thousandths of a dollar. */
export type Measured = Readonly<Record<string, number>>;

/** How a column is made of measures. */
export interface Column {
  /** Of the API. */
  name: string;
  what: string;
  unit: 'count' | 'dollars' | 'ratio';
  /** What it counts events of; null: pings, bids, or money, which is of several. */
  of: CountedOf | null;
  /** Measures that are added up, or taken away. */
  sum(isByLead: boolean): readonly Term[];
  /** What the sum is divided by; without anything to divide by it is null. */
  per?(isByLead: boolean): readonly Term[];
}

type Term = readonly [sign: 1 | -1, measure: string];

const SUFFIXES = ['submitted', ...COUNTED_OUTCOMES] as const;

const WHAT: Record<CountedOf, string> = {
  source: 'Leads that sources submitted',
  recipient: 'Deliveries and attempts to deliver again',
  'return-received': 'Returns that recipients sent',
  'return-sent': 'Returns that sources were asked about',
  'conversion-received': 'Conversions that recipients reported',
  'conversion-sent': 'Conversions that were reported to sources',
};

/** Every column of statistics and reports (spec behaviour 16, decision page 0092), in the order of the reference. */
export const COLUMNS: readonly Column[] = [
  ...COUNTED_OF.flatMap((of) => SUFFIXES.map((suffix) => countColumn(of, suffix))),
  ...(['ping-submitted', 'ping-success', 'bids-asked', 'bids-made', 'bids-won'] as const).map(plainColumn),
  {
    ...{ name: 'ping-success-rate', unit: 'ratio', of: null, what: 'ping-success ÷ ping-submitted' },
    sum: () => [[1, 'ping_success']],
    per: () => [[1, 'ping_submitted']],
  },
  {
    ...{
      name: 'ping-win-rate',
      unit: 'ratio',
      of: null,
      what: 'Accepted pings whose lead was accepted ÷ ping-success',
    },
    sum: () => [[1, 'ping_won']],
    per: () => [[1, 'ping_success']],
  },
  { ...{ name: 'cost', unit: 'dollars', of: null, what: describe('cost') }, sum: () => [[1, 'cost']] },
  { ...{ name: 'revenue', unit: 'dollars', of: null, what: describe('revenue') }, sum: () => [[1, 'revenue']] },
  {
    ...{ name: 'profit', unit: 'dollars', of: null, what: 'revenue − cost' },
    sum: () => [
      [1, 'revenue'],
      [-1, 'cost'],
    ],
  },
  {
    ...{ name: 'cost-per-conversion-received-success', unit: 'dollars', of: null },
    what: 'cost ÷ conversion-received-success',
    sum: () => [[1, 'cost']],
    per: (isByLead) => [[1, countOf('conversion-received', 'success', isByLead)]],
  },
  {
    ...{ name: 'avg-cost-per-lead', unit: 'dollars', of: null },
    what: 'cost ÷ (source-success − return-sent-success)',
    sum: () => [[1, 'cost']],
    per: (isByLead) => [
      [1, countOf('source', 'success', isByLead)],
      [-1, countOf('return-sent', 'success', isByLead)],
    ],
  },
  {
    ...{ name: 'avg-revenue-per-lead', unit: 'dollars', of: null },
    what: 'revenue ÷ (recipient-success − return-received-success)',
    sum: () => [[1, 'revenue']],
    per: (isByLead) => [
      [1, countOf('recipient', 'success', isByLead)],
      [-1, countOf('return-received', 'success', isByLead)],
    ],
  },
];

export const COLUMN_NAMES = COLUMNS.map(({ name }) => name);
export const DEFAULT_COLUMNS = ['source-success', 'source-failure', 'source-error'];

export function findColumn(name: string): Column | undefined {
  return COLUMNS.find((column) => column.name === name);
}

function countColumn(of: CountedOf, suffix: (typeof SUFFIXES)[number]): Column {
  return {
    ...{ name: `${of}-${suffix}`, unit: 'count', of },
    what: suffix === 'submitted' ? WHAT[of] : `${WHAT[of]}, with the outcome ${suffix}`,
    sum: (isByLead) =>
      suffix === 'submitted' && !isByLead
        ? COUNTED_OUTCOMES.map((outcome): Term => [1, countOf(of, outcome, false)])
        : [[1, countOf(of, suffix, isByLead)]],
  };
}

function plainColumn(name: string): Column {
  const measure = name.replace('-', '_');
  return { ...{ name, unit: 'count', of: null, what: describe(measure) }, sum: () => [[1, measure]] };
}

function describe(measure: string): string {
  return MEASURES.find(({ name }) => name === measure)?.what ?? '';
}

function countOf(of: CountedOf, suffix: string, isByLead: boolean): string {
  return `${of.replace('-', '_')}_${isByLead ? 'leads' : 'events'}_${suffix}`;
}

/** Is the column made of what leads cost? */
export function readsCost(column: Column): boolean {
  return column.sum(true).some(([, measure]) => measure === 'cost');
}

/** The measures that columns are made of. */
export function listMeasures(columns: readonly Column[], isByLead: boolean): string[] {
  const terms = columns.flatMap((column) => [...column.sum(isByLead), ...(column.per?.(isByLead) ?? [])]);
  return [...new Set(terms.map(([, measure]) => measure))];
}

/** Decimals of a ratio, and of dollars that are a mean. */
const DECIMALS = 10_000;

/** A column as the API answers it, money in dollars; null: it would be divided by 0, or by less where more came back than was sold. */
export function computeColumn(column: Column, measured: Measured, isByLead: boolean): number | null {
  const sum = addTerms(column.sum(isByLead), measured);
  const amount = column.unit === 'dollars' ? dollars(sum as Money) : sum; // the measure is in the unit of Money
  if (!column.per) return amount;
  const per = addTerms(column.per(isByLead), measured);
  return per <= 0 ? null : Math.round((amount / per) * DECIMALS) / DECIMALS;
}

function addTerms(terms: readonly Term[], measured: Measured): number {
  return terms.reduce((sum, [sign, measure]) => sum + sign * (measured[measure] ?? 0), 0);
}

/** Where what has no outcome of its own belongs: only what succeeded is paid for. */
const OF_SUCCESS = ['cost', 'revenue', 'ping_won', 'bids_won'];

/**
 * What was counted with one outcome alone, so that columns grouped by outcome need no count of their own: what is
 * submitted with an outcome is what has it.
 */
export function pickOutcome(measured: Measured, outcome: CountedOutcome): Measured {
  const picked: Record<string, number> = {};
  for (const of of COUNTED_OF) {
    for (const isByLead of [true, false]) {
      const own = measured[countOf(of, outcome, isByLead)] ?? 0;
      picked[countOf(of, outcome, isByLead)] = own;
      if (isByLead) picked[countOf(of, 'submitted', true)] = own;
    }
  }
  const { ping_submitted: pings = 0, ping_success: accepted = 0 } = measured;
  if (outcome === 'success') {
    for (const name of OF_SUCCESS) picked[name] = measured[name] ?? 0;
    Object.assign(picked, { ping_submitted: accepted, ping_success: accepted });
  }
  if (outcome === 'failure') picked['ping_submitted'] = pings - accepted;
  return picked;
}

/** What several outcomes add up to. A lead counts once for each of them. */
export function addMeasured(one: Measured, other: Measured): Measured {
  const sum: Record<string, number> = { ...one };
  for (const [name, value] of Object.entries(other)) sum[name] = (sum[name] ?? 0) + value;
  return sum;
}
