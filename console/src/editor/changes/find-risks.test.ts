import { describe, expect, it } from 'vitest';
import type { FlowDocument } from '../../../../src/model/flow.ts';
import { findReaders, findRisk } from './find-risks.ts';
import { listChangeRows } from './list-change-rows.ts';

const CAP = {
  id: 'c1',
  name: 'Texas daily',
  type: 'volume' as const,
  maximum: 50,
  duration: 1,
  duration_units: 'day' as const,
};
const INTEGRATION = { module_id: 'm', mappings: [{ id: 'm1', property: 'url', value: 'https://one.example/' }] };
const SOURCE = {
  id: 's1',
  entity: { id: 'e1', name: 'Acme' },
  integration: INTEGRATION,
  pricing: { prices: [{ id: 'p1', amount: 4 }] },
};
const QUIET = { ...SOURCE, id: 's2', entity: { id: 'e2', name: 'Quiet' } };
const LENDER = { id: 't1', type: 'recipient' as const, entity: { name: 'Lender' }, integration: INTEGRATION };
const CRM = { ...LENDER, id: 't2', entity: { name: 'My CRM' } };
const FILTER = {
  ...{ id: 't3', type: 'filter' as const, description: 'Sold?', reason: '{{lender.reason}}' },
  rule_set: { op: 'and' as const, rules: [{ lhv: 'lead.state', op: 'is equal to', rhv: 'TX' }] },
};
const FLOW: FlowDocument = {
  ...{
    name: 'Mortgage',
    enabled: true,
    fields: ['email', 'state'],
    sources: [SOURCE, QUIET],
    steps: [LENDER, CRM, FILTER],
  },
  caps: [CAP],
  acceptance_criteria: { rule_set: { op: 'and', rules: [] } },
  list_checks: { duplicate: { value: '{{lead.email}}' } },
};
const FACTS = { leads: new Map([['e1', 312]]), caps: new Map([['c1', { used: 45, opensAt: 'T' }]]) };

const risksOf = (after: FlowDocument) =>
  listChangeRows(FLOW, after).rows.map((row) => {
    const found = findRisk(row, { before: FLOW, after, facts: FACTS, writeTime: (moment) => `at ${moment}` });
    return found && `${found.level}: ${found.text}`;
  });

describe('the risk of a change', () => {
  it.each<[string, Partial<FlowDocument>, (string | null)[]]>([
    ['a name', { name: 'Loans' }, [null]],
    ['the flow goes off', { enabled: false }, ['risk: Its 312 leads of the last 24 hours will end as errors.']],
    [
      'a busy source goes off',
      { sources: [{ ...SOURCE, enabled: false }, QUIET] },
      ['risk: It sent 312 leads of the last 24 hours, which will be refused.'],
    ],
    [
      'a busy source goes',
      { sources: [QUIET] },
      ['risk: It sent 312 leads of the last 24 hours, which will be refused.'],
    ],
    ['a quiet source goes', { sources: [SOURCE] }, ['note: No lead came from it in the last 24 hours.']],
    [
      'a source needs a key',
      { sources: [{ ...SOURCE, authentication_required: true }, QUIET] },
      ['risk: Senders without an API key get 401; it sent 312 leads of the last 24 hours.'],
    ],
    [
      'a cap below what is used',
      { caps: [{ ...CAP, maximum: 40 }] },
      ['risk: 45 are used already: the cap is full until at T.'],
    ],
    ['a cap above it', { caps: [{ ...CAP, maximum: 46 }] }, [null]],
    [
      'a cap with a new id',
      { caps: [{ ...CAP, id: 'c9' }] },
      ['note: Nothing bounds these leads any more.', 'risk: It is a new cap: it counts from 0, not from 45.'],
    ],
    ['a step that others read', { steps: [CRM, FILTER] }, ['risk: Read by filter "Sold?", which will find nothing.']],
    [
      'a step that goes off',
      { steps: [{ ...LENDER, enabled: false }, CRM, FILTER] },
      ['risk: Read by filter "Sold?", which will find nothing.'],
    ],
    ['a step that nobody reads', { steps: [LENDER, FILTER] }, ['note: It is delivered to no more.']],
    ['a field that is read', { fields: ['email'] }, ['risk: Read by filter "Sold?", which will find nothing.']],
    [
      'a price',
      { sources: [{ ...SOURCE, pricing: { prices: [{ id: 'p1', amount: 5.5 }] } }, QUIET] },
      ['note: $1.50 more for each lead; 312 leads of the last 24 hours.'],
    ],
    ['criteria that go', { acceptance_criteria: null }, ['risk: Every lead is taken then.']],
    ['a check that goes', { list_checks: {} }, ['risk: Duplicates are not found any more.']],
    [
      'an address',
      {
        steps: [
          {
            ...LENDER,
            integration: { ...INTEGRATION, mappings: [{ id: 'm1', property: 'url', value: 'https://two.example/' }] },
          },
          ...[CRM, FILTER],
        ],
      },
      ['risk: Leads go to another address.'],
    ],
  ])('%s', (_name, after, expected) => {
    expect(risksOf({ ...FLOW, ...after })).toEqual(expected);
  });

  it('finds readers in rules and templates, by whole names', () => {
    expect(findReaders(FLOW, 'lender')).toEqual(['Filter "Sold?"']);
    expect(findReaders(FLOW, 'lend')).toEqual([]);
    expect(findReaders(FLOW, 'lead.email')).toEqual(['List checks']);
  });
});
