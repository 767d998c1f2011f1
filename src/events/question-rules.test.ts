import { describe, expect, it } from 'vitest';
import type { LeadEvent } from './build-event.ts';
import { compileEventFilter } from './compile-event-filter.ts';

const ctx = { now: 0, timeZone: 'UTC', random: () => 0 };
const EVENT = { outcome: 'success', ms: 5, vars: { lead: { city: 'Austin', state: '' } } } as unknown as LeadEvent;

function passes(rules: readonly unknown[], event = EVENT): boolean {
  const test = compileEventFilter(rules);
  if (!test.ok) throw new Error(JSON.stringify(test.error));
  return test.value(event, ctx);
}

describe('rules of questions', () => {
  it.each<[op: string, rhv: number, passed: boolean]>([
    ['is less than or equal', 5, true],
    ['is less than or equal', 4, false],
    ['is greater than or equal', 5, true],
    ['is greater than or equal', 6, false],
  ])('the spelling of reports: %s %d', (op, rhv, passed) => {
    expect(passes([{ lhv: 'ms', op, rhv }])).toBe(passed);
    expect(passes([{ op: 'or', rules: [{ lhv: 'ms', op, rhv }] }])).toBe(passed);
    expect(passes([{ lhv: 'ms', op: 'is not blank', rule_set: { op: 'and', rules: [{ lhv: 'ms', op, rhv }] } }])).toBe(
      passed,
    );
  });

  it.each<[lhv: string, op: string, passed: boolean]>([
    ['vars.lead.city', 'includes', false],
    ['vars.lead.city', 'does not include', true],
    ['vars.lead.state', 'includes', false],
    ['vars.lead.state', 'does not include', false],
    ['vars.lead.zip', 'includes', false],
    ['vars.lead.zip', 'does not include', false],
  ])('what is looked into must be there: %s %s', (lhv, op, passed) => {
    expect(passes([{ lhv, op, rhv: 'dall' }])).toBe(passed);
    const nested = (rule: object) => [{ lhv, op, rhv: 'dall', rule_set: { op: 'or', rules: [rule] } }];
    expect(passes(nested({ lhv: 'ms', op: 'is equal to', rhv: 5 }))).toBe(passed);
    expect(passes(nested({ lhv: 'ms', op: 'is equal to', rhv: 6 }))).toBe(false);
  });

  it.each<[choices: unknown, rhv: unknown, passed: boolean]>([
    [['red', 'green'], 'GREEN', true],
    [['red', 'green'], ' red ', true],
    [['red', 'green'], 'blue', false],
    [['red', 'green'], 'gre', false],
    [['red', 'green'], 'green,red', true],
    [['red', 'green', 'blue'], 'green,red', false],
    [['red', 'green'], ['green', 'red'], true],
    [['red', 'green'], ['green'], false],
    [['red', { normal: 5, raw: '5', valid: true }], 5, true],
    [['red', { normal: 5, raw: '5', valid: true }], '5.0', true],
    [['01234', ''], '1234', false],
    [[], 'red', false],
    [[null, ''], 'red', false],
    [[['red']], 'blue', false],
    ['green', 'green', true],
    [undefined, 'green', false],
  ])('a list equals what is in it, and a list with the same values: %j and %j', (choices, rhv, passed) => {
    const event = { vars: { lead: { choices } } } as unknown as LeadEvent;
    expect(passes([{ lhv: 'vars.lead.choices', op: 'is equal to', rhv }], event)).toBe(passed);
    expect(passes([{ lhv: 'vars.lead.choices', op: 'is not equal to', rhv }], event)).toBe(!passed);
  });

  it.each<[rules: unknown[], path: string, hint: string]>([
    [[{ lhv: 'ms', op: 'is blank', ruleset: {} }], 'rules.0.ruleset', 'Did you mean "rule_set"?'],
    [
      [
        { lhv: 'ms', op: 'is blank' },
        { op: 'and', not: true, rules: [] },
      ],
      'rules.1.not',
      'id, op, rules.',
    ],
    [[{ op: 'or', rules: [{ lhv: 'ms', op: 'is blank', value: 1 }] }], 'rules.0.rules.0.value', 'id, lhv, op, rhv'],
    [
      [{ lhv: 'ms', op: 'is blank', rule_set: { op: 'and', mode: 'any', rules: [] } }],
      'rules.0.rule_set.mode',
      'Unknown name',
    ],
  ])('a name that nothing reads is refused: %j', (rules, path, hint) => {
    const test = compileEventFilter(rules);
    expect(test).toMatchObject({ ok: false, error: [{ path, message: expect.stringContaining(hint) }] });
  });

  it('takes ids, which rules of flows have', () => {
    expect(
      passes([
        { id: 'ab12cd', lhv: 'ms', op: 'is equal to', rhv: 5 },
        { id: 'x', op: 'and', rules: [] },
      ]),
    ).toBe(true);
  });
});
