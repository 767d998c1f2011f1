import type { Actor } from './principal.ts';

/** What can change, as the activity log names it. */
export const ACTIVITY_KINDS = [
  'flow',
  'draft',
  'test_lead',
  'field',
  'destination',
  'router',
  'entity',
  'pricing_service',
  'batch',
  'credential',
  'api_key',
  'user',
  'account',
  'retry',
  'unknown',
  'circuit',
  'job',
  'list',
  'cap',
  'cap_alerts',
  'webhook',
  'feedback',
  'export',
  'report',
  'view',
  'legal_hold',
  'person',
  'lead',
  'problem',
  'posting_link',
] as const;
export type ActivityKind = (typeof ACTIVITY_KINDS)[number];

export const ACTIVITY_ACTIONS = [
  'create',
  'update',
  'delete',
  'deploy',
  'rotate',
  'revoke',
  'run',
  'pause',
  'cancel',
  'resolve',
  'close',
  'invite',
  'change_password',
  'enable_second_factor',
  'disable_second_factor',
  'accept_invitation',
  'sign_in',
  'lock_out',
  'accept',
  'decline',
  'download',
  'preview',
  'erase',
  'export',
  'share',
  'unshare',
  'reveal',
] as const;
export type ActivityAction = (typeof ACTIVITY_ACTIONS)[number];

/** One side of a change: the document, the revision of a flow that is kept anyway, or that there was none. */
export type ChangeSide = { document: unknown } | { revision: number } | null;

/** What changed, as the store that changes it sees it. */
export interface Change {
  kind: ActivityKind;
  action: ActivityAction;
  subject: { id: string; name: string | null };
  before: ChangeSide;
  after: ChangeSide;
  /** The user whom a public request, such as a sign-in, turned out to be of. A caller whom the server knows precedes. */
  by?: Actor;
}

/** Whose changes are recorded: those of a caller, or of a public request; null: the change itself names the actor. */
export interface RequestOrigin {
  actor: Actor | null;
  ip: string | null;
}

/** Who makes the changes of a request, and from which address; null: on the machine itself. */
export interface ChangeOrigin {
  actor: Actor;
  ip: string | null;
}

/** A change as it was recorded, without its documents. */
export interface Activity extends ChangeOrigin {
  id: string;
  /** Epoch ms. */
  at: number;
  kind: ActivityKind;
  action: ActivityAction;
  subject: { id: string; name: string | null };
}

/** With the whole documents before and after, without secrets; null: there was none. */
export interface ActivityDetails extends Activity {
  before: unknown;
  after: unknown;
}

export interface ActivityFilter {
  kinds: readonly string[] | null;
  actions: readonly string[] | null;
  actorIds: readonly string[] | null;
  subjectIds: readonly string[] | null;
}

export interface ActivityPage {
  accountId: string;
  /** Ids, both ends excluded. */
  range: { after: string; before: string };
  sort: 'asc' | 'desc';
  limit: number;
  filter: ActivityFilter;
}

export interface ActivityStore {
  page(page: ActivityPage): Promise<Activity[]>;
  find(key: { accountId: string; id: string }): Promise<ActivityDetails | null>;
}
