import { describe, expect, it } from 'vitest';
import { OPERATOR_NAMES } from '../../../../src/model/operator.ts';
import type { RuleSet } from '../../../../src/model/rule-set.ts';
import { operatorNamed } from '../../../../src/rules/operators.ts';
import { describeRuleSet, sayRuleSet } from './describe-rule-set.ts';
import { wordsOf } from './operator-words.ts';

const names = {
  fields: [
    { id: 'state', name: 'State', type: 'state' },
    { id: 'email', name: 'Email', type: 'email' },
    { id: 'phone_1', name: 'Phone 1', type: 'phone' },
    { id: 'mortgage.loan.amount', name: 'Loan Amount', type: 'number' },
  ],
  document: {
    ...{ name: 'Flow', enabled: true, fields: [], sources: [] },
    steps: [{ type: 'recipient', entity: { name: 'My CRM' }, integration: { module_id: 'x', mappings: [] } }],
  } as never,
};
const state = (op: string, rhv?: unknown) => ({ lhv: 'lead.state', op, rhv }) as RuleSet['rules'][number];
const email = { lhv: 'lead.email', op: 'is not blank' };
const phone = { lhv: 'lead.phone_1.area', op: 'is equal to', rhv: '512' };

describe('a rule set is one sentence', () => {
  it.each<[string, string, unknown]>([
    ['none', '', undefined],
    ['empty', '', { op: 'and', rules: [] }],
    ['one value', 'State is TX', { op: 'and', rules: [state('is equal to', 'TX')] }],
    [
      'two of a list',
      'State is TX or OK, and Email is not blank',
      {
        op: 'and',
        rules: [state('is included in', ['TX', 'OK']), email],
      },
    ],
    ['a list as a text', 'State is not TX or OK', { op: 'and', rules: [state('is not included in', 'TX, OK')] }],
    [
      'a long list',
      'State is one of 6: a, b, c, d …',
      {
        op: 'and',
        rules: [state('is included in', ['a', 'b', 'c', 'd', 'e', 'f'])],
      },
    ],
    [
      'any of three',
      'State is TX, Email is not blank, or Phone 1 Area is 512',
      {
        op: 'or',
        rules: [state('is equal to', 'TX'), email, phone],
      },
    ],
    [
      'any in all',
      'State is TX, and either Email is not blank or Phone 1 Area is 512',
      {
        op: 'and',
        rules: [state('is equal to', 'TX'), { op: 'or', rules: [email, phone] }],
      },
    ],
    [
      'all in any',
      '(State is TX and Email is not blank), or Phone 1 Area is 512',
      {
        op: 'or',
        rules: [{ op: 'and', rules: [state('is equal to', 'TX'), email] }, phone],
      },
    ],
    [
      'a rule with rules',
      'State is TX and Email is not blank',
      {
        op: 'and',
        rules: [{ ...state('is equal to', 'TX'), rule_set: { op: 'and', rules: [email] } }],
      },
    ],
    ['a group of one', 'Email is not blank', { op: 'or', rules: [{ op: 'and', rules: [email] }] }],
    [
      'a field with dots',
      'Loan Amount is at least 100000',
      {
        op: 'and',
        rules: [{ lhv: 'lead.mortgage.loan.amount', op: 'is greater than or equal to', rhv: 100000 }],
      },
    ],
    [
      'a variable at the right',
      'State is Source Name',
      { op: 'and', rules: [state('is equal to', '{{source.name}}')] },
    ],
    [
      'a range',
      'Loan Amount is between 5 and 9',
      {
        op: 'and',
        rules: [{ lhv: 'lead.mortgage.loan.amount', op: 'is between', rhv: ['5', '9'] }],
      },
    ],
    [
      'what a recipient answered',
      'My CRM Outcome is success',
      {
        op: 'and',
        rules: [{ lhv: 'my_crm.outcome', op: 'is equal to', rhv: 'success' }],
      },
    ],
    [
      'a list check',
      'the lead is not a duplicate',
      {
        op: 'and',
        rules: [{ lhv: 'suppressionlist.is_duplicate', op: 'is not true' }],
      },
    ],
    [
      'a template',
      '{{lowercase lead.state}} is tx',
      {
        op: 'and',
        rules: [{ lhv: '{{lowercase lead.state}}', op: 'is equal to', rhv: 'tx' }],
      },
    ],
    ['an operator of another system', 'State sounds like TX', { op: 'and', rules: [state('sounds like', 'TX')] }],
    [
      'a shape of another system',
      'a rule that cannot be read holds and Email is not blank',
      {
        op: 'and',
        rules: [{ mode: 'any', rules: [] }, email],
      },
    ],
    ['nothing chosen yet', 'a field that is not chosen has no operator …', { op: 'and', rules: [{}] }],
  ])('%s', (_, sentence, ruleSet) => {
    expect(describeRuleSet(ruleSet as RuleSet, names)).toBe(sentence);
  });

  it('of many rules names the first and counts the others', () => {
    const rules = Array.from({ length: 20 }, (_, index) => state('is equal to', `S${index}`));
    expect(describeRuleSet({ op: 'and', rules }, names)).toMatch(/S11, and 8 more rules$/);
  });

  it('tells fields, values and templates apart', () => {
    const rules = [
      state('is equal to', 'TX'),
      state('is equal to', '{{lead.email}}'),
      state('is equal to', '{{a b}}!'),
    ];
    const kinds = sayRuleSet({ op: 'or', rules }, names).filter(({ kind }) => kind !== 'words');
    expect(kinds.map(({ kind }) => kind)).toEqual(['field', 'value', 'field', 'field', 'field', 'template']);
  });

  it('has words for every operator of the server, with a right side where the server takes one', () => {
    const wrong = OPERATOR_NAMES.filter(
      (name) => (operatorNamed(name)?.arity === 'unary') !== (wordsOf(name)?.right === 'none'),
    );
    expect(wrong).toEqual([]);
  });
});
