import { describe, expect, it } from 'vitest';
import type { FlowDocument } from '../../../../src/model/flow.ts';
import type { RuleSet } from '../../../../src/model/rule-set.ts';
import { withLeft, withOperator } from './change-rule.ts';
import { describePlace } from './describe-place.ts';
import { actionOfKey } from './entry-actions.ts';
import { readVerdicts, verdictOf } from './verdicts.ts';

describe('a rule with another operator', () => {
  it.each<[string, unknown, string, unknown]>([
    ['a value becomes a list of one', 'TX', 'is included in', ['TX']],
    ['a text of several a list', 'TX, OK', 'is included in', ['TX', 'OK']],
    ['a template stays whole', '{{lead.x}},', 'is included in', ['{{lead.x}},']],
    ['a list of one becomes a value', ['TX'], 'is equal to', 'TX'],
    ['a list one text', ['TX', 'OK'], 'matches pattern', 'TX, OK'],
    ['nothing is at the right', 'TX', 'is blank', undefined],
  ])('%s', (_, rhv, op, next) => {
    const changed = withOperator({ lhv: 'lead.state', op: 'is equal to', rhv: rhv as string }, op);
    expect(changed).toEqual({ lhv: 'lead.state', op, ...(next !== undefined && { rhv: next }) });
  });

  it('has one of the type of the field that is read', () => {
    const rule = { lhv: 'lead.state', op: 'is equal to', rhv: 'TX' };
    expect(withLeft(rule, 'lead.city', ['is equal to'])).toEqual({ ...rule, lhv: 'lead.city' });
    expect(withLeft(rule, 'lead.agreed', ['is true', 'is not true'])).toEqual({ lhv: 'lead.agreed', op: 'is true' });
  });
});

describe('what a trial came to', () => {
  const rule = (lhv: string) => ({ lhv, op: 'is blank' });
  const ruleSet: RuleSet = {
    op: 'and',
    rules: [
      { op: 'or', rules: [rule('a'), rule('b')] },
      { ...rule('c'), rule_set: { op: 'and', rules: [rule('d')] } },
    ],
  };
  const verdicts = (passed: Record<string, boolean>) =>
    readVerdicts({
      ...{ passed: false, reason: null, warnings: [] },
      rules: Object.entries(passed).map(([path, each]) => ({
        path: `rule_set.${path}`,
        passed: each,
        lhv: '',
        op: '',
        rhv: '',
      })),
    });

  it('of a group follows from its rules', () => {
    const found = verdicts({
      'rules.0.rules.0': false,
      'rules.0.rules.1': true,
      'rules.1': true,
      'rules.1.rule_set.rules.0': false,
    });
    expect(verdictOf(found, ruleSet.rules[0], ['rules', 0])).toBe('passed');
    expect(verdictOf(found, ruleSet.rules[1], ['rules', 1])).toBe('failed');
    expect(verdictOf(found, ruleSet, [])).toBe('failed');
    expect(verdictOf(verdicts({ 'rules.0.rules.0': false }), ruleSet.rules[1], ['rules', 1])).toBe('not reached');
  });
});

describe('keys and places', () => {
  it('keys are held with Alt, and nothing else', () => {
    const key = (code: string, more: object = {}) =>
      actionOfKey({ code, altKey: true, shiftKey: false, ctrlKey: false, metaKey: false, ...more }, 'rule')?.name;
    expect([key('ArrowUp'), key('ArrowDown', { shiftKey: true }), key('Backspace'), key('KeyG')]).toEqual([
      ...['Move up', 'Duplicate', 'Remove', 'Put into a group'],
    ]);
    expect([
      key('KeyG', { shiftKey: true }),
      key('ArrowUp', { ctrlKey: true }),
      key('ArrowUp', { altKey: false }),
    ]).toEqual([...[undefined, undefined, undefined]]);
  });

  it.each([
    ['acceptance_criteria.rule_set', 'A lead is taken when'],
    ['sources.1.acceptance_criteria.rule_set', 'A lead is taken when'],
    ['steps.0.rule_set', 'The flow stops for a lead when'],
    ['steps.1.rule_set', 'The recipient gets a lead when'],
    ['steps.1.recipients.0.rule_set', 'The recipient gets a lead when'],
    ['steps.1.caps.0.rule_set', 'A lead counts when'],
    ['steps.1.pricing.prices.2.rule_set', 'The price holds when'],
    ['steps.1.integration.mappings.3.rule_set', 'The value is given when'],
    ['steps.1.feedback.returns.rule_set', 'Feedback is taken when'],
    ['sources.0.feedback.rule_set', 'Feedback is relayed when'],
  ])('rules at %s say: %s', (path, when) => {
    const document = { steps: [{ type: 'filter' }, { type: 'recipient' }] } as unknown as FlowDocument;
    expect(describePlace(path, document).when).toBe(when);
  });
});
