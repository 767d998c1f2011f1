import type { Page } from 'playwright-core';
import { EDIT_PARTS } from '../../../console/src/pages/edit/edit-places.ts';
import type { Demo } from './start-demo.ts';

/** A screen of the console as it is judged: by pictures at three sizes in both color schemes, and by what `checkPage` asks. */
export interface Screen {
  /** Of its pictures: `lead-failure.desktop.light.png`. */
  name: string;
  /** Of the document, without ` · Sluice`. */
  title: string | RegExp;
  path(demo: Demo): string;
  /** Resolves once the page shows what it has. */
  ready(page: Page): Promise<unknown>;
  /** Is it a list, which shows so many rows at once (`check-look.ts`)? */
  isList?: boolean;
  /** What its print says: title, time and zone; absent: nobody prints it. */
  onPaper?: readonly string[];
}

const table = (page: Page) => page.getByRole('row').nth(3).waitFor();
const listed = (page: Page) => page.locator('main tbody tr').nth(2).waitFor();
const explained = (page: Page) => page.getByRole('tab', { name: 'Explain' }).waitFor();

const numbered = (page: Page) => page.locator('[data-tile]').nth(4).waitFor();
const headline = (page: Page) => page.locator('h1:visible').waitFor();
/** As the title of a report says it; of a month with the end of summer time there is no short name. */
const IN_ZONE = 'America/Chicago';
const operations = (page: Page) => page.getByRole('heading', { level: 2 }).first().waitFor();

/** For so long no skeleton is seen: they come 150 ms after a page asks for something. */
const FILLED_MS = 300;
const FILLED_WITHIN_MS = 30_000;

/** Resolves once nothing of the page is a skeleton. */
export function waitUntilFilled(page: Page): Promise<void> {
  return page.evaluate(`new Promise((resolve, reject) => {
    const startedAt = performance.now();
    let since = startedAt;
    const look = () => {
      const now = performance.now();
      if (document.querySelector('main [aria-busy=true], main .mantine-Skeleton-root') !== null) since = now;
      if (now - since > ${FILLED_MS}) resolve();
      else if (now - startedAt > ${FILLED_WITHIN_MS}) reject(new Error('a skeleton stays'));
      else setTimeout(look, 20);
    };
    look();
  })`);
}

/** `to`: a page of the editor, with the panel that is open. */
function editScreen(name: string, label: string, to: string): Screen {
  return {
    ...{ name, title: new RegExp(`^${label} · .* · Flows`), ready: editable },
    path: ({ flowId }) => `/app/flows/${flowId}/edit/${to}`,
  };
}
const editable = (page: Page) => page.getByRole('navigation', { name: 'Parts of the flow' }).waitFor();

function settingsScreen(name: string): Screen {
  return { name: `settings-${name}`, title: /· Settings/, path: () => `/app/settings/${name}`, ready: headline };
}

const LISTS: ReadonlySet<string> = new Set([
  ...['leads', 'leads-reasons', 'leads-rejected', 'events', 'events-reasons', 'flows', 'jobs', 'exports', 'caps'],
  ...['problems', 'retries', 'unknowns', 'lists', 'fields', 'pricing-services', 'credentials', 'entities'],
  ...['integrations', 'batches', 'settings-users', 'settings-api-keys', 'settings-webhooks', 'activity'],
  ...['recipients', 'sources', 'reports'],
]);

