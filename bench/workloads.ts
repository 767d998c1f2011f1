import type { Cap } from '../src/model/cap.ts';
import type { FilterStep, FlowDocument, RecipientStep } from '../src/model/flow.ts';

/** What is measured, each a flow and what its sender must be answered. */
export interface Workload {
  name: string;
  /** One line for readers of the table. */
  means: string;
  /** In every answer. */
  answer: string;
  deliversEach: boolean;
  flow(recipientUrl: string): FlowDocument;
}

export const SOURCE_ENTITY_ID = '5fd4371e940df5a34a3888b2';

export const WORKLOADS: readonly Workload[] = [
  {
    name: 'rejected',
    means: 'duplicate check and daily cap held, then acceptance criteria refuse the lead and both go back',
    answer: '"outcome":"failure"',
    deliversEach: false,
    flow: () => ({
      ...withLimits(flowWith([]), 'rejected'),
      acceptance_criteria: {
        rule_set: { op: 'and', rules: [{ lhv: 'lead.state', op: 'is equal to', rhv: 'CA' }] },
        outcome: 'failure',
        reason: 'Only leads from California',
      },
    }),
  },
  {
    name: 'delivered',
    means: 'duplicate check and daily cap held, one delivery to a recipient on this machine',
    answer: '"outcome":"success"',
    deliversEach: true,
    flow: (recipientUrl) => withLimits(flowWith([deliveryStep({ url: `${recipientUrl}/` })]), 'delivered'),
  },
  {
    name: 'hot-cap',
    means: 'every lead takes a place in one cap, nothing is sent',
    answer: '"outcome":"success"',
    deliversEach: false,
    flow: () => ({ ...flowWith([]), caps: [dailyCap(1_000_000_000)] }),
  },
];

/** What nearly every flow in use has: a duplicate check with its filter, a cap, a price. */
function withLimits(flow: FlowDocument, listName: string): FlowDocument {
  const duplicates = {
    value: '{{lead.email}}',
    list_name: listName,
    lookback: { value: 30, interval: 'day' },
  } as const;
  const filter: FilterStep = {
    type: 'filter',
    reason: 'duplicate',
    outcome: 'failure',
    rule_set: { op: 'and', rules: [{ lhv: 'suppressionlist.is_duplicate', op: 'is true' }] },
  };
  return {
    ...flow,
    list_checks: { duplicate: duplicates },
    caps: [dailyCap(1_000_000_000)],
    pricing: { prices: [{ amount: 5 }] },
    steps: [filter, ...flow.steps],
  };
}

export function flowWith(steps: RecipientStep[]): FlowDocument {
  return {
    name: 'Solar leads',
    enabled: true,
    fields: [
      'first_name',
      'last_name',
      'email',
      'phone_1',
      'address_1',
      'city',
      'state',
      'postal_code',
      'trustedform_cert_url',
    ],
    sources: [
      {
        integration: { module_id: 'leadconduit-default.inbound', mappings: [] },
        entity: { id: SOURCE_ENTITY_ID, name: 'Acme Leads' },
      },
    ],
    steps,
  };
}

/** A JSON delivery of the person, taken when the recipient says success. */
export function deliveryStep(options: { url: string; id?: string }): RecipientStep {
  const properties: Record<string, string> = {
    url: options.url,
    'json_property.lead_id': '{{lead.id}}',
    'json_property.first_name': '{{lead.first_name}}',
    'json_property.last_name': '{{lead.last_name}}',
    'json_property.email': '{{lead.email}}',
    'json_property.phone': '{{lead.phone_1}}',
    'json_property.state': '{{lead.state}}',
    outcome_search_path: 'outcome',
    outcome_search_term: 'success',
  };
  return {
    ...(options.id !== undefined && { id: options.id }),
    type: 'recipient',
    entity: { id: '5fd4371e940df5a34a3888b3', name: 'Bright Solar' },
    integration: {
      module_id: 'leadconduit-custom.outbound.json',
      mappings: Object.entries(properties).map(([property, value]) => ({ property, value })),
    },
  };
}

export function dailyCap(maximum: number): Cap {
  return { type: 'volume', maximum, duration: 1, duration_units: 'day', time_zone: 'UTC' };
}
