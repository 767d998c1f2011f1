import type { LeadEvent } from '../events/build-event.ts';
import { EVENT_PROPERTIES } from '../events/event-properties.ts';
import { instantOfId } from '../lib/ids.ts';
import { misspeltName } from '../lib/misspelt-name.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { ExportNames, ExportNeeds, ExportRow, ExportRows } from './export.ts';
import { plainOf, readPath } from './read-path.ts';

/** A row whose JSON is parsed, as columns read it. */
export interface OpenedRow {
  row: ExportRow;
  facts: Readonly<Record<string, unknown>>;
  vars: Readonly<Record<string, unknown>>;
  whole: LeadEvent | null;
  names: ExportNames;
}

/** `time`: epoch ms, or ISO 8601. `number`: a number. `text`: anything else; lists and objects become JSON. */
export type ColumnKind = 'text' | 'number' | 'time';

export interface ExportColumn {
  /** As it was asked for. */
  field: string;
  /** Of its column in a CSV file. */
  heading: string;
  kind: ColumnKind;
  needs: Partial<ExportNeeds>;
  /** It may hold values of leads. */
  isPersonal: boolean;
  read(opened: OpenedRow): unknown;
}

type KnownColumn = Omit<ExportColumn, 'field' | 'isPersonal' | 'needs'> & { needs?: Partial<ExportNeeds> };

const text = (heading: string, read: KnownColumn['read']): KnownColumn => ({ heading, kind: 'text', read });
const ofLead = (heading: string, kind: ColumnKind, read: KnownColumn['read']): KnownColumn => ({
  ...{ heading, kind, read, needs: { lead: true } },
});

const FLOW_AND_SOURCE: Readonly<Record<string, KnownColumn>> = {
  flow_id: text('Flow ID', ({ row }) => row.flowId),
  flow_name: text('Flow', ({ row, names }) => names.flows.get(row.flowId) ?? row.flowId),
  source_id: text('Source ID', ({ row }) => row.sourceId),
  source_name: text('Source', ({ row, names }) => names.entities.get(row.sourceId) ?? row.sourceId),
};

const OF_LEAD: Readonly<Record<string, KnownColumn>> = {
  submitted_at: ofLead('Submitted', 'time', ({ row }) => row.lead?.submittedAt),
  revision: ofLead('Revision', 'number', ({ row }) => row.lead?.revision),
  resubmitted_as: ofLead('Resubmitted as', 'text', ({ row }) => row.lead?.resubmittedAs),
};

/** The columns with a name of their own; `docs/guides/exports.md` lists them. */
export const KNOWN_COLUMNS: Readonly<Record<ExportRows, Readonly<Record<string, KnownColumn>>>> = {
  events: {
    id: text('Event ID', ({ row }) => row.id),
    event_id: text('Event ID', ({ row }) => row.id),
    time: { heading: 'Time', kind: 'time', read: ({ row }) => instantOfId(row.id) },
    type: text('Type', ({ row }) => row.type),
    outcome: text('Outcome', ({ row }) => row.outcome),
    reason: text('Reason', ({ row }) => row.reason),
    lead_id: text('Lead ID', ({ row }) => row.leadId),
    ...FLOW_AND_SOURCE,
    step_id: text('Step ID', ({ row }) => row.stepId),
    recipient_id: text('Recipient ID', ({ row }) => row.recipientId),
    recipient_name: text('Recipient', ({ row, names }) => names.entities.get(row.recipientId ?? '') ?? row.recipientId),
    ...OF_LEAD,
    lead_outcome: ofLead('Lead outcome', 'text', ({ row }) => row.lead?.outcome),
    lead_reason: ofLead('Lead reason', 'text', ({ row }) => row.lead?.reason),
    lead_price: ofLead('Lead price', 'number', ({ row }) => row.lead?.price),
  },
  leads: {
    id: text('Lead ID', ({ row }) => row.id),
    lead_id: text('Lead ID', ({ row }) => row.id),
    outcome: text('Outcome', ({ row }) => row.outcome),
    reason: text('Reason', ({ row }) => row.reason),
    ...FLOW_AND_SOURCE,
    ...OF_LEAD,
    price: ofLead('Price', 'number', ({ row }) => row.lead?.price),
  },
};

/** Unless fields are given. None of them holds values of leads. */
export const DEFAULT_FIELDS: Readonly<Record<ExportRows, readonly string[]>> = {
  events: [
    ...['id', 'time', 'type', 'outcome', 'reason', 'lead_id', 'flow_id', 'flow_name', 'source_id', 'source_name'],
    ...['step_id', 'recipient_id', 'recipient_name', 'cost', 'revenue', 'wait_ms'],
  ],
  leads: [
    ...['id', 'submitted_at', 'outcome', 'reason', 'price', 'flow_id', 'flow_name', 'source_id', 'source_name'],
    ...['revision', 'resubmitted_as'],
  ],
};

