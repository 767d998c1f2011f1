import type { Account } from '../model/entity.ts';

/*
 * How long what is kept: one row for each table of the database, so that none is forgotten. docs/reference/retention.md
 * is made from it, and a test compares it with the tables that there are (decision page 0097).
 */

/** Days of the two settings of an account. */
export const PERIOD_DAYS_MIN = 1;
export const PERIOD_DAYS_MAX = 3_650;
/** Unless the account says otherwise (decision 32). */
export const PERSONAL_DAYS_DEFAULT = 90;

/** Days that a ping is kept at most: its price holds for a day at most. */
export const PING_DAYS_KEPT = 35;
/** Days that jobs are kept after their end at most. */
export const JOB_DAYS_KEPT = 30;
/** Days that a revision is kept after another one took its place, at least; always longer than its leads. */
export const REVISION_DAYS_KEPT = 365;
/** Days that the activity log is kept. */
export const ACTIVITY_DAYS_KEPT = 1_095;
/** Days that requests of API keys are kept, and how many of each key: the newest; a few hundred more until the next are written. */
export const KEY_REQUEST_DAYS_KEPT = 7;
export const KEY_REQUESTS_MAX = 5_000;

/** Days that an account keeps the personal part and the facts of a lead. */
export function keepsOf({ dataRetentionInDays, factsRetentionInDays }: PeriodSettings): {
  personal: number;
  facts: number;
} {
  return { personal: dataRetentionInDays, facts: factsRetentionInDays ?? dataRetentionInDays };
}

export type PeriodSettings = Pick<Account, 'dataRetentionInDays' | 'factsRetentionInDays'>;

export const PERSONALS = ['no', 'yes', 'reasons', 'keyed'] as const;
/** Whether rows may have values of people: `no`, `yes`, `reasons` (texts that may quote one), `keyed` (keyed hashes alone). */
export type Personal = (typeof PERSONALS)[number];

export interface Kept {
  tables: readonly string[];
  what: string;
  personal: Personal;
  /** How long, from when; Markdown. */
  until: string;
  /** The job that deletes it, as in jobs.ts; null: none does. */
  deletedBy: string | null;
}

/** `until` of a row for an account, in words without Markdown: `90 days after the lead`. */
export function describeUntil({ until }: Kept, account: PeriodSettings): string {
  const { personal, facts } = keepsOf(account);
  return until
    .replaceAll('`data_retention_in_days`', describeDays(personal))
    .replaceAll('`facts_retention_in_days`', describeDays(facts))
    .replaceAll('`keep_days` of the batch', 'the days that the batch says')
    .replaceAll('`', '');
}

function describeDays(days: number): string {
  return days === 1 ? '1 day' : `${days} days`;
}

const PERSONAL = '`data_retention_in_days` after the lead';
const FACTS = '`facts_retention_in_days` after the lead';
const CONFIGURED = 'deleted by people';

