import type { Section } from './sections.ts';

/** A page that the palette finds by its name, or by what a person wants there. */
export interface Place {
  to: string;
  label: string;
  /** The section it belongs to; absent: it begins one. */
  of?: string;
  /** Other names of it, and what is done there. */
  words: string;
  /** Without it the page is not offered. */
  permission?: string;
}

/** What people say for a section. */
const WORDS_OF_SECTION: Readonly<Record<string, string>> = {
  '/': 'overview dashboard today attention',
  '/flows': 'new flow create campaign add source vendor recipient undo history publish posting page docs',
  '/leads': 'find search rejected failed why',
  '/events': 'deliveries log',
  '/problems': 'errors failures retry failed',
  '/caps': 'limits raise change maximum today full quota',
  '/recipients': 'vendors buyers',
  '/reports': 'statistics money',
  '/lists': '',
  '/jobs': 'import upload csv background',
  '/developers': 'api reference documentation openapi',
  '/settings/profile': 'me name',
};

/** Pages that stand under a tab of their section. */
export const PAGES: readonly Place[] = [
  {
    ...{ to: '/recipients', label: 'Recipients', of: 'Partners', permission: 'reports.read' },
    words: 'add buyers clients customers crm destinations revenue',
  },
  {
    ...{ to: '/sources', label: 'Sources', of: 'Partners', permission: 'reports.read' },
    words: 'add vendors suppliers publishers affiliates sellers earned profit returns',
  },
  {
    ...{ to: '/retries', label: 'Retries', of: 'Problems', permission: 'leads.read' },
    words: 'retry failed deliveries send again',
  },
  {
    ...{ to: '/unknowns', label: 'Unknown results', of: 'Problems', permission: 'leads.read' },
    words: 'timeout resolve deliveries',
  },
  {
    ...{ to: '/caps/alerts', label: 'Cap alerts', of: 'Caps', permission: 'flows.read' },
    words: 'notify mail warn before full',
  },
  {
    ...{ to: '/reports/new', label: 'New report', of: 'Reports', permission: 'reports.read' },
    words: 'create vendor week money earned',
  },
  { to: '/exports', label: 'Exports', of: 'Jobs', permission: 'leads.read', words: 'download csv file export leads' },
  { to: '/import/leads', label: 'Import leads', of: 'Jobs', permission: 'leads.submit', words: 'upload csv file' },
  {
    ...{ to: '/import/feedback', label: 'Import feedback', of: 'Jobs', permission: 'feedback.send' },
    words: 'import conversions returns refunds sales upload csv file',
  },
  {
    ...{ to: '/import/lists', label: 'Import values', of: 'Jobs', permission: 'lists.write' },
    words: 'import suppression list do not call upload csv file',
  },
  {
    ...{ to: '/lists', label: 'Lists', of: 'Library', permission: 'lists.read' },
    words: 'suppression block allow do not call duplicates',
  },
  { to: '/fields', label: 'Fields', of: 'Library', permission: 'flows.read', words: 'parameters types columns' },
  {
    ...{ to: '/credentials', label: 'Credentials', of: 'Library', permission: 'flows.read' },
    words: 'passwords tokens secrets oauth',
  },
  {
    to: '/entities',
    label: 'All partners',
    of: 'Library',
    permission: 'flows.read',
    words: 'entities vendors buyers companies',
  },
  { to: '/pricing-services', label: 'Pricing services', of: 'Library', permission: 'flows.read', words: 'price bids' },
  {
    ...{ to: '/integrations', label: 'Integrations', of: 'Library', permission: 'flows.read' },
    words: 'modules connectors crm templates',
  },
  {
    ...{ to: '/batches', label: 'Batches', of: 'Library', permission: 'flows.read' },
    words: 'files ftp sftp mail deliveries',
  },
  { to: '/developers/requests', label: 'Requests of API keys', of: 'Developers', words: 'log calls asked status' },
  { to: '/setup', label: 'First steps', of: 'Home', words: 'set up begin start first flow test lead' },
  { to: '/developers/set-up', label: 'Set up the API', of: 'Developers', words: 'client key webhooks start' },
  { to: '/settings/security', label: 'Security', of: 'Settings', words: 'password two factor sessions' },
  { to: '/settings/appearance', label: 'Appearance', of: 'Settings', words: 'logo color brand' },
  {
    ...{ to: '/settings/account', label: 'Account', of: 'Settings', permission: 'flows.read' },
    words: 'time zone name company',
  },
  {
    ...{ to: '/settings/users', label: 'Users', of: 'Settings', permission: 'users.manage' },
    words: 'people invite add team vendor login',
  },
  { to: '/settings/roles', label: 'Roles', of: 'Settings', permission: 'users.manage', words: 'permissions access' },
  { to: '/settings/api-keys', label: 'API keys', of: 'Settings', permission: 'keys.manage', words: 'tokens' },
  {
    ...{ to: '/settings/webhooks', label: 'Webhooks', of: 'Settings', permission: 'flows.read' },
    words: 'notify callback events',
  },
  { to: '/settings/mail', label: 'Mail', of: 'Settings', permission: 'account.manage', words: 'smtp e-mail' },
  {
    ...{ to: '/settings/retention', label: 'Retention', of: 'Settings', permission: 'flows.read' },
    words: 'delete old leads how long kept',
  },
  {
    ...{ to: '/settings/privacy', label: 'Privacy', of: 'Settings', permission: 'privacy.manage' },
    words: 'gdpr erase person delete',
  },
  {
    ...{ to: '/activity', label: 'Activity', of: 'Settings', permission: 'activity.read' },
    words: 'audit log who changed what',
  },
  { to: '/settings/about', label: 'About', of: 'Settings', words: 'version license' },
];

type SectionName = Pick<Section, 'to' | 'label' | 'permission'>;

/** What the palette offers for this text; without any, the sections alone. */
export function findPlaces(
  query: string,
  { sections: all, permissions }: { sections: readonly SectionName[]; permissions: readonly string[] },
): Place[] {
  const asked = query.toLowerCase().split(/\s+/).filter(Boolean);
  const sections = all.map(({ to, label, permission }) => ({
    ...{ to, label, words: WORDS_OF_SECTION[to] ?? '' },
    ...(permission !== undefined && { permission }),
  }));
  const places: Place[] = asked.length === 0 ? sections : [...sections, ...PAGES];
  return places
    .filter(({ permission }) => permission === undefined || permissions.includes(permission))
    .filter((place) => asked.every((word) => findWord(place, word)))
    .toSorted((one, other) => rankOf(other, asked) - rankOf(one, asked));
}

/** A word of its name may be found in the middle, others by how they begin: `import` finds no `unimportant`. */
function findWord({ label, words, of = '' }: Place, word: string): boolean {
  if (label.toLowerCase().includes(word)) return true;
  return `${words} ${of.toLowerCase()}`.split(' ').some((each) => beginsWith(each, word));
}

/** `vendors` is found by `vendor`, and `vendor` by `vendors`. */
function beginsWith(known: string, asked: string): boolean {
  return known !== '' && (known.startsWith(asked) || (asked.endsWith('s') && known === asked.slice(0, -1)));
}

/** How many of the words are in its name. */
function rankOf({ label }: Place, asked: readonly string[]): number {
  return asked.filter((word) => label.toLowerCase().includes(word)).length;
}
