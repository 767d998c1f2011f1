import { DIGEST_VERSION } from './digest-version.ts';
import { EVENT_FACTS_VERSION } from './event-facts.ts';
import { HOLDS_VERSION } from './holds.ts';
import { INTENT_STATE_VERSION } from './intent-state.ts';
import { LEAD_DOCUMENT_VERSION } from './lead-document.ts';
import { PING_FACTS_VERSION } from './ping-facts.ts';

/** One row of the table below. */
export interface StoredJson {
  /** `table.column`. */
  column: string;
  what: string;
  /** What is written now; null: it has none, see `STORED_JSON`. */
  version: number | null;
  /** The files that write and read it, below src/. */
  writtenBy: string;
  readBy: string;
  /** The column is of the type text: it is read as a whole by the program alone. */
  isText?: true;
}

/**
 * Every column of JSON, with the one place that writes its shape and the one that reads it. What is in tables without
 * bound (leads, events, runs in flight) has a version, because no migration rewrites it. The others are small maps and
 * lists in small tables, or the API's own flow document: a migration changes those. Jobs go some days after their end.
 */
export const STORED_JSON: readonly StoredJson[] = [
  {
    column: 'lead_data.document',
    what: 'The personal part of a lead; later parts are its attempts',
    version: LEAD_DOCUMENT_VERSION,
    writtenBy: 'stored/lead-document.ts',
    readBy: 'stored/lead-document.ts',
  },
  {
    column: 'events.facts',
    what: 'What an event has no column for',
    version: EVENT_FACTS_VERSION,
    writtenBy: 'stored/event-facts.ts',
    readBy: 'stored/event-facts.ts',
  },
  {
    column: 'pings.facts',
    what: 'Why a ping ended so, and keyed hashes of what its post must carry; no personal data',
    version: PING_FACTS_VERSION,
    writtenBy: 'stored/ping-facts.ts',
    readBy: 'stored/ping-facts.ts',
  },
  {
    column: 'intents.state',
    what: 'What a recovery needs of a lead or an attempt under way: the first intent whole, each further one what it adds',
    version: INTENT_STATE_VERSION,
    writtenBy: 'stored/intent-state.ts',
    readBy: 'stored/intent-state.ts',
  },
  {
    column: 'intents.holds',
    what: 'Places that a claim took with this intent',
    version: HOLDS_VERSION,
    writtenBy: 'stored/holds.ts',
    readBy: 'stored/holds.ts',
  },
  {
    column: 'runs.holds',
    what: 'Places of a lead or an attempt that began before intents had theirs; read only',
    version: HOLDS_VERSION,
    writtenBy: 'stored/holds.ts',
    readBy: 'stored/holds.ts',
  },
  {
    column: 'unknowns.holds',
    what: 'Places of a step whose delivery may have arrived',
    version: HOLDS_VERSION,
    writtenBy: 'stored/holds.ts',
    readBy: 'stored/holds.ts',
  },
  {
    column: 'lead_holds.holds',
    what: 'Places of a lead that has ended and whose delivery has not',
    version: HOLDS_VERSION,
    writtenBy: 'stored/holds.ts',
    readBy: 'stored/holds.ts',
  },
  {
    column: 'digests.tallies',
    what: 'What leads and pings that ended add to statistics, summed up',
    version: DIGEST_VERSION,
    writtenBy: 'statistics/stored-digest.ts',
    readBy: 'statistics/stored-digest.ts',
    isText: true,
  },
  {
    column: 'digests.later',
    what: 'Leads with the events that are to be counted by reading them, and pings',
    version: DIGEST_VERSION,
    writtenBy: 'statistics/stored-digest.ts',
    readBy: 'statistics/stored-digest.ts',
    isText: true,
  },
  {
    column: 'digests.words',
    what: 'What leads are found by that a process of an earlier version ended, until the search has it',
    version: DIGEST_VERSION,
    writtenBy: 'statistics/stored-digest.ts',
    readBy: 'statistics/stored-digest.ts',
    isText: true,
  },
  {
    column: 'flow_revisions.document',
    what: 'A flow as the API takes it',
    version: null,
    writtenBy: 'store/postgres/flows.ts',
    readBy: 'store/postgres/flow-row.ts',
  },
  {
    column: 'flow_revisions.errors',
    what: 'Why a revision cannot run: path to sentence',
    version: null,
    writtenBy: 'store/postgres/flows.ts',
    readBy: 'store/postgres/flow-row.ts',
  },
  {
    column: 'flow_revisions.cap_generations',
    what: 'The generation of each cap at the deploy, by its id',
    version: null,
    writtenBy: 'store/postgres/deploy-flow.ts',
    readBy: 'store/postgres/config.ts',
  },
  {
    column: 'flow_drafts.document',
    what: 'A flow that is being changed, as it was sent; perhaps unfinished',
    version: null,
    writtenBy: 'store/postgres/flow-drafts.ts',
    readBy: 'store/postgres/flow-drafts.ts',
  },
  {
    column: 'destinations.actions',
    what: 'The actions of a destination: a list of name, action_id and webhook_url',
    version: null,
    writtenBy: 'store/postgres/destinations.ts',
    readBy: 'store/postgres/destinations.ts',
  },
  {
    column: 'routers.routes',
    what: 'The routes of a router: a list of id, flow_id, source_id and rule_set',
    version: null,
    writtenBy: 'store/postgres/routers.ts',
    readBy: 'store/postgres/routers.ts',
  },
  {
    column: 'batches.definition',
    what: 'A batch as the API takes it, but for its name',
    version: null,
    writtenBy: 'store/postgres/batches.ts',
    readBy: 'store/postgres/batches.ts',
  },
  {
    column: 'reports.definition',
    what: 'A report as the API takes it, but for its name',
    version: null,
    writtenBy: 'store/postgres/reports.ts',
    readBy: 'store/postgres/reports.ts',
  },
  {
    column: 'views.query',
    what: 'Parameters of a list, as the API takes them',
    version: null,
    writtenBy: 'store/postgres/views.ts',
    readBy: 'store/postgres/views.ts',
  },
  {
    column: 'credentials.settings',
    what: 'What of a credential is no secret, by the names of its type',
    version: null,
    writtenBy: 'store/postgres/credentials.ts',
    readBy: 'store/postgres/credentials.ts',
  },
  {
    column: 'event_channels.settings',
    what: 'Where a channel of a firehose writes: bucket, prefix, credential; of a webhook its name, URL and filter',
    version: null,
    writtenBy: 'store/postgres/channels.ts',
    readBy: 'store/postgres/channels.ts',
  },
  {
    column: 'api_keys.created_by',
    what: 'The key or the user that made a key, with its name then',
    version: null,
    writtenBy: 'store/postgres/api-keys.ts',
    readBy: 'store/postgres/api-keys.ts',
  },
  {
    column: 'distribution_turns.credits',
    what: 'How far each recipient of a distribution is behind its share, in parts of a turn, by its id',
    version: null,
    writtenBy: 'store/postgres/turn-store.ts',
    readBy: 'store/postgres/turn-store.ts',
  },
  {
    column: 'exports.definition',
    what: 'What an export is asked for: range, filters, rules, fields and format',
    version: null,
    writtenBy: 'store/postgres/exports.ts',
    readBy: 'store/postgres/exports.ts',
  },
  {
    column: 'exports.asked_by',
    what: 'Who asked for an export: kind, id and name',
    version: null,
    writtenBy: 'store/postgres/exports.ts',
    readBy: 'store/postgres/exports.ts',
  },
  {
    column: 'export_downloads.asked_by',
    what: 'Who downloaded an export: kind, id and name',
    version: null,
    writtenBy: 'store/postgres/exports.ts',
    readBy: 'store/postgres/exports.ts',
  },
  {
    column: 'legal_holds.created_by',
    what: 'Who made a legal hold: kind, id and name',
    version: null,
    writtenBy: 'store/postgres/legal-holds.ts',
    readBy: 'store/postgres/legal-holds.ts',
  },
  {
    column: 'jobs.asked_by',
    what: 'Who asked for a job: kind, id and name',
    version: null,
    writtenBy: 'store/postgres/jobs.ts',
    readBy: 'store/postgres/jobs.ts',
  },
  {
    column: 'jobs.input',
    what: 'What a job is asked to do',
    version: null,
    writtenBy: 'store/postgres/jobs.ts',
    readBy: 'store/postgres/jobs.ts',
  },
  {
    column: 'jobs.checkpoint',
    what: 'How far a job is; it goes on from there after a stop',
    version: null,
    writtenBy: 'store/postgres/jobs.ts',
    readBy: 'store/postgres/jobs.ts',
  },
  {
    column: 'jobs.counters',
    what: 'Pieces of a job by outcome',
    version: null,
    writtenBy: 'store/postgres/jobs.ts',
    readBy: 'store/postgres/jobs.ts',
  },
  {
    column: 'jobs.lines',
    what: 'The last lines of the log of a job',
    version: null,
    writtenBy: 'store/postgres/jobs.ts',
    readBy: 'store/postgres/jobs.ts',
  },
  {
    column: 'activity.before',
    what: 'A configuration before a change, without secrets',
    version: null,
    writtenBy: 'store/postgres/activity.ts',
    readBy: 'store/postgres/activity.ts',
  },
  {
    column: 'activity.after',
    what: 'The same after it',
    version: null,
    writtenBy: 'store/postgres/activity.ts',
    readBy: 'store/postgres/activity.ts',
  },
  {
    column: 'user_settings.document',
    what: 'What a console keeps for a user',
    version: null,
    writtenBy: 'store/postgres/user-settings.ts',
    readBy: 'store/postgres/user-settings.ts',
  },
];
