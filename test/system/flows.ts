import type { FlowDocument, RecipientStep, Source, Step } from '../../src/model/flow.ts';
import type { MappingValue } from '../../src/model/mapping.ts';
import type { RuleSet } from '../../src/model/rule-set.ts';

/** A flow as a client posts it: the server gives the ids. */
export function flowOf(steps: Step[] = [], parts: Partial<FlowDocument> = {}): FlowDocument {
  return {
    name: 'Mortgage leads',
    enabled: true,
    fields: ['first_name', 'last_name', 'email', 'phone_1', 'state', 'ssn'],
    sources: [sourceNamed('Search ads')],
    steps,
    ...parts,
  };
}

export function sourceNamed(name: string, parts: Partial<Source> = {}): Source {
  return { entity: { name }, integration: { module_id: 'leadconduit-default.inbound', mappings: [] }, ...parts };
}

/** A JSON delivery; the answer's `outcome` and `reason` are the step's. */
export function deliveryTo(
  url: string,
  parts: Partial<RecipientStep> = {},
  properties: Record<string, MappingValue> = {},
): RecipientStep {
  const mapped = {
    url,
    'json_property.email': '{{lead.email}}',
    outcome_search_path: 'outcome',
    outcome_search_term: 'success',
    reason_path: 'reason',
    ...properties,
  };
  return {
    type: 'recipient',
    entity: { name: 'Buyer' },
    integration: {
      module_id: 'leadconduit-custom.outbound.json',
      mappings: Object.entries(mapped).map(([property, value]) => ({ property, value })),
    },
    ...parts,
  };
}

export function when(lhv: string, op: string, rhv?: string): RuleSet {
  return { op: 'and', rules: [{ lhv, op, ...(rhv === undefined ? {} : { rhv }) }] };
}

/** A lead whose e-mail address was seen before is rejected. */
export const NO_DUPLICATES: Partial<FlowDocument> = {
  list_checks: { duplicate: { value: '{{lead.email}}', list_name: 'People' } },
  acceptance_criteria: { rule_set: when('suppressionlist.is_duplicate', 'is not true'), reason: 'duplicate' },
};
