import { misspeltName } from '../lib/misspelt-name.ts';

/** Every property an event may have on the wire (`build-event.ts`); a test compares it with events of each type. */
export const EVENT_PROPERTIES: readonly string[] = [
  'id',
  'type',
  'outcome',
  'reason',
  'vars',
  'host',
  'handler_version',
  'version',
  'module_id',
  'package_version',
  'step_id',
  'key',
  'start_timestamp',
  'end_timestamp',
  'ms',
  'wait_ms',
  'overhead_ms',
  'lag_ms',
  'total_ms',
  'step_count',
  'cost',
  'purchase_price',
  'offered_price',
  'asked_prices',
  'sale_price',
  'revenue',
  'expected_price',
  'recipient_revenue',
  'distributions',
  'distribution',
  'cap_reached',
  'caps_reached',
  'stopped_in',
  'resubmitted_from',
  'imported',
  'ping_id',
  'outer_lead',
  'inner_lead',
  'router',
  'unknown',
  'not_retried',
  'warnings',
  'attempt',
  'retry_id',
  'retry_status',
  'recipient_event_id',
  'resolution',
  'feedback_id',
  'feedback_type',
  'decided_by',
  'feedback',
  'interrupted',
  'flow_ping_limits',
  'source_ping_limits',
  'ping_limit_reached',
  'firehose',
  'expires_at',
  'acceptance_criteria',
  'flow_acceptance_criteria',
  'pricing',
  'flow_pricing',
  'appended',
  'request',
  'response',
  'transactions',
  'caps',
  'rule_set',
  'mappings',
  'credential',
  'credential_updated',
  'explanation',
];

/** Properties that are made of the lead's document; a test reads events with and without it. */
export const DOCUMENT_PROPERTIES: readonly string[] = [
  'vars',
  'request',
  'response',
  'appended',
  'transactions',
  'mappings',
  'explanation',
];

/** Variables that the row of the event and the flow tell. */
const WITHOUT_DOCUMENT = ['vars.account.', 'vars.flow.', 'vars.source.', 'vars.recipient.'];

/** Is what a rule reads known only to the document of the lead? */
export function isOfDocument(variable: string): boolean {
  if (WITHOUT_DOCUMENT.some((start) => variable.startsWith(start))) return false;
  const [first = ''] = variable.split(/[.[]/);
  return variable !== 'vars.lead.id' && DOCUMENT_PROPERTIES.includes(first);
}

/** Does an answer with these properties have any that only documents know? */
export function needsDocuments({
  include = [],
  exclude = [],
}: {
  include?: readonly string[] | undefined;
  exclude?: readonly string[] | undefined;
}): boolean {
  return DOCUMENT_PROPERTIES.some((name) => (include.length > 0 ? include.includes(name) : !exclude.includes(name)));
}

/** The names below `vars` that are no recipient's key (`event-vars.ts`). */
const VARIABLES: readonly string[] = [
  'submission',
  'account',
  'flow',
  'source',
  'lead',
  'random',
  'suppressionlist',
  'distribution',
  'price',
  'purchase_price',
  'recipient',
  'event_id',
];

/** What people call a part of the variables, as the parameters of `GET /events` do. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ['lead_id', 'vars.lead.id'],
  ['flow_id', 'vars.flow.id'],
  ['source_id', 'vars.source.id'],
  ['recipient_id', 'vars.recipient.id'],
]);

/**
 * Why no event has what a rule reads, with the name that was probably meant; undefined: events may have it. What stands
 * below `vars` may be a recipient's key, so only the first name is judged.
 */
export function whyNoProperty(variable: string): string | undefined {
  const [first = ''] = variable.split('.');
  if (EVENT_PROPERTIES.includes(first)) return undefined;
  const meant =
    OTHER_NAMES.get(variable) ??
    (VARIABLES.includes(first)
      ? `vars.${variable}`
      : misspeltName(first, [...EVENT_PROPERTIES, ...OTHER_NAMES.keys()]));
  const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
  return `No event has "${variable.slice(0, SHOWN_CHARACTERS_MAX)}", so the rule would find nothing or everything: rules read vars.lead.…, vars.flow.…, vars.source.… or a property such as ${SHOWN.join(', ')}.${hint}`;
}

const SHOWN_CHARACTERS_MAX = 64;
const SHOWN = ['outcome', 'reason', 'type', 'step_id', 'module_id', 'revenue', 'ms'];
