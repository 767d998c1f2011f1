import { describe, expect, it } from 'vitest';
import { findVariables, listVariables, typeOf, type Variable } from './list-variables.ts';

const phone = {
  ...{ name: 'phone', operators: [], maskable: false },
  components: [{ name: 'area', type: 'string', description: 'The area code' }],
} as never;
const crm = {
  id: 'crm.outbound',
  response_variables: [
    { name: 'outcome', type: 'string', description: null, required: false },
    { name: 'score', type: 'number', description: 'How good', required: false },
    { name: 'json.*', type: 'wildcard', description: null, required: false },
  ],
} as never;
const recipient = (name: string) => ({
  ...{ type: 'recipient', entity: { name }, integration: { module_id: 'crm.outbound', mappings: [] } },
});
const document = {
  ...{ name: 'F', enabled: true, fields: ['phone_1', 'state'], sources: [] },
  list_checks: { duplicate: { value: '{{lead.phone_1}}', list_name: 'd' } },
  steps: [
    recipient('My CRM'),
    { type: 'distribution', name: 'Buyers', method: 'waterfall', recipients: [recipient('Buyer A')] },
    recipient('Last'),
  ],
} as never;
const fields = [
  { id: 'phone_1', name: 'Phone 1', type: 'phone' },
  { id: 'state', name: 'State', type: 'state' },
  { id: 'email', name: 'Email', type: 'email' },
];
const at = (path: string) => listVariables({ document, fields, types: [phone], modules: [crm], path });
const pathsOf = (variables: readonly Variable[]) => variables.map((each) => each.path);

describe('what a part of the flow can read', () => {
  it('are the fields of the flow with their parts, by the names of reasons', () => {
    const lead = at('acceptance_criteria.rule_set').filter(({ group }) => group === 'Lead');
    expect(lead.map(({ path, label, type }) => [path, label, type])).toEqual([
      ['lead.phone_1', 'Phone 1', 'phone'],
      ['lead.phone_1.area', 'Phone 1 Area', 'string'],
      ['lead.state', 'State', 'state'],
      ['lead.id', 'Lead Id', 'string'],
    ]);
  });

  it('are the answers of earlier recipients alone', () => {
    expect(pathsOf(at('acceptance_criteria.rule_set')).filter((path) => path.startsWith('my_crm'))).toEqual([]);
    expect(pathsOf(at('steps.1.recipients.0.rule_set')).filter((path) => path.startsWith('my_crm'))).toEqual([
      ...['my_crm.outcome', 'my_crm.reason', 'my_crm.price', 'my_crm.score'],
    ]);
    const last = pathsOf(at('steps.2.rule_set'));
    expect(last).toContain('buyer_a.score');
    expect(last).toContain('distribution.buyers.winner');
    expect(last).not.toContain('last.outcome');
    expect(pathsOf(at('steps.0.feedback.rule_set'))).toEqual(expect.arrayContaining(['last.outcome', 'feedback.type']));
  });

  it('are the list checks that the flow has', () => {
    expect(
      at('caps.0.rule_set')
        .filter(({ group }) => group === 'List checks')
        .map(({ path, label }) => [path, label]),
    ).toEqual([['suppressionlist.is_duplicate', 'The lead is a duplicate']]);
  });

  it('are found by label, path and what they mean, the nearest first', () => {
    const all = at('steps.2.rule_set');
    expect(pathsOf(findVariables(all, 'phone'))[0]).toBe('lead.phone_1');
    expect(pathsOf(findVariables(all, 'area code'))).toEqual(['lead.phone_1.area']);
    expect(pathsOf(findVariables(all, 'how GOOD'))).toContain('my_crm.score');
    expect(findVariables(all, 'nothing of the kind')).toEqual([]);
    expect(pathsOf(findVariables(all, ''))).not.toContain('lead.phone_1.area');
  });

  it('have types, which say which operators there are', () => {
    const all = at('steps.2.rule_set');
    expect(['lead.state', ' my_crm.score ', '{{lead.state}}', 'lead.stat', 5].map((lhv) => typeOf(lhv, all))).toEqual([
      ...['state', 'number', undefined, undefined, undefined],
    ]);
  });
});
