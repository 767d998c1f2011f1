/**
 * What a principal may be allowed to do, and what each permission opens: the words that routes, roles and keys are
 * written in. A caller that lacks one gets 403 with its name (decision page 0048).
 */
export const PERMISSIONS = {
  'flows.read':
    'Read flows, their fields, sources, revisions and counters of caps and ping limits, credentials without their secrets; drafts and test leads; evaluate and render without saving.',
  'flows.write':
    'Save, replace and remove flows, their drafts and test leads, and their destinations, partners and pricing services; also reports, and views that are shared.',
  'flows.deploy': 'Publish flows, which changes what runs; change counts of caps and ping limits by hand.',
  'flows.replace_all': 'Replace every flow of the account at once.',
  'leads.read': 'Read leads, events, pings, explanations, retries and unknown outcomes.',
  'leads.submit': 'Submit leads to sources.',
  'leads.resubmit': 'Send leads again, run or cancel retries, resolve unknown outcomes, close circuits.',
  'feedback.send': 'Send feedback on leads by lead and recipient.',
  'returns.decide': 'Accept and decline returns.',
  'leads.test': 'Send a test delivery of a step to its recipient, or a test question to a pricing service.',
  'personal_data.read': 'See the values of leads; without it they are hidden.',
  'fields.write': 'Create, replace and remove custom fields.',
  'lists.read': 'Read lists, and whether a value is on one.',
  'lists.write': 'Create, change, fill and remove lists, and their entries.',
  'reports.read': 'Read counts and reports.',
  'credentials.manage':
    'Create, replace, test and remove stored credentials, and replace secrets of destinations, pricing services, webhooks and alerts.',
  'keys.manage': 'List, create, rotate and revoke API keys.',
  'users.manage': 'List, invite, change and remove users.',
  'account.manage': 'Change the account, its settings, its webhooks and its alerts of caps; share reports by links.',
  'privacy.manage': 'Keep leads under a legal hold; erase a person, and export all that is kept about one.',
  'activity.read': 'Read who changed what and when.',
  'jobs.read': 'Read the jobs of the account.',
  'jobs.manage': 'Cancel, pause and resume jobs of the account.',
} as const;

export type Permission = keyof typeof PERMISSIONS;

export function isPermission(name: string): name is Permission {
  return Object.hasOwn(PERMISSIONS, name);
}
