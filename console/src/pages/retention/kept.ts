/** What people ask about, in words; docs/reference/retention.md has every table of the database. */
export const KEPT: readonly { what: string; until: string }[] = [
  { what: 'Values of leads, requests and answers', until: 'As long as values of people' },
  { what: 'Leads and events without values', until: 'As long as outcomes, prices and times' },
  { what: 'Pings', until: '35 days, or as long as values of people where that is less' },
  { what: 'Rows and files of batches', until: 'As each batch says, or as long as values of people where that is less' },
  { what: 'Jobs and their files', until: '30 days, or as long as values of people where that is less' },
  { what: 'Entries of lists', until: 'Until somebody removes them, or as each list says' },
  { what: 'Activity', until: 'Three years' },
  { what: 'API keys that ended', until: '90 days' },
  { what: 'Figures of reports', until: 'For good: they have no values of people' },
  { what: 'Receipts of erasures', until: 'For good' },
];

/** `90 days`, `1 day`. */
export function describeDays(days: number): string {
  return days === 1 ? '1 day' : `${new Intl.NumberFormat('en-US').format(days)} days`;
}