/** Properties of events that their facts hold as they are, none of them personal. */
const FACTS: Readonly<Record<string, ColumnKind>> = {
  ...{ start_timestamp: 'time', end_timestamp: 'time' },
  ...{ ms: 'number', wait_ms: 'number', step_count: 'number', attempt: 'number' },
  ...{ cost: 'number', purchase_price: 'number', offered_price: 'number', sale_price: 'number', revenue: 'number' },
  ...{ expected_price: 'number', recipient_revenue: 'number' },
  ...{ host: 'text', handler_version: 'text', module_id: 'text', package_version: 'text', key: 'text' },
  ...{ stopped_in: 'text', ping_id: 'text', resubmitted_from: 'text', retry_id: 'text', retry_status: 'text' },
  ...{ recipient_event_id: 'text', resolution: 'text', feedback_id: 'text', feedback_type: 'text' },
  ...{ unknown: 'text', interrupted: 'text', outer_lead: 'text', inner_lead: 'text', router: 'text' },
};

/** Variables that the lead's document has as they are. */
const STORED_VARS: readonly string[] = ['lead', 'submission', 'random', 'suppressionlist'];
/** Variables of a lead alone. */
const LEAD_VARS: readonly string[] = [...STORED_VARS, 'flow', 'source'];
const NAMES: Readonly<Record<string, string>> = {
  ...{ 'flow.id': 'flow_id', 'flow.name': 'flow_name', 'source.id': 'source_id', 'source.name': 'source_name' },
  ...{ 'recipient.id': 'recipient_id', 'recipient.name': 'recipient_name', 'lead.id': 'lead_id' },
};
/** What variables begin with, besides the keys of steps. */
const VARIABLES: readonly string[] = [
  ...[...LEAD_VARS, 'account', 'recipient', 'price', 'purchase_price', 'distribution', 'feedback', 'event_id'],
];

/**
 * The column of a field, or why there is none. `fieldIds`: the fields that leads of the account may have; null: the field
 * was checked before.
 */
export function findColumn(
  field: string,
  { rows, fieldIds }: { rows: ExportRows; fieldIds: ReadonlySet<string> | null },
): Result<ExportColumn, string> {
  const known = KNOWN_COLUMNS[rows];
  const path = field.startsWith('vars.') ? field.slice('vars.'.length) : field;
  const name = NAMES[path] ?? field;
  const column = Object.hasOwn(known, name) ? known[name] : undefined;
  if (column) return ok({ needs: {}, ...column, field, isPersonal: false });
  const [first = '', ...rest] = path.split('.');
  if (first === 'lead' && rest.length > 0) return findFieldColumn(field, { path, names: rest, fieldIds });
  if (STORED_VARS.includes(first)) return ok(columnOfVars(field, path));
  if (rows === 'leads') return fail(unknownField(field, [...Object.keys(known), 'lead.email', 'submission.timestamp']));
  if (path === field && Object.hasOwn(FACTS, field)) return ok(columnOfFacts(field));
  const isOfEvent = path === field && EVENT_PROPERTIES.includes(first) && first !== 'vars';
  // What stands below `vars` may be the key of a step.
  const isVariable = path === field ? VARIABLES.includes(first) : first !== '';
  if (isOfEvent || isVariable) return ok(columnOfWhole(field, isOfEvent ? field : `vars.${path}`));
  return fail(unknownField(field, [...Object.keys(known), ...Object.keys(FACTS), ...EVENT_PROPERTIES]));
}

function findFieldColumn(
  field: string,
  { path, names, fieldIds }: { path: string; names: readonly string[]; fieldIds: ReadonlySet<string> | null },
): Result<ExportColumn, string> {
  // Ids of fields may have dots, and components of values stand below them.
  const isKnown = names.some((_, index) => fieldIds?.has(names.slice(0, index + 1).join('.')) === true);
  if (fieldIds === null || isKnown) return ok(columnOfVars(field, path));
  const id = names.join('.');
  const near = misspeltName(id, [...fieldIds]);
  const hint = near === undefined ? '' : ` Did you mean "lead.${near}"?`;
  return fail(`No field has the id "${id.slice(0, SHOWN_CHARACTERS_MAX)}": GET /fields lists them.${hint}`);
}

function columnOfVars(field: string, path: string): ExportColumn {
  return {
    ...{ field, heading: field, isPersonal: true, needs: { vars: true } },
    kind: path === 'submission.timestamp' ? 'time' : 'text',
    read: ({ vars }) => plainOf(readPath(vars, path)),
  };
}

function columnOfFacts(field: string): ExportColumn {
  return {
    ...{ field, heading: field, isPersonal: false, needs: { facts: true }, kind: FACTS[field] ?? 'text' },
    read: ({ facts }) => facts[field],
  };
}

function columnOfWhole(field: string, path: string): ExportColumn {
  return {
    ...{ field, heading: field, isPersonal: true, needs: { whole: true, facts: true }, kind: 'text' },
    read: ({ whole }) => plainOf(readPath(whole, path)),
  };
}

const SHOWN_CHARACTERS_MAX = 64;

function unknownField(field: string, known: readonly string[]): string {
  const near = misspeltName(field, known);
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  const shown = [...new Set(known)].slice(0, SHOWN_FIELDS_MAX).join(', ');
  return `There is no field "${field.slice(0, SHOWN_CHARACTERS_MAX)}": name columns such as ${shown}, or values of leads such as lead.email.${hint}`;
}

const SHOWN_FIELDS_MAX = 12;
