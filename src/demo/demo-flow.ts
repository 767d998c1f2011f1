import type { FlowDocument, Source } from '../model/flow.ts';

/** Fixed ids, so that every example in the documentation works on every machine. */
export const DEMO_FLOW_ID = '5fd0c0de0000000000000001';
export const DEMO_SOURCE_IDS = { searchAds: '5fd0c0de0000000000000011', partnerSite: '5fd0c0de0000000000000012' };
const DEMO_RECIPIENT_ID = '5fd0c0de0000000000000021';
const DEMO_CAP_ID = '5fd0c0de0000000000000031';

/** The fields of the posting instructions' own example (seed 001). */
const FIELDS = [
  'first_name',
  'last_name',
  'phone_1',
  'email',
  'mortgage.property.state',
  'mortgage.loan.purpose',
  'mortgage.loan.amount',
  'mortgage.loan.down_payment',
  'mortgage.property.use',
  'mortgage.property.type',
  'mortgage.property.postal_code',
];

/** A lead that the demo flow accepts once; the second time it is a duplicate. */
export const DEMO_LEAD: Readonly<Record<string, string>> = {
  first_name: 'John',
  last_name: 'Doe',
  phone_1: '(512) 789-1111',
  email: 'jdoe@example.com',
  'mortgage.property.state': 'TX',
  'mortgage.loan.purpose': 'purchase',
  'mortgage.loan.amount': '100000',
  'mortgage.loan.down_payment': '20000',
  'mortgage.property.use': 'primary',
  'mortgage.property.type': 'single family',
  'mortgage.property.postal_code': '78751',
};

/**
 * The flow of the demo: it takes mortgage leads of four states from two sources, turns duplicates of the last 30 days
 * away, sells to one recipient at the recipient's price and stops at a thousand leads a day.
 */
export function demoFlow(recipientUrl: string): FlowDocument {
  return {
    id: DEMO_FLOW_ID,
    name: 'Mortgage leads',
    enabled: true,
    fields: FIELDS,
    sources: [
      source({ id: 'demo01', entityId: DEMO_SOURCE_IDS.searchAds, name: 'Search Ads', dollars: 5 }),
      source({ id: 'demo02', entityId: DEMO_SOURCE_IDS.partnerSite, name: 'Partner Site', dollars: 4.5 }),
    ],
    list_checks: {
      duplicate: { value: '{{lead.email}}', list_name: 'Mortgage leads', lookback: { value: 30, interval: 'day' } },
    },
    caps: [{ id: DEMO_CAP_ID, type: 'volume', name: 'Daily cap', maximum: 1000, duration: 1, duration_units: 'day' }],
    acceptance_criteria: {
      outcome: 'failure',
      rule_set: {
        op: 'and',
        rules: [{ lhv: 'lead.mortgage.property.state', op: 'is included in', rhv: ['AZ', 'CA', 'NV', 'TX'] }],
      },
    },
    steps: [
      {
        id: 'demo11',
        type: 'filter',
        description: 'Duplicates',
        reason: 'duplicate',
        outcome: 'failure',
        rule_set: { op: 'and', rules: [{ lhv: 'suppressionlist.is_duplicate', op: 'is true' }] },
      },
      {
        id: 'demo12',
        type: 'recipient',
        description: 'Sell to the demo lender',
        entity: { id: DEMO_RECIPIENT_ID, name: 'Demo Lender' },
        key: 'demo_lender',
        strict_status: true,
        pricing: { override: true, prices: [] },
        integration: { module_id: 'leadconduit-custom.outbound.json', mappings: mappingsTo(recipientUrl) },
      },
      {
        id: 'demo13',
        type: 'filter',
        description: 'Not sold',
        reason: '{{demo_lender.reason}}',
        outcome: '{{demo_lender.outcome}}',
        rule_set: { op: 'and', rules: [{ lhv: 'demo_lender.outcome', op: 'is not equal to', rhv: 'success' }] },
      },
    ],
  };
}

function source(options: { id: string; entityId: string; name: string; dollars: number }): Source {
  const { id, entityId, name, dollars } = options;
  return {
    id,
    entity: { id: entityId, name },
    integration: { module_id: 'leadconduit-default.inbound', mappings: [] },
    pricing: { prices: [{ amount: dollars }] },
  };
}

function mappingsTo(recipientUrl: string): { property: string; value: string }[] {
  const fields = FIELDS.map((field) => ({ property: `json_property.${field}`, value: `{{lead.${field}}}` }));
  return [
    { property: 'url', value: recipientUrl },
    ...fields,
    { property: 'outcome_search_path', value: 'outcome' },
    { property: 'outcome_search_term', value: 'success' },
    { property: 'reason_path', value: 'reason' },
    { property: 'price_path', value: 'price' },
  ];
}
