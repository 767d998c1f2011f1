import { misspeltName } from '../lib/misspelt-name.ts';

/**
 * What a property of an event is made of. `document`: the lead's document, so it may hold values of the lead. `text`: the row,
 * but with texts that may quote such values. `open`: the row, the flow and numbers, which hold none.
 */
type Content = 'open' | 'text' | 'document';

/** Every property an event may have on the wire (`build-event.ts`); a test compares it with events of each type. */
const CONTENTS: Readonly<Record<string, Content>> = {
  id: 'open',
  type: 'open',
  outcome: 'open',
  reason: 'text',
  vars: 'document',
  host: 'open',
  handler_version: 'open',
  version: 'open',
  module_id: 'open',
  package_version: 'open',
  step_id: 'open',
  key: 'open',
  start_timestamp: 'open',
  end_timestamp: 'open',
  ms: 'open',
  wait_ms: 'open',
  overhead_ms: 'open',
  lag_ms: 'open',
  total_ms: 'open',
  step_count: 'open',
  cost: 'open',
  purchase_price: 'open',
  offered_price: 'open',
  asked_prices: 'open',
  sale_price: 'open',
  revenue: 'open',
  expected_price: 'open',
  recipient_revenue: 'open',
  distributions: 'open',
  distribution: 'open',
  cap_reached: 'open',
  caps_reached: 'open',
  stopped_in: 'open',
  resubmitted_from: 'open',
  imported: 'open',
  ping_id: 'open',
  outer_lead: 'open',
  inner_lead: 'open',
  router: 'open',
  unknown: 'open',
  not_retried: 'open',
  warnings: 'text',
  attempt: 'open',
  retry_id: 'open',
  retry_status: 'open',
  recipient_event_id: 'open',
  resolution: 'open',
  feedback_id: 'open',
  feedback_type: 'open',
  decided_by: 'open',
  feedback: 'open',
  interrupted: 'open',
  flow_ping_limits: 'open',
  source_ping_limits: 'open',
  ping_limit_reached: 'open',
  firehose: 'open',
  expires_at: 'open',
  acceptance_criteria: 'open',
  flow_acceptance_criteria: 'open',
  pricing: 'open',
  flow_pricing: 'open',
  appended: 'document',
  request: 'document',
  response: 'document',
  transactions: 'document',
  caps: 'open',
  rule_set: 'open',
  mappings: 'document',
  credential: 'open',
  credential_updated: 'open',
  explanation: 'document',
};

export const EVENT_PROPERTIES: readonly string[] = Object.keys(CONTENTS);

/** Properties that are made of the lead's document; a test reads events with and without it. */
export const DOCUMENT_PROPERTIES = listProperties('document');

/** Properties that hold no value of a lead. */
export const OPEN_PROPERTIES = listProperties('open');

function listProperties(content: Content): readonly string[] {
  return EVENT_PROPERTIES.filter((name) => CONTENTS[name] === content);
}

/** May a rule that reads this find out values of leads? Its answer would tell who has one. */
export function mayTellValues(variable: string): boolean {
  const [first = ''] = variable.split(/[.[]/);
  return isOfDocument(variable) || (first !== 'vars' && !OPEN_PROPERTIES.includes(first));
}

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
