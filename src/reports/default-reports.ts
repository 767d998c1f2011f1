import type { StatisticsDefinition } from './statistics-question.ts';

export interface DefaultReport extends StatisticsDefinition {
  /** In the URL. */
  id: string;
  name: string;
  columns: readonly string[];
  groupBy: readonly string[];
  /** Only where pings are answered. */
  isOfPings: boolean;
}

const OF_SOURCES = [
  'source-success',
  'source-failure',
  'source-error',
  'return-sent-success',
  'cost',
  'avg-cost-per-lead',
];
const OF_RECIPIENTS = [
  ...['recipient-success', 'recipient-failure', 'recipient-error', 'return-received-success'],
  ...['conversion-received-success', 'revenue', 'avg-revenue-per-lead'],
];
const OF_PINGS = ['ping-submitted', 'ping-success', 'ping-success-rate', 'ping-win-rate'];
const MONEY = ['cost', 'revenue', 'profit'];

const FLOW = 'vars.flow.id';
const SOURCE = 'vars.source.id';
const RECIPIENT = 'vars.recipient.id';

/** The reports that every account has (spec behaviour 16), in the order of the reference. */
export const DEFAULT_REPORTS: readonly DefaultReport[] = [
  report('stats-by-flow', 'Stats by Flow', {
    groupBy: [FLOW],
    columns: ['source-success', 'source-failure', 'source-error', ...MONEY],
  }),
  report('stats-by-source', 'Stats by Source', { groupBy: [SOURCE], columns: OF_SOURCES }),
  report('stats-by-recipient', 'Stats by Recipient', { groupBy: [RECIPIENT], columns: OF_RECIPIENTS }),
  report('stats-by-source-and-flow', 'Stats by Source & Flow', { groupBy: [SOURCE, FLOW], columns: OF_SOURCES }),
  report('stats-by-recipient-and-flow', 'Stats by Recipient & Flow', {
    groupBy: [RECIPIENT, FLOW],
    columns: OF_RECIPIENTS,
  }),
  report('stats-by-source-and-purchase-price', 'Stats by Source & Purchase Price', {
    groupBy: [SOURCE, 'purchase_price'],
    columns: OF_SOURCES,
  }),
  report('stats-by-recipient-and-sale-price', 'Stats by Recipient & Sale Price', {
    groupBy: [RECIPIENT, 'sale_price'],
    columns: OF_RECIPIENTS,
  }),
  { ...report('pings-by-flow', 'Pings by Flow', { groupBy: [FLOW], columns: OF_PINGS }), isOfPings: true },
  { ...report('pings-by-source', 'Pings by Source', { groupBy: [SOURCE], columns: OF_PINGS }), isOfPings: true },
  {
    ...report('pings-by-flow-and-source', 'Pings by Flow & Source', { groupBy: [FLOW, SOURCE], columns: OF_PINGS }),
    isOfPings: true,
  },
];

function report(
  id: string,
  name: string,
  of: { groupBy: readonly string[]; columns: readonly string[] },
): DefaultReport {
  return { id, name, ...of, isOfPings: false };
}