/** Every section of the console has its screens here; those of states that need a fault are in the tests of each page. */
const ALL: readonly Screen[] = [
  { name: 'home', title: 'Home', path: () => '/app/', ready: numbered },
  { name: 'home-month', title: 'Home', path: () => '/app/?range=this_30_days', ready: numbered },
  { name: 'leads', title: 'Leads', path: () => '/app/leads?range=30d', ready: listed },
  { name: 'leads-reasons', title: 'Leads', path: () => '/app/leads?range=30d&view=reasons', ready: listed },
  { name: 'events', title: 'Events', path: () => '/app/events', ready: listed },
  { name: 'events-reasons', title: 'Events', path: () => '/app/events?view=reasons', ready: listed },
  { name: 'lead-success', title: /lead/i, path: ({ leads }) => `/app/leads/${leads.success}`, ready: explained },
  { name: 'lead-failure', title: /lead/i, path: ({ leads }) => `/app/leads/${leads.failure}`, ready: explained },
  { name: 'lead-error', title: /lead/i, path: ({ leads }) => `/app/leads/${leads.error}`, ready: explained },
  ...['timeline', 'data', 'raw', 'feedback'].map((tab) => ({
    ...{ name: `lead-${tab}`, title: /lead/i, ready: explained },
    path: ({ leads }: Demo) => `/app/leads/${leads.success}?tab=${tab}`,
  })),
  { name: 'flows', title: 'Flows', path: () => '/app/flows', ready: table },
  { name: 'flow', title: /· Flows/, path: ({ flowId }) => `/app/flows/${flowId}`, ready: headline },
  {
    ...{ name: 'flow-posting', title: /· Flows/, ready: headline },
    path: ({ flowId, sourceId }) => `/app/flows/${flowId}?source=${sourceId}`,
  },
  ...EDIT_PARTS.map(({ part, label }) => editScreen(`edit-${part}`, label, part)),
  ...['', '.pricing', '.integration'].map((tab) =>
    editScreen(`edit-source${tab.replace('.', '-')}`, 'Sources', `sources?panel=sources.0${tab}`),
  ),
  // A filter, and a recipient.
  ...['0', '0.rule_set', '1.integration', '1.caps'].map((tab) =>
    editScreen(`edit-step${tab.slice(1).replace('.', '-')}`, 'Steps', `steps?panel=steps.${tab}`),
  ),
  { name: 'jobs', title: 'Jobs', path: () => '/app/jobs', ready: headline },
  { name: 'job', title: /· Jobs/, path: ({ jobId }) => `/app/jobs/${jobId}`, ready: headline },
  { name: 'import-leads', title: 'Import leads · Jobs', path: () => '/app/import/leads', ready: headline },
  {
    ...{ name: 'import-feedback', title: 'Import feedback · Jobs', ready: headline },
    path: () => '/app/import/feedback',
  },
  { name: 'import-lists', title: 'Import values · Jobs', path: () => '/app/import/lists', ready: headline },
  { name: 'exports', title: 'Exports · Jobs', path: () => '/app/exports', ready: headline },
  { name: 'setup', title: 'Set up', path: () => '/app/setup', ready: headline },
  { name: 'caps', title: 'Caps', path: () => '/app/caps', ready: listed },
  { name: 'cap-alerts', title: 'Alerts · Caps', path: () => '/app/caps/alerts', ready: headline },
  { name: 'flow-history', title: /History ·/, path: ({ flowId }) => `/app/flows/${flowId}/history`, ready: headline },
  {
    ...{ name: 'flow-compared', title: /History ·/, ready: headline },
    path: ({ flowId }) => `/app/flows/${flowId}/history?from=1&to=2`,
  },
  { name: 'flow-publish', title: /Publish ·/, path: ({ flowId }) => `/app/flows/${flowId}/publish`, ready: headline },
  { name: 'flow-test', title: /Test ·/, path: ({ flowId }) => `/app/flows/${flowId}/test`, ready: headline },
  { name: 'leads-rejected', title: 'Leads', path: () => '/app/leads?outcome=failure', ready: listed },
  { name: 'problems', title: 'Problems', path: () => '/app/problems', ready: table },
  { name: 'problem', title: /· Problems/, path: ({ problemId }) => `/app/problems/${problemId}`, ready: headline },
  { name: 'retries', title: /Retries/, path: () => '/app/retries', ready: table },
  { name: 'unknowns', title: /Unknown/, path: () => '/app/unknowns', ready: table },
  { name: 'lists', title: 'Lists · Library', path: () => '/app/lists', ready: headline },
  { name: 'list', title: 'Do not call · Lists', path: ({ listId }) => `/app/lists/${listId}`, ready: headline },
  { name: 'fields', title: 'Fields · Library', path: () => '/app/fields', ready: table },
  {
    ...{ name: 'pricing-services', title: 'Pricing services · Library', ready: headline },
    path: () => '/app/pricing-services',
  },
  { name: 'credentials', title: 'Credentials · Library', path: () => '/app/credentials', ready: headline },
  {
    ...{ name: 'credential', title: /· Credentials/, ready: headline },
    path: ({ credentialId }) => `/app/credentials/${credentialId}`,
  },
  { name: 'entities', title: 'All partners · Library', path: () => '/app/entities', ready: table },
  { name: 'integrations', title: 'Integrations · Library', path: () => '/app/integrations', ready: table },
  {
    ...{ name: 'integration', title: /· Integrations/, ready: table },
    path: () => '/app/integrations/leadconduit-custom.outbound.json',
  },
  { name: 'batches', title: 'Batches · Library', path: () => '/app/batches', ready: headline },
  { name: 'batch', title: /· Batches/, path: ({ batchId }) => `/app/batches/${batchId}`, ready: headline },
  ...['profile', 'security', 'appearance', 'account', 'users', 'roles', 'api-keys', 'webhooks'].map(settingsScreen),
  ...['mail', 'retention', 'privacy', 'about'].map(settingsScreen),
  { name: 'activity', title: 'Activity · Settings', path: () => '/app/activity', ready: table },
  { name: 'recipients', title: 'Recipients', path: () => '/app/recipients', ready: listed },
  {
    ...{ name: 'recipient-new', title: 'Recipients' },
    path: () => '/app/recipients?panel=new',
    ready: (page) => page.getByRole('form', { name: 'Add a recipient' }).waitFor(),
  },
  {
    ...{ name: 'recipient', title: /· Recipients/, ready: numbered },
    path: ({ recipientId }) => `/app/recipients/${recipientId}`,
  },
  {
    name: 'sources',
    title: 'Sources',
    path: () => '/app/sources?range=previous_1_weeks&sort=profit&dir=asc',
    ready: listed,
  },
  {
    ...{ name: 'source', title: /· Sources/, ready: numbered },
    path: ({ sourceId }) => `/app/sources/${sourceId}`,
  },
  { name: 'reports', title: 'Reports', path: () => '/app/reports', ready: listed },
  {
    ...{ name: 'report', title: 'Stats by Source · Reports', ready: listed },
    onPaper: ['Stats by Source', ' to ', IN_ZONE, 'Sluice, ', ', printed ', 'Total'],
    path: () => '/app/reports/stats-by-source?range=previous_1_weeks&compare=previous_week&sort=cost&dir=asc',
  },
  {
    ...{ name: 'report-chart', title: 'Stats by Source · Reports', ready: listed },
    onPaper: ['Stats by Source', ' to ', IN_ZONE, 'Sluice, ', ', printed ', 'Source success'],
    path: () => '/app/reports/stats-by-source?range=this_30_days&interval=daily&chart=source-success',
  },
  { name: 'report-new', title: 'New report · Reports', path: () => '/app/reports/new', ready: headline },
  {
    ...{ name: 'report-edit', title: 'Edit report · Reports', ready: headline },
    path: ({ reportId }) => `/app/reports/${reportId}/edit`,
  },
  { name: 'developers', title: 'API reference · Developers', path: () => '/app/developers', ready: operations },
  {
    ...{ name: 'developers-operation', title: 'createFlow · Developers', ready: operations },
    path: () => '/app/developers?operation=createFlow',
  },
  {
    ...{ name: 'developers-requests', title: 'Requests · Developers', ready: headline },
    path: () => '/app/developers/requests',
  },
  { name: 'developers-set-up', title: 'Set up · Developers', path: () => '/app/developers/set-up', ready: headline },
  {
    ...{ name: 'shared-report', title: /Shared report/, ready: listed },
    path: ({ sharedPath }) => sharedPath,
    onPaper: ['Leads of each source by day', 'Time zone', IN_ZONE, 'Counted until', 'Sluice, printed ', 'Total'],
  },
  {
    ...{ name: 'posting-page', title: /Posting page/, ready: headline },
    path: ({ postingPath }) => postingPath,
    onPaper: ['How to post leads', 'Submit URL', '/submit', '/openapi.json', 'UTC'],
  },
];

export const SCREENS: readonly Screen[] = ALL.map((screen) => ({ ...screen, isList: LISTS.has(screen.name) }));
