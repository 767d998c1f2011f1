import type { EditPart } from '../pages/edit/edit-places.ts';

/** The page and section below `/docs/` of what each screen is about. `HelpLink` does not compile while a screen has no row. */
export const HELP = {
  '/': 'guides/console#home',
  '/setup': 'guides/console#the-first-lead',
  '/flows': 'guides/console#the-flow-editor',
  '/flows/$flowId': 'guides/console#recipients-sources-and-flows',
  '/flows/$flowId/edit/$part': 'guides/console#the-flow-editor',
  '/flows/$flowId/publish': 'guides/console#test-publish-undo',
  '/flows/$flowId/test': 'guides/editing-flows#test-leads',
  '/flows/$flowId/history': 'guides/access#what-changed-and-back',
  '/leads': 'guides/console#leads-and-events',
  '/leads/$leadId': 'guides/explain',
  '/events': 'guides/events#filters',
  '/problems': 'guides/problems',
  '/problems/$problemId': 'guides/problems#try-again-what-failed',
  '/retries': 'guides/deliveries#retries-and-unknown-outcomes',
  '/unknowns': 'guides/deliveries#retries-and-unknown-outcomes',
  '/caps': 'guides/limits#how-caps-count',
  '/caps/alerts': 'guides/limits#being-told-before-a-cap-is-full',
  '/recipients': 'guides/deliveries#when-a-recipient-is-slow-or-away',
  '/recipients/$recipientId': 'guides/deliveries#when-a-recipient-is-slow-or-away',
  '/sources': 'guides/console#recipients-sources-and-flows',
  '/sources/$sourceId': 'guides/console#recipients-sources-and-flows',
  '/reports': 'guides/reports',
  '/reports/new': 'guides/reports#make-one',
  '/reports/$reportId': 'guides/console#reports',
  '/reports/$reportId/edit': 'guides/reports#make-one',
  '/lists': 'guides/limits#lists-of-your-own',
  '/lists/$listId': 'guides/limits#lists-of-your-own',
  '/fields': 'reference/field-types',
  '/credentials': 'guides/credentials',
  '/credentials/$credentialId': 'guides/credentials#types',
  '/entities': 'guides/entities',
  '/integrations': 'guides/integrations',
  '/integrations/$moduleId': 'reference/modules',
  '/batches': 'guides/batches',
  '/batches/$batchId': 'guides/batches#what-a-batch-says',
  '/jobs': 'guides/console#jobs',
  '/jobs/$jobId': 'guides/jobs#how-far-is-it',
  '/import/leads': 'guides/imports',
  '/import/feedback': 'guides/feedback#a-file-of-feedback',
  '/import/lists': 'guides/limits#importing-a-file',
  '/exports': 'guides/exports',
  '/developers': 'guides/console#developers',
  '/developers/requests': 'guides/access#what-a-key-asks-for',
  '/developers/set-up': 'guides/developers',
  '/activity': 'guides/access#who-changed-what',
  '/settings/profile': 'guides/users',
  '/settings/security': 'guides/users#a-second-factor',
  '/settings/users': 'guides/users#invite-others',
  '/settings/roles': 'guides/access#roles',
  '/settings/api-keys': 'guides/access#make-a-key',
  '/settings/webhooks': 'guides/webhooks',
  '/settings/privacy': 'guides/privacy',
  '/settings/account': 'guides/console#settings-and-the-library',
  '/settings/retention': 'guides/privacy#how-long-is-what-kept',
  '/settings/appearance': 'guides/console#settings-and-the-library',
  '/settings/about': 'guides/operating',
  '/settings/mail': 'guides/mail#the-mail-server-of-the-installation',
  '/pricing-services': 'guides/console#pricing-services',
} as const;

/** Parts of the flow editor that have a section of their own. */
export const HELP_OF_PARTS: Readonly<Partial<Record<EditPart, string>>> = {
  rules: 'guides/console#rules-and-mappings-of-a-flow',
  pricing: 'guides/selling',
  caps: 'guides/limits#how-caps-count',
  hours: 'guides/console#caps-prices-and-hours',
  checks: 'guides/limits#how-duplicates-are-found',
};

/** The address of the help for a screen; of one that is not there the index. */
export function findHelp(
  pages: Readonly<Record<string, string | undefined>>,
  { path, part }: { path: string; part: string | undefined },
): string {
  const parts: Readonly<Record<string, string | undefined>> = HELP_OF_PARTS;
  return `/docs/${(part !== undefined && parts[part]) || (pages[path] ?? '')}`;
}
