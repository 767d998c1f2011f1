import { describe, expect, it } from 'vitest';
import { explainChange } from './describe-change.ts';
import { describeChanges } from './describe-changes.ts';

const CAP = { id: 'c1', name: 'Texas daily', type: 'volume', maximum: 50, duration: 1, duration_units: 'day' };
const SOURCE = { id: 's1', entity: { name: 'Acme' }, enabled: true, caps: [] as object[] };
const STEP = { id: 't1', type: 'recipient', entity: { name: 'Lender' }, integration: { mappings: [] as object[] } };
const FILTER = { id: 't2', type: 'filter', description: 'Duplicates', rule_set: { op: 'and', rules: [] as object[] } };
const FLOW = {
  name: 'Mortgage',
  enabled: true,
  fields: ['email'],
  sources: [SOURCE],
  steps: [FILTER, STEP],
  caps: [CAP],
};
const rule = (right: unknown) => ({ lhv: 'lead.state', op: 'is equal to', rhv: right });

const PRICED = { ...SOURCE, pricing: { prices: [{ amount: 5 }] } };

const said = (after: object) => describeChanges(FLOW, after).sentences;

describe('changes in words', () => {
  it.each([
    ['a cap', { ...FLOW, caps: [{ ...CAP, maximum: 80 }] }, 'Cap "Texas daily" 50 → 80'],
    [
      'its window',
      { ...FLOW, caps: [{ ...CAP, duration_units: 'week' }] },
      'Cap "Texas daily": duration units: day → week',
    ],
    ['a cap that went', { ...FLOW, caps: [] }, 'Removed cap "Texas daily" (50 per day)'],
    [
      'a cap of a source',
      {
        ...FLOW,
        sources: [{ ...SOURCE, caps: [{ ...CAP, id: 'c2', name: 'Weekly', duration: 2, duration_units: 'week' }] }],
      },
      'Added cap "Weekly" (50 per 2 weeks) to source "Acme"',
    ],
    ['a name', { ...FLOW, name: 'Loans' }, 'Name: Mortgage → Loans'],
    ['a field', { ...FLOW, fields: ['email', 'state'] }, 'Fields › no. 2: added state'],
    ['a flow', { ...FLOW, enabled: false }, 'Flow switched off'],
    ['a source', { ...FLOW, sources: [{ ...SOURCE, enabled: false }] }, 'Source "Acme" switched off'],
    [
      'a switch that says what was meant',
      { ...FLOW, steps: [{ ...FILTER, enabled: false }, STEP] },
      'Filter "Duplicates" switched off',
    ],
    ['an order', { ...FLOW, steps: [STEP, FILTER] }, 'Moved step "Lender" from place 2 to 1'],
    [
      'a rule',
      { ...FLOW, steps: [{ ...FILTER, rule_set: { op: 'and', rules: [rule(['TX', 'CA'])] } }, STEP] },
      'Added rule "lead.state is equal to TX, CA" to filter "Duplicates"',
    ],
    [
      'a mapping',
      {
        ...FLOW,
        steps: [FILTER, { ...STEP, integration: { mappings: [{ property: 'url', value: 'https://x.example' }] } }],
      },
      'Added mapping "url" (https://x.example) to step "Lender"',
    ],
    [
      'a price',
      { ...FLOW, sources: [{ ...PRICED, pricing: { prices: [{ amount: 7.5 }] } }] },
      'Source "Acme": price 5 → 7.5',
      { ...FLOW, sources: [{ ...PRICED, pricing: { prices: [{ amount: 5 }] } }] },
    ],
    [
      'prices that are new',
      {
        ...FLOW,
        sources: [
          { ...SOURCE, pricing: { prices: [{ amount: 5 }, { amount: 7, rule_set: { op: 'and', rules: [] } }] } },
        ],
      },
      'Source "Acme": price: added $5.00, $7.00 with rules',
    ],
    [
      'criteria that are new',
      {
        ...FLOW,
        acceptance_criteria: { rule_set: { op: 'or', rules: [rule('TX'), rule('CA'), rule('OH'), rule('MI')] } },
      },
      'Criteria: added "lead.state is equal to TX" or "lead.state is equal to CA" or "lead.state is equal to OH" and 1 more rule',
    ],
    [
      'a span',
      { ...FLOW, list_checks: { duplicate: { lookback: { value: 30, interval: 'day' } } } },
      'List checks › duplicate › lookback: added 30 days',
      { ...FLOW, list_checks: { duplicate: {} } },
    ],
  ])('tells of %s', (_name, after, sentence, before: object = FLOW) => {
    expect(describeChanges(before, after).sentences).toEqual([sentence]);
  });

  it.each([
    [
      'a cap of a source',
      { ...FLOW, sources: [{ ...SOURCE, caps: [CAP] }] },
      { things: ['source "Acme"', 'cap "Texas daily"'], what: '', previous: null, current: '50 per day' },
    ],
    [
      'its maximum',
      { ...FLOW, caps: [{ ...CAP, maximum: 80 }] },
      { things: ['cap "Texas daily"'], what: 'maximum', previous: '50', current: '80' },
    ],
    ['a name', { ...FLOW, name: 'Loans' }, { things: [], what: 'name', previous: 'Mortgage', current: 'Loans' }],
  ])('is cells of a table: %s', (_name, after, cells) => {
    const [change] = describeChanges(FLOW, after).changes;
    expect(change && explainChange(change, { before: FLOW, after })).toEqual(cells);
  });

  it('has no secret, and says nothing of one that was replaced', () => {
    const withKey = (value: string) => ({
      ...FLOW,
      steps: [{ ...STEP, integration: { mappings: [{ property: 'header.Authorization', value }] } }],
    });
    const described = describeChanges(withKey('Bearer hunter2hunter2'), {
      ...withKey('Bearer hunter3hunter3'),
      name: 'B',
    });
    expect(JSON.stringify(described)).not.toContain('hunter');
    expect(described.sentences).toEqual(['Name: Mortgage → B']);
  });

  it('says nothing of what came or went as a whole', () => {
    expect(describeChanges(null, FLOW)).toEqual({ changes: [], more: 0, sentences: [] });
  });

  it('takes names that would write sentences of their own as names', () => {
    const after = { ...FLOW, caps: [{ ...CAP, name: 'a"\nRemoved source "b', maximum: 1 }] };
    expect(said(after)).toEqual([
      'Cap "a\' Removed source \'b": name: "Texas daily" → "a\' Removed source \'b"',
      'Cap "a\' Removed source \'b" 50 → 1',
    ]);
  });
});
