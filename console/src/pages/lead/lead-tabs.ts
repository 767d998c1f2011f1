export const LEAD_TABS = ['explain', 'timeline', 'data', 'raw', 'feedback'] as const;
export type LeadTab = (typeof LEAD_TABS)[number];

/** `?tab=` of the lead page; anything else is the first one. */
export function readLeadSearch(search: Record<string, unknown>): { tab?: LeadTab } {
  const tab = LEAD_TABS.find((each) => each === search['tab']);
  return tab === undefined ? {} : { tab };
}
