import type { Candidate, FlowDocument, Source } from '../../src/model/flow.ts';

/** What the made-up installation is configured as: 8 flows, 30 sources, 40 recipients, five a flow. */

const VERTICALS = [
  'Solar',
  'Mortgage',
  'Auto insurance',
  'Home insurance',
  'Roofing',
  'Education',
  'Debt relief',
  'Health insurance',
] as const;

const SOURCE_COUNTS = [4, 4, 4, 4, 4, 4, 3, 3];
const SOURCE_NAMES = ['Search Ads', 'Partner Site', 'Comparison Portal', 'Social Campaign'];
const RECIPIENT_NAMES = ['Northwind', 'Evergreen', 'Bluestone', 'Larkspur', 'Harborline'];

const FIELDS = [
  'first_name',
  'last_name',
  'email',
  'phone_1',
  'address_1',
  'city',
  'state',
  'postal_code',
  'reference',
];
/** Leads of these are accepted. */
export const STATES_TAKEN = ['AZ', 'CA', 'CO', 'FL', 'GA', 'NC', 'NV', 'NY', 'OH', 'TX'];

export const RETURN_REASONS = ['Wrong number', 'Not interested', 'Duplicate'];

/** The flow that answers pings. */
const PING_FLOW = 1;
/** Its sources hear of returns. */
const RELAYING_FLOW = 2;

export interface SeedSource {
  flowId: string;
  sourceId: string;
  /** Among the flows, from 0. */
  flow: number;
  /** Among the sources of its flow, from 0. */
  place: number;
  answersPings: boolean;
}

/** All sources, flow by flow. */
export const SOURCES: readonly SeedSource[] = SOURCE_COUNTS.flatMap((count, flow) =>
  Array.from({ length: count }, (_, place) => ({
    ...{ flowId: idOf('1', flow), sourceId: idOf('2', flow * 10 + place), flow, place },
    answersPings: flow === PING_FLOW,
  })),
);

/** Fixed ids, so that commands of a guide find them. */
function idOf(kind: string, number: number): string {
  return `5eed${kind.padStart(4, '0')}${String(number).padStart(16, '0')}`;
}

/** Where the recipient of a step of a flow listens, below the recipients' URL. */
export function recipientPath(flow: number, recipient: number): string {
  return `/${flow}/${recipient}`;
}

/** The flows whose recipients all listen below one URL. */
export function buildFlows(recipientUrl: string): FlowDocument[] {
  return VERTICALS.map((vertical, flow) => ({
    id: idOf('1', flow),
    name: `${vertical} leads`,
    enabled: true,
    fields: FIELDS,
    sources: SOURCES.filter((source) => source.flow === flow).map((source) => buildSource(source, recipientUrl)),
    list_checks: {
      duplicate: { value: '{{lead.email}}', list_name: `${vertical} leads`, lookback: { value: 30, interval: 'day' } },
    },
    acceptance_criteria: {
      outcome: 'failure',
      rule_set: {
        op: 'and',
        rules: [
          { lhv: 'lead.state', op: 'is included in', rhv: STATES_TAKEN },
          { lhv: 'lead.phone_1', op: 'format is valid' },
        ],
      },
    },
    ...(flow === PING_FLOW && { ping_enabled: true }),
    steps: [
      {
        id: `f${flow}dup0`,
        type: 'filter',
        reason: 'duplicate',
        outcome: 'failure',
        rule_set: { op: 'and', rules: [{ lhv: 'suppressionlist.is_duplicate', op: 'is true' }] },
      },
      {
        id: `f${flow}dis0`,
        type: 'distribution',
        name: 'Buyers',
        key: 'buyers',
        method: 'waterfall',
        recipients: RECIPIENT_NAMES.map((name, recipient) =>
          buildCandidate({ vertical, flow, recipient, name, recipientUrl }),
        ),
      },
      {
        id: `f${flow}end0`,
        type: 'filter',
        reason: 'Not sold',
        outcome: 'failure',
        rule_set: { op: 'and', rules: [{ lhv: 'distribution.buyers.sold', op: 'is false' }] },
      },
    ],
  }));
}

function buildSource({ sourceId, flow, place }: SeedSource, recipientUrl: string): Source {
  return {
    id: `s${flow}${place}000`.padEnd(6, '0'),
    entity: { id: sourceId, name: `${VERTICALS[flow]} ${SOURCE_NAMES[place]}` },
    integration: { module_id: 'leadconduit-default.inbound', mappings: [] },
    pricing: { prices: [{ amount: 4 + flow + place / 2 }] },
    ...(flow === RELAYING_FLOW && {
      feedback: {
        integration: {
          module_id: 'leadconduit-custom.outbound.json',
          mappings: [
            { property: 'url', value: `${recipientUrl}/feedback` },
            { property: 'json_property.lead_id', value: '{{lead.id}}' },
            { property: 'json_property.type', value: '{{feedback.type}}' },
          ],
        },
      },
    }),
  };
}

/** The first one is asked again when it fails. */
function buildCandidate(given: {
  vertical: string;
  flow: number;
  recipient: number;
  name: string;
  recipientUrl: string;
}): Candidate {
  const { vertical, flow, recipient, name, recipientUrl } = given;
  const sent = ['first_name', 'last_name', 'email', 'phone_1', 'address_1', 'city', 'state', 'postal_code'];
  return {
    id: `f${flow}r${recipient}00`,
    tier: recipient + 1,
    entity: { id: idOf('3', flow * 10 + recipient), name: `${name} ${vertical}` },
    key: `buyer_${recipient + 1}`,
    strict_status: true,
    pricing: { override: true, prices: [] },
    retry_enabled: recipient === 0,
    feedback: {
      returns: { enabled: true, reasons: RETURN_REASONS, refund_cost: true },
      conversions: { enabled: true },
    },
    integration: {
      module_id: 'leadconduit-custom.outbound.json',
      mappings: [
        { property: 'url', value: `${recipientUrl}${recipientPath(flow, recipient)}` },
        ...sent.map((field) => ({ property: `json_property.${field}`, value: `{{lead.${field}}}` })),
        { property: 'outcome_search_path', value: 'outcome' },
        { property: 'outcome_search_term', value: 'success' },
        { property: 'reason_path', value: 'reason' },
        { property: 'price_path', value: 'price' },
      ],
    },
  };
}
