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
