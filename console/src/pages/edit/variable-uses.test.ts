import { describe, expect, it } from 'vitest';
import type { FlowDocument, RecipientStep } from '../../../../src/model/flow.ts';
import { findDependents, findReads, listFieldsOf, listReads } from './variable-uses.ts';

const recipient = (name: string, parts: Partial<RecipientStep> = {}): RecipientStep => ({
  type: 'recipient',
  entity: { name },
  integration: { module_id: 'leadconduit-custom.outbound.json', mappings: [] },
  ...parts,
});

const FLOW: FlowDocument = {
  ...{ name: 'Solar', enabled: true, fields: ['state', 'email'] },
  sources: [
    {
      entity: { name: 'Ads' },
      integration: { module_id: 'm', mappings: [{ property: 'state', value: '{{upper lead.region}}' }] },
      response_fields: ['outcome', 'lead.email'],
    },
  ],
  steps: [
    recipient('My CRM', { integration: { module_id: 'm', mappings: [{ property: 'x', value: '{{lead.email}}' }] } }),
    { type: 'filter', reason: 'No: {{my_crm.reason}}', rule_set: { op: 'and', rules: [{ lhv: 'my_crm.outcome' }] } },
    recipient('Buyer', { rule_set: { op: 'and', rules: [{ lhv: 'lead.state', rhv: 'my_crm.outcome' }] } }),
    { type: 'distribution', name: 'Buyers', method: 'waterfall', recipients: [] },
    { type: 'filter', rule_set: { op: 'and', rules: [{ lhv: 'distribution.buyers.sold' }] } },
  ],
};

describe('what a flow reads', () => {
  it('is found in rules, in templates, in mappings of sources and in what answers carry', () => {
    const reads = listReads(FLOW);
    expect(findReads(reads, 'lead.state')).toEqual([
      'sources.0.integration.mappings.0.property',
      'steps.2.rule_set.rules.0.lhv',
    ]);
    expect(findReads(reads, 'lead.email')).toEqual([
      'sources.0.response_fields.1',
      'steps.0.integration.mappings.0.value',
    ]);
    expect(findReads(reads, 'lead.region')).toEqual(['sources.0.integration.mappings.0.value']);
    expect(findReads(reads, 'lead.stat')).toEqual([]);
  });

  it('depends on the step that appends it, and a text that only looks like it does not', () => {
    expect(findDependents(FLOW, 0)).toEqual(['steps.1.reason', 'steps.1.rule_set.rules.0.lhv']);
    expect(findDependents(FLOW, 1)).toEqual([]);
    expect(findDependents(FLOW, 3)).toEqual(['steps.4.rule_set.rules.0.lhv']);
  });

  it('depends on no step as long as another one appends under the same name', () => {
    expect(findDependents({ ...FLOW, steps: [...FLOW.steps, recipient('My CRM')] }, 0)).toEqual([]);
  });

  it('are fields, for a step that goes to another flow', () => {
    expect(listFieldsOf(FLOW.steps[0])).toEqual(['email']);
    expect(listFieldsOf(FLOW.steps[2])).toEqual(['state']);
  });
});
