import type { ListActivityQuery } from '../../../../client/src/client.ts';
import type { Activity } from '../../api/activity.ts';
import { instantOfWallTime } from '../../parts/wall-time.ts';

/** What changes, by the words of the API. */
export const KINDS: Readonly<Record<Activity['kind'], string>> = {
  flow: 'Flow',
  field: 'Field',
  destination: 'Destination',
  router: 'Distribution',
  entity: 'Partner',
  pricing_service: 'Pricing service',
  batch: 'Batch',
  credential: 'Credential',
  api_key: 'API key',
  user: 'User',
  account: 'Account',
  retry: 'Retry',
  unknown: 'Unknown result',
  circuit: 'Circuit',
  job: 'Job',
  list: 'List',
  cap: 'Cap',
  cap_alerts: 'Alerts of caps',
  webhook: 'Webhook',
  feedback: 'Feedback',
  export: 'Export',
  report: 'Report',
  view: 'View',
  legal_hold: 'Legal hold',
  person: 'Person',
  lead: 'Lead',
  problem: 'Problem',
  posting_link: 'Posting page',
  draft: 'Draft of a flow',
  test_lead: 'Test lead',
};

export const ACTIONS: Readonly<Record<Activity['action'], string>> = {
  create: 'Created',
  update: 'Changed',
  delete: 'Removed',
  deploy: 'Published',
  rotate: 'Rotated',
  revoke: 'Revoked',
  run: 'Run',
  pause: 'Paused',
  cancel: 'Cancelled',
  resolve: 'Resolved',
  close: 'Closed',
  invite: 'Invited',
  change_password: 'Password changed',
  enable_second_factor: 'Second factor on',
  disable_second_factor: 'Second factor off',
  accept_invitation: 'Invitation accepted',
  sign_in: 'Signed in',
  lock_out: 'Locked out',
  accept: 'Accepted',
  decline: 'Declined',
  download: 'Downloaded',
  preview: 'Previewed',
  erase: 'Erased',
  export: 'Exported',
  share: 'Shared',
  unshare: 'Sharing ended',
  reveal: 'Values revealed',
};

/** Where the thing that changed has a page. */
const PAGES: Readonly<Partial<Record<Activity['kind'], (id: string) => string>>> = {
  flow: (id) => `/flows/${id}`,
  lead: (id) => `/leads/${id}`,
  list: (id) => `/lists/${id}`,
  credential: (id) => `/credentials/${id}`,
  field: (id) => `/fields?panel=${id}`,
  entity: (id) => `/entities?panel=${id}`,
  batch: (id) => `/batches/${id}`,
  webhook: (id) => `/settings/webhooks?panel=${id}`,
  user: (id) => `/settings/users?panel=${id}`,
  api_key: (id) => `/settings/api-keys?panel=${id}`,
  problem: (id) => `/problems/${id}`,
};

/** null: it has none, or it was removed. */
export function findSubjectPage({
  kind,
  action,
  subject,
}: Pick<Activity, 'kind' | 'action' | 'subject'>): string | null {
  return action === 'delete' ? null : (PAGES[kind]?.(subject.id) ?? null);
}

const DATE = /^\d{4}-\d\d-\d\d$/;
const DAY_MS = 86_400_000;

/** Of the address, days in `zone`; what the API would refuse is left out. */
export function readActivityFilter(
  search: Readonly<Record<string, string | undefined>>,
  zone: string,
): ListActivityQuery {
  const { kind, action, actor, subject, from, to, before } = search;
  const start = startOfDay(from, zone);
  const end = startOfDay(to && nextDay(to), zone);
  return {
    ...(kind !== undefined && Object.hasOwn(KINDS, kind) && { kind: kind as Activity['kind'] }),
    ...(action !== undefined && Object.hasOwn(ACTIONS, action) && { action: action as Activity['action'] }),
    ...(actor !== undefined && { actor_id: actor }),
    ...(subject !== undefined && { subject_id: subject }),
    ...(start !== null && { start: new Date(start).toISOString() }),
    ...(end !== null && { end: new Date(end - 1).toISOString() }),
    ...(before !== undefined && /^[0-9a-f]{24}$/.test(before) && { before_id: before }),
  };
}

/** null: it is no day. */
function startOfDay(day: string | undefined, zone: string): number | null {
  return day === undefined || !DATE.test(day) ? null : instantOfWallTime(`${day}T00:00`, zone);
}

function nextDay(day: string): string {
  const start = Date.parse(day);
  return Number.isNaN(start) ? '' : new Date(start + DAY_MS).toISOString().slice(0, 10);
}
