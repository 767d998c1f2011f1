import type { View, ViewQuery, ViewSection } from './view.ts';

const RETURNED = '[{"lhv":"feedback_type","op":"is equal to","rhv":"return"}]';
const CONVERTED = '[{"lhv":"feedback_type","op":"is equal to","rhv":"conversion"}]';

/** The views that every account has, in the order in which they are offered. */
const TABLE: readonly (readonly [id: string, section: ViewSection, name: string, query: ViewQuery])[] = [
  ['leads-all', 'leads', 'All leads', {}],
  ['leads-accepted', 'leads', 'Accepted', { outcome: 'success' }],
  ['leads-rejected', 'leads', 'Rejected', { outcome: 'failure' }],
  ['leads-errors', 'leads', 'Errors', { outcome: 'error' }],
  ['leads-resubmitted', 'leads', 'Sent again', { resubmitted: 'true' }],
  ['events-all', 'events', 'All events', {}],
  ['events-sold', 'events', 'Sold', { type: 'recipient', outcome: 'success' }],
  ['events-refused', 'events', 'Refused by recipients', { type: 'recipient', outcome: 'failure' }],
  ['events-errors', 'events', 'Errors', { outcome: 'error' }],
  ['events-returned', 'events', 'Returned', { type: 'feedback-received', rules: RETURNED }],
  ['events-converted', 'events', 'Converted', { type: 'feedback-received', rules: CONVERTED }],
];

export const DEFAULT_VIEWS: readonly View[] = TABLE.map(([id, section, name, query]) => ({
  ...{ id, section, name, query, isShared: true },
  ...{ owner: null, createdAt: null, updatedAt: null },
}));