export const KEPT: readonly Kept[] = [
  {
    tables: ['lead_data'],
    what: 'Values of leads, requests and answers',
    personal: 'yes',
    until: PERSONAL,
    deletedBy: 'retention',
  },
  {
    tables: ['lead_search'],
    what: 'Words of leads for the search; of what names a person keyed hashes alone',
    personal: 'yes',
    until: PERSONAL,
    deletedBy: 'retention',
  },
  {
    tables: ['leads', 'events'],
    what: 'Facts of leads and events: outcome, price, times, reason',
    personal: 'reasons',
    until: `${FACTS}; reasons lose values of people ${PERSONAL}; what is not settled (a retry, an unknown delivery, a return) is kept until it is`,
    deletedBy: 'retention',
  },
  {
    tables: ['resubmissions'],
    what: 'Which lead was sent again as which',
    personal: 'no',
    until: FACTS,
    deletedBy: 'retention',
  },
  {
    tables: ['pings'],
    what: 'Pings, with keyed hashes of what their post must carry',
    personal: 'reasons',
    until: `${PING_DAYS_KEPT} days, or \`data_retention_in_days\` where that is less`,
    deletedBy: 'ended-pings',
  },
  {
    tables: ['retries', 'unknowns'],
    what: 'Deliveries that are tried again or may have arrived',
    personal: 'reasons',
    until: '`data_retention_in_days` after their end; their reasons with the values of the lead',
    deletedBy: 'ended-deliveries',
  },
  {
    tables: ['feedback'],
    what: 'Returns and conversions',
    personal: 'reasons',
    until:
      '`data_retention_in_days` after the decision, once the lead is gone; their reasons with the values of the lead',
    deletedBy: 'ended-deliveries',
  },
  {
    tables: ['batch_rows', 'batch_file_rows', 'batch_files', 'batch_file_parts'],
    what: 'Rows and files of batches, encrypted',
    personal: 'yes',
    until:
      '`keep_days` of the batch, or `data_retention_in_days` where that is less; what waits is kept until it is delivered',
    deletedBy: 'ended-batch-files',
  },
  {
    tables: ['jobs', 'job_artefacts'],
    what: 'Jobs and what they left',
    personal: 'yes',
    until: `${JOB_DAYS_KEPT} days after their end, or \`data_retention_in_days\` where that is less; artefacts until they expire`,
    deletedBy: 'ended-jobs',
  },
  {
    tables: ['job_files'],
    what: 'Files of imports, encrypted',
    personal: 'yes',
    until: 'the end of their job',
    deletedBy: 'list-remains',
  },
  {
    tables: ['runs', 'intents'],
    what: 'Leads and attempts under way',
    personal: 'yes',
    until: 'their end',
    deletedBy: null,
  },
  {
    tables: ['outbox'],
    what: 'Which events are still to be sent; without values, which are read from the lead',
    personal: 'reasons',
    until: 'they are sent',
    deletedBy: 'outbox-remains',
  },
  {
    tables: ['lists', 'list_items', 'list_remains'],
    what: 'Lists, whose entries are keyed hashes',
    personal: 'keyed',
    until: 'deleted by people, or the TTL of the list',
    deletedBy: 'list-entries',
  },
  {
    tables: ['legal_holds', 'held_leads'],
    what: 'Legal holds; the person that one names is encrypted',
    personal: 'yes',
    until: 'released by people',
    deletedBy: null,
  },
  {
    tables: ['exports', 'export_parts', 'export_downloads'],
    what: 'Files of exports, and who downloaded them',
    personal: 'yes',
    until: 'their `expires_at`, or the end of their job’s period',
    deletedBy: 'ended-exports',
  },
  {
    tables: ['privacy_requests'],
    what: 'Whom a job of erasing or exporting is about, encrypted',
    personal: 'yes',
    until: 'the end of its job',
    deletedBy: 'list-remains',
  },
  {
    tables: ['erasure_receipts'],
    what: 'Signed receipts of erasures',
    personal: 'keyed',
    until: 'for good',
    deletedBy: null,
  },
  {
    tables: ['flow_revisions'],
    what: 'Revisions of flows that are neither saved last nor deployed',
    personal: 'no',
    until: `${REVISION_DAYS_KEPT} days after another one took their place, and longer than their leads`,
    deletedBy: 'retention',
  },
  {
    tables: ['test_leads'],
    what: 'Leads that people made up to test a flow, encrypted',
    personal: 'yes',
    until: 'they are deleted, or their flow is, or a person in them is erased',
    deletedBy: null,
  },
  {
    tables: ['activity'],
    what: 'Who changed what',
    personal: 'no',
    until: `${ACTIVITY_DAYS_KEPT} days`,
    deletedBy: 'retention',
  },
  {
    tables: ['digests', 'digest_progress'],
    what: 'What is still to be counted',
    personal: 'yes',
    until: 'it is counted, a second later',
    deletedBy: 'digests',
  },
  {
    tables: [
      ...['event_kinds', 'event_tallies', 'event_tallies_by_day'],
      ...['statistics_keys', 'statistics_hours', 'statistics_quarters', 'statistics_days'],
      ...['latency_tallies', 'field_keys', 'field_tallies'],
    ],
    what: 'Counts, sums and latencies; reasons without values',
    personal: 'no',
    until: 'for good',
    deletedBy: null,
  },
  {
    tables: ['money_entries'],
    what: 'Corrections of costs and revenues',
    personal: 'no',
    until: 'for good, as figures are',
    deletedBy: null,
  },
  {
    tables: ['problem_marks'],
    what: 'What people said about problems',
    personal: 'no',
    until: 'for good: a problem that comes back has its note',
    deletedBy: null,
  },
  {
    tables: ['cap_windows', 'cap_alerts'],
    what: 'Counters and alerts of caps',
    personal: 'no',
    until: '35 days after the window',
    deletedBy: 'cap-windows',
  },
  {
    tables: ['lead_holds'],
    what: 'Places in caps of leads whose delivery has not ended',
    personal: 'no',
    until: 'no retry can take them again',
    deletedBy: 'lead-holds',
  },
  {
    tables: ['distribution_turns'],
    what: 'Turns of distributions',
    personal: 'no',
    until: '90 days without a lead',
    deletedBy: 'distribution-turns',
  },
  {
    tables: ['sessions', 'invitations', 'welcome_links', 'sign_in_failures'],
    what: 'Sign-ins of users',
    personal: 'no',
    until: 'they end',
    deletedBy: 'ended-sessions',
  },
  {
    tables: ['api_keys', 'api_key_secrets'],
    what: 'API keys',
    personal: 'no',
    until: '90 days after their end',
    deletedBy: 'ended-api-keys',
  },
  {
    tables: ['key_requests'],
    what: 'What API keys asked for: routes without values, statuses, times',
    personal: 'no',
    until: `${KEY_REQUEST_DAYS_KEPT} days; of each key the newest ${KEY_REQUESTS_MAX.toLocaleString('en-US')}`,
    deletedBy: 'ended-api-keys',
  },
  { tables: ['resubmission_calls'], what: 'Names of calls', personal: 'no', until: '30 days', deletedBy: null },
  { tables: ['channel_faults'], what: 'Faults of channels', personal: 'no', until: 'the last 20', deletedBy: null },
  {
    tables: ['nodes', 'job_pools', 'recipient_health'],
    what: 'Server processes and what they report',
    personal: 'no',
    until: 'the process ends',
    deletedBy: 'queue',
  },
  {
    tables: [
      ...['accounts', 'users', 'user_settings', 'flows', 'fields', 'entities', 'destinations', 'routers', 'batches'],
      ...['credentials', 'pricing_services', 'cap_alert_settings', 'event_channels', 'flow_secrets', 'installation'],
      ...['reports', 'posting_links', 'views', 'flow_drafts'],
    ],
    what: 'Configuration and users',
    personal: 'no',
    until: CONFIGURED,
    deletedBy: null,
  },
];
